"""Everybody's own list, the administrators' log, the state of the schedule: over HTTP."""

from uuid import uuid4

import pytest

from ohmatdyt.cases import notices
from ohmatdyt.core.jobs import run_due
from ohmatdyt.core.settings import Settings
from ohmatdyt.notifications.delivery import deliver_due
from ohmatdyt.schedule import jobs
from tests.notifications.mail_server import MailServer
from tests.notifications.scene import Scene, actor


async def _registered(scene: Scene, number: int) -> None:
    for _ in range(number):
        case = await scene.case()
        async with scene.database.unit_of_work() as session:
            await notices.case_registered(session, actor(scene.author), case)


async def test_list_is_mine_newest_first_paged_and_counted(scene: Scene) -> None:
    await _registered(scene, 3)
    answer = await scene.executor.client.get("/api/notifications", params={"page_size": 2})
    assert answer.status_code == 200
    body = answer.json()
    assert (body["total"], body["unread"], body["page"], body["page_size"]) == (3, 3, 1, 2)
    assert [line["public_id"] for line in body["notifications"]] == [123458, 123457]
    line = body["notifications"][0]
    assert line["title"] == "Нове звернення 123458 в категорії «Медична <допомога> & догляд»"
    assert line["type"] == "NEW_CASE"
    assert line["actor"]["full_name"] == "Оксана Оператор"
    assert line["category"]["name"] == "Медична <допомога> & догляд"
    for other in (scene.author, scene.stranger, scene.chief):
        assert (await other.client.get("/api/notifications")).json()["total"] == 0


async def test_reading_one_and_all(scene: Scene) -> None:
    await _registered(scene, 3)
    mine = scene.executor.client
    first = (await mine.get("/api/notifications")).json()["notifications"][0]["id"]
    for _ in range(2):
        assert (await mine.post(f"/api/notifications/{first}/read")).json() == {"unread": 2}
    unread = (await mine.get("/api/notifications", params={"unread": True})).json()
    assert (unread["total"], unread["unread"]) == (2, 2)
    read = (await mine.get("/api/notifications", params={"unread": False})).json()
    assert [line["id"] for line in read["notifications"]] == [first]
    assert (await mine.post("/api/notifications/read-all")).json() == {"unread": 0}
    assert (await scene.colleague.client.get("/api/notifications")).json()["unread"] == 3


async def test_somebody_elses_notification_does_not_exist_for_me(scene: Scene) -> None:
    await _registered(scene, 1)
    theirs = (await scene.colleague.client.get("/api/notifications")).json()["notifications"][0]["id"]
    for person, which in ((scene.executor, theirs), (scene.chief, theirs), (scene.executor, str(uuid4()))):
        answer = await person.client.post(f"/api/notifications/{which}/read")
        assert answer.status_code == 404
        assert answer.json()["code"] == "notification_not_found"
    assert (await scene.colleague.client.get("/api/notifications")).json()["unread"] == 1


@pytest.mark.parametrize(
    "query", ["page=0", "page_size=101", "unread=maybe", "what=1", "unread=true&unread=false"]
)
async def test_list_refuses_what_it_does_not_know(scene: Scene, query: str) -> None:
    assert (await scene.executor.client.get(f"/api/notifications?{query}")).status_code == 422


async def test_log_filters_and_shows_no_bodies(scene: Scene, settings: Settings, mail: MailServer) -> None:
    await _registered(scene, 2)
    mail.refused = {f"{scene.executor.username}@example.org"}
    await deliver_due(scene.database, settings)
    admin = scene.chief.client
    every = (await admin.get("/api/notifications/log")).json()
    assert every["total"] == 4
    assert every["totals"] == {"PENDING": 2}
    pending = (await admin.get("/api/notifications/log", params={"status": "PENDING"})).json()
    assert {line["last_error"] for line in pending["deliveries"]} == {"RCPT: 550 5.1.1"}
    assert all(line["attempts"] >= 1 for line in pending["deliveries"])
    assert "example.org" not in str([line["last_error"] for line in every["deliveries"]])
    one_case = (await admin.get("/api/notifications/log", params={"case_id": "123456"})).json()
    assert one_case["total"] == 2
    case_id = one_case["deliveries"][0]["case_id"]
    by_id = {"case_id": case_id, "type": "NEW_CASE", "status": "SENT"}
    assert (await admin.get("/api/notifications/log", params=by_id)).json()["total"] == 1
    assert (await admin.get("/api/notifications/log", params={"type": "ESCALATION"})).json()["total"] == 0
    for wrong in ("12345", "abc", "g" * 36):
        assert (await admin.get("/api/notifications/log", params={"case_id": wrong})).status_code == 422


async def test_log_resend_and_jobs_are_for_administrators(scene: Scene) -> None:
    await _registered(scene, 1)
    some = (await scene.letters("id"))[0][0]
    for person in (scene.author, scene.executor):
        for method, path in (
            ("GET", "/api/notifications/log"),
            ("POST", f"/api/notifications/{some}/resend"),
            ("GET", "/api/jobs"),
        ):
            assert (await person.client.request(method, path)).status_code == 403


async def test_resending_what_is_on_its_way_or_has_arrived_is_a_conflict(
    scene: Scene, settings: Settings, mail: MailServer
) -> None:
    await _registered(scene, 1)
    some = (await scene.letters("id"))[0][0]
    admin = scene.chief.client
    for status in ("PENDING", "SENT"):
        answer = await admin.post(f"/api/notifications/{some}/resend")
        assert answer.status_code == 409
        assert (answer.json()["code"], answer.json()["mail_status"]) == ("not_resendable", status)
        await deliver_due(scene.database, settings)
    assert (await admin.post(f"/api/notifications/{uuid4()}/resend")).status_code == 404
    assert len(mail.letters) == 2


async def test_resending_twice_with_one_key_is_one_resending(scene: Scene) -> None:
    await _registered(scene, 1)
    await scene.execute("UPDATE notifications SET mail_status = 'FAILED', due_at = NULL, attempts = 6")
    some = (await scene.letters("id"))[0][0]
    headers = {"Idempotency-Key": "again-1"}
    answers = [
        await scene.chief.client.post(f"/api/notifications/{some}/resend", headers=headers) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content


async def test_a_letter_whose_password_is_wiped_cannot_be_sent_again(scene: Scene) -> None:
    await scene.execute(
        "INSERT INTO notifications (id, recipient_id, type, payload, created_at, mail_status) VALUES "
        "(gen_random_uuid(), :user, 'PASSWORD_RESET', '{\"temporary_password\": true}', now(), 'FAILED')",
        user=scene.author.id,
    )
    line = (await scene.chief.client.get("/api/notifications/log")).json()["deliveries"][0]
    assert line["can_resend"] is False
    answer = await scene.chief.client.post(f"/api/notifications/{line['id']}/resend")
    assert (answer.status_code, answer.json()["code"]) == (409, "password_wiped")


async def test_jobs_show_their_last_run(scene: Scene, settings: Settings) -> None:
    await run_due(scene.database, jobs(settings), settings.zone)
    body = (await scene.chief.client.get("/api/jobs")).json()
    names = {job["name"] for job in body["jobs"]}
    assert {
        "remind_of_waiting_cases",
        "forget_old_sessions",
        "forget_old_keys",
        "wipe_temporary_passwords",
    } <= names
    assert body["total"] == len(names)
    assert {(job["last_outcome"], job["is_late"]) for job in body["jobs"]} == {("done", False)}
