"""The statement that joins the bitmaps of frequent words, and looks at the cases that bitmaps do not know."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ohmatdyt.cases.queries.counting import split_days
from ohmatdyt.cases.queries.criteria import Branch, Criteria
from ohmatdyt.cases.queries.search_sql import branch_sql, tier_sql
from ohmatdyt.cases.queries.search_words import Known, facets
from ohmatdyt.cases.queries.sql import Args
from ohmatdyt.core.finding.asking import Asked

CHUNK = 16384
_NONE = f"repeat('0', {CHUNK})::bit({CHUNK})"


def bits_statement(asked: Asked, criteria: Criteria, known: Known, allowed: str) -> tuple[str, list[Any]]:
    """One statement, so one snapshot. Rows with `chunk`: bitmaps a, b, c by tier, each holding the better ones. Rows
    with `doc`: what a case really is, `tier` NULL when it is not found. One row with neither: the newest word's id.
    """
    args = Args()
    ctes: list[str] = []
    joined = _joined(criteria, known, allowed, args, ctes)
    none = ", ".join(f"NULL::bit({CHUNK}) AS {level}" for level in "abc")
    selects = [
        f"SELECT NULL::int AS chunk, {none}, NULL::int AS doc, (SELECT max(id) FROM search_words) AS tier"
    ]
    if joined:
        selects.append(f"SELECT chunk, a, b, c, NULL, NULL FROM ({joined}) AS joined")
    selects.append(
        f"SELECT NULL, NULL, NULL, NULL, doc, tier FROM ({_looked_at(asked, criteria, known, allowed, args)}) AS d"
    )
    begin = f"WITH {', '.join(ctes)} " if joined else ""
    return begin + " UNION ALL ".join(selects), args.values


def _joined(criteria: Criteria, known: Known, allowed: str, args: Args, ctes: list[str]) -> str:
    """A SELECT of the joined bitmaps from `ctes`, to which it adds; empty when they have nothing to say."""
    begin, before = criteria.created_from, criteria.created_before
    days = split_days(begin, before)
    if days is None or not all(known.frequent):
        return ""
    for place, frequent in enumerate(known.frequent):
        keys = [word * 4 + weight for word in frequent for weight in range(len(allowed))]
        ctes.append(
            f"w{place} AS (SELECT chunk, bit_or(bits) FILTER (WHERE key & 3 = 0) AS a,"
            " bit_or(bits) FILTER (WHERE key & 3 <= 1) AS b, bit_or(bits) AS c"
            f" FROM search_bits WHERE key = ANY({args.add(keys)}::int[]) GROUP BY chunk)"
        )
    words = [f"w{place}" for place in range(len(known.frequent))]
    joined = words[0] + "".join(f" JOIN {word} USING (chunk)" for word in words[1:])
    seen = ""
    branches = [_branch(number, branch, args, ctes) for number, branch in enumerate(criteria.branches)]
    if all(branches):
        joined += "".join(f" LEFT JOIN f{number} USING (chunk)" for number in range(len(branches)))
        each = " | ".join(f"coalesce(f{number}.bits, {_NONE})" for number in range(len(branches)))
        seen = f" & ({each})"
    if begin is not None or before is not None:
        low = args.add(f"!day:{days.first.date() if days.first else ''}")
        high = args.add(f"!day:{days.end.date() if days.end else '9'}")
        ctes.append(
            "days AS (SELECT chunk, bit_or(bits) AS bits FROM search_bits WHERE key = ANY (ARRAY("
            f"SELECT id * 4 FROM search_words WHERE word >= {low}::text AND word < {high}::text)) GROUP BY chunk)"
        )
        joined += " JOIN days USING (chunk)"
        seen += " & days.bits"
    levels = ", ".join(
        f"nullif({' & '.join(f'{word}.{level}' for word in words)}{seen}, {_NONE}) AS {level}"
        for level in "abc"
    )
    return f"SELECT chunk, {levels} FROM {joined}"


def _branch(number: int, branch: Branch, args: Args, ctes: list[str]) -> bool:
    """Add the bitmap of a branch as f<number>; False when it has no condition."""
    if not branch.values:
        return False
    parts = [
        "(SELECT chunk, bit_or(bits) AS bits FROM search_bits WHERE key = ANY (ARRAY("
        f"SELECT id * 4 FROM search_words WHERE word = ANY ({args.add(names)}::text[]))) GROUP BY chunk)"
        for names in facets(branch).values()
    ]
    joined = f"{parts[0]} AS p0" + "".join(
        f" JOIN {part} AS p{place} USING (chunk)" for place, part in enumerate(parts[1:], 1)
    )
    every = " & ".join(f"p{place}.bits" for place in range(len(parts)))
    ctes.append(f"f{number} AS (SELECT chunk, {every} AS bits FROM {joined})")
    return True


def _looked_at(asked: Asked, criteria: Criteria, known: Known, allowed: str, args: Args) -> str:
    """Cases to judge one by one: changed since their bits were set, with a rare form of a word, about the viewer,
    registered in a piece of a day."""
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
    )


def _edges(criteria: Criteria) -> Sequence[tuple[datetime, datetime]]:
    """The pieces of days at the ends of the time asked for; whole days have bitmaps."""
    begin, before = criteria.created_from, criteria.created_before
    days = split_days(begin, before)
    if days is None and begin is not None and before is not None:
        return [(begin, before)]
    return days.edges if days else []
