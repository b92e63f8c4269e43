"""What managers look at: each function is one part of the dashboard, computed in the caller's snapshot."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from ohmatdyt.cases import policy
from ohmatdyt.core.schemas import Ref
from ohmatdyt.insights import figures, people_queries, queries
from ohmatdyt.insights.figures import MEDIAN, P90, STATUSES
from ohmatdyt.insights.periods import Period
from ohmatdyt.insights.queries import Probe, Sums
from ohmatdyt.insights.schemas import (
    CategoryShare,
    ChannelShare,
    ChannelShares,
    Durations,
    DurationsCompared,
    Load,
    OverdueCase,
    OverdueCases,
    StatusDistribution,
    StatusShare,
    Summary,
    Target,
    TargetShare,
    Timing,
    TopCategories,
    TrendPoint,
)

_DAY = timedelta(hours=24)
GOAL = 0.9
SUMMARY_FACETS = ("all", "status", "closed", "waited")
TIMING_FACETS = ("take", "close")


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked: the snapshot's connection, the period, the one before it, the moment, the zone of days, and which
    doctor the viewer is: cases about himself count in no figure, medians included, as they are in no list he opens.
    A NEW case is overdue after `overdue_days` of 24 hours."""

    driver: Any
    period: Period
    previous: Period
    now: datetime
    zone: str
    not_about: UUID | None
    overdue_days: int
    counted: list[dict[str, int]] = field(default_factory=list)

    @property
    def overdue_before(self) -> datetime:
        return policy.overdue_before(self.now, self.overdue_days)

    def days(self) -> dict[str, Any]:
        """The fields every answer about a period begins with."""
        return {
            "period_start": self.period.first,
            "period_end": self.period.last,
            "previous_start": self.previous.first,
            "previous_end": self.previous.last,
        }

    async def overdue_by_category(self) -> dict[str, int]:
        """How many cases are overdue now, by category; asked of the database once."""
        if not self.counted:
            self.counted.append(
                await people_queries.overdue_by_category(self.driver, self.overdue_before, self.not_about)
            )
        return self.counted[0]

    async def sums(self, *facets: str) -> list[Sums]:
        """Sums of the period and of the previous one."""
        return await queries.sums(self.driver, facets, [self.period, self.previous], self.not_about)


async def summary(ask: Ask, sums: list[Sums]) -> Summary:
    """Needs the sums of SUMMARY_FACETS."""
    drawn = await queries.trend(ask.driver, ask.period, ask.not_about)
    overdue = await ask.overdue_by_category()
    now, before = sums
    return Summary(
        **ask.days(),
        **figures.status_counts(now).model_dump(),
        previous=figures.status_counts(before),
        overdue_now=sum(overdue.values()),
        trend_grain=ask.period.grain,
        trend=[
            TrendPoint(
                start=start,
                end=end,
                registered=drawn.get((_bucket(ask, start), "all"), 0),
                closed=drawn.get((_bucket(ask, start), "closed"), 0),
            )
            for start, end in ask.period.buckets()
        ],
        targets=await _targets(ask, sums),
    )


def _bucket(ask: Ask, start: Any) -> Any:
    return start if ask.period.grain == "day" else start.replace(day=1)


async def _targets(ask: Ask, sums: list[Sums]) -> list[Target]:
    limits = (ask.now - _DAY, ask.overdue_before)
    waiting = [
        await queries.undecided(ask.driver, ask.zone, period, limits, ask.not_about)
        for period in (ask.period, ask.previous)
    ]
    result = []
    for place, (code, times) in enumerate((("taken_within_24h", 1), ("never_overdue", ask.overdue_days))):
        shares = []
        for one, undecided in zip(sums, waiting, strict=True):
            met = sum(n for value, n in one.n.get("waited", {}).items() if int(value) <= times)
            due = one.total("all") - undecided[place]
            shares.append(TargetShare(met=met, due=due, share=figures.share(met, due)))
        result.append(Target(code=code, goal=GOAL, previous=shares[1], **shares[0].model_dump()))
    return result


def status_distribution(ask: Ask, sums: list[Sums]) -> StatusDistribution:
    """Needs the sums of "status"."""
    total = sums[0].total("status")
    return StatusDistribution(
        **ask.days(),
        total=total,
        statuses=[
            StatusShare(
                status=status,
                count=sums[0].of("status", status),
                share=figures.share(sums[0].of("status", status), total),
                previous=sums[1].of("status", status),
            )
            for status in STATUSES
        ],
    )


async def _entries(ask: Ask, sums: list[Sums], facet: str) -> list[dict[str, Any]]:
    """Entries of a directory with cases in the period, most cases first, equal ones by name."""
    names = await queries.names(ask.driver, facet)
    total = sums[0].total(facet)
    counted = sorted(
        sums[0].n.get(facet, {}).items(), key=lambda item: (-item[1], names.get(item[0], ""), item[0])
    )
    return [
        {
            facet: Ref(id=entry_id, name=names.get(entry_id, "")),
            "count": n,
            "share": figures.share(n, total),
            "previous": sums[1].of(facet, entry_id),
        }
        for entry_id, n in counted
    ]


async def top_categories(ask: Ask, sums: list[Sums], limit: int) -> TopCategories:
    """Needs the sums of "category"."""
    entries = (await _entries(ask, sums, "category"))[:limit]
    shares = [CategoryShare(**entry) for entry in entries]
    return TopCategories(**ask.days(), total=sums[0].total("category"), categories=shares)


async def channels(ask: Ask, sums: list[Sums]) -> ChannelShares:
    """Needs the sums of "channel"."""
    shares = [ChannelShare(**entry) for entry in await _entries(ask, sums, "channel")]
    return ChannelShares(**ask.days(), total=sums[0].total("channel"), channels=shares)


async def timing(ask: Ask, sums: list[Sums]) -> Timing:
    """Needs the sums of TIMING_FACETS."""
    compared = {}
    for kind in TIMING_FACETS:
        probes: list[Probe] = []
        for which, (one, period) in enumerate(zip(sums, (ask.period, ask.previous), strict=True)):
            histogram = figures.histogram(one, kind)
            probes += [
                Probe((which, fraction), period, *place)
                for fraction in (MEDIAN, P90)
                if (place := figures.place_of(histogram, fraction))
            ]
        exact = await queries.durations_at(ask.driver, ask.zone, kind, probes, ask.not_about)
        now, before = (_durations(one, kind, which, exact) for which, one in enumerate(sums))
        compared[kind] = DurationsCompared(**now.model_dump(), previous=before)
    return Timing(**ask.days(), **compared)


def _durations(sums: Sums, kind: str, which: int, exact: dict[Any, int]) -> Durations:
    n = sums.total(kind)
    return Durations(
        cases=n,
        average_seconds=figures.average(sum(sums.seconds.get(kind, {}).values()), n),
        median_seconds=exact.get((which, MEDIAN)),
        p90_seconds=exact.get((which, P90)),
    )


def load(ask: Ask, sums: list[Sums]) -> Load:
    """Needs the sums of "hour"."""
    hours = [[sums[0].of("hour", f"{weekday},{hour}") for hour in range(24)] for weekday in range(1, 8)]
    return Load(**ask.days(), total=sums[0].total("hour"), hours=hours)


async def valid_until(ask: Ask, shown: OverdueCases) -> datetime:
    """Until when these figures stay as they are, if no case changes meanwhile."""
    turn = await queries.next_turn(ask.driver, ask.now, ask.overdue_days * _DAY, _DAY)
    return min([turn, *(case.waiting_since + (case.days_waiting + 1) * _DAY for case in shown.cases)])


async def overdue(ask: Ask, *, only_registered_in_period: bool, limit: int, offset: int) -> OverdueCases:
    """Cases overdue now, the longest waiting first."""
    registered = (ask.period.first, ask.period.last) if only_registered_in_period else (None, None)
    rows, total = await people_queries.overdue_page(
        ask.driver, ask.overdue_before, ask.zone, registered, (limit, offset), not_about=ask.not_about
    )
    cases = [
        OverdueCase(
            id=row["id"],
            public_id=row["public_id"],
            category=Ref(id=row["category_id"], name=row["category_name"]),
            applicant_name=row["applicant_name"],
            created_at=row["created_at"],
            waiting_since=row["last_status_change_at"],
            days_waiting=(ask.now - row["last_status_change_at"]) // _DAY,
        )
        for row in rows
    ]
    return OverdueCases(cases=cases, total=total, page=offset // limit + 1, page_size=limit)
