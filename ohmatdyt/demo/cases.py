"""Cases of the last 90 days: in working hours, in every status, some waiting too long."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from ohmatdyt.core import public_ids
from ohmatdyt.data import Connection, directories
from ohmatdyt.demo import families
from ohmatdyt.demo.callers import AT_ANY_HOUR, Callers, Turn
from ohmatdyt.demo.doctors import Doctors
from ohmatdyt.seed import search, story
from ohmatdyt.seed.story import DONE, IN_PROGRESS, NEEDS_INFO, NEW, REJECTED, Plan, Rows, Teller
from ohmatdyt.seed.texts import Subject, texts, vary

DAYS: Final = 90
_ZONE: Final = ZoneInfo("Europe/Kyiv")
# Share of a status, and how many days ago such cases came: from, to. The second NEW is overdue.
_STATUSES: Final = (
    (NEW, 0.055, 0.05, 2.8),
    (NEW, 0.03, 3.2, 8.0),
    (IN_PROGRESS, 0.08, 0.4, 8.0),
    (IN_PROGRESS, 0.05, 6.0, 24.0),
    (NEEDS_INFO, 0.06, 1.5, 20.0),
    (REJECTED, 0.09, 1.5, 89.0),
    (DONE, 0.635, 1.0, 89.0),
)
_CHANNELS: Final = {
    "Контакт-центр": 42, "Рецепція": 15, "Онлайн": 18, "QR": 5, "Email": 10, "Скринька": 4, "МОЗ": 4, "Інше": 2,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Crew:
    """The people of the demonstration; `served` names the executors of each category."""

    operators: list[UUID]
    admins: list[UUID]
    categories: dict[str, UUID]
    served: dict[UUID, list[UUID]]
    names: dict[UUID, str]


@dataclass(frozen=True, slots=True)
class Made:
    """One case that was made; enough to hang a file on it and to tell people of it."""

    id: UUID
    public_id: int
    category_id: UUID
    author_id: UUID
    responsible_id: UUID | None
    doctor_user_id: UUID | None
    status: str
    created_at: datetime


def working_start(now: datetime) -> datetime:
    """When the demonstration's staff came to work: before its first case."""
    return now - timedelta(days=DAYS + 10)


async def make(
    connection: Connection, crew: Crew, doctors: Doctors, chance: random.Random, *, now: datetime, count: int
) -> tuple[list[Made], Rows]:
    """Make `count` cases with history and comments, the oldest first as their numbers are given out, and write the
    patients they are about."""
    channels = {row["name"]: row["id"] for row in await connection.fetch("SELECT id, name FROM channels")}
    weights = [_CHANNELS.get(name, 1) for name in channels]
    drafts = []
    for status, subject, is_again in _subjects(chance, count):
        channel = chance.choices(list(channels), weights)[0]
        created_at = _moment(chance, now, status, anytime=channel in AT_ANY_HOUR)
        drafts.append((created_at, status[0], channel, subject, is_again))
    drafts.sort(key=lambda draft: draft[0])
    key = await connection.fetchval("SELECT public_id_key FROM installation")
    teller = Teller(
        chance, names=crew.names, admins=crew.admins, now=now, talkative=1.3, open_from=_open_from(chance)
    )
    callers = Callers(chance, crew.operators, crew.admins, doctors, count=count)
    made = []
    for created_at, stage, channel, subject, is_again in drafts:
        sequence = await connection.fetchval("SELECT nextval('case_number')")
        turn = callers.next(created_at, channel, subject)
        plan = Plan(
            public_id=public_ids.permute(sequence, key),
            category_id=crew.categories[subject.category],
            channel_id=channels[channel],
            author_id=turn.author_id,
            responsible_id=chance.choice(_responsible(crew, subject, turn)),
            status=stage,
            created_at=created_at,
            subject=subject,
            summary=_varied(chance, subject, turn, created_at) if is_again else subject.summary,
            applicant=turn.applicant,
            patient_id=turn.child.id if turn.child else None,
            doctor_id=turn.doctor.id if turn.doctor else None,
        )
        made.append(_made(teller.tell(plan), plan, turn))
    await families.insert(connection, callers.families.children)
    return made, teller.rows


def _responsible(crew: Crew, subject: Subject, turn: Turn) -> list[UUID]:
    """Who may answer it; never the doctor it is about."""
    himself = turn.doctor.user_id if turn.doctor else None
    return [one for one in crew.served[crew.categories[subject.category]] if one != himself] or crew.admins


def _varied(chance: random.Random, subject: Subject, turn: Turn, at: datetime) -> str:
    departments = [turn.doctor.department] if turn.doctor else directories()["departments"]
    age = turn.child.age_in_words(at.date()) if turn.child else None
    return vary(chance, subject, departments, age=age)


def _made(case_id: UUID, plan: Plan, turn: Turn) -> Made:
    return Made(
        id=case_id,
        public_id=plan.public_id,
        category_id=plan.category_id,
        author_id=plan.author_id,
        responsible_id=None if plan.status == NEW else plan.responsible_id,
        doctor_user_id=turn.doctor.user_id if turn.doctor else None,
        status=plan.status,
        created_at=plan.created_at,
    )


async def insert(connection: Connection, rows: Rows) -> None:
    """Write the rows, events in the order of time as they would have come."""
    rows.events.sort(key=lambda event: event[1])
    for table, columns, records in (
        ("cases", story.CASE_COLUMNS, rows.cases),
        ("case_comments", story.COMMENT_COLUMNS, rows.comments),
        ("case_events", story.EVENT_COLUMNS, rows.events),
    ):
        await connection.copy_records_to_table(table, records=records, columns=columns)
    await search.index(connection, rows)


_Drawn = tuple[str, float, float]


def _subjects(chance: random.Random, count: int) -> list[tuple[_Drawn, Subject, bool]]:
    """Deal statuses and subjects: every text once, before any comes again (then true, and with another detail)."""
    every = [subject for several in texts().subjects.values() for subject in several]
    statuses: list[_Drawn] = []
    for name, share, newest, oldest in _STATUSES:
        statuses += [(name, newest, oldest)] * round(share * count)
    statuses += [_STATUSES[-1][:1] + _STATUSES[-1][2:]] * (count - len(statuses))
    chance.shuffle(statuses)
    dealt = []
    for number, status in enumerate(statuses[:count]):
        if number % len(every) == 0:
            chance.shuffle(every)
        subject = every[number % len(every)]
        dealt.append((status, subject, number >= len(every)))
    return dealt


def _open_from(chance: random.Random) -> Callable[[datetime], datetime]:
    """Moves a moment of a night or a weekend to the next working morning."""

    def moved(at: datetime) -> datetime:
        local = at.astimezone(_ZONE)
        if local.weekday() < 5 and 8 <= local.hour < 18:
            return at
        day = local.date() + timedelta(days=1 if local.hour >= 8 else 0)
        while day.weekday() >= 5:
            day += timedelta(days=1)
        return datetime.combine(day, time(8), _ZONE) + timedelta(minutes=chance.uniform(5, 180))

    return moved


def _moment(chance: random.Random, now: datetime, status: _Drawn, *, anytime: bool) -> datetime:
    """Return a moment in the status's days; people telephone and come in working hours."""
    _, newest, oldest = status
    for _ in range(60):
        at = now - timedelta(days=chance.uniform(newest, oldest))
        local = at.astimezone(_ZONE)
        open_hours = 8 <= local.hour < 19 if local.weekday() < 5 else 10 <= local.hour < 15
        if (open_hours and (local.weekday() < 5 or chance.random() < 0.25)) or (anytime and local.hour >= 6):
            break
    return at
