"""What a snapshot says of the words asked for, and the cases of each group of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from ohmatdyt.cases.queries import kept_bits
from ohmatdyt.cases.queries.case_set import CaseSet, of_docs
from ohmatdyt.cases.queries.criteria import Criteria
from ohmatdyt.cases.queries.masks import Plan, Stretch
from ohmatdyt.cases.queries.search_sql import branch_sql
from ohmatdyt.cases.queries.sql import Args
from ohmatdyt.cases.queries.vocabulary import vocabulary
from ohmatdyt.core.finding import stems
from ohmatdyt.core.finding.texts import quoted

Driver = Any

CASE_OF_DOC: Final = "cases c JOIN case_search s ON s.case_id = c.id"

# Groups have numbers from 0; what else is told has numbers below. Planning takes longer than these lookups do, so
# PostgreSQL must not see how many words there are: then it keeps its plan also where it is free to make a new one.
# Nothing is asked for twice (see `Plan`): a UNION clears 2 MB of memory to compare the many words it expects.
_STATE: Final = -1
_UNSURE: Final = -2
_LOOK_UP: Final = """
WITH asked AS MATERIALIZED (
    SELECT $1::int[] AS places, $2::text[] AS words, $3::int[] AS range_places, $4::text[] AS lows, $5::text[] AS highs
)
SELECT w.g, sum(w.n)::bigint AS n, array_agg(w.id) FILTER (WHERE w.is_frequent) AS frequent,
       array_agg(w.word) FILTER (WHERE NOT w.is_frequent) AS rare,
       max(w.changed_at) FILTER (WHERE w.is_frequent) AS changed_at, NULL::int[] AS docs,
       NULL::interval AS disorder, NULL::text AS whose
FROM (
    SELECT e.g, w.word, w.id, w.n, w.is_frequent, w.changed_at
    FROM asked CROSS JOIN LATERAL unnest(asked.places, asked.words) AS e (g, word) JOIN search_words w USING (word)
    UNION ALL
    SELECT r.g, w.word, w.id, w.n, w.is_frequent, w.changed_at
    FROM asked CROSS JOIN LATERAL unnest(asked.range_places, asked.lows, asked.highs) AS r (g, low, high)
    JOIN search_words w ON w.word >= r.low AND w.word < r.high
) AS w (g, word, id, n, is_frequent, changed_at)
GROUP BY w.g
UNION ALL
SELECT -1, analyser, NULL, NULL, NULL, NULL, disorder,
       (SELECT oid FROM pg_database WHERE datname = current_database()) || '.' || 'search_bits'::regclass::oid || '.'
       || pg_postmaster_start_time()
FROM search_state
UNION ALL
SELECT -2, NULL, NULL, NULL, NULL, array_agg(DISTINCT doc), NULL, NULL
FROM (
    SELECT doc FROM search_dirty
    UNION ALL
    SELECT s.doc FROM cases c JOIN case_search s ON s.case_id = c.id WHERE c.doctor_id = ANY ($6::uuid[])
) AS unsure
"""
# However many rows PostgreSQL expects of a time it does not see, it can only look up the number of each; and once, as
# the number is named once.
_LOOK_AT_ROWS: Final = """
UNION ALL
SELECT {group}::int, NULL, NULL, NULL, NULL, array_remove(array_agg(doc), NULL), NULL, NULL
FROM (
    SELECT (SELECT s.doc FROM case_search s WHERE s.case_id = c.id) AS doc FROM cases c
    WHERE {statuses}{column} >= {begin}::timestamptz AND {column} < {end}::timestamptz
) AS told
"""


@dataclass(slots=True)
class Looked:
    """What the database knows of a plan's words: for each group about how many cases have one of them, the ids of those
    that have bitmaps, when these last changed, and the words that have none; or the cases that its rows told.

    `unsure`: cases that bitmaps do not know, changed since their bits were set or about the viewer.
    `disorder`: no case that has its bits was registered by more than this later than a case with a higher number.
    `is_complete`: every case has been read for the bitmaps of filters, and all that the plan asks for is known.
    `whose` names the database.
    """

    counts: dict[int, int] = field(default_factory=dict)
    frequent: dict[int, Sequence[int]] = field(default_factory=dict)
    rare: dict[int, Sequence[str]] = field(default_factory=dict)
    changed_at: dict[int, datetime] = field(default_factory=dict)
    docs: dict[int, list[int]] = field(default_factory=dict)
    unsure: Sequence[int] = ()
    disorder: timedelta = timedelta()
    is_complete: bool = True
    whose: str = ""

    def joined(self, group: int, weights: Sequence[int] = (0,)) -> kept_bits.Joined | None:
        """The bitmaps of a group's words with any of these weights; None when no such word has any."""
        if not self.frequent.get(group):
            return None
        keys = tuple(sorted(word * 4 + weight for word in self.frequent[group] for weight in weights))
        return kept_bits.Joined(keys, self.changed_at[group])


async def look_up(driver: Driver, plan: Plan, criteria: Criteria) -> Looked:
    """Within a transaction, so that what is found is still so for the next statement."""
    words, looked = list(plan.words), Looked()
    if plan.pieces:
        known = await vocabulary(driver)
        for number, piece in plan.pieces:
            terms = known.terms(piece)
            looked.is_complete = looked.is_complete and terms is not None
            words += [(number, term) for term in terms or ()]
    args = Args()
    args.values += [
        [number for number, _ in words],
        [word for _, word in words],
        [number for number, _, _ in plan.ranges],
        [low for _, low, _ in plan.ranges],
        [high for _, _, high in plan.ranges],
        list({branch.not_about for branch in criteria.branches if branch.not_about}),
    ]
    statement = _LOOK_UP + "".join(_look_at_rows(stretch, args) for stretch in plan.rows)
    for row in await driver.fetch(statement, *args.values):
        number = row["g"]
        if number == _STATE:
            looked.disorder, looked.whose = row["disorder"], row["whose"]
            looked.is_complete = looked.is_complete and row["n"] == stems.VERSION
        elif number == _UNSURE:
            looked.unsure = row["docs"] or ()
        elif row["n"] is None:
            looked.docs.setdefault(number, []).extend(row["docs"] or ())
        else:
            looked.counts[number] = row["n"]
            looked.frequent[number] = row["frequent"] or ()
            looked.rare[number] = row["rare"] or ()
            looked.changed_at[number] = row["changed_at"]
    return looked


def _look_at_rows(stretch: Stretch, args: Args) -> str:
    listed = ", ".join(f"'{status}'" for status in stretch.statuses)
    return _LOOK_AT_ROWS.format(
        group=args.add(stretch.group),
        statuses=f"c.status IN ({listed}) AND " if listed else "",
        column=stretch.column,
        begin=args.add(stretch.begin),
        end=args.add(stretch.end),
    )


async def cases_of_groups(
    driver: Driver, plan: Plan, looked: Looked, more: Mapping[int, kept_bits.Joined] | None = None
) -> dict[int, CaseSet]:
    """The cases of each of the plan's groups as bits and rows tell; and of `more` bitmaps, by their own numbers."""
    wanted = {number: one for number in range(plan.groups) if (one := looked.joined(number)) is not None}
    cases = await kept_bits.joined(driver, looked.whose, {**wanted, **(more or {})})
    for number, docs in looked.docs.items():
        cases[number] = cases.get(number, CaseSet()) | of_docs(docs)
    rare = {number: words for number, words in looked.rare.items() if words and number < plan.groups}
    if rare:
        args = Args()
        for row in await driver.fetch(_of_rare_words(rare, args), *args.values):
            cases[row["g"]] = cases.get(row["g"], CaseSet()) | of_docs(row["docs"])
    return {number: cases.get(number, CaseSet()) for number in {*range(plan.groups), *cases}}


def _of_rare_words(rare: Mapping[int, Sequence[str]], args: Args) -> str:
    """A SELECT of (g, docs): the cases of words that have no bitmaps."""
    selects = (
        f"SELECT {args.add(number)}::int AS g, array_agg(doc) AS docs FROM case_search"
        f" WHERE words @@ {args.add(' | '.join(map(quoted, words)))}::text::tsquery HAVING count(*) > 0"
        for number, words in rare.items()
    )
    return " UNION ALL ".join(selects)


def branches_sql(criteria: Criteria, args: Args) -> str:
    """The criteria as a condition on a case `c`."""
    return " OR ".join(branch_sql(branch, criteria, args) for branch in criteria.branches)
