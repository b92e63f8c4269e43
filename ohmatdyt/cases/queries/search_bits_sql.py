"""The statement that joins the bitmaps of frequent words, and looks at the cases that bitmaps do not know."""

from typing import Any

from ohmatdyt.cases.queries.criteria import Criteria
from ohmatdyt.cases.queries.mask_sql import CHUNK, NONE, Looked, branches_sql, grouped, sources, unsure_docs
from ohmatdyt.cases.queries.masks import plan
from ohmatdyt.cases.queries.search_sql import tier_sql
from ohmatdyt.cases.queries.search_words import Known, Slice
from ohmatdyt.cases.queries.sql import Args
from ohmatdyt.core.finding.asking import Asked

_SLOTS = (
    "slots AS (SELECT j.chunk, t.tier, bit_count(t.bits) AS n, t.bits FROM joined j CROSS JOIN LATERAL"
    " (VALUES (0, j.a), (1, j.b & ~j.a), (2, j.c & ~j.b)) AS t (tier, bits))"
)
_LEVELS = 3


def bits_statement(
    asked: Asked, criteria: Criteria, read: tuple[Known, Looked], allowed: str, wanted: Slice
) -> tuple[str, list[Any]]:
    """One statement, so one snapshot; every row has kind, chunk, tier, n, bits, doc.

    kind 's', a slot: `n` cases of a chunk are in a tier; with their bits when the page may lie there.
    kind 'd', a case looked at: it is in `tier` (NULL: not found), and the bits have it in tier `n` (NULL: in none).
    """
    known, looked = read
    args = Args()
    joined = _joined(criteria, known, looked, allowed, args)
    ctes = [
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
        f" SELECT 's' AS kind, chunk, tier, n, CASE WHEN {near} THEN bits END AS bits, NULL::int AS doc"
        " FROM placed WHERE n > 0"
        " UNION ALL SELECT 'd', NULL, d.tier, CASE WHEN get_bit(j.a, d.doc & {most}) = 1 THEN 0"
        " WHEN get_bit(j.b, d.doc & {most}) = 1 THEN 1 WHEN get_bit(j.c, d.doc & {most}) = 1 THEN 2 END, NULL, d.doc"
        " FROM judged d LEFT JOIN joined j ON j.chunk = d.doc >> 14".replace("{most}", str(CHUNK - 1))
    ), args.values


def _joined(criteria: Criteria, known: Known, looked: Looked, allowed: str, args: Args) -> str:
    """A SELECT of the joined bitmaps for each tier; of no chunk when they have nothing to say."""
    if not all(known.frequent):
        return f"SELECT 0 AS chunk, {NONE} AS a, {NONE} AS b, {NONE} AS c WHERE false"
    made = plan(criteria, args)
    keys = dict(looked.keys)
    levels: list[list[str]] = [[] for _ in range(_LEVELS)]
    for frequent in known.frequent:
        own = [made.group() for _ in range(_LEVELS)]
        for weight in range(len(allowed)):
            number = own[min(weight, _LEVELS - 1)]
            keys[number] = [*keys.get(number, ()), *(word * 4 + weight for word in frequent)]
        for level in range(_LEVELS):
            levels[level].append(f"({' | '.join(f'g{number}' for number in own[: level + 1])})")
    also = f" & {made.expression}" if made.expression else ""
    columns = ", ".join(
        f"{' & '.join(words)}{also} AS {name}" for words, name in zip(levels, "abc", strict=True)
    )
    source = sources(made, keys, looked.rare, args)
    return f"SELECT chunk, {columns} FROM ({grouped(made.groups, source)}) AS every_group"


def _judged(asked: Asked, criteria: Criteria, known: Known, allowed: str, args: Args) -> str:
    """Cases to judge one by one: changed since their bits were set, about the viewer, with a rare form of a word."""
    query = f"{args.add(asked.tsquery(allowed))}::text::tsquery"
    rare = [word.tsquery(allowed) for word in known.others if word.exact or word.prefixes]
    docs = unsure_docs(criteria, args)
    if rare:
        docs.append(
            f"SELECT doc, false FROM case_search WHERE words @@ {args.add(' | '.join(rare))}::text::tsquery"
        )
    branches = branches_sql(criteria, args)
    tier = tier_sql(asked, args)
    return (
        "SELECT * FROM ("
        f"SELECT d.doc, d.unsure, CASE WHEN s.words @@ {query} AND ({branches}) THEN {tier} END AS tier"
        f" FROM ({' UNION ALL '.join(docs)}) AS d (doc, unsure) LEFT JOIN case_search s ON s.doc = d.doc"
        " LEFT JOIN cases c ON c.id = s.case_id) AS judged WHERE unsure OR tier IS NOT NULL"
    )
