"""Names of files: what people called them, and what they are called on disk."""

import re
import unicodedata
from typing import Final

from ohmatdyt.core.filetypes.reasons import InvalidName
from ohmatdyt.core.text import TextError, clean, is_blank

MAX_NAME: Final = 250
# Some programs send a path; more than this is none, and is not looked at.
_MAX_RAW: Final = 8 * MAX_NAME
_MAX_STORED: Final = 60

# The Cabinet's table of 2010 (resolution No. 55), without its special cases at the start of words.
_LETTERS: Final = "абвгґдеєжзиіїйклмнопрстуфхцчшщюяыэё"
_SOUNDS: Final = "a b v h g d e ie zh z y i i i k l m n o p r s t u f kh ts ch sh shch iu ia y e e"
_LATIN: Final = str.maketrans(dict(zip(_LETTERS, _SOUNDS.split(), strict=True)) | {"ь": "", "ъ": ""})
_UNSAFE: Final = re.compile(r"[^a-z0-9]+")


def original_name(raw: str | None, *, field: str | None = None) -> str:
    """Return the name to show and to give back at download: as the person had it, never a path.

    Up to 250 characters of any script, emoji and quotes; directories of either kind of slash are dropped.
    Raises `InvalidName` for blank, longer, or deceiving names (control characters, changed direction).
    """
    raw = raw or ""
    shown = "".join(c for c in raw[:80] if c.isprintable())
    if len(raw) > _MAX_RAW:
        raise InvalidName(name=shown, field=field)
    try:
        name = clean(raw, multiline=True)
    except TextError:
        raise InvalidName(name=shown, field=field) from None
    name = re.split(r"[/\\]", name)[-1].strip()
    if is_blank(name) or not name.strip(".") or len(name) > MAX_NAME or "\n" in name or "\t" in name:
        raise InvalidName(name=shown, field=field)
    return name


def extension(name: str) -> str:
    """Return what stands after the last dot, in lower case; "" without one. Only the last one counts."""
    _, dot, last = name.rpartition(".")
    return last.lower() if dot else ""


def storage_name(name: str, kind: str) -> str:
    """Return a short ASCII name for disk, such as `dovidka-vid-likaria.pdf`: readable, and safe on any system.

    The original name is in the database; on disk it serves only the person who looks into a backup.
    """
    stem = name.rpartition(".")[0].lower().translate(_LATIN)
    stem = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    return (_UNSAFE.sub("-", stem)[:_MAX_STORED].strip("-") or "file") + "." + kind
