"""Write a letter from the rows as they are when it leaves.

Mail leaves the hospital's walls: a letter names a case by its number, category and status, and says who did what.
Applicants, patients, the text of the request and of comments stay in the system, one click away (house.md, 15).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any, assert_never

import sqlalchemy as sa

from ohmatdyt.core import clock, outbox, sealing
from ohmatdyt.core.mail import header
from ohmatdyt.core.outbox import Type
from ohmatdyt.core.settings import Settings
from ohmatdyt.notifications import alarm_words, words

_TEMPLATES = Path(__file__).parent / "templates"
SENDER_NAME = "Охматдит: звернення"


class NotWritable(Exception):
    """The letter cannot be written any more, and never will be. `reason` says why, without personal data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Content:
    """What a letter says; both its forms are made of it. `rows` are labels with values, `code` is a password."""

    heading: str
    lead: str
    rows: tuple[tuple[str, str], ...]
    button: str
    url: str
    note: str
    code: str | None = None


@cache
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def mail_domain(settings: Settings) -> str:
    """The right side of our Message-IDs and list ids."""
    return str(settings.mail_from).rpartition("@")[2] or "localhost"


def write(facts: sa.RowMapping, settings: Settings) -> EmailMessage:
    """The whole letter. Raises NotWritable."""
    subject = header(
        words.title(
            facts["type"],
            public_id=facts["public_id"],
            category=facts["category_name"],
            payload=facts["payload"],
        )
    )
    content = _content(facts, settings, subject)
    domain = mail_domain(settings)
    letter = EmailMessage()
    letter["From"] = Address(SENDER_NAME, addr_spec=str(settings.mail_from))
    letter["To"] = Address(header(facts["full_name"]), addr_spec=facts["email"])
    letter["Subject"] = subject
    letter["Date"] = format_datetime(clock.now())
    letter["Message-ID"] = facts["message_id"]
    if facts["case_id"] is not None:
        # All letters of a case answer one letter that never was: mail programs show them as one thread.
        thread = f"<case.{facts['case_id']}@{domain}>"
        letter["In-Reply-To"] = thread
        letter["References"] = thread
    letter["List-Id"] = f"{SENDER_NAME} <notifications.{domain}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter["X-Auto-Response-Suppress"] = "All"
    letter["Content-Language"] = "uk"
    shown = {"subject": subject, "content": content, "public_url": settings.public_url}
    letter.set_content(_environment().get_template("letter.txt").render(shown))
    letter.add_alternative(_environment().get_template("letter.html").render(shown), subtype="html")
    return letter


def _content(facts: sa.RowMapping, settings: Settings, subject: str) -> Content:
    if facts["type"] == Type.ALARM:
        return _alarm(facts["payload"], settings, subject)
    if facts["case_id"] is None:
        return _account(facts, settings, subject)
    heading, lead, extra = _case(facts)
    status = facts["payload"].get("status") or facts["case_status"]
    rows = [
        ("Звернення", f"№ {facts['public_id']}"),
        ("Категорія", facts["category_name"]),
        ("Канал", facts["channel_name"]),
        ("Статус", words.STATUSES.get(status, "")),
        ("Зареєстровано", _local(facts["case_created_at"], settings)),
        *extra,
    ]
    return Content(
        heading=heading,
        lead=lead,
        rows=tuple((label, value) for label, value in rows if value),
        button="Відкрити звернення",
        url=f"{settings.public_url}/cases/{facts['public_id']}",
        note="Дані заявника й текст коментарів поштою не надсилаються: вони в системі, після входу.",
    )


def _case(facts: sa.RowMapping) -> tuple[str, str, list[tuple[str, str]]]:
    """Heading, first sentence and the rows peculiar to this event."""
    number, who = facts["public_id"], facts["actor_name"] or ""
    taken_away = facts["payload"].get("part") == words.PREVIOUS
    match Type(facts["type"]):
        case Type.NEW_CASE:
            lead = "У вашій категорії зареєстровано звернення. Воно чекає, поки хтось візьме його в роботу."
            return f"Нове звернення {number}", lead, [("Зареєстрував(-ла)", who)]
        case Type.CASE_TAKEN:
            lead = "Зареєстроване вами звернення взято в роботу."
            return f"Звернення {number} в роботі", lead, [("Відповідальна особа", who)]
        case Type.STATUS_CHANGED:
            status = words.STATUSES.get(str(facts["payload"].get("status")), "")
            lead = (
                f"Статус зареєстрованого вами звернення змінено на «{status}». Пояснення читайте в системі."
            )
            return f"Звернення {number}: {status}", lead, [("Статус змінив(-ла)", who)]
        case Type.COMMENT_PUBLIC:
            lead = "До звернення додано коментар. Його текст читайте в системі."
            return f"Новий коментар до звернення {number}", lead, [("Автор коментаря", who)]
        case Type.COMMENT_INTERNAL:
            lead = "До звернення додано внутрішній коментар. Його текст читайте в системі."
            return f"Внутрішній коментар до звернення {number}", lead, [("Автор коментаря", who)]
        case Type.REASSIGNED if taken_away:
            lead = "Ви більше не відповідаєте за це звернення. Робити з ним нічого не потрібно."
            return f"Звернення {number} знято з вашого опрацювання", lead, [("Змінив(-ла)", who)]
        case Type.REASSIGNED:
            lead = "Тепер за це звернення відповідаєте ви."
            return f"Вам призначено звернення {number}", lead, [("Призначив(-ла)", who)]
        case Type.ESCALATION:
            waiting = max(1, (clock.now() - facts["case_created_at"]).days)
            lead = "Звернення досі ніхто не взяв у роботу. Візьміть його або призначте відповідальну особу."
            return f"Звернення {number} очікує на опрацювання", lead, [("Очікує", words.days(waiting))]
        case Type.ACCOUNT_CREATED | Type.PASSWORD_RESET | Type.ALARM:
            raise NotWritable("a letter about an account or the installation does not name a case")
        case unknown:
            assert_never(unknown)


def _alarm(payload: Any, settings: Settings, subject: str) -> Content:
    kind, name = payload["alarm"], payload["subject"]
    rows = (("Причина", str(payload.get("reason") or "")),)
    return Content(
        heading=subject.removeprefix("Увага: "),
        lead=alarm_words.advice(kind, name),
        rows=tuple((label, value) for label, value in rows if value),
        button="Відкрити систему",
        url=f"{settings.public_url}/delivery?tab=jobs",
        note="Лист отримують усі адміністратори; повторюється раз на добу, доки причину не усунуто.",
    )


def _account(facts: sa.RowMapping, settings: Settings, subject: str) -> Content:
    password = _password(facts, settings)
    match Type(facts["type"]):
        case Type.ACCOUNT_CREATED:
            lead = "Для вас створено обліковий запис у системі звернень НДСЛ «Охматдит»."
        case Type.PASSWORD_RESET:
            lead = "Адміністратор скинув ваш пароль у системі звернень НДСЛ «Охматдит». Попередній більше не діє."
        case other:
            raise NotWritable(f"a letter of the kind {other} needs its case")
    if password is not None:
        lead += " Увійдіть із тимчасовим паролем: система одразу попросить придумати власний."
        ends = _local(facts["created_at"], settings, hours=settings.temp_password_hours)
        note = (
            f"Тимчасовий пароль діє до {ends}. Нікому його не передавайте; після входу лист можна видалити."
        )
    else:
        note = "Пароль знаєте лише ви: у листах ми про нього не питаємо."
    return Content(
        heading=subject,
        lead=lead,
        rows=(("Ім'я користувача", facts["username"]),),
        button="Увійти",
        url=f"{settings.public_url}/login",
        note=note,
        code=password,
    )


def _password(facts: sa.RowMapping, settings: Settings) -> str | None:
    if not facts["payload"].get("temporary_password"):
        return None
    age_hours = (clock.now() - facts["created_at"]).total_seconds() / 3600
    if facts["secret"] is None or age_hours >= settings.temp_password_hours:
        raise NotWritable("temporary password expired")
    context = outbox.secret_context(facts["type"], facts["recipient_id"])
    try:
        return sealing.unseal(settings.secret_key.get_secret_value(), facts["secret"], context=context)
    except sealing.UnreadableSecret:
        raise NotWritable("temporary password unreadable: SECRET_KEY has changed") from None


def _local(moment: datetime, settings: Settings, *, hours: int = 0) -> str:
    local = (moment + timedelta(hours=hours)).astimezone(settings.zone)
    return f"{local:%d.%m.%Y, %H:%M}"
