"""The dashboard computed the slow and obvious way, from the lives of the cases alone."""

from datetime import date, datetime, timedelta
from math import ceil, floor
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tests.insights.histories import CLOSED, Life, World

KYIV = ZoneInfo("Europe/Kyiv")
DAY = timedelta(hours=24)
LIMIT = timedelta(hours=72)
STATUSES = ("NEW", "IN_PROGRESS", "NEEDS_INFO", "REJECTED", "DONE")
Days = tuple[date, date]


def local(moment: datetime) -> date:
    return moment.astimezone(KYIV).date()


def within(moment: datetime | None, days: Days) -> bool:
    return moment is not None and days[0] <= local(moment) <= days[1]


def registered(world: World, days: Days) -> list[Life]:
    return [one for one in world.lives if within(one.created, days)]


def closed(world: World, days: Days) -> list[Life]:
    return [one for one in world.lives if within(one.closed, days)]


def share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def counts(world: World, days: Days) -> dict[str, int]:
    cases = registered(world, days)
    result = {f"{s.lower()}_cases": sum(one.status == s for one in cases) for s in STATUSES}
    return {"total_cases": len(cases), "closed_cases": len(closed(world, days)), **result}


def target(world: World, days: Days, limit: timedelta) -> dict[str, Any]:
    met = due = 0
    for one in registered(world, days):
        waited = (one.first_taken or world.now) - one.created
        if one.first_taken and waited <= limit:
            met += 1
        due += bool(one.first_taken) or waited > limit
    return {"met": met, "due": due, "share": share(met, due)}


def seconds(later: datetime | None, earlier: datetime | None) -> int:
    assert later
    assert earlier
    return floor((later - earlier) / timedelta(seconds=1))


def percentile(values: list[int], p: float) -> int | None:
    return sorted(values)[ceil(p * len(values)) - 1] if values else None


def durations(values: list[int]) -> dict[str, Any]:
    return {
        "cases": len(values),
        "average_seconds": sum(values) // len(values) if values else None,
        "median_seconds": percentile(values, 0.5),
        "p90_seconds": percentile(values, 0.9),
    }


def take(world: World, days: Days) -> dict[str, Any]:
    return durations([seconds(o.first_taken, o.created) for o in world.lives if within(o.first_taken, days)])


def close(world: World, days: Days) -> dict[str, Any]:
    return durations([seconds(one.closed, one.created) for one in closed(world, days)])


def handling(world: World, days: Days, person: UUID) -> dict[str, Any]:
    cases = [one for one in closed(world, days) if one.responsible == person]
    values = durations([seconds(one.closed, one.first_taken) for one in cases])
    return {
        "done": sum(one.status == "DONE" for one in cases),
        "rejected": sum(one.status == "REJECTED" for one in cases),
        "average_seconds": values["average_seconds"],
        "median_seconds": values["median_seconds"],
    }


def overdue(world: World) -> list[Life]:
    late = [one for one in world.lives if one.status == "NEW" and world.now - one.last_change > LIMIT]
    return sorted(late, key=lambda one: (one.last_change, one.id))


def at_work(world: World, person: UUID) -> dict[str, int]:
    mine = [one for one in world.case(responsible=person) if one.status not in ("NEW", *CLOSED)]
    return {
        "in_progress_now": sum(one.status == "IN_PROGRESS" for one in mine),
        "needs_info_now": sum(one.status == "NEEDS_INFO" for one in mine),
        "stale_now": sum(world.now - one.last_change > LIMIT for one in mine),
    }


def hours(world: World, days: Days) -> list[list[int]]:
    table = [[0] * 24 for _ in range(7)]
    for one in registered(world, days):
        moment = one.created.astimezone(KYIV)
        table[moment.weekday()][moment.hour] += 1
    return table


def by(world: World, days: Days, attribute: str) -> dict[str, int]:
    result: dict[str, int] = {}
    for one in registered(world, days):
        key = str(getattr(one, attribute))
        result[key] = result.get(key, 0) + 1
    return result
