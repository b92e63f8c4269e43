"""Which installation this is: one id in the database and, as a marker file, in every folder that belongs to it.

A folder of files says by itself nothing about the database whose files they are. Whoever sweeps, checks or backs up
must know, or a wrong address in the settings destroys (or declares destroyed) what belongs to somebody else.
"""

import contextlib
import os
import tempfile
from pathlib import Path
from typing import Final, Literal, TypeAlias
from uuid import UUID

import orjson

from ohmatdyt.core.disk import fsync_directory, make_directories
from ohmatdyt.core.errors import OperationError

MARKER: Final = "installation.json"
# The id follows from the key behind the case numbers, which never changes: a database of any age has one, a restored
# backup is the same installation again, and a backup's manifest (sha256 of the key) tells whose it is.
OWN_ID: Final = "SELECT left(encode(sha256(public_id_key), 'hex'), 32) FROM installation"

Owner: TypeAlias = Literal["ours", "unmarked", "foreign"]

_PURPOSE = (
    "Ця тека належить установці Ohmatdyt CRM з таким номером; без цього файлу програма її не чіпає. "
    "Не вилучайте його й не переносьте в іншу теку."
)


class NotOurFolderError(OperationError):
    """A folder is another installation's, or nobody's; the text is a sentence for the administrator, in Ukrainian."""


class ForeignFolderError(NotOurFolderError):
    """A folder bears the marker of another installation: nothing may go on with such settings."""


def from_key_digest(digest: str) -> UUID:
    """The id of the installation whose case numbers' key has this SHA-256, in hexadecimal."""
    return UUID(hex=digest[:32])


def short(identity: UUID) -> str:
    """The id as people compare it: its first eight digits."""
    return str(identity)[:8]


def owner(folder: Path) -> UUID | None:
    """Whose marker the folder bears; None without one. Raises `OSError` when it cannot be read, and
    `NotOurFolderError` when what is written there is no marker."""
    try:
        text = (folder / MARKER).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        return UUID(orjson.loads(text)["installation"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotOurFolderError(
            f"Файл {folder / MARKER} пошкоджено, тож невідомо, чия це тека. Перевірте її; якщо вона від цієї бази, "
            f"виконайте: ohmatdyt adopt {folder}"
        ) from None


def of(folder: Path, own: UUID) -> Owner:
    """Whose folder this is, seen from the installation `own`. Raises as `owner` does."""
    found = owner(folder)
    return "unmarked" if found is None else "ours" if found == own else "foreign"


def require(folder: Path, own: UUID, variable: str) -> None:
    """Raise a `NotOurFolderError` that says what to do unless the folder bears the marker of `own`."""
    found = owner(folder)
    if found == own:
        return
    if found is not None:
        raise ForeignFolderError(
            f"{variable}: тека {folder} належить іншій установці ({short(found)}), а база належить установці "
            f"{short(own)}. Виправте {variable} або адресу бази (DATABASE_URL, DATA_DIR); якщо тека справді від цієї "
            f"бази, виконайте: ohmatdyt adopt {folder}"
        )
    raise NotOurFolderError(unmarked(folder, own, variable))


def unmarked(folder: Path, own: UUID, variable: str) -> str:
    """What to say of a folder without a marker that was not taken over."""
    return (
        f"{variable}: тека {folder} не має позначки установки {short(own)} і не схожа на її теку: диск не під'єднано, "
        f"вказано не ту теку або не ту базу. Перевірте {variable} і адресу бази (DATABASE_URL, DATA_DIR); якщо тека "
        f"справді від цієї бази, виконайте: ohmatdyt adopt {folder}"
    )


def mark(folder: Path, own: UUID, *, replace: bool = False) -> None:
    """Write the marker, whole or not at all and there after a power cut; without `replace` an existing one stays.

    Raises `OSError` when the folder cannot be written.
    """
    made = make_directories(folder)
    text = orjson.dumps({"installation": str(own), "purpose": _PURPOSE}, option=orjson.OPT_INDENT_2) + b"\n"
    handle, name = tempfile.mkstemp(dir=folder, prefix=f".{MARKER}-")  # made with mode 0600
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        _give_to_owner_of(folder, draft)
        if replace:
            draft.replace(folder / MARKER)
        else:
            _place_once(draft, folder / MARKER)
    finally:
        draft.unlink(missing_ok=True)
    for directory in (folder, *made):
        fsync_directory(directory)


def _place_once(draft: Path, marker: Path) -> None:
    """Of two installations that take the same empty folder at once, one gets it and the other finds that out."""
    try:
        marker.hardlink_to(draft)
    except FileExistsError:
        return
    except OSError:  # a file system without second names
        if not marker.exists():
            draft.replace(marker)


def _give_to_owner_of(folder: Path, draft: Path) -> None:
    """What root marks, the service's own account must be able to read."""
    state = folder.stat()
    if os.name != "nt" and os.geteuid() == 0 and state.st_uid != 0:
        with contextlib.suppress(OSError):
            os.chown(draft, state.st_uid, state.st_gid)
