"""Which cases the bitmaps of frequent words say are found, and the page of them that is asked for."""

from collections.abc import Iterator
from typing import Any

from ohmatdyt.cases.queries.criteria import Criteria
from ohmatdyt.cases.queries.mask_sql import CHUNK, Looked
from ohmatdyt.cases.queries.search_bits_sql import bits_statement
from ohmatdyt.cases.queries.search_words import Known, Place, Slice
from ohmatdyt.core.finding.asking import Asked

Driver = Any


class Bits:
    """How many cases of each chunk are in each tier; which ones, where the page may lie."""

    def __init__(self) -> None:
        self._counts: dict[tuple[int, int], int] = {}
        self._bits: dict[tuple[int, int], int] = {}

    def put(self, tier: int, chunk: int, count: int, bits: int | None) -> None:
        """Take over what the bitmaps say of a slot; None when only the count is known."""
        self._counts[tier, chunk] = count
        if bits is not None:
            self._bits[tier, chunk] = bits

    def move(self, doc: int, before: int | None, now: int | None) -> None:
        """Say of one case in which tier it really is, instead of what the bitmaps say; None: it is in none."""
        chunk, mask = doc // CHUNK, 1 << (CHUNK - 1 - doc % CHUNK)
        for tier, step in ((before, -1), (now, 1)):
            if tier is None:
                continue
            slot = tier, chunk
            if slot not in self._counts:
                self.put(tier, chunk, 0, 0)
            self._counts[slot] += step
            if slot in self._bits:
                self._bits[slot] = self._bits[slot] | mask if step > 0 else self._bits[slot] & ~mask

    def total(self) -> int:
        """How many cases are found."""
        return sum(self._counts.values())

    def page(self, wanted: Slice) -> list[Place]:
        """The best tier first, and the newest case first within it."""
        page: list[Place] = []
        skip = wanted.offset
        for tier, chunk in sorted(self._counts, key=lambda slot: (slot[0], -slot[1])):
            if wanted.after and (tier, -chunk) < (wanted.after.tier, -(wanted.after.doc // CHUNK)):
                continue
            if self._counts[tier, chunk] <= skip:
                skip -= self._counts[tier, chunk]
                continue
            bits = self._bits[tier, chunk]
            if wanted.after and (tier, chunk) == (wanted.after.tier, wanted.after.doc // CHUNK):
                bits = _older(bits, wanted.after.doc)
            for doc in _docs(bits, chunk):
                if skip:
                    skip -= 1
                    continue
                page.append(Place(tier, doc))
                if len(page) == wanted.size:
                    return page
        return page


def _older(bits: int, doc: int) -> int:
    """Those of a chunk that were registered before a case of it."""
    place = CHUNK - 1 - doc % CHUNK
    return bits >> (place + 1) << (place + 1)


def _docs(bits: int, chunk: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield chunk * CHUNK + CHUNK - lowest.bit_length()
        bits ^= lowest


async def from_bits(
    driver: Driver,
    asked: Asked,
    criteria: Criteria,
    read: tuple[Known, Looked],
    *,
    allowed: str,
    wanted: Slice,
) -> Bits:
    """All cases that have all the words, each of which has bitmaps, and fulfil the criteria.

    `read` is what the same snapshot says of the words and of those of the criteria.
    """
    bits = Bits()
    statement, values = bits_statement(asked, criteria, read, allowed, wanted)
    moves: dict[int, tuple[int | None, int | None]] = {}
    for row in await driver.fetch(statement, *values):
        if row["kind"] == "s":
            there = row["bits"] and int.from_bytes(row["bits"].bytes, "big")
            bits.put(row["tier"], row["chunk"], row["n"], there)
        else:
            moves[row["doc"]] = row["n"], row["tier"]
    for doc, (before, now) in moves.items():
        bits.move(doc, before, now)
    return bits
