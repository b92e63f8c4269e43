"""The statements that look words up and join their bitmaps, and that look at cases which bitmaps do not know."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from ohmatdyt.cases.queries.criteria import Criteria
from ohmatdyt.cases.queries.masks import Plan
from ohmatdyt.cases.queries.search_sql import branch_sql
from ohmatdyt.cases.queries.sql import Args
from ohmatdyt.cases.queries.vocabulary import vocabulary
from ohmatdyt.core.finding import stems
from ohmatdyt.core.finding.texts import quoted

Driver = Any

CHUNK: Final = 16384
NONE: Final = f"0::bit({CHUNK})"
CASE_OF_DOC: Final = "cases c JOIN case_search s ON s.case_id = c.id"
_LOOK_UP = """
SELECT a.g, array_agg(w.id) FILTER (WHERE w.is_frequent) AS frequent,
       array_agg(w.word) FILTER (WHERE NOT w.is_frequent) AS rare, NULL::interval AS disorder
FROM (
    SELECT e.g, w.word, w.id, w.is_frequent
    FROM unnest($1::int[], $2::text[]) AS e (g, word) JOIN search_words w USING (word)
    UNION ALL
    SELECT r.g, w.word, w.id, w.is_frequent
    FROM unnest($3::int[], $4::text[], $5::text[]) AS r (g, low, high)
    JOIN search_words w ON w.word >= r.low AND w.word < r.high
) AS a (g, word, id, is_frequent) CROSS JOIN LATERAL (SELECT a.id, a.word, a.is_frequent) AS w
GROUP BY a.g
UNION ALL SELECT -1, ARRAY[analyser], NULL, disorder FROM search_state
"""


@dataclass(slots=True)
class Looked:
    """What the database knows of a plan's words: for each group keys of bitmaps, and words that have none.

    `disorder`: no case that has its bits was registered by more than this later than a case with a higher number.
    """

    keys: dict[int, Sequence[int]] = field(default_factory=dict)
    rare: dict[int, Sequence[str]] = field(default_factory=dict)
    disorder: timedelta = timedelta()


async def look_up(driver: Driver, plan: Plan) -> Looked | None:
    """Within a transaction, so that what is found is still so for the next statement; None when bitmaps cannot say."""
    if not plan.groups:
        return Looked()
    words = list(plan.words)
    if plan.pieces:
        known = await vocabulary(driver)
        for number, piece in plan.pieces:
            terms = known.terms(piece)
            if terms is None:
                return None
            words += [(number, term) for term in terms]
    rows = await driver.fetch(
        _LOOK_UP,
        [number for number, _ in words],
        [word for _, word in words],
        [number for number, _, _ in plan.ranges],
        [low for _, low, _ in plan.ranges],
        [high for _, _, high in plan.ranges],
    )
    looked = Looked()
    for row in rows:
        if row["g"] >= 0:
            looked.keys[row["g"]] = [word * 4 for word in row["frequent"] or ()]
            looked.rare[row["g"]] = row["rare"] or ()
        elif row["frequent"] != [stems.VERSION]:
            return None
        else:
            looked.disorder = row["disorder"]
    return looked


def sources(
    plan: Plan, keys: Mapping[int, Iterable[int]], rare: Mapping[int, Sequence[str]], args: Args
) -> str:
    """A SELECT of (chunk, g, bits), to be joined by OR within each chunk and group."""
    pairs = [(key, number) for number, several in keys.items() for key in several]
    each = args.add([key for key, _ in pairs]), args.add([number for _, number in pairs])
    pairs_sql = f"unnest({each[0]}::int[], {each[1]}::int[]) AS k (key, g)"
    selects = [f"SELECT b.chunk, k.g, b.bits FROM {pairs_sql} JOIN search_bits b ON b.key = k.key"]
    bit = f"set_bit({NONE}, s.doc & {CHUNK - 1}, 1)"
    for number, condition in plan.rows:
        selects.append(f"SELECT s.doc >> 14, {number}, {bit} FROM {CASE_OF_DOC} WHERE {condition}")
    for number, words in rare.items():
        if words:
            query = args.add(" | ".join(quoted(word) for word in words))
            selects.append(
                f"SELECT s.doc >> 14, {number}, {bit} FROM case_search s WHERE s.words @@ {query}::text::tsquery"
            )
    return " UNION ALL ".join(selects)


def grouped(groups: int, source: str) -> str:
    """A SELECT of chunk and the bits of so many groups: g0 and so on."""
    columns = "".join(
        f", coalesce(bit_or(bits) FILTER (WHERE g = {number}), {NONE}) AS g{number}"
        for number in range(groups)
    )
    return f"SELECT chunk{columns} FROM ({source}) AS source GROUP BY chunk"


def unsure_docs(criteria: Criteria, args: Args) -> list[str]:
    """SELECTs of the cases that bitmaps do not know: changed since their bits were set, about the viewer."""
    return [
        "SELECT doc, true FROM search_dirty",
        *(
            f"SELECT s.doc, true FROM {CASE_OF_DOC} WHERE c.doctor_id = {args.add(doctor)}::uuid"
            for doctor in {branch.not_about for branch in criteria.branches if branch.not_about}
        ),
    ]


def branches_sql(criteria: Criteria, args: Args) -> str:
    """The criteria as a condition on a case `c`."""
    return " OR ".join(branch_sql(branch, criteria, args) for branch in criteria.branches)
