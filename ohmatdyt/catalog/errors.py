"""What can go wrong with directories, each with a stable code."""

from ohmatdyt.core.errors import Conflict, Forbidden, NotFound


class EntryNotFound(NotFound):
    """There is no such category, channel or subcategory."""

    code = "directory_entry_not_found"
    uk = "Такого запису в довіднику немає."
    en = "There is no such entry in the directory."


class DuplicateName(Conflict):
    """Another entry has a name that reads the same."""

    code = "duplicate_name"
    uk = "Запис із назвою «{name}» уже є в довіднику."
    en = "The directory already has an entry named “{name}”."


class InactiveForAdminsOnly(Forbidden):
    """Inactive entries are listed for administrators only."""

    code = "inactive_for_admins_only"
    uk = "Неактивні записи довідника бачить лише адміністратор."
    en = "Only an administrator sees inactive entries of a directory."
