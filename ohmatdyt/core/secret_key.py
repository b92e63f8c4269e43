"""The key that signs tokens and permutes public numbers: checked when given, made once when not."""

import math
import os
import secrets
from collections import Counter
from pathlib import Path

MIN_LENGTH = 32
_MIN_BITS = 96.0
_PLACEHOLDERS = (
    "change",
    "replace",
    "placeholder",
    "example",
    "secret",
    "password",
    "your-",
    "your_",
    "todo",
    "xxxx",
    "<",
    "змін",
    "секрет",
)


def weakness(value: str) -> str | None:
    """Say in Ukrainian what is wrong with a secret, or None when it is fit for use."""
    lowered = value.lower()
    if any(word in lowered for word in _PLACEHOLDERS):
        return "лишилося значення-заглушка"
    if len(value) < MIN_LENGTH:
        return f"ключ закороткий: {len(value)} символів, а треба щонайменше {MIN_LENGTH}"
    if _bits(value) < _MIN_BITS:
        return "ключ надто одноманітний, його можна вгадати"
    return None


def read_or_create(path: Path) -> str:
    """Return the secret kept in `path`; the first call writes a new one, readable by its owner only.

    Two processes starting at once end up with the same secret: the file appears whole, by a hard link.
    """
    try:
        return _read(path)
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            return _read(path)
    finally:
        draft.unlink(missing_ok=True)
    return _read(path)


def _read(path: Path) -> str:
    value = path.read_text(encoding="ascii").strip()
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)
    if not value:
        raise ValueError(f"файл {path} порожній: відновіть його з резервної копії або вилучіть")
    return value


def _bits(value: str) -> float:
    """Shannon entropy of the characters actually used, times the length: an upper bound, in bits."""
    size = len(value)
    per_character = -sum(n / size * math.log2(n / size) for n in Counter(value).values())
    return per_character * size
