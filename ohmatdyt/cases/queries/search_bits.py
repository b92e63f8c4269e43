"""Joining the bitmaps of frequent words, and looking at the cases that bitmaps do not know."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from ohmatdyt.cases.queries.counting import split_days
from ohmatdyt.cases.queries.criteria import Branch, Criteria
from ohmatdyt.cases.queries.search_sql import branch_sql, tier_sql
from ohmatdyt.cases.queries.search_words import Known, facet_ids, facets
from ohmatdyt.cases.queries.sql import Args
from ohmatdyt.core.finding.asking import Asked

Driver = Any

CHUNK = 16384
_DAYS = "SELECT id FROM search_words WHERE word >= $1::text AND word < $2::text"
_NONE = f"repeat('0', {CHUNK})::bit({CHUNK})"


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


async def from_bits(driver: Driver, asked: Asked, criteria: Criteria, known: Known, allowed: str) -> Bits:
    """All cases that have all the words, each of which has bitmaps; within the branches of the criteria."""
    bits = Bits()
    ids = await facet_ids(driver, criteria.branches)
    days = await _days(driver, criteria)
    statement, values = _joined(criteria, known, ids, days, allowed)
    if statement:
        for row in await driver.fetch(statement, *values):
            levels = [int.from_bytes(row[name].bytes, "big") if row[name] else 0 for name in ("a", "b", "c")]
            bits.put(row["chunk"], levels)
    statement, values = _looked_at(asked, criteria, known, allowed)
    for row in await driver.fetch(statement, *values):
        bits.settle(row["doc"], row["tier"])
    return bits


async def _days(driver: Driver, criteria: Criteria) -> list[int] | None:
    """The ids of the whole days asked for; None for all days."""
    if criteria.created_from is None and criteria.created_before is None:
        return None
    days = split_days(criteria.created_from, criteria.created_before)
    if days is None:
        return []
    first = days.first.date().isoformat() if days.first else ""
    end = days.end.date().isoformat() if days.end else "9"
    return [row["id"] for row in await driver.fetch(_DAYS, f"!day:{first}", f"!day:{end}")]


def _joined(
    criteria: Criteria, known: Known, ids: dict[str, int], days: list[int] | None, allowed: str
) -> tuple[str, list[Any]]:
    if days == []:
        return "", []
    args = Args()
    ctes: list[str] = []
    for place, frequent in enumerate(known.frequent):
        if not frequent:
            return "", []
        keys = [word * 4 + weight for word in frequent for weight in range(len(allowed))]
        ctes.append(
            f"w{place} AS (SELECT chunk, bit_or(bits) FILTER (WHERE key & 3 = 0) AS a,"
            " bit_or(bits) FILTER (WHERE key & 3 <= 1) AS b, bit_or(bits) AS c"
            f" FROM search_bits WHERE key = ANY({args.add(keys)}::int[]) GROUP BY chunk)"
        )
    words = [f"w{place}" for place in range(len(known.frequent))]
    joined = words[0] + "".join(f" JOIN {word} USING (chunk)" for word in words[1:])
    seen = ""
    branches = [_branch(number, branch, ids, args, ctes) for number, branch in enumerate(criteria.branches)]
    if all(branches):
        joined += "".join(f" LEFT JOIN f{number} USING (chunk)" for number in range(len(branches)))
        each = " | ".join(f"coalesce(f{number}.bits, {_NONE})" for number in range(len(branches)))
        seen = f" & ({each})"
    if days is not None:
        wanted = args.add([day * 4 for day in days])
        ctes.append(
            "days AS (SELECT chunk, bit_or(bits) AS bits FROM search_bits"
            f" WHERE key = ANY({wanted}::int[]) GROUP BY chunk)"
        )
        joined += " JOIN days USING (chunk)"
        seen += " & days.bits"
    levels = ", ".join(
        f"nullif({' & '.join(f'{word}.{level}' for word in words)}{seen}, {_NONE}) AS {level}"
        for level in "abc"
    )
    return f"WITH {', '.join(ctes)} SELECT chunk, {levels} FROM {joined}", args.values


def _branch(number: int, branch: Branch, ids: dict[str, int], args: Args, ctes: list[str]) -> bool:
    """Add the bitmap of a branch as f<number>; False when it has no condition."""
    if not branch.values:
        return False
    parts = []
    for names in facets(branch).values():
        keys = [ids[name] * 4 for name in names if name in ids]
        parts.append(
            f"(SELECT chunk, bit_or(bits) AS bits FROM search_bits WHERE key = ANY({args.add(keys)}::int[])"
            " GROUP BY chunk)"
        )
    joined = f"{parts[0]} AS p0" + "".join(
        f" JOIN {part} AS p{place} USING (chunk)" for place, part in enumerate(parts[1:], 1)
    )
    every = " & ".join(f"p{place}.bits" for place in range(len(parts)))
    ctes.append(f"f{number} AS (SELECT chunk, {every} AS bits FROM {joined})")
    return True


def _looked_at(asked: Asked, criteria: Criteria, known: Known, allowed: str) -> tuple[str, list[Any]]:
    """Cases to judge one by one: changed since their bits were set, with a rare form of a word, about the viewer."""
    args = Args()
    query = f"{args.add(asked.tsquery(allowed))}::text::tsquery"
    rare = [word.tsquery(allowed) for word in known.others if word.exact or word.prefixes]
    docs = ["SELECT doc, true FROM search_dirty"]
    if rare:
        docs.append(
            f"SELECT doc, false FROM case_search WHERE words @@ {args.add(' | '.join(rare))}::text::tsquery"
        )
    docs += [
        "SELECT s.doc, true FROM cases c JOIN case_search s ON s.case_id = c.id"
        f" WHERE c.doctor_id = {args.add(doctor)}::uuid"
        for doctor in {branch.not_about for branch in criteria.branches if branch.not_about}
    ]
    docs += [
        "SELECT s.doc, false FROM cases c JOIN case_search s ON s.case_id = c.id"
        f" WHERE c.created_at >= {args.add(begin)}::timestamptz AND c.created_at < {args.add(before)}::timestamptz"
        for begin, before in _edges(criteria)
    ]
    branches = " OR ".join(branch_sql(branch, criteria, args) for branch in criteria.branches)
    tier = tier_sql(asked, args)
    return (
        "SELECT * FROM ("
        f"SELECT d.doc, d.unsure, CASE WHEN s.words @@ {query} AND ({branches}) THEN {tier} END AS tier"
        f" FROM ({' UNION ALL '.join(docs)}) AS d (doc, unsure) LEFT JOIN case_search s ON s.doc = d.doc"
        " LEFT JOIN cases c ON c.id = s.case_id) AS judged WHERE unsure OR tier IS NOT NULL"
    ), args.values


def _edges(criteria: Criteria) -> Sequence[tuple[datetime, datetime]]:
    """The pieces of days at the ends of the time asked for; whole days have bitmaps."""
    begin, before = criteria.created_from, criteria.created_before
    days = split_days(begin, before)
    if days is None and begin is not None and before is not None:
        return [(begin, before)]
    return days.edges if days else []
