"""Where in a text there is anything that a query asks for.

Texts are looked at by what stands between their spaces: no word and no address goes over one, and the texts of a page
share most of it, so nearly all of it has been seen before. Searching each text with patterns took half the time that a
page of found cases takes in Python.
"""

from collections.abc import Callable
from functools import lru_cache
from itertools import compress
from typing import Final

from ohmatdyt.core.finding.asking import Asked
from ohmatdyt.core.finding.texts import (
    ADDRESS,
    BACKWARDS,
    DIALLED,
    dialled,
    digits,
    phone_terms,
    terms_of_word,
)
from ohmatdyt.core.finding.words import DIGIT, EMAIL, NUMBER_RUN, WORD

Span = tuple[int, int]

# What stands around a word and is no part of one.
_AROUND: Final = '.,:;!?()[]{}<>«»„“”"/\\*+=%№#&-–—…'
_MOST_REMEMBERED: Final = 1000
_LONGEST_REMEMBERED: Final = 40
_SHORTEST_PHONE: Final = 9


class Marker:
    """Finds what a query asks for."""

    def __init__(self, asked: Asked) -> None:
        self._exact = frozenset(term for word in asked.words for term in word.exact)
        self._prefixes = tuple({begin for word in asked.words for begin in word.prefixes})
        marks = {term[0] for term in (*self._exact, *self._prefixes)}
        self._has_addresses = ADDRESS in marks
        self._numbers = [
            word for word in asked.words if any(one[0] in BACKWARDS + DIALLED for one in word.prefixes)
        ]
        self._seen = _Seen(self._look)

    def fits(self, term: str) -> bool:
        """Whether a term of a text is any of what is asked for."""
        return term in self._exact or term.startswith(self._prefixes)

    def spans(self, text: str) -> list[Span]:
        """Where in a text there is anything that is asked for, from left to right."""
        chunks = text.split()
        found = list(map(self._seen.__getitem__, chunks))
        spans: list[Span] = []
        if any(found):
            at = 0
            for chunk, places in compress(zip(chunks, found, strict=True), found):
                at = _between_spaces(text, chunk, at)
                for begin, end in places:
                    spans.append((at + begin, at + end))
                at += len(chunk)
        if self._numbers and (first := DIGIT.search(text)):
            for run in NUMBER_RUN.finditer(text, max(first.start() - 1, 0)):
                if len(run.group()) >= _SHORTEST_PHONE:
                    spans += [
                        (run.start() + begin, run.start() + end) for begin, end in self.phone(run.group())
                    ]
        return _apart(spans) if spans else spans

    def phone(self, text: str) -> list[Span]:
        """The digits of a phone number that are asked for."""
        if not self._numbers or len(number := digits(text)) < _SHORTEST_PHONE:
            return []
        backwards, forwards = phone_terms(dialled(number))
        for word in self._numbers:
            for begin in word.prefixes:
                if forwards.startswith(begin):
                    places = _places_of_digits(text)
                    return [(places[0], places[-1] + 1)]
            for begin in word.prefixes:
                if begin.startswith(BACKWARDS) and backwards.startswith(begin):
                    places = _places_of_digits(text)
                    return [(places[-min(len(begin) - 1, len(places))], places[-1] + 1)]
        return []

    def _look(self, chunk: str) -> tuple[Span, ...]:
        word = chunk.strip(_AROUND)
        if word.isalnum():  # one word and what stands around it, as nearly always
            if not self._touches(word):
                return ()
            begin = chunk.index(word)
            return ((begin, begin + len(word)),)
        spans = [match.span() for match in WORD.finditer(chunk) if self._touches(match.group())]
        if self._has_addresses and "@" in chunk:
            spans += [
                match.span() for match in EMAIL.finditer(chunk) if self.fits(ADDRESS + match.group().lower())
            ]
        return tuple(spans)

    def _touches(self, word: str) -> bool:
        for term in terms_of_word(word):  # noqa: SIM110 (a generator takes as long as the rest)
            if term in self._exact or term.startswith(self._prefixes):
                return True
        return False


class _Seen(dict[str, tuple[Span, ...]]):
    """Where in a piece of a text there is anything that is asked for; looked at when it is asked for."""

    def __init__(self, look: Callable[[str], tuple[Span, ...]]) -> None:
        super().__init__()
        self._look = look

    def __missing__(self, chunk: str) -> tuple[Span, ...]:
        found = self._look(chunk)
        if len(chunk) <= _LONGEST_REMEMBERED:
            if len(self) >= _MOST_REMEMBERED:
                self.clear()
            self[chunk] = found
        return found


@lru_cache(maxsize=64)
def marker(asked: Asked) -> Marker:
    """The one for this query; it remembers what it has seen."""
    return Marker(asked)


def _between_spaces(text: str, chunk: str, at: int) -> int:
    """Where the piece stands first as a whole, from a place on; it stands somewhere."""
    while True:
        begin = text.index(chunk, at)
        end = begin + len(chunk)
        if (not begin or text[begin - 1].isspace()) and (end == len(text) or text[end].isspace()):
            return begin
        at = begin + 1


def _places_of_digits(text: str) -> list[int]:
    return [place for place, character in enumerate(text) if character.isdecimal()]


def _apart(spans: list[Span]) -> list[Span]:
    apart: list[Span] = []
    for begin, end in sorted(spans):
        if apart and begin <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((begin, end))
    return apart
