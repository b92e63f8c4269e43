"""Backup and restore: one folder that holds the database, the files and the proof that both are whole.

    TARGET/ohmatdyt-20261122T023000Z/
        database.dump    pg_dump, custom format, of one snapshot
        files/cases/…    every attachment that the snapshot knows
        secret.key       only when the key lives in DATA_DIR (with SECRET_KEY in the environment it is kept there)
        manifest.json    when, by which version, rows and sums of every table
        SHA256SUMS       of all of the above: `sha256sum --check SHA256SUMS` needs nothing of ours

The folder appears under its name whole or not at all.
"""

from ohmatdyt.backup.checking import Checked, check, chosen, refuse_older_server, verify_all
from ohmatdyt.backup.making import make, note_removals
from ohmatdyt.backup.manifest import BackupError, Manifest, newest
from ohmatdyt.backup.restoring import bring_back

__all__ = [
    "BackupError",
    "Checked",
    "Manifest",
    "bring_back",
    "check",
    "chosen",
    "make",
    "newest",
    "note_removals",
    "refuse_older_server",
    "verify_all",
]
