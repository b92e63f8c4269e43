"""Tables have an end: what nobody needs any more goes, in batches, whatever the clock did."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from ohmatdyt.cases import notices
from ohmatdyt.cases.service import indexing
from ohmatdyt.core import batches, clock, idempotency
from ohmatdyt.core.db import Database
from ohmatdyt.core.jobs import DailyAt, Every, Job, run_due
from ohmatdyt.core.settings import Settings
from ohmatdyt.notifications import claims
from ohmatdyt.schedule import job_states, jobs
from tests.cases.makers import desk
from tests.factories import Catalog, People
from tests.platform.test_jobs import KYIV, Counter, moment

DAY = timedelta(days=1)


async def _run(database: Database, statement: str, **values: object) -> None:
    async with database.unit_of_work() as session:
        await session.execute(sa.text(statement), values)


async def _count(database: Database, what: str) -> int:
    async with database.unit_of_work() as session:
        return int(await session.scalar(sa.text(f"SELECT count(*) FROM {what}")) or 0)


@pytest.mark.parametrize("when", [Every(timedelta(hours=6)), DailyAt(moment(20, 9).astimezone(KYIV).time())])
async def test_a_run_of_a_clock_that_was_ahead_holds_no_job_up(
    database: Database, when: Every | DailyAt
) -> None:
    work = Counter()
    with clock.set_to(moment(20, 10)):
        with clock.moved(timedelta(hours=5)):
            await run_due(database, [Job("count", when, work)], KYIV)
        await run_due(database, [Job("count", when, work)], KYIV)
        await run_due(database, [Job("count", when, work)], KYIV)
    assert work.runs == 2


async def test_a_run_in_the_future_is_no_sign_of_life(database: Database, settings: Settings) -> None:
    await _run(
        database,
        "INSERT INTO job_runs VALUES ('seal_journal', :at, :at, 'done', NULL)",
        at=clock.now() + 300 * DAY,
    )
    async with database.unit_of_work() as session:
        (seal,) = [state for state in await job_states(session, settings) if state.name == "seal_journal"]
    assert seal.is_late


async def test_every_table_that_only_grows_has_a_job(
    people: People, catalog: Catalog, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches.in_batches, "__kwdefaults__", {"most": 2})
    d = await desk(people, catalog)
    for number in range(5):
        await d.case(summary=f"слово{number}")
    await d.operator.client.post("/api/cases", data=d.form(), headers={"Idempotency-Key": "old"})
    now = clock.now()
    await _run(
        database,
        "UPDATE notifications SET due_at = NULL, mail_status = 'SENT', sent_at = :at, read_at = :at,"
        " created_at = :at",
        at=now - 91 * DAY,
    )
    fresh = (
        "INSERT INTO notifications (id, recipient_id, type, created_at, due_at, read_at, mail_status) "
        "VALUES (:id, :who, 'NEW_CASE', :at, :due, :read, :status)"
    )
    for age, due, read in ((89, None, now), (364, None, None), (800, now, None), (366, None, None)):
        given = {
            "id": uuid4(),
            "who": d.executor.id,
            "at": now - age * DAY,
            "due": due,
            "read": read,
            "status": "PENDING" if due else "SKIPPED",
        }
        await _run(database, fresh, **given)
    await run_due(database, jobs(settings), ZoneInfo("Europe/Kyiv"))
    assert await _count(database, "notifications WHERE type = 'NEW_CASE'") == 3
    assert await _count(database, "idempotency_keys") == 1
    with clock.moved(3 * DAY):
        await run_due(database, jobs(settings), ZoneInfo("Europe/Kyiv"))
    assert await _count(database, "idempotency_keys") == 0


async def test_kept_answers_of_a_clock_that_was_ahead_go(
    people: People, catalog: Catalog, database: Database
) -> None:
    d = await desk(people, catalog)
    await d.operator.client.post("/api/cases", data=d.form(), headers={"Idempotency-Key": "k"})
    await _run(database, "UPDATE idempotency_keys SET created_at = now() + interval '10 years'")
    async with database.unit_of_work() as session:
        await idempotency.forget_old_keys(session)
    assert await _count(database, "idempotency_keys") == 0


async def test_letters_put_off_by_a_clock_that_was_ahead_leave(
    people: People, catalog: Catalog, database: Database, settings: Settings
) -> None:
    d = await desk(people, catalog)
    await d.case()
    await _run(database, "UPDATE notifications SET due_at = now() + interval '10 years'")
    async with database.unit_of_work() as session:
        await claims.pull_back(session, settings.mail_retry_s)
    assert await _count(database, "notifications WHERE due_at <= now() + interval '1 minute'") >= 1
    # An ordinary pause is left alone.
    await _run(database, "UPDATE notifications SET due_at = now() + interval '1 hour'")
    async with database.unit_of_work() as session:
        await claims.pull_back(session, settings.mail_retry_s)
    assert await _count(database, "notifications WHERE due_at <= now() + interval '1 minute'") == 0


async def test_reminders_of_a_clock_that_was_ahead_silence_no_day(
    people: People, catalog: Catalog, database: Database, settings: Settings
) -> None:
    d = await desk(people, catalog)
    await d.case()
    counts = []
    for days in (20, 10, 20):  # ahead, set right, and later the day it had been ahead to
        with clock.moved(days * DAY):
            async with database.unit_of_work() as session:
                counts.append(await notices.remind(session, settings))
    assert counts == [1, 1, 1]


async def test_words_no_case_has_any_more_leave_the_vocabulary_within_a_month(
    people: People, catalog: Catalog, database: Database
) -> None:
    d = await desk(people, catalog)
    case = await d.case(summary="барсучина")
    await d.case(summary="звичайнісіньке")
    async with database.unit_of_work() as session:
        await indexing.fold_search(session)
    path, version = f"/api/cases/{case['id']}", {"If-Match": '"1"'}
    assert (await d.operator.client.patch(path, json={"summary": "інше"}, headers=version)).status_code == 200
    assert await _count(database, "search_words WHERE word LIKE 'барсуч%'") > 0
    for day in range(30):
        with clock.moved(day * DAY):
            async with database.unit_of_work() as session:
                await indexing.forget_unused_words(session)
    assert await _count(database, "search_words WHERE word LIKE 'барсуч%'") == 0
    assert await _count(database, "search_words WHERE word LIKE 'звичайн%'") > 0
    found = (await d.admin.client.get("/api/cases", params={"search": "звичайнісіньке"})).json()
    assert found["total"] == 1


async def test_of_every_table_is_said_who_deletes_its_rows(database: Database) -> None:
    document = (Path(__file__).resolve().parents[2] / "docs" / "security.md").read_text("utf-8")
    section = document.partition("## Що росте")[2].partition("\n## ")[0]
    async with database.connection() as connection:
        tables = (
            await connection.scalars(
                sa.text(
                    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
                )
            )
        ).all()
    assert [table for table in tables if f"`{table}`" not in section] == []
