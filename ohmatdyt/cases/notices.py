"""Who hears of what in the life of a case (product.md §5): the rules, in one place.

Every function is called in the transaction of the change, after it. Besides the letters it lets open windows know that
the case has changed. That nobody hears of his own action, that inactive people hear nothing and that operators hear
nothing of internal comments is not repeated here: the outbox sees to it for everybody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.accounts.models import Role, User
from ohmatdyt.cases import policy
from ohmatdyt.cases.models import Case, Status
from ohmatdyt.core import clock, outbox
from ohmatdyt.core.outbox import Type
from ohmatdyt.core.settings import Settings
from ohmatdyt.core.together import Part, run_together
from ohmatdyt.notifications import service as notifications
from ohmatdyt.notifications import words
from ohmatdyt.people.models import Doctor


class Numbered(Protocol):
    """What every notice says of a case."""

    @property
    def id(self) -> UUID: ...
    @property
    def public_id(self) -> int: ...
    @property
    def category_id(self) -> UUID: ...
    @property
    def doctor_id(self) -> UUID | None: ...


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case just registered, for whom nothing else of it is at hand."""

    id: UUID
    public_id: int
    category_id: UUID
    doctor_id: UUID | None = None


class Told(Numbered, Protocol):
    """A case as it is after the change."""

    @property
    def author_id(self) -> UUID: ...
    @property
    def responsible_id(self) -> UUID | None: ...
    @property
    def status(self) -> str: ...


async def case_registered(
    session: AsyncSession,
    actor: Actor,
    case: Numbered,
    *,
    executors: Sequence[UUID] | None = None,
    rows: Mapping[str, Part] | None = None,
) -> None:
    """NEW_CASE to the executors of the category.

    Registering is the busiest write: whoever knows the executors already (by EXECUTORS) gives them, and the rows of the
    case that are to be stored in the same statement.
    """
    if executors is None:
        executors = await _executors(session, case)
    told = outbox.part(
        Type.NEW_CASE,
        executors,
        actor_id=actor.user_id,
        case_id=case.id,
        public_id=case.public_id,
        payload={"category_id": str(case.category_id)},
    )
    stored = await run_together(session, {**(rows or {}), "told": told})
    outbox.hint(session, stored.told or [])
    await case_changed(session, case.id)


async def case_taken(session: AsyncSession, actor: Actor, case: Told) -> None:
    """CASE_TAKEN to the author."""
    await _tell(session, Type.CASE_TAKEN, [case.author_id], actor, case, status=Status(case.status).value)
    await case_changed(session, case.id)


async def status_changed(session: AsyncSession, actor: Actor, case: Told) -> None:
    """STATUS_CHANGED to the author, with the status the case has now."""
    await _tell(session, Type.STATUS_CHANGED, [case.author_id], actor, case, status=Status(case.status).value)
    await case_changed(session, case.id)


async def commented(session: AsyncSession, actor: Actor, case: Told, *, is_internal: bool) -> None:
    """COMMENT_PUBLIC to author and responsible; COMMENT_INTERNAL to the executors of the category and the admins."""
    if is_internal:
        recipients = [*await _executors(session, case), *await _admins(session, case)]
        await _tell(session, Type.COMMENT_INTERNAL, recipients, actor, case)
    else:
        recipients = [case.author_id, *([case.responsible_id] if case.responsible_id else [])]
        await _tell(session, Type.COMMENT_PUBLIC, recipients, actor, case)
    # To an operator nothing has moved when an internal word falls.
    await notifications.case_changed(session, case.id, is_internal=is_internal)


async def reassigned(session: AsyncSession, actor: Actor, case: Told, *, previous_id: UUID | None) -> None:
    """REASSIGNED to whoever was responsible and whoever is now; nothing when that is the same person.

    A status that changed with it (an assigned NEW case) is told by `status_changed`, called besides.
    """
    if previous_id != case.responsible_id:
        if previous_id is not None:
            await _tell(session, Type.REASSIGNED, [previous_id], actor, case, part=words.PREVIOUS)
        if case.responsible_id is not None:
            await _tell(session, Type.REASSIGNED, [case.responsible_id], actor, case, part=words.NEW)
    await case_changed(session, case.id)


async def case_changed(session: AsyncSession, case_id: UUID) -> None:
    """Open windows show something else of this case now; for changes nobody gets a letter of (edits, files)."""
    await notifications.case_changed(session, case_id)


async def _tell(
    session: AsyncSession,
    kind: Type,
    recipients: Sequence[UUID],
    actor: Actor,
    case: Numbered,
    **payload: str,
) -> None:
    await notifications.tell(
        session,
        kind,
        recipients,
        actor_id=actor.user_id,
        case_id=case.id,
        public_id=case.public_id,
        payload=payload,
    )


def _not_the_doctor(case: Numbered) -> sa.ColumnElement[bool]:
    """Whom the case is about does not see it, so he does not hear of it either."""
    return ~sa.exists().where(Doctor.id == case.doctor_id, Doctor.user_id == User.id)


# The executors of a category who may see a case about this doctor. Written out: registering makes it part of a
# statement that it needs anyway.
EXECUTORS = """
SELECT u.id FROM users u JOIN category_access a ON a.user_id = u.id
WHERE a.category_id = CAST(:category_id AS uuid) AND u.role = 'EXECUTOR' AND u.is_active
  AND NOT EXISTS (SELECT FROM doctors d WHERE d.id = CAST(:doctor_id AS uuid) AND d.user_id = u.id)
"""
_EXECUTORS = sa.text(EXECUTORS)


async def _executors(session: AsyncSession, case: Numbered) -> Sequence[UUID]:
    about = {"category_id": case.category_id, "doctor_id": case.doctor_id}
    return (await session.scalars(_EXECUTORS, about)).all()


async def _admins(session: AsyncSession, case: Numbered) -> Sequence[UUID]:
    statement = sa.select(User.id).where(User.role == Role.ADMIN, User.is_active, _not_the_doctor(case))
    return (await session.scalars(statement)).all()


# The row of case_reminders is what makes it once: of two schedulers at the same moment the second waits for the
# first to commit, and then finds nothing to insert.
_REMIND = sa.text("""
WITH due AS (
    INSERT INTO case_reminders (case_id, day)
    SELECT c.id, :day FROM cases c
    WHERE c.status = 'NEW' AND c.last_status_change_at < :before AND c.created_at < :before
      AND NOT EXISTS (SELECT FROM case_reminders r WHERE r.case_id = c.id AND r.day = :day)
    ORDER BY c.created_at, c.id LIMIT :limit
    ON CONFLICT DO NOTHING
    RETURNING case_id
), told AS (
    INSERT INTO notifications (id, recipient_id, type, case_id, public_id, created_at, due_at)
    SELECT gen_random_uuid(), u.id, 'ESCALATION', c.id, c.public_id, :now, :now
    FROM due JOIN cases c ON c.id = due.case_id
    JOIN users u ON u.is_active AND (u.role = 'ADMIN' OR (u.role = 'EXECUTOR' AND EXISTS (
        SELECT FROM category_access a WHERE a.user_id = u.id AND a.category_id = c.category_id)))
        AND NOT EXISTS (SELECT FROM doctors d WHERE d.id = c.doctor_id AND d.user_id = u.id)
    ORDER BY c.created_at, u.id
    RETURNING id, recipient_id
)
SELECT (SELECT count(*) FROM due) AS cases, (SELECT coalesce(array_agg(id), '{}') FROM told) AS ids,
       (SELECT coalesce(array_agg(recipient_id), '{}') FROM told) AS recipients
""")
_REMINDED_AT_ONCE = 500
_REMINDERS_KEPT = timedelta(days=400)


async def remind(session: AsyncSession, settings: Settings) -> int:
    """ESCALATION for every case that has been NEW for too long, to the executors of its category and all admins.

    Once for each case and local day, however often and wherever it is called; returns how many cases that were.
    """
    now = clock.now()
    today = now.astimezone(settings.zone).date()
    given = {
        "now": now,
        "day": today,
        "before": policy.overdue_before(now, settings.escalation_after_days),
        "limit": _REMINDED_AT_ONCE,
    }
    total = 0
    while True:
        row = (await session.execute(_REMIND, given)).one()
        outbox.hint(session, list(zip(row.ids, row.recipients, strict=True)))
        reminded = int(row.cases)
        total += reminded
        if reminded < _REMINDED_AT_ONCE:
            break
    # What stands there for a day to come was written by a clock that ran ahead, and would silence that day.
    old = sa.text("DELETE FROM case_reminders WHERE day < :day OR day > :today")
    await session.execute(old, {"day": today - _REMINDERS_KEPT, "today": today})
    return total


async def seen_by(
    session: AsyncSession, case_ids: Sequence[UUID], actors: Sequence[Actor]
) -> list[tuple[Actor, list[tuple[UUID, int]]]]:
    """Which of these people may know of a change in which of these cases (id, public_id), by the rule of the card."""
    cases = (await session.scalars(sa.select(Case).where(Case.id.in_(case_ids)))).all()
    return [
        (actor, [(case.id, case.public_id) for case in cases if policy.can_see(actor, case)])
        for actor in actors
    ]
