"""The life of a case after registration: taking, assigning, changing the status, talking."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.audit import service as audit
from ohmatdyt.cases import notices, policy
from ohmatdyt.cases.errors import CannotBeResponsible, CaseNotVisible, CommentRequired
from ohmatdyt.cases.models import Case, Comment, EventKind, Status
from ohmatdyt.cases.queries import rows
from ohmatdyt.cases.schemas import Assignment, CommentOut, NewComment, StatusChange
from ohmatdyt.cases.service.events import tell
from ohmatdyt.cases.service.indexing import index_cases
from ohmatdyt.core import clock
from ohmatdyt.core.schemas import UserRef

Person = dict[str, str]


async def _person(session: AsyncSession, user_id: UUID | None) -> Person | None:
    if user_id is None:
        return None
    return {"id": str(user_id), "full_name": await rows.person_name(session, user_id)}


def _move(case: Case, to: Status, responsible_id: UUID | None, at: datetime) -> None:
    if case.status != to.value:
        case.last_status_change_at = at
    case.status = to.value
    case.responsible_id = responsible_id
    case.updated_at = at
    case.version += 1


async def _require_still_entitled(session: AsyncSession, actor: Actor, case: Case) -> None:
    """The caller may be let go while his request is under way: his rights are read again, and locked, before he becomes
    responsible. Raises CaseNotVisible (403)."""
    if await rows.may_be_responsible(session, actor.user_id, case.category_id, case.doctor_id) is None:
        raise CaseNotVisible


async def take_case(session: AsyncSession, actor: Actor, reference: Any) -> UUID:
    """Become responsible for a NEW case. Two takers meet at the row's lock: one wins, the other is told who.

    Raises what `policy.take_problem` says (AlreadyTaken names the winner).
    """
    case = await rows.case_for_update(session, actor, reference)
    policy.require(policy.take_problem(actor, case, await _person(session, case.responsible_id)))
    await _require_still_entitled(session, actor, case)
    now = clock.now()
    _move(case, Status.IN_PROGRESS, actor.user_id, now)
    await session.flush()
    await tell(session, actor, case, EventKind.TAKEN, at=now, from_status=Status.NEW.value)
    await audit.record(session, actor, "case.taken", object_type="case", object_id=case.id)
    await notices.case_taken(session, actor, case)
    return case.id


async def change_status(session: AsyncSession, actor: Actor, reference: Any, change: StatusChange) -> UUID:
    """Make one step of the table of transitions, with its explanation.

    Back to NEW nobody is responsible; a reopened case stays with who closed it, or comes to the admin who reopens
    it when that person may no longer be responsible. Raises what `policy.status_problem` says.
    """
    case = await rows.case_for_update(session, actor, reference)
    policy.require(policy.status_problem(actor, case, change.to_status))
    was, previous_id = case.status, case.responsible_id
    now = clock.now()
    responsible = previous_id
    if change.to_status is Status.NEW:
        responsible = None
    elif was in policy.CLOSED and not (
        responsible and await rows.may_be_responsible(session, responsible, case.category_id, case.doctor_id)
    ):
        await _require_still_entitled(session, actor, case)
        responsible = actor.user_id
    data: dict[str, Any] = {"comment": change.comment}
    if responsible != case.responsible_id:
        data |= {
            "from": await _person(session, case.responsible_id),
            "to": await _person(session, responsible),
        }
    _move(case, change.to_status, responsible, now)
    await session.flush()
    await tell(session, actor, case, EventKind.STATUS_CHANGED, at=now, from_status=was, data=data)
    await index_cases(session, [case.id])
    await audit.record(
        session,
        actor,
        "case.status_changed",
        object_type="case",
        object_id=case.id,
        details={"from": was, "to": case.status},
    )
    await notices.status_changed(session, actor, case)
    await notices.reassigned(session, actor, case, previous_id=previous_id)
    return case.id


async def assign_case(session: AsyncSession, actor: Actor, reference: Any, asked: Assignment) -> UUID:
    """Make somebody responsible, or give the case back to the queue. Assigning who is responsible changes nothing.

    Raises what `policy.assign_problem` says, CannotBeResponsible (400), CommentRequired (422).
    """
    case = await rows.case_for_update(session, actor, reference)
    policy.require(policy.assign_problem(actor, case))
    if asked.responsible_id == case.responsible_id:
        return case.id
    previous_id = case.responsible_id
    previous = await _person(session, previous_id)
    was, to = case.status, Status(case.status)
    now_responsible: Person | None = None
    if asked.responsible_id is None:
        if asked.comment is None:
            raise CommentRequired
        to = Status.NEW
    else:
        name = await rows.may_be_responsible(session, asked.responsible_id, case.category_id, case.doctor_id)
        if name is None:
            raise CannotBeResponsible(field="responsible_id")
        now_responsible = {"id": str(asked.responsible_id), "full_name": name}
        to = Status.IN_PROGRESS if to is Status.NEW else to
    now = clock.now()
    _move(case, to, asked.responsible_id, now)
    await session.flush()
    data = {"from": previous, "to": now_responsible, "comment": asked.comment}
    changed = was if was != case.status else None
    await tell(session, actor, case, EventKind.ASSIGNED, at=now, from_status=changed, data=data)
    if asked.comment:
        await index_cases(session, [case.id])
    ids = {"from": previous and previous["id"], "to": now_responsible and now_responsible["id"]}
    await audit.record(session, actor, "case.assigned", object_type="case", object_id=case.id, details=ids)
    if changed:
        await notices.status_changed(session, actor, case)
    await notices.reassigned(session, actor, case, previous_id=previous_id)
    return case.id


async def add_comment(session: AsyncSession, actor: Actor, reference: Any, asked: NewComment) -> CommentOut:
    """Say something in the thread, also of a closed case. Raises InternalCommentsNotAllowed (403)."""
    case = await rows.case_for_update(session, actor, reference)
    if asked.is_internal:
        policy.require(policy.internal_comment_problem(actor, case))
    now = clock.now()
    comment = Comment(
        case_id=case.id,
        author_id=actor.user_id,
        text=asked.text,
        is_internal=asked.is_internal,
        created_at=now,
    )
    session.add(comment)
    # An internal word must not show an operator that anything moved.
    if not asked.is_internal:
        case.updated_at = now
    await session.flush()
    await tell(
        session,
        actor,
        case,
        EventKind.COMMENTED,
        at=now,
        data={"comment_id": str(comment.id), "is_internal": asked.is_internal},
        is_internal=asked.is_internal,
    )
    await index_cases(session, [case.id])
    await audit.record(
        session,
        actor,
        "comment.added",
        object_type="case",
        object_id=case.id,
        details={"comment_id": str(comment.id), "is_internal": asked.is_internal},
    )
    await notices.commented(session, actor, case, is_internal=asked.is_internal)
    return CommentOut(
        id=comment.id,
        author=UserRef(id=actor.user_id, full_name=actor.full_name),
        text=comment.text,
        is_internal=comment.is_internal,
        created_at=comment.created_at,
    )
