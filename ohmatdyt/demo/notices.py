"""What the demonstration's people have been told of: the rules of `cases/notices`, applied to an invented past."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import orjson

from ohmatdyt.core.outbox import Type
from ohmatdyt.data import Connection
from ohmatdyt.demo.cases import Crew, Made
from ohmatdyt.notifications import words
from ohmatdyt.seed.story import EVENT_COLUMNS, NEW, Row, Rows

_ZONE: Final = ZoneInfo("Europe/Kyiv")
_DAYS: Final = 21
_REMINDER_AFTER: Final = timedelta(days=3)
_REMINDER_AT: Final = time(9)
_UNREAD: Final = (4, 9)
_FAILED: Final = 3
_NO_SUCH_ADDRESS: Final = "550 5.1.1 mailbox unavailable"
_COLUMNS: Final = (
    "id", "recipient_id", "type", "case_id", "public_id", "actor_id", "payload", "created_at", "read_at", "mail_status",
    "attempts", "last_error", "message_id", "sent_at",
)  # fmt: skip
_EVENT: Final = {name: place for place, name in enumerate(EVENT_COLUMNS)}


@dataclass(frozen=True, slots=True)
class _Notice:
    recipient_id: UUID
    kind: Type
    case: Made
    actor_id: UUID | None
    at: datetime
    payload: dict[str, str]


_Told = tuple[Type, list[UUID], dict[str, str]]


async def store(
    connection: Connection,
    made: Sequence[Made],
    rows: Rows,
    crew: Crew,
    *,
    chance: random.Random,
    now: datetime,
) -> None:
    """Write the notifications and reminders of the last weeks; `rows.events` stand in the order of time."""
    cases = {case.id: case for case in made}
    since = now - timedelta(days=_DAYS)
    reminders = list(_reminders(made, now))
    told = []
    for case, at in reminders:
        everybody: _Told = (Type.ESCALATION, [*crew.served[case.category_id], *crew.admins], {})
        told += _heard(case, at, None, everybody)
    taken: set[UUID] = set()
    for event in rows.events:
        case, at, actor = cases[event[_EVENT["case_id"]]], event[_EVENT["at"]], event[_EVENT["actor_id"]]
        if event[_EVENT["kind"]] in {"taken", "assigned"}:
            taken.add(case.id)
        if at >= since:
            for one in _notices(case, event, crew, is_taken=case.id in taken):
                told += _heard(case, at, actor, one)
    await connection.copy_records_to_table(
        "notifications", records=_as_rows(told, chance, now), columns=_COLUMNS
    )
    days = [(case.id, at.astimezone(_ZONE).date()) for case, at in reminders]
    await connection.copy_records_to_table("case_reminders", records=days, columns=("case_id", "day"))


def _reminders(made: Sequence[Made], now: datetime) -> Iterator[tuple[Made, datetime]]:
    """Every morning on which a case had been NEW for too long."""
    for case in made:
        if case.status != NEW:
            continue
        day = (case.created_at + _REMINDER_AFTER).astimezone(_ZONE).date()
        while (at := datetime.combine(day, _REMINDER_AT, _ZONE)) <= now:
            if at - case.created_at > _REMINDER_AFTER:
                yield case, at
            day += timedelta(days=1)


def _notices(case: Made, event: Row, crew: Crew, *, is_taken: bool) -> list[_Told]:
    """What an entry of the timeline gave rise to: kind, recipients, payload."""
    status = {"status": event[_EVENT["to_status"]]}
    author, executors = [case.author_id], crew.served[case.category_id]
    responsible = [case.responsible_id] if case.responsible_id and is_taken else []
    match event[_EVENT["kind"]]:
        case "created":
            return [(Type.NEW_CASE, executors, {"category_id": str(case.category_id)})]
        case "taken":
            return [(Type.CASE_TAKEN, author, status)]
        case "assigned":
            return [
                (Type.STATUS_CHANGED, author, status),
                (Type.REASSIGNED, responsible, {"part": words.NEW}),
            ]
        case "status_changed":
            return [(Type.STATUS_CHANGED, author, status)]
        case "commented" if event[_EVENT["is_internal"]]:
            return [(Type.COMMENT_INTERNAL, [*executors, *crew.admins], {})]
        case "commented":
            return [(Type.COMMENT_PUBLIC, author + responsible, {})]
    return []


def _heard(case: Made, at: datetime, actor: UUID | None, told: _Told) -> list[_Notice]:
    """Each recipient once, but not who did it, nor the doctor whom the case is about."""
    kind, recipients, payload = told
    hearing = dict.fromkeys(one for one in recipients if one not in {actor, case.doctor_user_id})
    return [_Notice(one, kind, case, actor, at, payload) for one in hearing]


def _as_rows(told: list[_Notice], chance: random.Random, now: datetime) -> list[Row]:
    """Everybody has read all but his newest ones; the letters have arrived, but for a few."""
    told.sort(key=lambda notice: notice.at, reverse=True)
    unread: dict[UUID, int] = {}
    rejected = set(chance.sample(range(len(told)), min(_FAILED, len(told))))
    rows = []
    for place, one in enumerate(told):
        left = unread.setdefault(one.recipient_id, chance.randint(*_UNREAD))
        unread[one.recipient_id] = left - 1
        read_at = min(one.at + timedelta(minutes=chance.uniform(2, 600)), now) if left <= 0 else None
        notice_id = uuid4()
        letter = (
            ("FAILED", 1, _NO_SUCH_ADDRESS, None)
            if place in rejected
            else ("SENT", 1, None, one.at + timedelta(seconds=chance.uniform(0.4, 9)))
        )
        status, attempts, reason, sent_at = letter
        rows.append(
            (
                notice_id, one.recipient_id, one.kind.value, one.case.id, one.case.public_id, one.actor_id,
                orjson.dumps(one.payload).decode(), one.at, read_at, status, attempts, reason,
                f"<{notice_id}@example.org>", sent_at,
            )
        )  # fmt: skip
    return rows
