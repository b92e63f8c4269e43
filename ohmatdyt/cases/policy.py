"""Who may do what to a case (product.md §2 and §3). Pure: no database, no clock.

Each `…_problem` function answers None when the action is open, or the failure that says why not: a Forbidden for a
missing right, a Conflict for a state that does not allow it. Rights are judged before the state.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol
from uuid import UUID

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.accounts.models import Role
from ohmatdyt.cases.errors import (
    AlreadyTaken,
    CaseClosed,
    CaseInWork,
    CaseNotVisible,
    InternalCommentsNotAllowed,
    NotResponsible,
    RoleMayNot,
    TransitionNotAllowed,
)
from ohmatdyt.cases.models import Status
from ohmatdyt.core.errors import DomainError

CLOSED: Final = frozenset({Status.DONE, Status.REJECTED})


def overdue_before(now: datetime, days: int) -> datetime:
    """A NEW case whose status last changed before this moment is overdue, any open one stale (product.md §3).

    `days` of 24 hours is ESCALATION_AFTER_DAYS: lists, marks, reminders, dashboard and metrics follow it alike.
    """
    return now - timedelta(hours=24 * days)


class CaseFacts(Protocol):
    """What the rules look at."""

    @property
    def category_id(self) -> UUID: ...
    @property
    def author_id(self) -> UUID: ...
    @property
    def responsible_id(self) -> UUID | None: ...
    @property
    def status(self) -> str: ...
    @property
    def doctor_id(self) -> UUID | None: ...


@dataclass(frozen=True, slots=True)
class Facts:
    """`CaseFacts` of a case that is not loaded as a table row."""

    category_id: UUID
    author_id: UUID
    responsible_id: UUID | None
    status: str
    doctor_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One allowed change of status by hand; `admin_only` steps are not open to the responsible executor."""

    to: Status
    admin_only: bool = False


# The one table of transitions. NEW is left by `take` and `assign` only. Every step here needs a comment.
STEPS: Final[dict[Status, tuple[Step, ...]]] = {
    Status.NEW: (),
    Status.IN_PROGRESS: (
        Step(Status.NEEDS_INFO),
        Step(Status.REJECTED),
        Step(Status.DONE),
        Step(Status.NEW, admin_only=True),
    ),
    Status.NEEDS_INFO: (
        Step(Status.IN_PROGRESS),
        Step(Status.REJECTED),
        Step(Status.DONE),
        Step(Status.NEW, admin_only=True),
    ),
    Status.REJECTED: (Step(Status.IN_PROGRESS, admin_only=True),),
    Status.DONE: (Step(Status.IN_PROGRESS, admin_only=True),),
}

Problem = DomainError | None


def require(problem: Problem) -> None:
    """Raise the problem if there is one."""
    if problem is not None:
        raise problem


def can_see(actor: Actor, case: CaseFacts) -> bool:
    """The same rule as `queries.visible_to` writes in SQL. Nobody, an ADMIN either, sees a case about himself."""
    if case.doctor_id is not None and case.doctor_id == actor.doctor_id:
        return False
    if actor.role is Role.ADMIN:
        return True
    if actor.role is Role.EXECUTOR:
        return case.category_id in actor.category_ids
    return case.author_id == actor.user_id


def see_problem(actor: Actor, case: CaseFacts) -> Problem:
    """Reading the case, its history, its files; writing a public comment."""
    return None if can_see(actor, case) else CaseNotVisible()


def _closed(case: CaseFacts) -> bool:
    return case.status in CLOSED


def edit_problem(actor: Actor, case: CaseFacts) -> Problem:
    """Changing fields: the operator who registered it while it is NEW; an ADMIN while it is not closed."""
    if not can_see(actor, case):
        return CaseNotVisible()
    if actor.role is Role.EXECUTOR:
        return RoleMayNot()
    if _closed(case):
        return CaseClosed()
    if actor.role is Role.OPERATOR and case.status != Status.NEW:
        return CaseInWork()
    return None


def take_problem(actor: Actor, case: CaseFacts, winner: dict[str, str] | None = None) -> Problem:
    """Taking a NEW case: executors of its category and admins. `winner` names who has it when it is taken."""
    if not can_see(actor, case):
        return CaseNotVisible()
    if actor.role is Role.OPERATOR:
        return RoleMayNot()
    if case.status != Status.NEW:
        name = (winner or {}).get("full_name", "")
        return AlreadyTaken(winner=name, extra={"winner": winner, "allowed": allowed_statuses(actor, case)})
    return None


def assign_problem(actor: Actor, case: CaseFacts) -> Problem:
    """Assigning, reassigning, unassigning: admins, while the case is not closed."""
    if not can_see(actor, case):
        return CaseNotVisible()
    if actor.role is not Role.ADMIN:
        return RoleMayNot()
    return CaseClosed() if _closed(case) else None


def _may_change_status(actor: Actor, case: CaseFacts) -> bool:
    if actor.role is Role.ADMIN:
        return True
    return actor.role is Role.EXECUTOR and can_see(actor, case) and case.responsible_id == actor.user_id


def allowed_statuses(actor: Actor, case: CaseFacts) -> list[str]:
    """The statuses this viewer may set by hand now, in the order of the work."""
    if not _may_change_status(actor, case):
        return []
    open_steps = (s for s in STEPS[Status(case.status)] if actor.is_admin or not s.admin_only)
    return [step.to.value for step in open_steps]


def status_problem(actor: Actor, case: CaseFacts, to: Status) -> Problem:
    """Changing the status by hand. The conflict lists what is allowed."""
    if not can_see(actor, case):
        return CaseNotVisible()
    if actor.role is Role.OPERATOR:
        return RoleMayNot()
    if not _may_change_status(actor, case):
        return NotResponsible()
    allowed = allowed_statuses(actor, case)
    if to.value in allowed:
        return None
    if any(step.to is to for step in STEPS[Status(case.status)]):
        return RoleMayNot()
    return TransitionNotAllowed(allowed_words=", ".join(allowed) or "—", extra={"allowed": allowed})


def internal_comment_problem(actor: Actor, case: CaseFacts) -> Problem:
    """Writing and reading internal comments: executors of the category and admins, never an operator."""
    if not can_see(actor, case):
        return CaseNotVisible()
    return InternalCommentsNotAllowed() if actor.role is Role.OPERATOR else None


def sees_internal(actor: Actor) -> bool:
    """Whether internal comments and events of the cases he sees are shown to him."""
    return actor.role is not Role.OPERATOR


def attach_problem(actor: Actor, case: CaseFacts) -> Problem:
    """Adding a file: whoever sees the case, while it is open."""
    if not can_see(actor, case):
        return CaseNotVisible()
    return CaseClosed() if _closed(case) else None


def delete_attachment_problem(actor: Actor, case: CaseFacts) -> Problem:
    """Deleting a file: the operator who registered the case and admins, while it is open."""
    if not can_see(actor, case):
        return CaseNotVisible()
    if actor.role is Role.EXECUTOR:
        return RoleMayNot()
    return CaseClosed() if _closed(case) else None


def _change_status_problem(actor: Actor, case: CaseFacts) -> Problem:
    return None if allowed_statuses(actor, case) else RoleMayNot()


ACTIONS: Final[dict[str, Callable[[Actor, CaseFacts], Problem]]] = {
    "edit": edit_problem,
    "take": take_problem,
    "assign": assign_problem,
    "change_status": _change_status_problem,
    "comment_public": see_problem,
    "comment_internal": internal_comment_problem,
    "attach": attach_problem,
    "delete_attachment": delete_attachment_problem,
}


def allowed_actions(actor: Actor, case: CaseFacts) -> list[str]:
    """What this viewer may do with the case now; the interface shows exactly these."""
    return [name for name, problem in ACTIONS.items() if problem(actor, case) is None]
