"""Role × status × relation to the case: what is open, said once more as a table (product.md §2 and §3)."""

from dataclasses import dataclass
from itertools import product
from uuid import UUID, uuid4

import pytest

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.accounts.models import Role
from ohmatdyt.cases import policy
from ohmatdyt.cases.errors import TransitionNotAllowed
from ohmatdyt.cases.models import Status
from ohmatdyt.core.errors import Conflict, Forbidden

CATEGORY, ELSEWHERE, SOMEBODY = uuid4(), uuid4(), uuid4()
ME = uuid4()
OPEN = {Status.NEW, Status.IN_PROGRESS, Status.NEEDS_INFO}
CLOSED = {Status.DONE, Status.REJECTED}


def actor(role: Role) -> Actor:
    return Actor(
        user_id=ME,
        session_id=uuid4(),
        username="me",
        full_name="Я",
        role=role,
        must_change_password=False,
        category_ids=(CATEGORY,) if role is Role.EXECUTOR else (),
    )


@dataclass(frozen=True)
class Relation:
    """What the viewer is to the case."""

    author: bool
    responsible: bool
    in_category: bool

    def case(self, status: Status) -> policy.Facts | None:
        if self.responsible and status is Status.NEW:
            return None
        responsible: UUID | None = None if status is Status.NEW else ME if self.responsible else SOMEBODY
        category = CATEGORY if self.in_category else ELSEWHERE
        return policy.Facts(category, ME if self.author else SOMEBODY, responsible, status.value)


RELATIONS = [Relation(*bits) for bits in product([True, False], repeat=3)]


def expected_actions(role: Role, status: Status, relation: Relation) -> set[str]:
    if role is Role.ADMIN:
        return admin_actions(status)
    if role is Role.EXECUTOR:
        return executor_actions(status, responsible=relation.responsible) if relation.in_category else set()
    return author_actions(status) if relation.author else set()


def admin_actions(status: Status) -> set[str]:
    comments = {"comment_public", "comment_internal"}
    fields = {"edit", "assign", "attach", "delete_attachment"}
    if status in CLOSED:
        return comments | {"change_status"}
    return comments | fields | ({"take"} if status is Status.NEW else {"change_status"})


def executor_actions(status: Status, *, responsible: bool) -> set[str]:
    actions = {"comment_public", "comment_internal"}
    if status in OPEN:
        actions |= {"attach"} | ({"change_status"} if responsible else set())
    return actions | ({"take"} if status is Status.NEW else set())


def author_actions(status: Status) -> set[str]:
    actions = {"comment_public"} | ({"edit"} if status is Status.NEW else set())
    return actions | ({"attach", "delete_attachment"} if status in OPEN else set())


STEPS = {
    Status.NEW: set(),
    Status.IN_PROGRESS: {Status.NEEDS_INFO, Status.REJECTED, Status.DONE},
    Status.NEEDS_INFO: {Status.IN_PROGRESS, Status.REJECTED, Status.DONE},
    Status.REJECTED: set(),
    Status.DONE: set(),
}
ADMIN_STEPS = {
    Status.NEW: set(),
    Status.IN_PROGRESS: {Status.NEW},
    Status.NEEDS_INFO: {Status.NEW},
    Status.REJECTED: {Status.IN_PROGRESS},
    Status.DONE: {Status.IN_PROGRESS},
}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("status", list(Status))
def test_actions(role: Role, status: Status) -> None:
    for relation in RELATIONS:
        case = relation.case(status)
        if case is None:
            continue
        got = policy.allowed_actions(actor(role), case)
        assert set(got) == expected_actions(role, status, relation), relation
        assert len(got) == len(set(got))


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("status", list(Status))
def test_steps(role: Role, status: Status) -> None:
    for relation in RELATIONS:
        case = relation.case(status)
        if case is None:
            continue
        allowed: set[Status] = set()
        if role is Role.ADMIN:
            allowed = STEPS[status] | ADMIN_STEPS[status]
        elif role is Role.EXECUTOR and relation.in_category and relation.responsible:
            allowed = STEPS[status]
        assert set(policy.allowed_statuses(actor(role), case)) == allowed, relation
        for to in Status:
            problem = policy.status_problem(actor(role), case, to)
            assert (problem is None) == (to in allowed), (relation, to)
            if isinstance(problem, TransitionNotAllowed):
                assert set(problem.extra["allowed"]) == allowed


def test_a_missing_right_is_403_and_a_wrong_state_409() -> None:
    mine = policy.Facts(CATEGORY, ME, SOMEBODY, "DONE")
    assert isinstance(policy.edit_problem(actor(Role.OPERATOR), mine), Conflict)
    assert isinstance(policy.attach_problem(actor(Role.OPERATOR), mine), Conflict)
    assert isinstance(policy.delete_attachment_problem(actor(Role.ADMIN), mine), Conflict)
    assert isinstance(policy.delete_attachment_problem(actor(Role.EXECUTOR), mine), Forbidden)
    assert isinstance(policy.edit_problem(actor(Role.EXECUTOR), mine), Forbidden)
    assert isinstance(policy.take_problem(actor(Role.EXECUTOR), mine), Conflict)
    assert isinstance(policy.take_problem(actor(Role.OPERATOR), mine), Forbidden)
    assert isinstance(policy.assign_problem(actor(Role.EXECUTOR), mine), Forbidden)
    assert isinstance(policy.assign_problem(actor(Role.ADMIN), mine), Conflict)
    assert isinstance(policy.internal_comment_problem(actor(Role.OPERATOR), mine), Forbidden)
    assert isinstance(policy.status_problem(actor(Role.EXECUTOR), mine, Status.NEW), Forbidden)
