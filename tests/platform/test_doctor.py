"""`ohmatdyt doctor`: each thing that goes wrong is found, and something is said that can be done."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from ohmatdyt.cli import doctor, doctor_delivery, doctor_machine
from ohmatdyt.cli.findings import Finding
from ohmatdyt.core import clock
from ohmatdyt.core.db import Database
from ohmatdyt.core.jobs import run_due
from ohmatdyt.core.settings import Settings
from ohmatdyt.schedule import jobs
from tests.cases.makers import as_owner
from tests.factories import People
from tests.platform.processes import free_port


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Of a server with a Redis and a mail server, neither of which answers."""
    return settings.model_copy(
        update={
            "redis_url": f"redis://127.0.0.1:{free_port()}/0",
            "smtp_host": "127.0.0.1",
            "smtp_port": free_port(),
            "mail_from": "crm@example.org",
        }
    )


async def of_database(settings: Settings) -> dict[str, Finding]:
    return by_subject([finding async for finding in doctor._of_database(settings)])


def by_subject(findings: Iterable[Finding]) -> dict[str, Finding]:
    found = {finding.subject: finding for finding in findings}
    for finding in found.values():
        assert finding.verdict == "ok" or finding.advice, f"nothing to do about: {finding}"
    return found


async def test_a_new_installation_lacks_an_administrator_and_durability(
    settings: Settings, database: Database
) -> None:
    found = await of_database(settings)
    assert {subject for subject, one in found.items() if one.verdict == "failed"} == {
        "База",
        "Адміністратори",
    }
    assert "fsync" in found["База"].text  # the tests' own database trades safety for speed
    assert "create-admin" in found["Адміністратори"].advice


@pytest.mark.parametrize(("used", "verdict"), [(719_999, "ok"), (720_000, "warning"), (900_000, "failed")])
async def test_numbers_that_run_out_are_said_in_time(
    settings: Settings, database: Database, database_url: str, used: int, verdict: str
) -> None:
    await as_owner(database_url, f"SELECT setval('case_number', {used})")
    assert (await of_database(settings))["Номери звернень"].verdict == verdict


async def test_a_schema_that_is_behind_is_named_with_the_command(
    settings: Settings, database: Database, database_url: str
) -> None:
    now = await of_database(settings)
    revision = now["Схема"].text.split()[-1]
    await as_owner(database_url, "UPDATE alembic_version SET version_num = '20261122_foundation'")
    try:
        found = await of_database(settings)
    finally:
        await as_owner(database_url, f"UPDATE alembic_version SET version_num = '{revision}'")
    assert (found["Схема"].verdict, found["Схема"].advice) == ("failed", "виконайте: ohmatdyt migrate")


async def test_a_journal_that_was_rewritten_is_found(
    settings: Settings, database: Database, database_url: str, people: People
) -> None:
    await (await people.admin()).client.get("/api/users")
    (seal,) = [job for job in jobs(settings) if job.name == "seal_journal"]
    async with database.unit_of_work() as session:
        await session.execute(
            sa.text("INSERT INTO audit_log (at, action, outcome) VALUES (now(), 'a.b', 'done')")
        )
    await run_due(database, [seal], settings.zone)
    assert (await of_database(settings))["Журнал дій"].verdict == "ok"
    await as_owner(
        database_url,
        "SET session_replication_role = replica; UPDATE audit_log SET action = 'x.y' WHERE action = 'a.b'",
    )
    assert (await of_database(settings))["Журнал дій"].verdict == "failed"


async def test_letters_nobody_takes_and_letters_given_up(
    settings: Settings, database: Database, people: People
) -> None:
    person = await people.operator()
    put = sa.text(
        "INSERT INTO notifications (id, recipient_id, type, payload, created_at, due_at, mail_status, attempts)"
        " VALUES (gen_random_uuid(), :who, 'NEW_CASE', '{}', :at, :due, :status, :attempts)"
    )
    given = {"who": person.id, "at": clock.now() - timedelta(minutes=30)}
    async with database.unit_of_work() as session:
        await session.execute(put, {**given, "due": None, "status": "FAILED", "attempts": 6})
    found = (await of_database(settings))["Листи"]
    assert (found.verdict, "не надіслано: 1" in found.text) == ("warning", True)
    async with database.unit_of_work() as session:
        await session.execute(put, {**given, "due": given["at"], "status": "PENDING", "attempts": 0})
    found = (await of_database(settings))["Листи"]
    assert (found.verdict, "ohmatdyt worker" in found.advice) == ("warning", True)


async def test_a_schedule_that_stands_still_is_a_warning_on_a_server(
    settings: Settings, database: Database
) -> None:
    await run_due(database, jobs(settings), settings.zone)
    assert (await of_database(settings))["Розклад"].verdict == "ok"
    with clock.moved(timedelta(hours=3)):
        late = (await of_database(settings))["Розклад"]
        laptop = settings.model_copy(update={"redis_url": None})
        asleep = (await of_database(laptop))["Розклад"]
    assert (late.verdict, "ohmatdyt beat" in late.advice) == ("warning", True)
    assert asleep.verdict == "ok", "a laptop was simply switched off"


async def test_redis_mail_server_and_disk(settings: Settings, tmp_path: Path) -> None:
    found = by_subject([await doctor_delivery.of_redis(settings), await doctor_delivery.of_mail(settings)])
    assert found["Redis"].verdict == "failed", "letters leave without it, but nothing of the schedule runs"
    assert found["Пошта"].verdict == "failed"
    (tmp_path / "file").write_text("")
    closed = settings.model_copy(update={"media_root": tmp_path / "file"})
    folders = by_subject(doctor_machine.of_folders(closed))
    assert "MEDIA_ROOT" in folders["Тека"].text
    assert "Диск" in folders
    without = settings.model_copy(update={"redis_url": None, "smtp_host": None})
    found = by_subject([await doctor_delivery.of_redis(without), await doctor_delivery.of_mail(without)])
    assert (found["Redis"].verdict, found["Пошта"].verdict) == ("ok", "warning")
