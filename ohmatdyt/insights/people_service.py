"""How much each person has to do and has done."""

from typing import Any
from uuid import UUID

import orjson

from ohmatdyt.accounts.models import Role
from ohmatdyt.core.schemas import UserRef
from ohmatdyt.insights import figures, people_queries, queries
from ohmatdyt.insights.figures import MEDIAN
from ohmatdyt.insights.queries import Probe, Sums
from ohmatdyt.insights.schemas import ExecutorRow, Executors, HandlingFigures, Mine
from ohmatdyt.insights.service import Ask

HANDLING_FACETS = ("closed_by", "handle")


async def executors(ask: Ask, sums: list[Sums]) -> Executors:
    """Needs the sums of HANDLING_FACETS."""
    rows = await _rows(ask, sums, only=None)
    return Executors(**ask.days(), executors=rows, total=len(rows))


async def mine(ask: Ask, sums: list[Sums], user_id: UUID) -> Mine:
    """One person's own figures. Needs the sums of HANDLING_FACETS."""
    (row,) = await _rows(ask, sums, only=user_id)
    return Mine(**ask.days(), executor=row)


async def _rows(ask: Ask, sums: list[Sums], only: UUID | None) -> list[ExecutorRow]:
    staff = await people_queries.staff(ask.driver, only)
    working = await people_queries.at_work(ask.driver, ask.overdue_before, only, ask.not_about)
    overdue = await ask.overdue_by_category()
    handled = await _handling(ask, sums, only)
    nothing = HandlingFigures(done=0, rejected=0, average_seconds=None, median_seconds=None)
    rows = []
    for person in staff:
        key = str(person["id"])
        now, before = handled[0].get(key), handled[1].get(key)
        at_work = working.get(person["id"])
        serves = person["is_active"] and person["role"] == Role.EXECUTOR
        if not (serves or now or before or at_work or only):
            continue
        categories = orjson.loads(person["categories"])
        rows.append(
            ExecutorRow(
                **(now or nothing).model_dump(),
                user=UserRef(id=person["id"], full_name=person["full_name"]),
                role=person["role"],
                is_active=person["is_active"],
                categories=categories,
                in_progress_now=at_work["in_progress"] if at_work else 0,
                needs_info_now=at_work["needs_info"] if at_work else 0,
                stale_now=at_work["stale"] if at_work else 0,
                overdue_now=sum(overdue.get(category["id"], 0) for category in categories),
                previous=before or nothing,
            )
        )
    return rows


async def _handling(ask: Ask, sums: list[Sums], only: UUID | None) -> list[dict[str, HandlingFigures]]:
    """For each period, by person."""
    probes: list[Probe] = []
    closed: list[dict[str, dict[str, int]]] = []
    for which, (one, period) in enumerate(zip(sums, (ask.period, ask.previous), strict=True)):
        closed.append(figures.by_person(one, "closed_by"))
        for person, bins in figures.by_person(one, "handle").items():
            if only is not None and person != str(only):
                continue
            place = figures.place_of({int(each): n for each, n in bins.items()}, MEDIAN)
            if place:
                probes.append(Probe((which, person), period, *place, responsible=UUID(person)))
    medians = await queries.durations_at(ask.driver, ask.zone, "handle", probes, ask.not_about)
    result = []
    for which, one in enumerate(sums):
        seconds = figures.seconds_by_person(one, "handle")
        result.append(
            {
                person: _figures(statuses, seconds.get(person, 0), medians.get((which, person)))
                for person, statuses in closed[which].items()
            }
        )
    return result


def _figures(statuses: dict[str, int], seconds: int, median: Any) -> HandlingFigures:
    return HandlingFigures(
        done=statuses.get("DONE", 0),
        rejected=statuses.get("REJECTED", 0),
        average_seconds=figures.average(seconds, sum(statuses.values())),
        median_seconds=median,
    )
