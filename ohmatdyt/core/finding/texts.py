"""What the index keeps of a text: its terms, by the part of the record in which they stand."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

from ohmatdyt.core.caching import short_cache
from ohmatdyt.core.finding.stems import term
from ohmatdyt.core.finding.words import EMAIL, MAX_LENGTH, NUMBER_RUN, STOP_WORDS, WORD, normal

# Beside plain words: "#" and the digits of a phone number backwards (last digits are asked for), "+" and the digits
# as dialled from abroad (first digits are), "@" and a whole e-mail address.
BACKWARDS, DIALLED, ADDRESS = "#", "+", "@"
_PHONE_DIGITS: Final = range(9, 16)
_MOST_TERMS: Final = 12_000
_PLACE: Final = {"A": "1A", "B": "2B", "C": "3C", "D": "4D"}
_NOT_DIGITS: Final = re.compile(r"[^0-9]")


def digits(text: str) -> str:
    """The decimal digits of a text, of any alphabet, as ASCII."""
    if text.isascii():
        return _NOT_DIGITS.sub("", text)
    return "".join(str(unicodedata.digit(c)) for c in text if c.isdecimal())


@short_cache(131072)
def terms_of_word(token: str) -> tuple[str, ...]:
    """The terms of one word as written; none for a word that stands everywhere, nor for soft and hard signs alone."""
    return tuple(one for word in normal(token) if word not in STOP_WORDS and (one := term(word)))


def phone_terms(number: str) -> tuple[str, str]:
    """The terms of a telephone number given by its digits, in E.164 where that is known."""
    return BACKWARDS + number[::-1], DIALLED + number


def dialled(number: str) -> str:
    """The digits as dialled from abroad: 067… and 8067… are Ukrainian."""
    if number.startswith("00"):
        return number[2:]
    if number.startswith("80") and len(number) == 11:
        return "3" + number
    return "38" + number if number.startswith("0") and len(number) == 10 else number


def terms_of_text(text: str) -> set[str]:
    """Every term of a text."""
    found: set[str] = set()
    for token in WORD.findall(text):
        found.update(terms_of_word(token))
    if "@" in text:
        found.update(ADDRESS + address.lower()[:MAX_LENGTH] for address in EMAIL.findall(text))
    for run in NUMBER_RUN.findall(text):
        number = digits(run)
        if len(number) in _PHONE_DIGITS:
            found.update(phone_terms(dialled(number)))
    return found


def vector(
    parts: Mapping[str, Iterable[str | None]], phone: str | None = None, pieces: Iterable[str] = ()
) -> str:
    """A tsvector as PostgreSQL reads it, from texts by weight (A the weightiest, D what few may see).

    `phone` is a number, best in E.164; it counts as A, as do `pieces`, which are terms already. Of an immense record
    the weightiest words are kept.
    """
    places = dict.fromkeys(pieces, _PLACE["A"])
    for weight in sorted(parts):
        here = terms_of_text("\n".join(filter(None, parts[weight])))
        if weight == "A" and phone:
            here.update(phone_terms(dialled(digits(phone))))
        mark = _PLACE[weight]
        for one in here:
            before = places.get(one)
            places[one] = f"{before},{mark}" if before else mark
        if len(places) > _MOST_TERMS:
            break
    return " ".join(f"{quoted(one)}:{places[one]}" for one in list(places)[:_MOST_TERMS])


def quoted(lexeme: str) -> str:
    """A lexeme as PostgreSQL reads it in a tsvector or tsquery."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"
