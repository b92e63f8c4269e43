"""Whose backups lie in a folder: two installations that write into one would push each other's out."""

from pathlib import Path
from uuid import UUID

from ohmatdyt.backup import manifest
from ohmatdyt.backup.manifest import BackupError, Manifest
from ohmatdyt.core import installation


def ours(target: Path, own: UUID) -> list[Path]:
    """Every whole backup of this installation in the folder, oldest first."""
    return [path for path in manifest.all_in(target) if _installation(path) == own]


def may_take(target: Path, own: UUID) -> bool:
    """Whether an unmarked folder holds no backup, or one of ours."""
    return not manifest.all_in(target) or bool(ours(target, own))


def claim(target: Path, own: UUID, variable: str = "BACKUP_DIR") -> None:
    """See to it that the folder bears our marker. Raises `NotOurFolderError` when it is somebody else's."""
    if installation.of(target, own) == "unmarked" and may_take(target, own):
        installation.mark(target, own)
    installation.require(target, own, variable)


def _installation(folder: Path) -> UUID | None:
    try:
        return installation.from_key_digest(Manifest.read(folder).public_id_key_sha256)
    except (BackupError, ValueError):
        return None
