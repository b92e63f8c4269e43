"""What a person is found by, whichever way it is spelt: the keys of `patients.search_keys`.

Each key is a letter for its kind and a normal form: `n` a word of a name, `p` the digits of a phone number, `l` the
same digits from the last to the first, `e` an e-mail address, `r` a record number. All are compared by their
beginning, so a person is found while the name or the number is still being typed.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from ohmatdyt.core import phones
from ohmatdyt.core.ukrainian import name_key

_WORD: Final = re.compile(r"[^\W_]+")
# Letters people mix up on the phone; an apostrophe is said as nothing.
_MIXED_UP: Final = str.maketrans({"ґ": "г", "ё": "е", "'": None})
_PHONE: Final = re.compile(r"\+?[\d\s()./\-‐‑‒–—―−]+")
_MIN_PHONE_DIGITS: Final = 4
MAX_KEY: Final = 100


def name_words(name: str) -> list[str]:
    """The words of a name in the form they are compared in; parts of a double surname are words of their own."""
    return [word[:MAX_KEY] for word in _WORD.findall(name_key(name).translate(_MIXED_UP))]


def spellings(word: str) -> list[str]:
    """The forms a word of a search may have in a name: its own and, of Latin look-alikes, the Cyrillic one."""
    return list(dict.fromkeys((word, *name_words(f"а {word}")[1:])))


def record_key(record_number: str | None) -> str | None:
    """A record number without case, spaces and punctuation: «12-345/а» and «12 345 А» are one."""
    return "".join(name_words(record_number or ""))[:MAX_KEY] or None


def email_key(email: str) -> str:
    """An address without case."""
    return unicodedata.normalize("NFKC", email).casefold().strip()[:254]


def keys_of(
    *,
    names: Iterable[str],
    phones_e164: Iterable[str | None],
    emails: Iterable[str | None],
    records: Iterable[str | None],
) -> list[str]:
    """Every key of a person with those around him, each once."""
    keys = {"n" + word for name in names for word in name_words(name)}
    for number in phones_e164:
        digits = (number or "").lstrip("+")
        if digits:
            keys |= {"p" + digits, "l" + digits[::-1]}
    keys |= {"e" + email_key(email) for email in emails if email}
    keys |= {"r" + key for record in records if (key := record_key(record))}
    return sorted(keys)


def phone_query(text: str) -> str | None:
    """The condition under which a number in any spelling, complete or not, is somebody's; None for too few digits."""
    prefixes = phone_prefixes(text)
    digits = _digits(text)
    if len(digits) < _MIN_PHONE_DIGITS:
        return None
    ends = {digits[::-1]} | {prefix[::-1] for prefix in _complete(text)}
    wanted = [_starts("p" + prefix) for prefix in prefixes] + [_starts("l" + end) for end in sorted(ends)]
    return "(" + " | ".join(wanted) + ")"


def phone_prefixes(text: str) -> list[str]:
    """What the digits of an E.164 number may begin with, when somebody typed `text` so far."""
    digits = _digits(text)
    if complete := _complete(text):
        return complete
    if text.strip().startswith("+") or not digits:
        return [digits] if digits else []
    if digits.startswith("00"):
        return [digits[2:]] if digits[2:] else []
    if digits.startswith("0"):
        return [phones.HOME_CODE + digits[1:]]
    if digits.startswith("80"):
        return sorted({digits, "3" + digits})
    return sorted({digits, phones.HOME_CODE + digits})


def search_query(text: str) -> str | None:
    """The condition a search field's text stands for, as a tsquery; None when nothing can match it.

    An address with @ is an e-mail; digits are a phone number (its beginning or its end) or a record number;
    anything else is words, each the beginning of a name's word or of the record number, in any order.
    """
    text = text.strip()
    if "@" in text:
        return _starts("e" + email_key(text))
    record = record_key(text)
    as_record = _starts("r" + record) if record else None
    if _PHONE.fullmatch(text) and (as_phone := phone_query(text)):
        return f"{as_phone} | {as_record}" if as_record else as_phone
    if not (words := name_words(text)):
        return None
    as_name = " & ".join(_begins("nr", word) for word in words)
    return f"({as_name}) | {as_record}" if as_record and len(words) > 1 else as_name


def name_query(name: str) -> str | None:
    """The condition under which every word of `name` begins a word of somebody's name."""
    return " & ".join(_begins("n", word) for word in name_words(name)) or None


def email_query(email: str) -> str:
    """The condition under which an address begins like this."""
    return _starts("e" + email_key(email))


def _digits(text: str) -> str:
    return "".join(str(unicodedata.digit(c)) for c in text if c.isdecimal())


def _complete(text: str) -> list[str]:
    try:
        number = phones.normalise(text)
    except phones.PhoneError:
        return []
    return [number.lstrip("+")] if number else []


def _begins(kinds: str, word: str) -> str:
    keys = (_starts(kind + spelling) for spelling in spellings(word) for kind in kinds)
    return "(" + " | ".join(keys) + ")"


def _starts(key: str) -> str:
    quoted = key.replace("\\", "\\\\").replace("'", "''")
    return f"'{quoted}':*"
