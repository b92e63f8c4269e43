"""Which cases of a list bitmaps tell, in order of their numbers: how many, and the ones around a place."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from ohmatdyt.cases.queries.criteria import Criteria
from ohmatdyt.cases.queries.mask_sql import CHUNK, Looked, branches_sql, grouped, sources, unsure_docs
from ohmatdyt.cases.queries.masks import plan
from ohmatdyt.cases.queries.sql import Args

Driver = Any

# All of so many cases are named, wherever the page lies.
FEW: Final = 1000


class ListBits:
    """The cases found. `new` are those of them that have no bits yet."""

    def __init__(self, *, descending: bool) -> None:
        self._descending = descending
        self._counts: dict[int, int] = {}
        self._bits: dict[int, int] = {}
        self.new: set[int] = set()

    def put(self, chunk: int, count: int, bits: int | None) -> None:
        """Take over what the bitmaps say of a chunk; None when only the count is known."""
        self._counts[chunk] = count
        if bits is not None:
            self._bits[chunk] = bits

    def judge(self, doc: int, *, was: bool, fits: bool, is_new: bool) -> None:
        """Say of one case whether it really is found, instead of what the bitmaps say."""
        if fits and is_new:
            self.new.add(doc)
        if was == fits:
            return
        chunk, mask = doc // CHUNK, 1 << (CHUNK - 1 - doc % CHUNK)
        if chunk not in self._counts:
            self.put(chunk, 0, 0)
        self._counts[chunk] += 1 if fits else -1
        if chunk in self._bits:
            self._bits[chunk] ^= mask

    def total(self) -> int:
        """How many cases are found."""
        return sum(self._counts.values())

    def _chunks(self) -> list[int]:
        return sorted(self._counts, reverse=self._descending)

    def before(self, doc: int) -> int:
        """How many of the cases stand before this number."""
        own = doc // CHUNK
        whole = sum(
            n for chunk, n in self._counts.items() if chunk != own and (chunk > own) == self._descending
        )
        bits, place = self._bits.get(own, 0), CHUNK - 1 - doc % CHUNK
        low = bits & ((1 << place) - 1)
        return whole + (low if self._descending else bits >> (place + 1)).bit_count()

    def between(self, begin: int, end: int) -> list[int]:
        """The numbers of the cases at these places."""
        found: list[int] = []
        passed = 0
        for chunk in self._chunks():
            count = self._counts[chunk]
            if passed + count > begin and passed < end:
                found += islice(self._docs(chunk), max(begin - passed, 0), end - passed)
            passed += count
        return found

    def everything(self) -> list[int] | None:
        """The numbers of all cases, when they are few."""
        if any(count and chunk not in self._bits for chunk, count in self._counts.items()):
            return None
        return self.between(0, self.total())

    def _docs(self, chunk: int) -> Iterator[int]:
        bits, end = self._bits[chunk], chunk * CHUNK + CHUNK
        while bits:
            place = (bits & -bits).bit_length() if self._descending else bits.bit_length()
            yield end - place
            bits ^= 1 << (place - 1)


async def list_bits(
    driver: Driver, criteria: Criteria, looked: Looked, *, near: tuple[int, int] | None, descending: bool
) -> ListBits:
    """The cases that fulfil the criteria; named are those at places from `near[0]` to `near[1]`, without `near` all."""
    args = Args()
    statement = _statement(criteria, looked, near, args, descending=descending)
    found = ListBits(descending=descending)
    judged = []
    for row in await driver.fetch(statement, *args.values):
        if row["n"] is not None:
            bits = row["bits"]
            found.put(row["at"], row["n"], None if bits is None else int.from_bytes(bits.bytes, "big"))
        else:
            judged.append(row)
    for row in judged:
        found.judge(row["at"], was=row["was"], fits=row["fits"], is_new=row["is_new"])
    return found


def _statement(
    criteria: Criteria, looked: Looked, near: tuple[int, int] | None, args: Args, *, descending: bool
) -> str:
    made = plan(criteria, args)
    source = sources(made, looked.keys, looked.rare, args)
    unsure = " UNION ALL ".join(unsure_docs(criteria, args))
    wanted = "true"
    if near is not None:
        # What is looked at may move the page by as many cases, to either side.
        play = "(SELECT count(*) FROM judged)"
        wanted = (
            f"upto > {args.add(near[0])}::bigint - {play} AND upto - n < {args.add(near[1])}::bigint + {play}"
            f" OR (SELECT sum(n) FROM placed) + {play} <= {FEW}"
        )
    groups = grouped(made.groups, source)
    bit = f"get_bit(j.bits, d.doc & {CHUNK - 1}) IS NOT DISTINCT FROM 1"
    return (
        f"WITH joined AS MATERIALIZED (SELECT chunk, {made.expression} AS bits FROM ({groups}) AS g),"
        f" judged AS MATERIALIZED (SELECT d.doc, ({branches_sql(criteria, args)}) IS TRUE AS fits,"
        " NOT EXISTS (SELECT FROM search_folded f WHERE f.doc = d.doc) AS is_new"
        f" FROM (SELECT DISTINCT doc FROM ({unsure}) AS u (doc, unsure)) AS d"
        " LEFT JOIN case_search s ON s.doc = d.doc LEFT JOIN cases c ON c.id = s.case_id),"
        " placed AS (SELECT chunk, bits, n, sum(n) OVER"
        f" (ORDER BY chunk {'DESC' if descending else 'ASC'} ROWS UNBOUNDED PRECEDING) AS upto"
        " FROM (SELECT chunk, bits, bit_count(bits) AS n FROM joined) AS slots)"
        f" SELECT chunk AS at, n, CASE WHEN {wanted} THEN bits END AS bits, NULL::boolean AS was,"
        " NULL::boolean AS fits, NULL::boolean AS is_new FROM placed WHERE n > 0"
        f" UNION ALL SELECT d.doc, NULL, NULL, {bit}, d.fits, d.is_new"
        " FROM judged d LEFT JOIN joined j ON j.chunk = d.doc >> 14"
    )
