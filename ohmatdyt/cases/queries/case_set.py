"""Sets of cases by their numbers: bitmaps that are joined and counted without a look at any single case."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

# So many cases share a bitmap; the first of them is its highest bit, as PostgreSQL writes it.
CHUNK: Final = 16384
_OVERHEAD: Final = 100


@dataclass(frozen=True, slots=True)
class CaseSet:
    """Cases by their number in order of registration; `chunks` holds no empty bitmap."""

    chunks: dict[int, int] = field(default_factory=dict)

    def __and__(self, other: "CaseSet") -> "CaseSet":
        """Cases of both."""
        few, many = sorted((self.chunks, other.chunks), key=len)
        return CaseSet({at: both for at, bits in few.items() if (both := bits & many.get(at, 0))})

    def __or__(self, other: "CaseSet") -> "CaseSet":
        """Cases of either."""
        if not self.chunks or not other.chunks:
            return self if self.chunks else other
        few, many = sorted((self.chunks, other.chunks), key=len)
        return CaseSet({**many, **{at: bits | many.get(at, 0) for at, bits in few.items()}})

    def __sub__(self, other: "CaseSet") -> "CaseSet":
        """Cases of this one that the other has not."""
        out = other.chunks
        if not out:
            return self
        return CaseSet({at: rest for at, bits in self.chunks.items() if (rest := bits & ~out.get(at, 0))})

    def __len__(self) -> int:
        """How many cases there are."""
        return sum(bits.bit_count() for bits in self.chunks.values())

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.chunks)

    def __contains__(self, doc: int) -> bool:
        """Whether it has this case."""
        return bool(self.chunks.get(doc // CHUNK, 0) >> _place(doc) & 1)

    def before(self, doc: int, *, descending: bool) -> int:
        """How many of its cases stand before this number, in such an order."""
        own = doc // CHUNK
        whole = sum(
            bits.bit_count() for at, bits in self.chunks.items() if at != own and (at > own) == descending
        )
        bits, place = self.chunks.get(own, 0), _place(doc)
        part = bits & ((1 << place) - 1) if descending else bits >> (place + 1)
        return whole + part.bit_count()

    def between(self, begin: int, end: int, *, descending: bool) -> list[int]:
        """The numbers of the cases at these places, in such an order."""
        found: list[int] = []
        passed = 0
        for at in sorted(self.chunks, reverse=descending):
            if passed >= end:
                break
            count = self.chunks[at].bit_count()
            if passed + count > begin:
                first, last = max(begin - passed, 0), min(end - passed, count)
                rest = _without_first(self.chunks[at], first, descending=descending)
                found += islice(_docs(rest, at, descending=descending), last - first)
            passed += count
        return found

    def size(self) -> int:
        """About how many bytes of memory it takes."""
        return _OVERHEAD + sum(_OVERHEAD + bits.bit_length() // 8 for bits in self.chunks.values())


def of_docs(docs: list[int]) -> CaseSet:
    """The set of cases of these numbers."""
    chunks: dict[int, bytearray] = {}
    for doc in docs:
        bits = chunks.get(doc // CHUNK)
        if bits is None:
            bits = chunks[doc // CHUNK] = bytearray(CHUNK // 8)
        bits[doc % CHUNK >> 3] |= 128 >> (doc & 7)
    return CaseSet({at: int.from_bytes(bits, "big") for at, bits in chunks.items()})


def _place(doc: int) -> int:
    return CHUNK - 1 - doc % CHUNK


def _without_first(bits: int, number: int, *, descending: bool) -> int:
    """The bitmap less so many of its first cases."""
    if not number:
        return bits
    width = _width(bits, number if descending else bits.bit_count() - number)
    return bits >> width << width if descending else bits & (1 << width) - 1


def _width(bits: int, number: int) -> int:
    """How many of the lowest places hold so many cases. Deep within a chunk looking at them one by one took 10 ms."""
    low, high = 0, bits.bit_length()
    while low < high:
        middle = (low + high) // 2
        if (bits & (1 << middle) - 1).bit_count() < number:
            low = middle + 1
        else:
            high = middle
    return low


def _docs(bits: int, at: int, *, descending: bool) -> Iterator[int]:
    end = at * CHUNK + CHUNK
    while bits:
        place = (bits & -bits).bit_length() if descending else bits.bit_length()
        yield end - place
        bits ^= 1 << (place - 1)
