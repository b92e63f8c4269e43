"""Phone numbers as people say them, and the one form in which they can be compared (E.164)."""

import re
import unicodedata
from functools import lru_cache
from typing import Annotated, Final, NamedTuple

import phonenumbers
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from ohmatdyt.core.text import Line, is_invisible

HOME_REGION: Final = "UA"
HOME_CODE: Final = "380"
MIN_DIGITS, MAX_DIGITS = 9, 15
MAX_LENGTH: Final = 50

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "phone_characters": (
        "Телефон може містити лише цифри, пробіли, дужки, дефіси та «+» на початку.",
        "A phone number may hold only digits, spaces, brackets, hyphens and a leading “+”.",
    ),
    "phone_too_short": (
        "У телефоні має бути щонайменше 9 цифр.",
        "A phone number needs at least 9 digits.",
    ),
    "phone_too_long": ("У телефоні має бути не більше 15 цифр.", "A phone number has at most 15 digits."),
}
"""Every error type of this module with its Ukrainian and English text."""

# Spaces stand alone here, so that no two parts of the pattern can share a run of them.
_EXTENSION: Final = re.compile(r"(?:дод|доб|вн|внутр|ext|x|#)\.? ?:? ?\d{1,7}$", re.IGNORECASE)
_PLAIN_HOME: Final = re.compile(r"(?:\+?38)?0(\d\d)(\d{3})(\d\d)(\d\d)", re.ASCII)
_SPELLING: Final = re.compile(r"\+?[\d\s().,/‐‑‒–—―−-]+")


class PhoneError(ValueError):
    """A text that is no phone number; `code` is a key of `MESSAGES`."""

    def __init__(self, code: str) -> None:
        super().__init__(MESSAGES[code][1])
        self.code = code


class PhoneNumber(NamedTuple):
    """A number as entered, and in E.164 where that is possible."""

    entered: str
    e164: str | None


@lru_cache(maxsize=1024)  # one form asks three times: at the field, at the row, at the search index
def normalise(text: str | None) -> str | None:
    """Return the number in E.164, for example `+380671234567`; None for blank text.

    Without a leading "+" or "00" the number is Ukrainian when it can be. A call desk must not be stopped by a
    strange number: whatever has 9 to 15 digits is accepted, and becomes "+" and its digits when no numbering
    plan knows it (None if even that would be no number, as for nine zeros). An extension («дод. 12») is
    left out. Raises `PhoneError` for anything else.
    """
    text = text or ""
    if len(text) > MAX_LENGTH:
        raise PhoneError("phone_too_long")
    text = unicodedata.normalize("NFKC", text)
    text = " ".join("".join(c for c in text if c.isspace() or not is_invisible(c)).split())
    if not text:
        return None
    text = _EXTENSION.sub("", text).rstrip(" ,;")
    if not _SPELLING.fullmatch(text):
        raise PhoneError("phone_characters")
    digits = "".join(str(unicodedata.digit(c)) for c in text if c.isdecimal())
    if len(digits) < MIN_DIGITS:
        raise PhoneError("phone_too_short")
    foreign = text.startswith("+")
    if not foreign and digits.startswith("00"):
        foreign, digits = True, digits[2:]
    if len(digits) > MAX_DIGITS:
        raise PhoneError("phone_too_long")
    if not foreign and len(digits) == 11 and digits.startswith("80"):
        digits = digits[1:]  # 8-067-…: the trunk prefix used until 2009, still spoken
    return _by_numbering_plan("+" + digits if foreign else digits) or _as_it_is(digits, foreign=foreign)


def _by_numbering_plan(dialled: str) -> str | None:
    try:
        number = phonenumbers.parse(dialled, HOME_REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _as_it_is(digits: str, *, foreign: bool) -> str | None:
    significant = digits.lstrip("0")
    if not foreign and len(digits) == 10 and digits.startswith("0"):
        significant = HOME_CODE + digits[1:]
    elif not foreign and len(significant) == MIN_DIGITS:
        significant = HOME_CODE + significant
    if len(significant) < MIN_DIGITS:
        return None
    # Without its zeros it may be in a plan after all; then that plan's form counts.
    return _by_numbering_plan("+" + significant) or "+" + significant


def read(text: str | None) -> PhoneNumber | None:
    """Return the number as entered together with its E.164 form; None for blank text. Raises `PhoneError`."""
    if text is None or not any(c.isdecimal() for c in text):
        normalise(text)
        return None
    return PhoneNumber(text, normalise(text))


def shown(text: str) -> str:
    """A number in the form in which people read it, «+380 67 123 45 67 дод. 1»; text that is none as it is."""
    if home := _PLAIN_HOME.fullmatch(text):  # as nearly all are: an export has hundreds of thousands
        return " ".join(("+380", *home.groups()))
    try:
        number = normalise(text)
    except PhoneError:
        return text
    if number is None:
        return text
    if home := _PLAIN_HOME.fullmatch(number):
        spaced = " ".join(("+380", *home.groups()))
    else:
        form = phonenumbers.PhoneNumberFormat.INTERNATIONAL
        spaced = phonenumbers.format_number(phonenumbers.parse(number), form).replace("-", " ")
    extension = (
        re.search(r"(\d{1,7})$", match.group()) if (match := _EXTENSION.search(text.strip())) else None
    )
    return f"{spaced} дод. {extension.group()}" if extension else spaced


def _check(value: str) -> str:
    try:
        normalise(value)
    except PhoneError as error:
        raise PydanticCustomError(error.code, "{reason}", {"reason": str(error)}) from None
    return value


Phone = Annotated[
    str,
    Line(MAX_LENGTH),
    AfterValidator(_check),
    Field(description="Phone number in any usual spelling, 9 to 15 digits.", examples=["067 123-45-67"]),
]
"""Field type: the number stays as entered; ask `normalise` for its E.164 form."""
