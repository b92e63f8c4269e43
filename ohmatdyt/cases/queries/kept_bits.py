"""Bitmaps that this process has read and keeps, as long as they are as they were (docs/adr/0019)."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ohmatdyt.cases.queries.case_set import CaseSet

Driver = Any

# Bytes. A frequent word takes up to 350 kB, so this is what some two hundred people look for.
_MOST: Final = 64 * 1024 * 1024

_WHOLE: Final = """
SELECT a.g, b.chunk, bit_or(b.bits) AS bits
FROM unnest($1::int[], $2::int[]) AS a (g, key) JOIN search_bits b USING (key)
GROUP BY a.g, b.chunk
"""
# All bits of a chunk are joined anew when some of them have changed.
_CHANGED: Final = """
WITH asked AS MATERIALIZED (SELECT * FROM unnest($1::int[], $2::int[]) AS a (g, key)),
changed AS MATERIALIZED (
    SELECT DISTINCT a.g, b.chunk
    FROM unnest($3::int[], $4::timestamptz[]) AS k (g, since) JOIN asked a USING (g) JOIN search_bits b USING (key)
    WHERE b.changed_at > k.since
)
SELECT a.g, b.chunk, bit_or(b.bits) AS bits
FROM changed JOIN asked a USING (g) JOIN search_bits b USING (key, chunk)
GROUP BY a.g, b.chunk
"""


@dataclass(frozen=True, slots=True)
class Joined:
    """Bitmaps joined by OR: their keys, in order, and when the last of their words changed."""

    keys: tuple[int, ...]
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class _Kept:
    changed_at: datetime
    cases: CaseSet
    size: int


class Store:
    """What was read last, up to so many bytes."""

    def __init__(self, most: int) -> None:
        self._most, self._taken = most, 0
        self._kept: OrderedDict[tuple[str, tuple[int, ...]], _Kept] = OrderedDict()

    def get(self, whose: str, one: Joined) -> _Kept | None:
        """What is kept of these keys, however old; None also when it is newer than what is asked for."""
        kept = self._kept.get((whose, one.keys))
        if kept is None or one.changed_at < kept.changed_at:
            return None
        self._kept.move_to_end((whose, one.keys))
        return kept

    def put(self, whose: str, one: Joined, cases: CaseSet) -> None:
        """Keep this, unless a reader of a newer snapshot was sooner."""
        name = whose, one.keys
        old = self._kept.get(name)
        if old is not None and old.changed_at > one.changed_at:
            return
        self._kept[name] = _Kept(one.changed_at, cases, cases.size() + 8 * len(one.keys))
        self._kept.move_to_end(name)
        self._taken += self._kept[name].size - (old.size if old else 0)
        while self._taken > self._most:
            _, dropped = self._kept.popitem(last=False)
            self._taken -= dropped.size


_store: Final = Store(_MOST)


async def joined(driver: Driver, whose: str, wanted: Mapping[int, Joined]) -> dict[int, CaseSet]:
    """The cases of each, as the snapshot of the driver's transaction has them.

    `whose` names the database. What was kept is right when its last change is the one the snapshot knows of: folds
    commit in the order of their moments, so both have seen the same folds of these words.
    """
    found: dict[int, CaseSet] = {}
    missing: list[int] = []
    changed: dict[int, _Kept] = {}
    for number, one in wanted.items():
        kept = _store.get(whose, one)
        if kept is None:
            missing.append(number)
        elif kept.changed_at < one.changed_at:
            changed[number] = kept
        else:
            found[number] = kept.cases
    if missing:
        rows = await driver.fetch(_WHOLE, *_pairs(missing, wanted))
        for number, chunks in _by_number(missing, rows).items():
            found[number] = CaseSet({at: bits for at, bits in chunks.items() if bits})
    if changed:
        since = [kept.changed_at for kept in changed.values()]
        rows = await driver.fetch(_CHANGED, *_pairs(changed, wanted), list(changed), since)
        for number, chunks in _by_number(changed, rows).items():
            merged = {**changed[number].cases.chunks, **chunks}
            found[number] = CaseSet({at: bits for at, bits in merged.items() if bits})
    for number in (*missing, *changed):
        _store.put(whose, wanted[number], found[number])
    return found


def _pairs(numbers: Iterable[int], wanted: Mapping[int, Joined]) -> tuple[list[int], list[int]]:
    pairs = [(number, key) for number in numbers for key in wanted[number].keys]
    return [number for number, _ in pairs], [key for _, key in pairs]


def _by_number(numbers: Iterable[int], rows: Iterable[Any]) -> dict[int, dict[int, int]]:
    chunks: dict[int, dict[int, int]] = {number: {} for number in numbers}
    for row in rows:
        chunks[row["g"]][row["chunk"]] = int.from_bytes(row["bits"].bytes, "big")
    return chunks
