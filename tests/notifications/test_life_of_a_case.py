"""From registration to reopening, over HTTP: each step tells exactly its people, in its own transaction."""

from typing import Any

import httpx

from ohmatdyt.core.settings import Settings
from ohmatdyt.notifications.delivery import deliver_due
from tests.notifications.mail_server import MailServer
from tests.notifications.scene import Scene

LONG = "Достатньо довге пояснення для журналу."


class Told:
    """Tells after each step who heard what since the step before."""

    def __init__(self, scene: Scene, settings: Settings, mail: MailServer) -> None:
        self.scene, self.settings, self.mail, self.seen = scene, settings, mail, 0

    async def now(self) -> list[tuple[str, str]]:
        await deliver_due(self.scene.database, self.settings)
        new = self.mail.letters[self.seen :]
        self.seen = len(self.mail.letters)
        return sorted((str(one.message["To"]).partition(" <")[0].strip('"'), one.subject) for one in new)


def _done(answer: httpx.Response) -> Any:
    assert answer.status_code < 300, answer.text
    return answer.json()


async def test_every_step_tells_its_people(scene: Scene, settings: Settings, mail: MailServer) -> None:
    told = Told(scene, settings, mail)
    form = {
        "category_id": str(scene.category),
        "channel_id": str(scene.channel),
        "applicant_name": "Таємний Заявник",
        "summary": "Секретний текст звернення",
    }
    case = _done(await scene.author.client.post("/api/cases", data=form))
    number, path = case["public_id"], f"/api/cases/{case['id']}"
    new = f"Нове звернення {number} в категорії «Медична <допомога> & догляд»"
    assert await told.now() == sorted([("Іван Виконавець", new), ("Марія Колега", new)])
    status = f"Звернення {number}: статус змінено на «{{}}»"
    assigned, taken_away = (
        f"Вам призначено звернення {number}",
        f"Звернення {number} знято з вашого опрацювання",
    )
    comment = f"Новий коментар до звернення {number}"

    _done(await scene.executor.client.post(f"{path}/take"))
    assert await told.now() == [("Оксана Оператор", status.format("В роботі"))]

    _done(
        await scene.executor.client.post(f"{path}/comments", json={"text": "Є питання", "is_internal": False})
    )
    assert await told.now() == [("Оксана Оператор", comment)]
    _done(
        await scene.author.client.post(f"{path}/comments", json={"text": "Є відповідь", "is_internal": False})
    )
    assert await told.now() == [("Іван Виконавець", comment)]
    _done(
        await scene.executor.client.post(f"{path}/comments", json={"text": "Між нами", "is_internal": True})
    )
    assert await told.now() == [
        ("Ганна Головна", comment),
        ("Дмитро Заступник", comment),
        ("Марія Колега", comment),
    ]

    to_colleague = {"responsible_id": str(scene.colleague.id)}
    _done(await scene.chief.client.post(f"{path}/assign", json=to_colleague))
    assert await told.now() == sorted([("Іван Виконавець", taken_away), ("Марія Колега", assigned)])

    done = {"to_status": "DONE", "comment": LONG}
    _done(await scene.colleague.client.post(f"{path}/status", json=done))
    assert await told.now() == [("Оксана Оператор", status.format("Завершено"))]
    reopened = {"to_status": "IN_PROGRESS", "comment": LONG}
    _done(await scene.chief.client.post(f"{path}/status", json=reopened))
    assert await told.now() == [("Оксана Оператор", status.format("В роботі"))]

    _done(await scene.chief.client.post(f"{path}/assign", json={"responsible_id": None, "comment": LONG}))
    assert await told.now() == sorted(
        [("Марія Колега", taken_away), ("Оксана Оператор", status.format("Нове"))]
    )
    to_executor = {"responsible_id": str(scene.executor.id)}
    _done(await scene.chief.client.post(f"{path}/assign", json=to_executor))
    assert await told.now() == sorted(
        [("Іван Виконавець", assigned), ("Оксана Оператор", status.format("В роботі"))]
    )


async def test_a_refused_step_tells_nobody(scene: Scene, settings: Settings, mail: MailServer) -> None:
    case = await scene.case()
    assert (await scene.stranger.client.post(f"/api/cases/{case.id}/take")).status_code == 403
    assert (await scene.author.client.post(f"/api/cases/{case.id}/take")).status_code == 403
    refused = {"to_status": "DONE", "comment": LONG}
    assert (await scene.chief.client.post(f"/api/cases/{case.id}/status", json=refused)).status_code == 409
    await deliver_due(scene.database, settings)
    assert mail.letters == []


async def test_of_two_takers_only_the_winner_is_told_of(
    scene: Scene, settings: Settings, mail: MailServer
) -> None:
    case = await scene.case()
    for taker, expected in ((scene.executor, 200), (scene.colleague, 409)):
        assert (await taker.client.post(f"/api/cases/{case.id}/take")).status_code == expected
    await deliver_due(scene.database, settings)
    assert [letter.message["To"].addresses[0].display_name for letter in mail.letters] == ["Оксана Оператор"]


async def test_a_new_colleague_and_a_reset_password_get_their_letters(
    scene: Scene, settings: Settings, mail: MailServer
) -> None:
    admin = scene.chief.client
    person = {
        "username": "new_one",
        "email": "new_one@example.com",
        "full_name": "Нова Людина",
        "role": "OPERATOR",
    }
    made = _done(await admin.post("/api/users", json=person))
    await deliver_due(scene.database, settings)
    [welcome] = mail.letters
    assert welcome.recipient == "new_one@example.com"
    assert f"Тимчасовий пароль: {made['temp_password']}" in welcome.body("plain")
    reset = _done(await admin.post(f"/api/users/{made['id']}/reset-password"))
    await deliver_due(scene.database, settings)
    [_, letter] = mail.letters
    assert f"Тимчасовий пароль: {reset['temp_password']}" in letter.body("plain")
    assert await scene.letters("mail_status", "secret") == [("SENT", None)] * 2
