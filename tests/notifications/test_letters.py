"""What a letter says, to whom, and how mail programs see it."""

import html
import re
from datetime import timedelta

import pytest

from ohmatdyt.cases import notices
from ohmatdyt.cases.models import Case
from ohmatdyt.core import clock, outbox
from ohmatdyt.core.outbox import Type
from ohmatdyt.core.settings import Settings
from ohmatdyt.notifications.delivery import deliver_due
from tests.notifications.mail_server import Letter, MailServer
from tests.notifications.scene import Scene, actor, ago


async def _tell(scene: Scene, name: str, who: str, case: Case, **more: object) -> None:
    async with scene.database.unit_of_work() as session:
        await getattr(notices, name)(session, actor(getattr(scene, who)), case, **more)


EVENTS = [
    (
        "case_registered author",
        "Нове звернення 123456 в категорії «Медична <допомога> & догляд»",
        "чекає, поки хтось візьме",
    ),
    ("case_taken executor", "Звернення 123456: статус змінено на «В роботі»", "взято в роботу"),
    ("status_changed executor", "Звернення 123456: статус змінено на «В роботі»", "«В роботі»"),
    ("commented chief public", "Новий коментар до звернення 123456", "додано коментар"),
    ("commented chief internal", "Новий коментар до звернення 123456", "внутрішній коментар"),
]


@pytest.mark.parametrize("event", EVENTS, ids=[event[0] for event in EVENTS])
async def test_letter_of_each_event(
    scene: Scene, settings: Settings, mail: MailServer, event: tuple[str, str, str]
) -> None:
    (name, who, *kind), subject, said = event[0].split(), event[1], event[2]
    case = await scene.case(status="IN_PROGRESS", responsible_id=scene.executor.id)
    more = {"is_internal": kind == ["internal"]} if kind else {}
    await _tell(scene, name, who, case, **more)
    await deliver_due(scene.database, settings)
    assert mail.letters
    for letter in mail.letters:
        assert letter.subject == subject
        _check_form(letter, case)
        assert said in letter.body("plain")
        assert said in html.unescape(letter.body("html"))


async def test_letters_of_reassigning_and_of_a_reminder(
    scene: Scene, settings: Settings, mail: MailServer
) -> None:
    case = await scene.case(status="IN_PROGRESS", responsible_id=scene.colleague.id)
    await _tell(scene, "reassigned", "chief", case, previous_id=scene.executor.id)
    waiting = await scene.case(created_at=ago(days=5, hours=1))
    async with scene.database.unit_of_work() as session:
        assert await notices.remind(session, settings) == 1
    await deliver_due(scene.database, settings)
    subjects = sorted(
        (letter.subject, str(letter.message["To"]).partition(" <")[0]) for letter in mail.letters
    )
    assert subjects == [
        ("Вам призначено звернення 123456", "Марія Колега"),
        ("Звернення 123456 знято з вашого опрацювання", "Іван Виконавець"),
        ("Нагадування: звернення 123457 очікує на опрацювання", "Іван Виконавець"),
        ("Нагадування: звернення 123457 очікує на опрацювання", "Ганна Головна"),
        ("Нагадування: звернення 123457 очікує на опрацювання", "Дмитро Заступник"),
        ("Нагадування: звернення 123457 очікує на опрацювання", "Марія Колега"),
    ]
    for letter in mail.letters:
        _check_form(letter, waiting if "Нагадування" in letter.subject else case)
    assert "Очікує: 5 діб" in next(one for one in mail.letters if "Нагадування" in one.subject).body("plain")


def _check_form(letter: Letter, case: Case) -> None:
    """What holds for every letter about a case."""
    message, plain, rich = letter.message, letter.body("plain"), letter.body("html")
    address = f"https://crm.ohmatdyt.example/cases/{case.public_id}"
    assert address in plain
    assert f'href="{address}"' in rich
    assert message.get_content_type() == "multipart/alternative"
    assert str(message["From"]) == '"Охматдит: звернення" <crm@ohmatdyt.example>'
    assert str(message["References"]) == str(message["In-Reply-To"]) == f"<case.{case.id}@ohmatdyt.example>"
    assert re.fullmatch(r"<[0-9a-f-]{36}@ohmatdyt\.example>", letter.message_id)
    assert str(message["Auto-Submitted"]) == "auto-generated"
    assert "notifications.ohmatdyt.example" in str(message["List-Id"])
    assert message["Date"] is not None
    for text in (letter.subject, plain, rich):
        assert "Заявник" not in text.replace("заявника", "")
        assert "Секретний" not in text
        assert "380501234567" not in text
    assert "<img" not in rich
    assert "http" not in rich.replace(address, "")
    assert "<допомога>" not in rich
    assert 'lang="uk"' in rich


async def test_letters_of_one_case_are_one_thread_and_of_another_are_not(
    scene: Scene, settings: Settings, mail: MailServer
) -> None:
    one, other = await scene.case(), await scene.case()
    for case in (one, other):
        await _tell(scene, "status_changed", "chief", case)
        await _tell(scene, "commented", "chief", case, is_internal=False)
    await deliver_due(scene.database, settings)
    threads = [str(letter.message["References"]) for letter in mail.letters]
    assert sorted(threads.count(thread) for thread in set(threads)) == [2, 2]
    assert len({letter.message_id for letter in mail.letters}) == 4


async def test_line_breaks_never_reach_a_header(scene: Scene, settings: Settings, mail: MailServer) -> None:
    evil = "Зла\r\nBcc: victim@example.org\u2028\x00 категорія"
    await scene.execute(
        "UPDATE categories SET name = :name WHERE id = :id", name=evil.replace("\x00", ""), id=scene.category
    )
    await scene.execute(
        "UPDATE users SET full_name = :name WHERE id = :id", name="І\"м'я\nX-Evil: 1", id=scene.executor.id
    )
    await _tell(scene, "case_registered", "author", await scene.case())
    await deliver_due(scene.database, settings)
    assert len(mail.letters) == 2
    for letter in mail.letters:
        assert letter.subject == "Нове звернення 123456 в категорії «Зла Bcc: victim@example.org категорія»"
        assert letter.message["Bcc"] is None
        assert letter.message["X-Evil"] is None


async def test_the_status_in_a_letter_is_the_one_of_its_event(
    scene: Scene, settings: Settings, mail: MailServer
) -> None:
    case = await scene.case(status="NEEDS_INFO", responsible_id=scene.executor.id)
    await _tell(scene, "status_changed", "executor", case)
    await scene.execute("UPDATE cases SET status = 'DONE' WHERE id = :id", id=case.id)
    await deliver_due(scene.database, settings)
    assert mail.letters[0].subject == "Звернення 123456: статус змінено на «Потребує уточнення»"


async def _account_letter(scene: Scene, settings: Settings, kind: Type, password: str | None) -> None:
    await scene.execute(
        "UPDATE users SET must_change_password = :must WHERE id = :id",
        must=bool(password),
        id=scene.author.id,
    )
    async with scene.database.unit_of_work() as session:
        await outbox.put_account_letter(
            session,
            kind,
            scene.author.id,
            actor_id=scene.chief.id,
            secret_key=settings.secret_key.get_secret_value(),
            temporary_password=password,
        )


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        (Type.ACCOUNT_CREATED, "Вам відкрито доступ до системи звернень"),
        (Type.PASSWORD_RESET, "Ваш пароль у системі звернень скинуто"),
    ],
)
async def test_account_letter_carries_the_password_once_and_the_row_forgets_it(
    scene: Scene, settings: Settings, mail: MailServer, kind: Type, subject: str
) -> None:
    await _account_letter(scene, settings, kind, "Ro<>mashka-77")
    await deliver_due(scene.database, settings)
    [letter] = mail.letters
    assert letter.subject == subject
    assert "Тимчасовий пароль: Ro<>mashka-77" in letter.body("plain")
    assert "Ro&lt;&gt;mashka-77" in letter.body("html")
    assert scene.author.username in letter.body("plain")
    assert "https://crm.ohmatdyt.example/login" in letter.body("plain")
    assert await scene.letters("secret", "mail_status") == [(None, "SENT")]


async def test_account_letter_without_a_password_says_so(
    scene: Scene, settings: Settings, mail: MailServer
) -> None:
    await _account_letter(scene, settings, Type.ACCOUNT_CREATED, None)
    await deliver_due(scene.database, settings)
    assert "Тимчасовий пароль" not in mail.letters[0].body("plain")


async def test_a_password_that_has_run_out_is_not_sent(
    scene: Scene, settings: Settings, mail: MailServer
) -> None:
    await _account_letter(scene, settings, Type.PASSWORD_RESET, "Romashka-77")
    with clock.moved(timedelta(hours=25)):
        await deliver_due(scene.database, settings)
    assert mail.letters == []
    assert await scene.letters("mail_status", "last_error", "secret") == [
        ("FAILED", "temporary password expired", None)
    ]


async def test_a_password_sealed_under_another_key_is_not_sent(
    scene: Scene, settings: Settings, mail: MailServer
) -> None:
    other = settings.model_copy(
        update={"secret_key": type(settings.secret_key)("x" * 10 + "Qw1-Er2-Ty3-" * 4)}
    )
    await _account_letter(scene, other, Type.PASSWORD_RESET, "Romashka-77")
    await deliver_due(scene.database, settings)
    assert mail.letters == []
    assert (await scene.letters("mail_status"))[0] == ("FAILED",)


async def test_a_newer_password_makes_the_waiting_letter_of_the_older_one_moot(
    scene: Scene, settings: Settings, mail: MailServer
) -> None:
    await _account_letter(scene, settings, Type.ACCOUNT_CREATED, "Older-11")
    await _account_letter(scene, settings, Type.PASSWORD_RESET, "Newer-22")
    await deliver_due(scene.database, settings)
    [letter] = mail.letters
    assert "Newer-22" in letter.body("plain")
    assert await scene.letters("mail_status", "secret") == [("SKIPPED", None), ("SENT", None)]


async def test_a_password_changed_meanwhile_is_not_sent(
    scene: Scene, settings: Settings, mail: MailServer
) -> None:
    await _account_letter(scene, settings, Type.PASSWORD_RESET, "Older-11")
    await scene.execute("UPDATE users SET must_change_password = false WHERE id = :id", id=scene.author.id)
    await deliver_due(scene.database, settings)
    assert mail.letters == []
    assert await scene.letters("mail_status", "secret") == [("SKIPPED", None)]
