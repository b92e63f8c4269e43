"""What a backup says about itself, and how it is found and believed."""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson

from ohmatdyt.core.errors import OperationError

DUMP = "database.dump"
FILES = "files"
SECRET = "secret.key"  # noqa: S105 — a file name
MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"

_FORMAT = 1
_NAME = re.compile(r"ohmatdyt-(\d{8}T\d{6}Z)")
_SUM_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


class BackupError(OperationError):
    """A backup cannot be made or restored."""


@dataclass(frozen=True, slots=True)
class Census:
    """Rows of a table, and a sum over their content that does not depend on their order."""

    rows: int
    content: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`lost` are files that rows know and the disk did not have when the backup was made."""

    format: int
    product: str
    schema: str
    postgres: str
    created_at: str
    seconds: float
    tables: dict[str, Census]
    public_id_key_sha256: str
    files: int
    files_bytes: int
    lost: list[str]

    @property
    def postgres_major(self) -> int:
        """The major version of the server it was taken from."""
        return int(self.postgres.split(".")[0].split()[0])

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(one.rows for one in self.tables.values())

    def write(self, folder: Path) -> None:
        """Put it into the folder of the backup."""
        text = orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
        (folder / MANIFEST).write_bytes(text + b"\n")

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Read it back. Raises `BackupError` when this is no backup, or one of a newer kind."""
        try:
            found = orjson.loads((folder / MANIFEST).read_bytes())
            if found["format"] != _FORMAT:
                raise BackupError(f"Копію {folder} зроблено новішою версією програми: оновіть програму.")
            found["tables"] = {name: Census(**one) for name, one in found["tables"].items()}
            return cls(**found)
        except PermissionError:
            raise
        except (OSError, ValueError, KeyError, TypeError):
            raise BackupError(f"У {folder} немає придатної резервної копії.") from None


def name_of(moment: datetime) -> str:
    """The name of the folder of a backup begun then."""
    return f"ohmatdyt-{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def is_name(name: str) -> bool:
    """Whether a folder of this name is a backup."""
    return _NAME.fullmatch(name) is not None


def begun_at(folder: Path) -> datetime:
    """When the backup in this folder was begun."""
    match = _NAME.fullmatch(folder.name)
    if match is None:
        raise ValueError(folder.name)
    return datetime.strptime(match[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def all_in(target: Path) -> list[Path]:
    """Every whole backup in the folder, oldest first."""
    if not target.is_dir():
        return []
    found = [path for path in target.iterdir() if _NAME.fullmatch(path.name) and (path / SUMS).is_file()]
    return sorted(found, key=lambda path: path.name)


def newest(target: Path) -> Path | None:
    """The latest whole backup in the folder; None without any."""
    return next(reversed(all_in(target)), None)


def write_sums(folder: Path, sums: dict[str, str]) -> None:
    """Write the file that `sha256sum --check` understands; `sums` are digests by path inside the folder."""
    text = "".join(f"{digest}  {path}\n" for path, digest in sorted(sums.items()))
    (folder / SUMS).write_text(text, encoding="utf-8")


def read_sums(folder: Path) -> Iterator[tuple[str, str]]:
    """Path and digest of everything in the backup. Raises `BackupError` for a line that is neither."""
    for line in (folder / SUMS).read_text(encoding="utf-8").splitlines():
        match = _SUM_LINE.fullmatch(line)
        if match is None or ".." in Path(match[2]).parts or Path(match[2]).is_absolute():
            raise BackupError(f"Файл {folder / SUMS} пошкоджено.")
        yield match[2], match[1]


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal: of what the disk holds, not of what the system remembers of it."""
    with path.open("rb") as file:
        _forget_cached(file.fileno())
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        _forget_cached(file.fileno())  # whoever works at the desk needs the memory more
    return digest


def _forget_cached(handle: int) -> None:
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
