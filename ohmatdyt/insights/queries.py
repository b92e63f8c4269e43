"""Every SELECT behind the dashboard. Call them inside one `snapshot`: sums, rows and medians then agree.

Sums come from `case_flow` plus what is not folded into it yet; so they are exact at any moment (docs/adr/0014).
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ohmatdyt.core.db import raw
from ohmatdyt.insights.own_cases import BUT_HIS, COUNTED, but_his
from ohmatdyt.insights.periods import Period


@asynccontextmanager
async def snapshot(connection: AsyncConnection) -> AsyncIterator[Any]:
    """The driver's connection, reading one and the same state of the database until the block ends."""
    driver = await raw(connection)
    async with driver.transaction(isolation="repeatable_read", readonly=True):
        yield driver


@dataclass(slots=True)
class Sums:
    """What `case_flow` says about one period: how many, and how many seconds together, by facet and value."""

    n: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    seconds: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))

    def total(self, facet: str) -> int:
        return sum(self.n[facet].values()) if facet in self.n else 0

    def of(self, facet: str, value: str) -> int:
        return self.n[facet].get(value, 0) if facet in self.n else 0


_SUMS = f"""
SELECT which, facet, value, sum(n)::bigint AS n, sum(seconds)::bigint AS seconds FROM (
    SELECT s.which, f.facet, f.value, f.n, f.seconds
    FROM unnest($1::int[], $2::text[], $3::date[], $4::date[]) AS s (which, grain, first, last)
    CROSS JOIN unnest($5::text[]) AS w (facet)
    JOIN case_flow f ON f.facet = w.facet AND f.grain = s.grain::"char" AND f.day BETWEEN s.first AND s.last
    UNION ALL
    SELECT s.which, p.facet, p.value, p.n, p.seconds
    FROM unnest($6::int[], $7::date[], $8::date[]) AS s (which, first, last)
    JOIN case_flow_pending p ON p.day BETWEEN s.first AND s.last AND p.facet = ANY ($5::text[])
    UNION ALL
    SELECT s.which, f.facet, f.value, -1, -f.seconds
    FROM {COUNTED}
    JOIN unnest($6::int[], $7::date[], $8::date[]) AS s (which, first, last) ON f.day BETWEEN s.first AND s.last
    WHERE c.doctor_id = $9::uuid AND f.facet = ANY ($5::text[])
) AS parts GROUP BY 1, 2, 3 HAVING sum(n) <> 0
"""  # noqa: S608 — made of the constants above


async def sums(
    driver: Any, facets: Iterable[str], periods: Sequence[Period], not_about: UUID | None
) -> list[Sums]:
    """For each period, the sums of these facets, without the cases about the doctor `not_about`."""
    pieces = [(which, *piece) for which, period in enumerate(periods) for piece in period.pieces()]
    rows = await driver.fetch(
        _SUMS,
        *(list(column) for column in zip(*pieces, strict=True)),
        list(facets),
        list(range(len(periods))),
        [period.first for period in periods],
        [period.last for period in periods],
        not_about,
    )
    result = [Sums() for _ in periods]
    for row in rows:
        one = result[row["which"]]
        one.n[row["facet"]][row["value"]] = row["n"]
        one.seconds[row["facet"]][row["value"]] = row["seconds"]
    return result


_TREND = f"""
SELECT date_trunc($1, day)::date AS day, facet, sum(n)::bigint AS n FROM (
    SELECT f.day, f.facet, f.n FROM unnest($2::text[], $3::date[], $4::date[]) AS s (grain, first, last)
    JOIN case_flow f ON f.facet IN ('all', 'closed') AND f.grain = s.grain::"char" AND f.day BETWEEN s.first AND s.last
    UNION ALL
    SELECT p.day, p.facet, p.n FROM case_flow_pending p
    WHERE p.facet IN ('all', 'closed') AND p.day BETWEEN $5 AND $6
    UNION ALL
    SELECT f.day, f.facet, -1 FROM {COUNTED}
    WHERE c.doctor_id = $7::uuid AND f.facet IN ('all', 'closed') AND f.day BETWEEN $5 AND $6
) AS parts GROUP BY 1, 2
"""  # noqa: S608


async def trend(driver: Any, period: Period, not_about: UUID | None) -> dict[tuple[date, str], int]:
    """How many cases were registered ("all") and closed ("closed") on each day, or in each month, of the period;
    none about the doctor `not_about`."""
    pieces = period.pieces() if period.grain == "month" else [("d", period.first, period.last)]
    rows = await driver.fetch(
        _TREND,
        period.grain,
        *(list(column) for column in zip(*pieces, strict=True)),
        period.first,
        period.last,
        not_about,
    )
    return {(row["day"], row["facet"]): row["n"] for row in rows}


# $4 is the zone in which days are counted; the same function bounds them here as in `case_flow_facets`.
_BOUNDS = "(CAST({first} AS timestamp) AT TIME ZONE $1) AND {moment} < (CAST({last} + 1 AS timestamp) AT TIME ZONE $1)"

_UNDECIDED = f"""
SELECT count(*) FILTER (WHERE created_at >= $4) AS within_day, count(*) AS within_limit
FROM cases c
WHERE status = 'NEW' AND first_taken_at IS NULL AND created_at >= $5 {BUT_HIS}
  AND created_at >= {_BOUNDS.format(first="$2::date", last="$3::date", moment="created_at")}
"""  # noqa: S608 — made of the constants above


async def undecided(
    driver: Any, zone: str, period: Period, ago: tuple[datetime, datetime], not_about: UUID | None
) -> tuple[int, int]:
    """Cases registered in the period and never taken that may still be taken within 24 hours, within the limit; `ago`
    are the moments since which they must have come. None about the doctor `not_about`."""
    row = await driver.fetchrow(*but_his(not_about, _UNDECIDED, zone, period.first, period.last, *ago))
    return row["within_day"], row["within_limit"]


@dataclass(frozen=True, slots=True)
class Probe:
    """The `skip`-th shortest (from 0) duration of a bin of a period: the place of a percentile."""

    key: Any
    period: Period
    bin: int
    skip: int
    responsible: UUID | None = None


_TAKEN = "seconds_between(c.created_at, c.first_taken_at)"
_CLOSED = "seconds_between(c.created_at, c.last_status_change_at)"
_HANDLED = "seconds_between(c.first_taken_at, c.last_status_change_at)"
_IS_CLOSED = "c.status IN ('DONE', 'REJECTED')"


def _probes_sql(duration: str, binned: str, moment: str, condition: str) -> str:
    bounds = _BOUNDS.format(first="p.first", last="p.last", moment=moment)
    return f"""
SELECT p.place, x.seconds
FROM unnest($2::int[], $3::date[], $4::date[], $5::int[], $6::int[], $7::uuid[])
    AS p (place, first, last, bin, skip, responsible)
CROSS JOIN LATERAL (
    SELECT {duration} AS seconds FROM cases c
    WHERE {condition} {BUT_HIS} AND {binned} = p.bin AND {moment} >= {bounds}
    ORDER BY 1 OFFSET p.skip LIMIT 1
) AS x
"""  # noqa: S608 — made of the constants above


PROBES = {
    "take": _probes_sql(
        _TAKEN, f"duration_bin({_TAKEN})", "c.first_taken_at", "c.first_taken_at IS NOT NULL"
    ),
    "close": _probes_sql(_CLOSED, f"duration_bin({_CLOSED})", "c.last_status_change_at", _IS_CLOSED),
    "handle": _probes_sql(
        _HANDLED,
        f"duration_bin({_HANDLED}) / 4",
        "c.last_status_change_at",
        f"{_IS_CLOSED} AND c.responsible_id = p.responsible",
    ),
}


async def durations_at(
    driver: Any, zone: str, kind: str, probes: Sequence[Probe], not_about: UUID | None
) -> dict[Any, int]:
    """The exact duration, in seconds, at each probe, among all cases but those about the doctor `not_about`.
    `kind` is "take", "close" or "handle"."""
    if not probes:
        return {}
    asked = (
        list(range(len(probes))),
        [probe.period.first for probe in probes],
        [probe.period.last for probe in probes],
        [probe.bin for probe in probes],
        [probe.skip for probe in probes],
        [probe.responsible for probe in probes],
    )
    rows = await driver.fetch(*but_his(not_about, PROBES[kind], zone, *asked))
    return {probes[row["place"]].key: row["seconds"] for row in rows}


async def zone_of(driver: Any) -> str:
    """The time zone in which the database counts days."""
    zone: str = await driver.fetchval("SELECT hospital_zone()")
    return zone


_VERSION = """
SELECT concat_ws('/', (SELECT epoch FROM case_flow_epoch),
    (SELECT concat(count(*), ':', sum(hashint8extended(id, 0))) FROM case_flow_delta),
    (SELECT sum(hashtextextended(concat(id, full_name, role, is_active), 0)) FROM users),
    (SELECT sum(hashtextextended(concat(user_id, category_id), 0)) FROM category_access),
    (SELECT sum(hashtextextended(concat(id, name), 0)) FROM categories),
    (SELECT sum(hashtextextended(concat(id, name), 0)) FROM channels))
"""


async def version(driver: Any) -> str:
    """The state of everything the dashboard shows: while it is the same, only the passing of time changes a figure."""
    found: str = await driver.fetchval(_VERSION)
    return found


_NEXT_TURN = """
SELECT least(
    (SELECT min(last_status_change_at) FROM cases
        WHERE status = 'NEW' AND last_status_change_at >= $1::timestamptz - $2::interval),
    (SELECT min(last_status_change_at) FROM cases
        WHERE status = 'IN_PROGRESS' AND last_status_change_at >= $1::timestamptz - $2::interval),
    (SELECT min(last_status_change_at) FROM cases
        WHERE status = 'NEEDS_INFO' AND last_status_change_at >= $1::timestamptz - $2::interval),
    (SELECT min(created_at) FROM cases
        WHERE status = 'NEW' AND first_taken_at IS NULL AND created_at >= $1::timestamptz - $2::interval)
) + $2::interval AS limit_passed,
(SELECT min(created_at) FROM cases
    WHERE status = 'NEW' AND first_taken_at IS NULL AND created_at >= $1::timestamptz - $3::interval
) + $3::interval AS day_passed
"""


async def next_turn(driver: Any, now: datetime, limit: timedelta, day: timedelta) -> datetime:
    """Until when, this moment included, no case becomes overdue or stale or misses a target."""
    row = await driver.fetchrow(_NEXT_TURN, now, limit, day)
    turns: list[datetime] = [moment for moment in row.values() if moment is not None]
    return min([*turns, now + day])


_NAMES = {
    "category": "SELECT id, name FROM categories",
    "channel": "SELECT id, name FROM channels",
}


async def names(driver: Any, facet: str) -> dict[str, str]:
    """The directory's names by id."""
    return {str(row["id"]): row["name"] for row in await driver.fetch(_NAMES[facet])}
