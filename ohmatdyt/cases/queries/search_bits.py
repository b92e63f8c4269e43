"""Which cases the bitmaps of frequent words say are found, and the page of them that is asked for."""

from collections.abc import Iterator
from typing import Any

from ohmatdyt.cases.queries.criteria import Criteria
from ohmatdyt.cases.queries.search_bits_sql import CHUNK, bits_statement
from ohmatdyt.cases.queries.search_words import Known
from ohmatdyt.core.finding.asking import Asked

Driver = Any


class Bits:
    """The cases found, as one number for each chunk of 16384 cases and each tier; a tier holds all better ones."""

    def __init__(self) -> None:
        self.chunks: dict[int, list[int]] = {}

    def put(self, chunk: int, tiers: list[int]) -> None:
        """Take over what the bitmaps of a chunk say."""
        self.chunks[chunk] = tiers

    def settle(self, doc: int, tier: int | None) -> None:
        """Say of one case what it is now: in a tier, or not found."""
        tiers = self.chunks.setdefault(doc // CHUNK, [0, 0, 0])
        mask = 1 << (CHUNK - 1 - doc % CHUNK)
        for level in range(3):
            tiers[level] &= ~mask
            if tier is not None and tier <= level:
                tiers[level] |= mask

    def total(self) -> int:
        """How many cases are found."""
        return sum(tiers[2].bit_count() for tiers in self.chunks.values())

    def page(self, offset: int, size: int, behind: tuple[int, int] | None) -> list[tuple[int, int]]:
        """Up to `size` cases (tier, doc), the best tier first and the newest first within it."""
        page: list[tuple[int, int]] = []
        for tier in range(behind[0] if behind else 0, 3):
            for chunk in sorted(self.chunks, reverse=True):
                levels = self.chunks[chunk]
                here = levels[tier] & ~(levels[tier - 1] if tier else 0)
                if behind and tier == behind[0]:
                    here = _older(here, chunk, behind[1])
                there = here.bit_count()
                if there <= offset:
                    offset -= there
                    continue
                for doc in _docs(here, chunk):
                    if offset:
                        offset -= 1
                        continue
                    page.append((tier, doc))
                    if len(page) == size:
                        return page
        return page


def _older(bits: int, chunk: int, doc: int) -> int:
    """Those of a chunk that were registered before a case."""
    if chunk < doc // CHUNK:
        return bits
    if chunk > doc // CHUNK:
        return 0
    place = CHUNK - 1 - doc % CHUNK
    return bits >> (place + 1) << (place + 1)


def _docs(bits: int, chunk: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield chunk * CHUNK + CHUNK - lowest.bit_length()
        bits ^= lowest


async def from_bits(
    driver: Driver, asked: Asked, criteria: Criteria, known: Known, allowed: str
) -> Bits | None:
    """All cases that have all the words, each of which has bitmaps; within the branches of the criteria.

    None when the database has met new words since `known` was read: read it again.
    """
    bits = Bits()
    statement, values = bits_statement(asked, criteria, known, allowed)
    rows = await driver.fetch(statement, *values)
    for row in rows:
        if row["chunk"] is not None:
            levels = [int.from_bytes(row[name].bytes, "big") if row[name] else 0 for name in ("a", "b", "c")]
            bits.chunks[row["chunk"]] = levels
    for row in rows:
        if row["doc"] is not None:
            bits.settle(row["doc"], row["tier"])
        elif row["chunk"] is None and row["tier"] != known.newest:
            return None
    return bits
