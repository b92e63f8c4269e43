"""The life of one case: who registered it, took it, asked back, closed it, and what was said meanwhile."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson

from ohmatdyt.seed.people import Applicant, name_sort
from ohmatdyt.seed.texts import Subject, texts

NEW, IN_PROGRESS, NEEDS_INFO, REJECTED, DONE = "NEW", "IN_PROGRESS", "NEEDS_INFO", "REJECTED", "DONE"

CASE_COLUMNS: Final = (
    "id", "public_id", "category_id", "channel_id", "author_id", "responsible_id", "status", "version", "created_at",
    "updated_at", "last_status_change_at", "subcategory", "applicant_name", "applicant_name_sort", "applicant_phone",
    "applicant_phone_e164", "applicant_email", "summary", "first_taken_at", "patient_id", "doctor_id",
)  # fmt: skip
COMMENT_COLUMNS: Final = ("id", "case_id", "author_id", "text", "is_internal", "created_at")
EVENT_COLUMNS: Final = (
    "case_id",
    "at",
    "actor_id",
    "kind",
    "from_status",
    "to_status",
    "is_internal",
    "data",
)
Row = tuple[Any, ...]


@dataclass(slots=True)
class Rows:
    """Rows ready for COPY."""

    cases: list[Row] = field(default_factory=list)
    comments: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is decided about a case before its life is told. `responsible` is used unless it stays NEW."""

    public_id: int
    category_id: UUID
    channel_id: UUID
    author_id: UUID
    responsible_id: UUID
    status: str
    created_at: datetime
    subject: Subject
    summary: str
    applicant: Applicant
    patient_id: UUID | None = None
    doctor_id: UUID | None = None


def new_id(chance: random.Random) -> UUID:
    """Return a version 4 UUID from the given source of chance."""
    return UUID(int=chance.getrandbits(128), version=4)


class Teller:
    """Writes the rows of many cases. `names` are the full names of those who may become responsible;
    `talkative` is the average number of comments on a case in work; `open_from` moves a moment to when somebody is at
    his desk."""

    def __init__(
        self,
        chance: random.Random,
        *,
        names: Mapping[UUID, str],
        admins: Sequence[UUID],
        now: datetime,
        talkative: float,
        open_from: Callable[[datetime], datetime] = lambda at: at,
    ) -> None:
        self.rows = Rows()
        self._chance = chance
        self._texts = texts()
        self._names = names
        self._admins = admins
        self._now = now
        self._talkative = talkative
        self._open_from = open_from

    def tell(self, plan: Plan) -> UUID:
        """Add a case with its history and comments; returns its id."""
        case_id = new_id(self._chance)
        events: list[Row] = [
            self._event(case_id, plan.created_at, plan.author_id, "created", step=(None, NEW))
        ]
        taken_at, changed_at = None, plan.created_at
        if plan.status != NEW:
            taken_at, changed_at = self._work(case_id, plan, events)
        last_at = max(changed_at, self._talk(case_id, plan, events, taken_at, changed_at))
        events.sort(key=lambda event: event[1])
        self.rows.events += events
        who = plan.applicant
        self.rows.cases.append(
            (
                case_id, plan.public_id, plan.category_id, plan.channel_id, plan.author_id,
                None if plan.status == NEW else plan.responsible_id, plan.status,
                sum(event[4] is not None for event in events) + 1, plan.created_at, last_at, changed_at,
                plan.subject.subcategory, who.name, name_sort(who.name), who.phone, who.phone_e164, who.email,
                plan.summary, taken_at, plan.patient_id, plan.doctor_id,
            )
        )  # fmt: skip
        return case_id

    def _work(self, case_id: UUID, plan: Plan, events: list[Row]) -> tuple[datetime, datetime]:
        """Tell the changes of status up to the planned one; returns when it was taken and when the last happened."""
        chance, doer = self._chance, plan.responsible_id
        steps = self._steps(plan.status)
        moments = self._moments(plan.created_at, len(steps))
        for (before, after), at in zip(steps, moments, strict=True):
            step = (before, after)
            if before != NEW:
                said = {"comment": self._explanation(plan, before, after)}
                events.append(self._event(case_id, at, doer, "status_changed", step=step, data=said))
            elif chance.random() < 0.12:
                admin, given = (
                    chance.choice(self._admins),
                    {"from": None, "to": {"id": str(doer), "full_name": self._names[doer]}},
                )
                events.append(self._event(case_id, at, admin, "assigned", step=step, data=given))
            else:
                events.append(self._event(case_id, at, doer, "taken", step=step))
        return moments[0], moments[-1]

    def _steps(self, status: str) -> list[tuple[str, str]]:
        steps = [(NEW, IN_PROGRESS)]
        if status in {DONE, REJECTED} and self._chance.random() < 0.18:
            steps += [(IN_PROGRESS, NEEDS_INFO), (NEEDS_INFO, IN_PROGRESS)]
        if status != IN_PROGRESS:
            steps.append((IN_PROGRESS, status))
        return steps

    def _moments(self, created_at: datetime, count: int) -> list[datetime]:
        """Return rising moments between creation and now: mostly within hours, sometimes days."""
        moments = []
        at = created_at
        for _ in range(count):
            hours = min(self._chance.lognormvariate(2.3, 1.1), 150.0)
            step = timedelta(hours=hours)
            room = self._now - at
            if step >= room:
                step = room * self._chance.uniform(0.2, 0.7)
            at = self._at_work(at + step)
            moments.append(at)
        return moments

    def _at_work(self, at: datetime) -> datetime:
        """The same moment, or the next one at which somebody works; never later than now."""
        later = self._open_from(at)
        return later if later < self._now else at

    def _explanation(self, plan: Plan, before: str, after: str) -> str:
        if after == DONE:
            return plan.subject.answer
        if after == REJECTED:
            return self._chance.choice(self._texts.rejected)
        if after == NEEDS_INFO:
            return self._chance.choice(self._texts.needs_info)
        return "Заявник надав потрібні відомості." if before == NEEDS_INFO else "Повернуто в роботу."

    def _talk(
        self, case_id: UUID, plan: Plan, events: list[Row], taken_at: datetime | None, changed_at: datetime
    ) -> datetime:
        """Add comments while the case was open, no text twice; returns when the last was made."""
        chance = self._chance
        last = plan.created_at
        if taken_at is None and chance.random() > 0.1:
            return last
        until = changed_at if plan.status in {DONE, REJECTED} else self._now
        said: set[str] = set()
        for _ in range(1 if taken_at is None else min(6, int(chance.expovariate(1 / self._talkative)))):
            internal = taken_at is not None and chance.random() < 0.45
            by_doer = internal or (taken_at is not None and chance.random() < 0.5)
            text = chance.choice(self._texts.internal if internal else self._texts.public)
            if text in said:
                continue
            said.add(text)
            since = taken_at if by_doer and taken_at else plan.created_at
            at = self._at_work(since + (until - since) * chance.random())
            author = plan.responsible_id if by_doer else plan.author_id
            comment_id = new_id(chance)
            self.rows.comments.append((comment_id, case_id, author, text, internal, at))
            data = {"comment_id": str(comment_id), "is_internal": internal}
            events.append(self._event(case_id, at, author, "commented", data=data, internal=internal))
            last = max(last, at)
        return last

    @staticmethod
    def _event(
        case_id: UUID,
        at: datetime,
        actor_id: UUID,
        kind: str,
        *,
        step: tuple[str | None, str | None] = (None, None),
        data: dict[str, Any] | None = None,
        internal: bool = False,
    ) -> Row:
        return (case_id, at, actor_id, kind, *step, internal, orjson.dumps(data).decode() if data else "{}")
