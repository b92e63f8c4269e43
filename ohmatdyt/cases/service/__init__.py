"""What people do with cases."""

from ohmatdyt.cases.service.attaching import (
    attach_file,
    delete_attachment,
    ensure_harmless,
    open_attachment,
)
from ohmatdyt.cases.service.editing import edit_case
from ohmatdyt.cases.service.files import received, receiver, require_quota
from ohmatdyt.cases.service.keeping import check_stored_files, is_their_folder, sweep_orphaned_files
from ohmatdyt.cases.service.registering import prepare, register_at_once, register_case
from ohmatdyt.cases.service.working import add_comment, assign_case, change_status, take_case

__all__ = [
    "add_comment",
    "assign_case",
    "attach_file",
    "change_status",
    "check_stored_files",
    "delete_attachment",
    "edit_case",
    "ensure_harmless",
    "is_their_folder",
    "open_attachment",
    "prepare",
    "received",
    "receiver",
    "register_at_once",
    "register_case",
    "require_quota",
    "sweep_orphaned_files",
    "take_case",
]
