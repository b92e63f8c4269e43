"""What the database knows of the words of a query: in how many cases they are, and which have bitmaps.

And what a page of a ranked list is, for all who find one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ohmatdyt.core.finding.asking import Asked, Word

Driver = Any

_NOT_COUNTED = "#+@"
# The end or the beginning of a number, an address: as many cases as these may have.
_A_HANDFUL = 100
_LAST = "\U0010ffff"

# PostgreSQL keeps the plan of a statement only when a new one would not look cheaper: it must not see how many words
# there are. Planning takes longer than these statements do.
_KNOWN = """
WITH asked AS MATERIALIZED (
    SELECT $1::int[] AS places, $2::text[] AS words, $3::int[] AS prefix_places, $4::text[] AS prefixes
)
SELECT a.place, sum(w.n)::bigint AS n, array_agg(w.id) FILTER (WHERE w.is_frequent) AS frequent,
       array_agg(w.word) FILTER (WHERE NOT w.is_frequent) AS rare
FROM (
    SELECT e.place, w.* FROM asked CROSS JOIN LATERAL unnest(asked.places, asked.words) AS e (place, word)
    JOIN search_words w USING (word)
    UNION
    SELECT p.place, w.* FROM asked CROSS JOIN LATERAL unnest(asked.prefix_places, asked.prefixes) AS p (place, low)
    JOIN search_words w ON w.word >= p.low AND w.word < p.low || $5::text
) AS a (place, word, id, n, is_frequent) CROSS JOIN LATERAL (SELECT a.id, a.word, a.n, a.is_frequent) AS w
GROUP BY a.place
"""


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
    """For each word of the query: about how many cases have it; the ids of its frequent terms; its other terms."""

    cases: Sequence[int]
    frequent: Sequence[list[int]]
    others: Sequence[Word]


def _is_uncounted(term: str) -> bool:
    return term[0] in _NOT_COUNTED or (term.isdecimal() and len(term) >= 5)


async def known_words(driver: Driver, asked: Asked) -> Known:
    """What is known of each word of the query."""
    exact = [(place, term) for place, word in enumerate(asked.words) for term in word.exact]
    prefixes = [
        (place, begin)
        for place, word in enumerate(asked.words)
        for begin in word.prefixes
        if not _is_uncounted(begin)
    ]
    rows = await driver.fetch(
        _KNOWN,
        [place for place, _ in exact],
        [term for _, term in exact],
        [place for place, _ in prefixes],
        [begin for _, begin in prefixes],
        _LAST,
    )
    by_place = {row["place"]: row for row in rows}
    cases, frequent, others = [], [], []
    for place, word in enumerate(asked.words):
        row = by_place.get(place)
        uncounted = frozenset(begin for begin in word.prefixes if _is_uncounted(begin))
        cases.append((row["n"] if row else 0) + _A_HANDFUL * len(uncounted))
        frequent.append(list(row["frequent"] or ()) if row else [])
        rest = frozenset(row["rare"] or ()) if row else frozenset()
        plain = frozenset(term for term in word.exact if _is_uncounted(term))
        others.append(Word(rest | plain, uncounted))
    return Known(cases, frequent, others)
