"""What the database knows of the words of a query: in how many cases they are, and which have no bitmaps.

And what a page of a ranked list is, for all who find one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ohmatdyt.cases.queries.looking_up import Looked
from ohmatdyt.cases.queries.masks import Plan
from ohmatdyt.core.finding.asking import Asked, Word

_NOT_COUNTED = "#+@"
# The end or the beginning of a number, an address: as many cases as these may have.
_A_HANDFUL = 100
_LAST = "\U0010ffff"
# The words asked for are looked up together with those of the filters, by numbers beyond theirs.
FIRST_WORD: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a ranked list a case stands: its tier (0 the best) and its number in order of registration."""

    tier: int
    doc: int


@dataclass(frozen=True, slots=True)
class Slice:
    """`size` cases after the first `offset`, or after the one at `after`."""

    size: int
    offset: int = 0
    after: Place | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """For each word of the query: about how many cases have it; its terms that have no bitmaps."""

    cases: Sequence[int]
    others: Sequence[Word]


def _is_uncounted(term: str) -> bool:
    return term[0] in _NOT_COUNTED or (term.isdecimal() and len(term) >= 5)


def are_in_few(asked: Asked, most: int) -> bool:
    """Whether there is a word that, whatever the database knows, is in no more cases: a number, a phone, an address."""
    return any(
        _A_HANDFUL * len(word.prefixes) <= most and all(map(_is_uncounted, (*word.exact, *word.prefixes)))
        for word in asked.words
    )


def ask_for(plan: Plan, asked: Asked) -> None:
    """Let the words of a query be looked up with the plan's own."""
    for place, word in enumerate(asked.words, start=FIRST_WORD):
        begins: list[str] = []
        for begin in sorted(word.prefixes):
            if not _is_uncounted(begin) and not begin.startswith(tuple(begins)):
                begins.append(begin)
        plan.words += [(place, term) for term in word.exact if not term.startswith(tuple(begins))]
        plan.ranges += [(place, begin, begin + _LAST) for begin in begins]


def known_words(asked: Asked, looked: Looked) -> Known:
    """What is known of each word of the query."""
    cases, others = [], []
    for place, word in enumerate(asked.words, start=FIRST_WORD):
        uncounted = frozenset(begin for begin in word.prefixes if _is_uncounted(begin))
        cases.append(looked.counts.get(place, 0) + _A_HANDFUL * len(uncounted))
        plain = frozenset(term for term in word.exact if _is_uncounted(term))
        others.append(Word(frozenset(looked.rare.get(place, ())) | plain, uncounted))
    return Known(cases, others)
