"""What a query asks for: words that must all be there, each in any of its forms, spellings or keyboard layouts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ohmatdyt.core.caching import short_cache
from ohmatdyt.core.finding import forms, lemmas
from ohmatdyt.core.finding.stems import term
from ohmatdyt.core.finding.texts import ADDRESS, BACKWARDS, DIALLED, dialled, digits, quoted
from ohmatdyt.core.finding.words import (
    MAX_LENGTH,
    NUMBER_RUN,
    STOP_WORDS,
    WORD,
    is_cyrillic,
    is_latin,
    normal,
    typed_in_latin,
    typed_in_ukrainian,
)

_SHORTEST_PREFIX: Final = 3
_LAST_DIGITS: Final = 4
_FIRST_DIGITS: Final = 7
_WHOLE_NUMBER: Final = 6
_MOST_WORDS: Final = 12
_HOST: Final = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}", re.IGNORECASE)
_DIGITS: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Word:
    """One thing that must be found: any of these terms, or any term that begins so."""

    exact: frozenset[str]
    prefixes: frozenset[str] = frozenset()

    def __or__(self, other: "Word") -> "Word":
        return Word(self.exact | other.exact, self.prefixes | other.prefixes)

    def fits(self, term: str) -> bool:
        """Whether a term of a text is what is asked for."""
        return term in self.exact or any(term.startswith(prefix) for prefix in self.prefixes)

    def tsquery(self, weights: str) -> str:
        """This word within the given weights, as PostgreSQL reads it."""
        each = [f"{quoted(one)}:{weights}" for one in sorted(self.exact)]
        each += [f"{quoted(one)}:*{weights}" for one in sorted(self.prefixes)]
        return f"({' | '.join(each)})"


@dataclass(frozen=True, slots=True)
class Asked:
    """All of these words. Without any word nothing is asked for, and nothing is found."""

    words: tuple[Word, ...]

    def tsquery(self, weights: str) -> str:
        """The query within the given weights ("ABC"), as PostgreSQL reads it; empty when nothing is asked for."""
        return " & ".join(word.tsquery(weights) for word in self.words)

    def fits(self, terms: Iterable[str]) -> bool:
        """Whether a text with these terms has all that is asked for."""
        there = list(terms)
        return bool(self.words) and all(any(word.fits(one) for one in there) for word in self.words)


@short_cache(512, longest=100)
def read(query: str) -> Asked:
    """Understand a query. The last word may be unfinished; numbers may be the beginning or the end of a phone."""
    found: dict[Word, None] = {}
    pieces = _pieces(query)
    for place, piece in enumerate(pieces):
        for word in _piece(piece, is_last=place == len(pieces) - 1, is_only=len(pieces) == 1):
            found[word] = None
    return Asked(tuple(found)[:_MOST_WORDS])


def _pieces(query: str) -> list[str]:
    """The query by spaces, but a phone number in one piece however it is spelled."""
    rest = 0
    pieces: list[str] = []
    for run in NUMBER_RUN.finditer(query):
        parts = _DIGITS.findall(run.group())
        together = len(parts) > 1 and sum(map(len, parts)) >= _FIRST_DIGITS
        begins = run.start() == 0 or query[run.start() - 1].isspace() or query[run.start() - 1] == "("
        ends = run.end() == len(query) or query[run.end()].isspace()
        if together and begins and ends and not all(len(part) >= _WHOLE_NUMBER for part in parts):
            pieces += query[rest : run.start()].split()
            pieces.append(run.group())
            rest = run.end()
    pieces += query[rest:].split()
    return pieces


def _piece(piece: str, *, is_last: bool, is_only: bool) -> list[Word]:
    if "@" in piece[1:-1]:
        return [_address(piece.strip('<>(),;:"«».'), is_last=is_last)]
    number = digits(piece)
    if NUMBER_RUN.fullmatch(piece) and len(number) >= _FIRST_DIGITS:
        return [_number(number, is_last=is_last)]

    def read_as(tokens: list[str]) -> list[Word | None]:
        last = len(tokens) - 1
        return [
            _word(token, is_last=is_last and place == last, is_only=is_only and last == 0)
            for place, token in enumerate(tokens)
        ]

    own = WORD.findall(piece)
    words = read_as(own)
    if is_latin(piece):
        other = WORD.findall(typed_in_ukrainian(piece))
    elif is_cyrillic(piece):
        other = WORD.findall(typed_in_latin(piece))
    else:
        other = []
    if other and len(other) == len(own):
        words = [_either(mine, guess) for mine, guess in zip(words, read_as(other), strict=True)]
    elif other and is_latin(piece) and not _HOST.fullmatch(piece):
        # Commas and brackets are letters on the other layout: "[djhbq" is «хворий».
        words = read_as(other)
    return [word for word in words if word is not None]


def _either(one: Word | None, other: Word | None) -> Word | None:
    # A word that stands everywhere, on either layout, is not asked for.
    return one | other if one and other else None


def _word(token: str, *, is_last: bool, is_only: bool) -> Word | None:
    number = digits(token)
    if len(number) == len(token):
        return _number(number, is_last=is_last)
    exact: set[str] = set()
    prefixes: set[str] = set()
    for word in normal(token):
        if word in STOP_WORDS and not is_only:
            continue
        exact |= forms.terms(word)
        if is_last and len(begin := word.replace("ь", "")) >= _SHORTEST_PREFIX:
            prefixes.add(begin)
    if exact:
        exact |= lemmas.terms(token)
    exact.discard("")  # a soft sign alone is no term
    return Word(frozenset(exact), frozenset(prefixes)) if exact else None


def _number(number: str, *, is_last: bool) -> Word:
    number = number[:MAX_LENGTH]
    prefixes = set()
    if len(number) >= _LAST_DIGITS:
        if is_last and len(number) > _LAST_DIGITS:
            prefixes.add(number)
        prefixes.add(BACKWARDS + number.removeprefix("00")[::-1])
    if len(number) >= _FIRST_DIGITS:
        prefixes.add(DIALLED + _abroad(number))
    return Word(frozenset({term(number)}), frozenset(prefixes))


def _abroad(number: str) -> str:
    """The beginning of a number as dialled from abroad."""
    if number.startswith(("0", "80")) and not number.startswith("00"):
        return dialled(number.ljust(11 if number.startswith("80") else 10, "x")).rstrip("x")
    return dialled(number)


def _address(piece: str, *, is_last: bool) -> Word:
    lowered = {piece.lower(), typed_in_latin(piece) if is_cyrillic(piece.replace("@", "")) else piece.lower()}
    terms = frozenset(ADDRESS + one[:MAX_LENGTH] for one in lowered)
    return Word(terms, terms if is_last else frozenset())
