"""Calendar periods and what they are compared with."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmatdyt.core.errors import InvalidFields
from ohmatdyt.insights.periods import Period, PeriodName, chosen, named
from tests.factories import People

D = date.fromisoformat


@pytest.mark.parametrize(
    ("name", "today", "now", "before"),
    [
        ("today", "2026-11-22", ("2026-11-22", "2026-11-22"), ("2026-11-21", "2026-11-21")),
        ("week", "2026-11-22", ("2026-11-16", "2026-11-22"), ("2026-11-09", "2026-11-15")),
        ("week", "2026-11-16", ("2026-11-16", "2026-11-16"), ("2026-11-09", "2026-11-09")),
        ("month", "2026-03-31", ("2026-03-01", "2026-03-31"), ("2026-02-01", "2026-02-28")),
        ("month", "2027-01-05", ("2027-01-01", "2027-01-05"), ("2026-12-01", "2026-12-05")),
        ("quarter", "2026-11-22", ("2026-10-01", "2026-11-22"), ("2026-07-01", "2026-08-22")),
        ("year", "2028-02-29", ("2028-01-01", "2028-02-29"), ("2027-01-01", "2027-02-28")),
    ],
)
def test_named_periods(name: PeriodName, today: str, now: tuple[str, str], before: tuple[str, str]) -> None:
    assert named(name, D(today)) == (Period(D(now[0]), D(now[1])), Period(D(before[0]), D(before[1])))


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 3000))
def test_pieces_and_buckets_cover_each_day_once(first: date, length: int) -> None:
    period = Period(first, first + timedelta(days=length))
    for parts in ([piece[1:] for piece in period.pieces()], period.buckets()):
        assert parts[0][0] == period.first
        assert parts[-1][1] == period.last
        assert all(b[0] - a[1] == timedelta(days=1) for a, b in pairwise(parts))
    for kind, start, end in period.pieces():
        if kind == "m":
            assert start.day == 1
            assert (end + timedelta(days=1)).day == 1


def test_a_custom_period_is_compared_with_the_days_before_it() -> None:
    now, before = chosen(None, D("2026-11-10"), D("2026-11-19"), D("2026-11-22"))
    assert (now.days, before.days, before.last) == (10, 10, D("2026-11-09"))
    assert chosen(None, D("2026-11-20"), None, D("2026-11-22"))[0] == Period(D("2026-11-20"), D("2026-11-22"))
    assert chosen(None, None, None, D("2026-11-22")) == named("month", D("2026-11-22"))
    with pytest.raises(InvalidFields):
        chosen("week", D("2026-11-20"), None, D("2026-11-22"))


WRONG: list[dict[str, Any]] = [
    {"period": "decade"},
    {"period": "week", "date_from": "2026-01-01"},
    {"date_from": "2026-02-01", "date_to": "2026-01-01"},
    {"date_from": "1200-01-01"},
    {"date_from": "0001-01-01", "date_to": "0001-01-02"},
    {"date_from": "x"},
    {"days": 3},
]


@pytest.mark.parametrize("query", WRONG)
async def test_a_wrong_period_is_refused(people: People, query: dict[str, Any]) -> None:
    admin = await people.admin()
    for path in ("", "/summary", "/timing", "/overdue-cases", "/categories-top"):
        assert (await admin.client.get(f"/api/dashboard{path}", params=query)).status_code == 422


async def test_figures_are_an_administrators_and_ones_own(people: People) -> None:
    executor, operator = await people.executor(), await people.operator()
    parts = ("summary", "status-distribution", "overdue-cases", "executors-efficiency", "categories-top")
    for path in ("", *(f"/{part}" for part in (*parts, "channels", "timing", "load"))):
        for person in (executor, operator):
            assert (await person.client.get(f"/api/dashboard{path}")).json()["code"] == "admin_only", path
    mine = (await executor.client.get("/api/insights/mine?period=week")).json()
    assert mine["executor"]["user"]["id"] == str(executor.id)
    assert mine["executor"]["done"] == 0
