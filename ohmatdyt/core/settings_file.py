"""The file of settings: which one is read, and which names in it nobody will ever read."""

import difflib
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

NAME: Final = "OHMATDYT_ENV"
OF_THE_SYSTEM: Final = Path("/etc/ohmatdyt/ohmatdyt.env")
OF_THE_FOLDER: Final = Path(".env")

_LINE: Final = re.compile(r"^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=", re.MULTILINE)
_ALIKE: Final = 0.88  # BACKUP_DIRR, TIMEZONE, SMTP_PASWORD; not HOSTNAME, REDIS_PASSWORD


class SettingsFileError(Exception):
    """The file cannot be read; the text is a sentence for the administrator, in Ukrainian."""


def find(environment: Mapping[str, str]) -> Path | None:
    """The file named by OHMATDYT_ENV, else that of the system, else that of the folder; None without any.

    Raises `SettingsFileError` when the one to be read is missing or may not be read: going on without it would be going
    on with another installation.
    """
    if named := environment.get(NAME):
        return _readable(Path(named).expanduser(), f"{NAME}: ")
    for path in (OF_THE_SYSTEM, OF_THE_FOLDER):
        if _exists(path):
            return _readable(path, "")
    return None


def _exists(path: Path) -> bool:
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except PermissionError:
        return True
    return True


def _readable(path: Path, prefix: str) -> Path:
    path = path.absolute()
    try:
        with path.open("rb"):
            return path
    except OSError as error:
        raise SettingsFileError(
            f"{prefix}файл налаштувань {path} не читається ({os.strerror(error.errno or 0)}): дайте на нього право "
            f"запуску програми або назвіть інший файл у {NAME}."
        ) from None


def misspelt(file: Path | None, environment: Mapping[str, str], known: Iterable[str]) -> dict[str, str]:
    """Names in the file and the environment that are none of ours but nearly one, with the name that was meant."""
    ours = sorted(known)
    names = {name.upper() for name in environment}
    if file is not None:
        names |= {name.upper() for name in _LINE.findall(file.read_text(encoding="utf-8", errors="replace"))}
    found = {}
    for name in sorted(names - set(ours)):
        if near := difflib.get_close_matches(name, ours, n=1, cutoff=_ALIKE):
            found[name] = near[0]
    return found
