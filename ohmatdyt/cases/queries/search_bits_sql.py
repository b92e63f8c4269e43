"""The statement that joins the bitmaps of frequent words, and looks at the cases that bitmaps do not know."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ohmatdyt.cases.queries.counting import split_days
from ohmatdyt.cases.queries.criteria import Branch, Criteria
from ohmatdyt.cases.queries.search_sql import branch_sql, tier_sql
from ohmatdyt.cases.queries.search_words import Known, Slice, facets
from ohmatdyt.cases.queries.sql import Args
from ohmatdyt.core.finding.asking import Asked

CHUNK = 16384
_SLOTS = (
    "slots AS (SELECT j.chunk, t.tier, bit_count(t.bits) AS n, t.bits FROM joined j CROSS JOIN LATERAL"
    " (VALUES (0, j.a), (1, j.b & ~j.a), (2, j.c & ~j.b)) AS t (tier, bits))"
)
_NONE = f"repeat('0', {CHUNK})::bit({CHUNK})"


def bits_statement(
    asked: Asked, criteria: Criteria, known: Known, allowed: str, wanted: Slice
) -> tuple[str, list[Any]]:
    """One statement, so one snapshot; every row has kind, chunk, tier, n, bits, doc.

    kind 's', a slot: `n` cases of a chunk are in a tier; with their bits when the page may lie there.
    kind 'd', a case looked at: it is in `tier` (NULL: not found), and the bits have it in tier `n` (NULL: in none).
    kind 'w', once: `n` is the id of the newest word.
    """
    args = Args()
    ctes: list[str] = []
    joined = _joined(criteria, known, allowed, args, ctes) or (
        f"SELECT 0 AS chunk, {_NONE} AS a, {_NONE} AS b, {_NONE} AS c WHERE false"
    )
    ctes += [
        f"joined AS MATERIALIZED ({joined})",
        f"judged AS MATERIALIZED ({_judged(asked, criteria, known, allowed, args)})",
        _SLOTS,
        "placed AS (SELECT *, sum(n) OVER (ORDER BY tier, chunk DESC ROWS UNBOUNDED PRECEDING) AS upto FROM slots)",
    ]
    # What is looked at may move the page by as many cases, to either side.
    play = "(SELECT count(*) FROM judged)"
    if wanted.after:
        at = (
            f"(tier, -chunk) {{}} ({args.add(wanted.after.tier)}::int,"
            f" -{args.add(wanted.after.doc // CHUNK)}::int)"
        )
        before = f"(SELECT coalesce(max(upto), 0) FROM placed WHERE {at.format('<=')})"
        near = f"{at.format('>=')} AND upto - n < {before} + {args.add(wanted.size)}::int + {play}"
    else:
        offset = f"{args.add(wanted.offset)}::bigint"
        near = f"upto > {offset} - {play} AND upto - n < {offset} + {args.add(wanted.size)}::int + {play}"
    return (
        f"WITH {', '.join(ctes)}"
        " SELECT 'w' AS kind, NULL::int AS chunk, NULL::int AS tier, (SELECT max(id) FROM search_words)::bigint AS n,"
        f" NULL::bit({CHUNK}) AS bits, NULL::int AS doc"
        f" UNION ALL SELECT 's', chunk, tier, n, CASE WHEN {near} THEN bits END, NULL FROM placed WHERE n > 0"
        " UNION ALL SELECT 'd', NULL, d.tier, CASE WHEN get_bit(j.a, d.doc & {most}) = 1 THEN 0"
        " WHEN get_bit(j.b, d.doc & {most}) = 1 THEN 1 WHEN get_bit(j.c, d.doc & {most}) = 1 THEN 2 END, NULL, d.doc"
        " FROM judged d LEFT JOIN joined j ON j.chunk = d.doc >> 14".replace("{most}", str(CHUNK - 1))
    ), args.values


def _joined(criteria: Criteria, known: Known, allowed: str, args: Args, ctes: list[str]) -> str:
    """A SELECT of the joined bitmaps from `ctes`, to which it adds; empty when they have nothing to say."""
    begin, before = criteria.created_from, criteria.created_before
    days = split_days(begin, before)
    if days is None or not all(known.frequent):
        return ""
    for place, frequent in enumerate(known.frequent):
        keys = [word * 4 + weight for word in frequent for weight in range(len(allowed))]
        ctes.append(
            f"w{place} AS (SELECT chunk, coalesce(bit_or(bits) FILTER (WHERE key & 3 = 0), {_NONE}) AS a,"
            f" coalesce(bit_or(bits) FILTER (WHERE key & 3 <= 1), {_NONE}) AS b, bit_or(bits) AS c"
            f" FROM search_bits WHERE key = ANY (ARRAY(SELECT unnest({args.add(keys)}::int[]))) GROUP BY chunk)"
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
        f"{' & '.join(f'{word}.{level}' for word in words)}{seen} AS {level}" for level in "abc"
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


def _judged(asked: Asked, criteria: Criteria, known: Known, allowed: str, args: Args) -> str:
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
