"""Delivery to a mail server that refuses, falls silent, greylists, rejects one, hangs up; and to none at all."""

import asyncio
import itertools
import time
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.cases import notices
from ohmatdyt.core import clock
from ohmatdyt.core.settings import Settings
from ohmatdyt.notifications import claims
from ohmatdyt.notifications.delivery import Courier, deliver_due
from tests.notifications.mail_server import MailServer
from tests.notifications.scene import Scene, actor


async def _ten_letters(scene: Scene) -> list[str]:
    """Five cases with two executors each; returns the addresses, each twice or more."""
    async with scene.database.unit_of_work() as session:
        for _ in range(5):
            await notices.case_registered(session, actor(scene.author), await scene.case())
    return [f"{person.username}@example.org" for person in (scene.executor, scene.colleague)]


async def _deliver_until_quiet(scene: Scene, settings: Settings, patience_s: float = 20) -> None:
    deadline = time.monotonic() + patience_s
    while await scene.letters("id", "due_at IS NULL") and any(
        not done for _, done in await scene.letters("id", "due_at IS NULL")
    ):
        assert time.monotonic() < deadline, await scene.letters("mail_status", "attempts", "last_error")
        await deliver_due(scene.database, settings)
        await asyncio.sleep(0.05)


async def _each_once(scene: Scene, mail: MailServer, number: int = 10) -> None:
    assert len(mail.letters) == number
    assert Counter(letter.message_id for letter in mail.letters).most_common(1)[0][1] == 1
    assert {status for (status,) in await scene.letters("mail_status")} == {"SENT"}


async def test_all_letters_leave_over_few_connections(
    scene: Scene, settings: Settings, mail: MailServer
) -> None:
    await _ten_letters(scene)
    done = await deliver_due(scene.database, settings)
    assert (done.sent, done.not_sent) == (10, 0)
    await _each_once(scene, mail)
    assert mail.connections <= settings.mail_connections


async def test_server_that_refuses_connections_costs_nothing_but_time(
    scene: Scene, settings: Settings, mail: MailServer
) -> None:
    await _ten_letters(scene)
    mail.stop()
    done = await deliver_due(scene.database, settings)
    assert done.server_down
    attempts = [number for (number,) in await scene.letters("attempts")]
    assert sum(attempts) <= settings.mail_connections, "letters that were not tried lose no attempt"
    mail.start()
    await _deliver_until_quiet(scene, settings)
    await _each_once(scene, mail)


async def test_silent_server_is_left_in_time_and_gets_everything_later(
    scene: Scene, settings: Settings, mail: MailServer
) -> None:
    await _ten_letters(scene)
    mail.silent = True
    impatient = settings.model_copy(update={"smtp_timeout_s": 1.0})
    async with asyncio.timeout(60):  # ten letters that each waited for the server would take longer than one
        done = await deliver_due(scene.database, impatient)
    assert done.server_down
    mail.silent = False
    await _deliver_until_quiet(scene, settings)
    await _each_once(scene, mail)


async def test_busy_server_is_not_pressed(scene: Scene, settings: Settings, mail: MailServer) -> None:
    await _ten_letters(scene)
    mail.busy = True
    assert (await deliver_due(scene.database, settings)).server_down
    mail.busy = False
    await _deliver_until_quiet(scene, settings)
    await _each_once(scene, mail)


async def test_greylisting_server_gets_each_letter_once(
    scene: Scene, settings: Settings, mail: MailServer
) -> None:
    addresses = await _ten_letters(scene)
    mail.greylisting = True
    await _deliver_until_quiet(scene, settings)
    await _each_once(scene, mail)
    assert all(mail.seen[address] == 6 for address in addresses)


async def test_one_rejected_of_ten_fails_after_five_repetitions_and_can_be_sent_again(
    scene: Scene, settings: Settings, mail: MailServer
) -> None:
    _, wrong = await _ten_letters(scene)
    mail.refused = {wrong}
    await _deliver_until_quiet(scene, settings)
    assert len(mail.letters) == 5
    outcome = Counter(await scene.letters("mail_status", "attempts", "last_error"))
    assert outcome == {("SENT", 1, None): 5, ("FAILED", 6, "RCPT: 550 5.1.1"): 5}

    mail.refused = set()
    admin = scene.chief.client
    log = (await admin.get("/api/notifications/log", params={"status": "FAILED"})).json()
    assert log["total"] == 5
    assert log["totals"] == {"FAILED": 5}
    assert all(line["can_resend"] for line in log["deliveries"])
    for line in log["deliveries"]:
        answer = await admin.post(f"/api/notifications/{line['id']}/resend")
        assert answer.status_code == 200
        assert answer.json()["status"] == "PENDING"
        assert answer.json()["message_id"] == line["message_id"]
    await _deliver_until_quiet(scene, settings)
    await _each_once(scene, mail)


async def test_server_that_hangs_up_after_data_gets_that_letter_again_under_the_same_id(
    scene: Scene, settings: Settings, mail: MailServer
) -> None:
    addresses = await _ten_letters(scene)
    mail.hang_up_after_data = set(addresses)
    await _deliver_until_quiet(scene, settings)
    await _each_once(scene, mail)
    assert Counter(number for (number,) in await scene.letters("attempts")) == {1: 8, 2: 2}


async def test_two_couriers_share_the_letters_and_send_none_twice(
    scene: Scene, settings: Settings, mail: MailServer
) -> None:
    await _ten_letters(scene)
    await asyncio.gather(*(deliver_due(scene.database, settings) for _ in range(4)))
    await _each_once(scene, mail)


async def test_a_letter_whose_reader_may_not_have_it_any_more_is_skipped(
    scene: Scene, settings: Settings, mail: MailServer
) -> None:
    case = await scene.case()
    async with scene.database.unit_of_work() as session:
        await notices.commented(session, actor(scene.chief), case, is_internal=True)
    await scene.execute("UPDATE users SET is_active = false WHERE id = :id", id=scene.executor.id)
    await scene.execute("UPDATE users SET role = 'OPERATOR' WHERE id = :id", id=scene.colleague.id)
    await deliver_due(scene.database, settings)
    assert mail.recipients == [f"{scene.deputy.username}@example.org"]
    assert sorted(await scene.letters("mail_status", "last_error"), key=str) == [
        ("SENT", None),
        ("SKIPPED", "recipient inactive"),
        ("SKIPPED", "recipient is an operator now"),
    ]
    listed = (await scene.colleague.client.get("/api/notifications")).json()
    assert (listed["total"], listed["unread"]) == (0, 0)


async def test_without_a_mail_server_letters_say_so_and_leave_when_there_is_one(
    scene: Scene, settings: Settings, mail: MailServer
) -> None:
    none = settings.model_copy(update={"smtp_host": None})
    with clock.moved(timedelta(hours=-30)):
        await _ten_letters(scene)
        await deliver_due(scene.database, none)
    await _ten_letters(scene)
    await deliver_due(scene.database, none)
    assert Counter(await scene.letters("mail_status", "attempts")) == {("NOT_CONFIGURED", 0): 20}

    await deliver_due(scene.database, settings)
    assert len(mail.letters) == 10, "what is older than a day is for nobody"
    assert Counter(await scene.letters("mail_status")) == {("SENT",): 10, ("NOT_CONFIGURED",): 10}


async def test_sent_but_not_marked_while_the_database_is_away_is_not_sent_again(
    scene: Scene, settings: Settings, mail: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark_sent = claims.mark_sent
    failures = iter([TimeoutError(), TimeoutError()])

    async def mark(session: AsyncSession, **given: Any) -> None:
        for failure in failures:
            raise failure
        await mark_sent(session, **given)

    monkeypatch.setattr(claims, "mark_sent", mark)
    await _ten_letters(scene)
    await deliver_due(scene.database, settings)
    await _each_once(scene, mail)


async def test_a_taker_whose_time_is_up_lets_go(scene: Scene, settings: Settings, mail: MailServer) -> None:
    """A laptop that slept between taking and sending: another node may have sent the letter meanwhile."""
    await _ten_letters(scene)
    courier = Courier(scene.database, settings)
    taken = await courier._claim(10)
    with clock.moved(timedelta(minutes=10)):
        from ohmatdyt.notifications.delivery import Round

        for one in taken:
            await courier._settle(one, await courier._carry(one, Round()))
        assert mail.letters == []
        await courier.deliver_due()
    await courier.close()
    await _each_once(scene, mail)


async def test_pauses_double_and_outlast_an_hour() -> None:
    pauses = [claims.pause(number, 150).total_seconds() for number in range(1, 6)]
    assert sum(pauses) > 3600
    assert all(1.4 < later / earlier < 2.8 for earlier, later in itertools.pairwise(pauses))
    assert len({claims.pause(3, 150) for _ in range(20)}) > 1


async def test_a_letter_whose_takers_always_died_is_given_up_visibly(
    scene: Scene, settings: Settings, mail: MailServer
) -> None:
    await _ten_letters(scene)
    await scene.execute("UPDATE notifications SET attempts = 6, mail_status = 'SENDING'")
    await deliver_due(scene.database, settings)
    assert mail.letters == []
    assert set(await scene.letters("mail_status", "last_error", "due_at")) == {("FAILED", "broken off", None)}
    assert isinstance((await scene.letters("id"))[0][0], UUID)
