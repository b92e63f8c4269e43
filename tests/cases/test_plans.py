"""Which pages keep their plan, and that a connection is told so once."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.accounts.models import Role
from ohmatdyt.cases.queries.criteria import build
from ohmatdyt.cases.queries.listing import ListStatement
from ohmatdyt.cases.queries.pages import wanted_page
from ohmatdyt.cases.schemas import CaseListQuery
from ohmatdyt.core import driver
from ohmatdyt.core.db import Database

NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
CHANNEL = UUID("6ba7b810-9dad-41d1-80b4-00c04fd430c8")


def has_one_plan(**filters: Any) -> bool:
    actor = Actor(
        user_id=uuid4(),
        session_id=uuid4(),
        username="a",
        full_name="А",
        role=Role.ADMIN,
        must_change_password=False,
        category_ids=(),
    )
    query = CaseListQuery.model_validate(filters)
    criteria = build(query, actor, stale_before=NOW, zone=ZoneInfo("Europe/Kyiv"))
    return ListStatement(criteria, wanted_page(query)).has_one_plan


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"order_by": "-updated_at"},
        {"date_from": "2026-01-01", "page": 300},
        {"status": ["DONE"], "date_to": "2026-01-01"},
        {"stale": True},
        {"overdue": False, "date_from": "2026-01-01"},
        {"overdue": True, "channel_id": CHANNEL},
        {"overdue": False, "author_id": CHANNEL},
        {"category_id": CHANNEL, "status": ["NEW", "DONE"]},
    ],
)
def test_a_walk_in_the_order_of_an_index_keeps_its_plan(filters: dict[str, Any]) -> None:
    assert has_one_plan(**filters)


@pytest.mark.parametrize(
    "filters",
    [
        {"order_by": "-updated_at", "date_from": "2026-01-01"},
        {"order_by": "-updated_at", "status": ["DONE"]},
        {"status": ["DONE"], "channel_id": CHANNEL},
        {"category_id": CHANNEL, "channel_id": CHANNEL},
        {"stale": True, "channel_id": CHANNEL},
        {"subcategory": "Діагностика"},
        {"applicant_phone": "067 000 12 34"},
        # These are also asked on connections that others use after them, which must not be told to keep plans.
        {"patient_id": CHANNEL},
        {"doctor_id": CHANNEL, "page": 300},
    ],
)
def test_what_may_be_rare_or_frequent_is_looked_at(filters: dict[str, Any]) -> None:
    assert not has_one_plan(**filters)


async def test_a_connection_is_told_when_something_else_is_wanted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    execute = asyncpg.Connection.execute

    async def noted(self: Any, query: str, *args: Any, **options: Any) -> Any:
        sent.append(query)
        return await execute(self, query, *args, **options)

    monkeypatch.setattr(asyncpg.Connection, "execute", noted)
    connection: Any = await driver.connect(database.url)
    try:
        await connection.keep_plans(keep=False)
        assert not sent
        for keep, mode in ((True, "force_generic_plan"), (True, "force_generic_plan"), (False, "auto")):
            await connection.keep_plans(keep=keep)
            assert await connection.fetchval("SHOW plan_cache_mode") == mode
        assert len(sent) == 2
        # What it was told within a transaction that fails does not count.
        await connection.execute("BEGIN")
        with pytest.raises(asyncpg.PostgresError):
            await connection.execute("SELECT 1 / 0")
        with pytest.raises(asyncpg.PostgresError):
            await connection.keep_plans(keep=True)
        await connection.execute("ROLLBACK")
        await connection.keep_plans(keep=False)
        assert await connection.fetchval("SHOW plan_cache_mode") == "auto"
        assert sent[-1].startswith("SET ")
    finally:
        await connection.close()
