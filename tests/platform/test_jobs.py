"""Periodic jobs: each once, whoever asks, whatever the clock does; one that fails stops nobody."""

import asyncio
import errno
import re
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import asyncpg
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.core import clock
from ohmatdyt.core.db import Database
from ohmatdyt.core.errors import OperationError
from ohmatdyt.core.jobs import DailyAt, Every, Job, WeeklyAt, explain, run_due, schedule
from ohmatdyt.core.settings import load_settings
from ohmatdyt.notifications import alarm_words
from ohmatdyt.schedule import jobs as every_job

ROOT = Path(__file__).resolve().parents[2]
KYIV = ZoneInfo("Europe/Kyiv")


class Counter:
    """Work that counts how often it was done, and may fail or take its time."""

    def __init__(self, *, seconds: float = 0, failing: bool = False) -> None:
        self.runs = 0
        self.begun = asyncio.Event()
        self.seconds = seconds
        self.failing = failing

    async def __call__(self, session: AsyncSession) -> None:
        self.runs += 1
        self.begun.set()
        await asyncio.sleep(self.seconds)
        await session.execute(sa.text("SELECT 1"))
        if self.failing:
            raise RuntimeError("no luck today")


def moment(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """A moment of autumn 2026 by the clock on the wall in Kyiv."""
    return datetime(2026, month, day, hour, minute, tzinfo=KYIV).astimezone(UTC)


async def test_two_schedulers_at_once_run_it_once(database: Database) -> None:
    work = Counter(seconds=0.3)
    jobs = [Job("count", Every(timedelta(minutes=1)), work)]
    done = await asyncio.gather(*(run_due(database, jobs, KYIV) for _ in range(5)))
    assert work.runs == 1
    assert max(done, key=len) == ["count"]


async def test_again_when_its_time_has_passed(database: Database) -> None:
    work = Counter()
    jobs = [Job("count", Every(timedelta(minutes=1)), work)]
    assert await run_due(database, jobs, KYIV) == ["count"]
    assert await run_due(database, jobs, KYIV) == []
    with clock.moved(timedelta(minutes=2)):
        assert await run_due(database, jobs, KYIV) == ["count"]
    assert work.runs == 2


async def test_daily_once_a_local_day_however_often_it_is_asked(database: Database) -> None:
    work = Counter()
    jobs = [Job("remind", DailyAt(time(9, 0)), work)]
    with clock.set_to(moment(20, 10)):
        await run_due(database, jobs, KYIV)
    for day, hour, minute, runs in (
        (21, 8, 59, 1),
        (21, 9, 0, 2),
        (21, 9, 1, 2),
        (21, 23, 59, 2),
        (22, 9, 30, 3),
    ):
        with clock.set_to(moment(day, hour, minute)):
            await run_due(database, jobs, KYIV)
        assert work.runs == runs, (day, hour, minute)


async def test_missed_while_the_server_was_off_is_made_up_once(database: Database) -> None:
    work = Counter()
    jobs = [Job("remind", DailyAt(time(9, 0)), work)]
    with clock.set_to(moment(10, 9, 1)):
        await run_due(database, jobs, KYIV)
    with clock.set_to(moment(13, 15)):
        await run_due(database, jobs, KYIV)
        await run_due(database, jobs, KYIV)
    assert work.runs == 2


async def test_night_of_the_clock_change_neither_repeats_nor_skips(database: Database) -> None:
    work = Counter()
    jobs = [Job("night", DailyAt(time(3, 30)), work)]
    # 25 October 2026: 03:30 comes twice. Asked every ten minutes through three days.
    asked = moment(24, 4, month=10)
    await_until = moment(27, 4, month=10)
    with clock.set_to(asked):
        await run_due(database, jobs, KYIV)
    while asked < await_until:
        asked += timedelta(minutes=10)
        with clock.set_to(asked):
            await run_due(database, jobs, KYIV)
    assert work.runs == 1 + 3


def test_spring_forward_has_its_run_too() -> None:
    # 28 March 2027: 03:30 does not exist; the run is due when the clock shows 04:30, once.
    due = DailyAt(time(3, 30)).last_due(datetime(2027, 3, 28, 12, 0, tzinfo=UTC), KYIV)
    assert due == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


async def test_clock_set_back_does_not_hold_it_up_nor_repeat_it(database: Database) -> None:
    often, daily = Counter(), Counter()
    jobs = [Job("often", Every(timedelta(minutes=1)), often), Job("daily", DailyAt(time(9, 0)), daily)]
    with clock.set_to(moment(20, 9, 5)):
        await run_due(database, jobs, KYIV)
    with clock.set_to(moment(20, 8, 50)):
        await run_due(database, jobs, KYIV)
    with clock.set_to(moment(20, 9, 1)):
        await run_due(database, jobs, KYIV)
    assert often.runs >= 2
    assert daily.runs == 1


async def test_failure_is_recorded_tried_again_later_and_stops_nobody(database: Database) -> None:
    bad, good = Counter(failing=True), Counter()
    jobs = [Job("bad", DailyAt(time(9, 0)), bad), Job("good", Every(timedelta(minutes=1)), good)]
    await run_due(database, jobs, KYIV)
    await run_due(database, jobs, KYIV)
    assert (bad.runs, good.runs) == (1, 1)
    async with database.connection() as connection:
        row = (
            await connection.execute(
                sa.text("SELECT last_outcome, last_error FROM job_runs WHERE name = 'bad'")
            )
        ).one()
    assert tuple(row) == ("failed", "Несподівана помилка RuntimeError; подробиці в журналі сервера.")
    bad.failing = False
    with clock.moved(timedelta(minutes=6)):
        await run_due(database, jobs, KYIV)
        await run_due(database, jobs, KYIV)
    assert bad.runs == 2


async def test_broken_off_in_its_middle_runs_again(database: Database) -> None:
    work = Counter(seconds=30)
    jobs = [Job("long", DailyAt(time(9, 0)), work)]
    running = asyncio.create_task(run_due(database, jobs, KYIV))
    await work.begun.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    work.seconds = 0
    assert await run_due(database, jobs, KYIV) == ["long"]


async def test_schedule_starts_at_once_and_ends_with_its_block(database: Database) -> None:
    work = Counter()
    async with schedule(database, [Job("count", Every(timedelta(minutes=1)), work)], KYIV):
        await asyncio.wait_for(work.begun.wait(), 10)
    assert "schedule" not in {task.get_name() for task in asyncio.all_tasks()}


def test_weekly_on_its_day_in_the_hospitals_time() -> None:
    when = WeeklyAt(5, time(2, 30))  # 21 and 28 November 2026 are Saturdays
    for asked, due in (
        (moment(21, 2, 29), moment(14, 2, 30)),
        (moment(21, 2, 30), moment(21, 2, 30)),
        (moment(27, 23), moment(21, 2, 30)),
        (moment(28, 3), moment(28, 2, 30)),
    ):
        assert when.last_due(asked, KYIV) == due


async def test_a_failure_waits_its_own_time_before_it_is_tried_again(database: Database) -> None:
    work = Counter(failing=True)
    jobs = [Job("slow", DailyAt(time(9, 0)), work, retry_after=timedelta(hours=2))]
    await run_due(database, jobs, KYIV)
    for minutes, runs in ((6, 1), (119, 1), (121, 2)):
        with clock.moved(timedelta(minutes=minutes)):
            await run_due(database, jobs, KYIV)
        assert work.runs == runs


@pytest.mark.parametrize(
    ("error", "kept"),
    [
        (OperationError("Копію не записано: немає місця на диску (/srv/backups)."), "немає місця на диску"),
        (
            OSError(errno.ENOSPC, "No space left on device", "/m/cases/1/lyst-mariyi.pdf"),
            "немає місця на диску",
        ),
        (asyncpg.UniqueViolationError("Key (phone)=(+380501234567) already exists."), "UniqueViolationError"),
        (ValueError("Марія Коваленко"), "ValueError"),
    ],
)
def test_why_a_job_failed_is_kept_in_words_and_without_people(error: Exception, kept: str) -> None:
    words = explain(error)
    assert kept in words
    assert re.search("[а-яіїє]{4}", words)
    assert not re.search("mariyi|38050|Марія|No space", words)


def test_every_job_has_a_name_in_both_languages_and_in_letters(tmp_path: Path) -> None:
    everything = load_settings(app_env="test", data_dir=tmp_path, backup_dir=tmp_path, backup_wal=True)
    texts = (ROOT / "frontend/src/features/notifications/delivery/texts.ts").read_text(encoding="utf-8")
    languages = re.findall(r"names: \{(.*?)\n    \}", texts, re.DOTALL)
    assert len(languages) == 2
    for language in languages:
        named = set(re.findall(r"^ +(\w+):", language, re.MULTILINE))
        assert named == {job.name for job in every_job(everything)} == set(alarm_words.JOBS)
