"""Who hears of what: the table of product.md §5, row by row."""

from collections.abc import Awaitable, Callable

import pytest
import sqlalchemy as sa

from ohmatdyt.cases import notices
from ohmatdyt.cases.models import Case
from ohmatdyt.core import outbox
from ohmatdyt.core.outbox import Type
from ohmatdyt.core.settings import Settings
from ohmatdyt.notifications import claims
from tests.factories import Person
from tests.notifications.scene import Scene, actor

Happening = Callable[[Scene, Person, Case], Awaitable[None]]


def _happening(name: str, **fixed: bool) -> Happening:
    async def happen(scene: Scene, who: Person, case: Case) -> None:
        async with scene.database.unit_of_work() as session:
            await getattr(notices, name)(session, actor(who, scene.category), case, **fixed)

    return happen


registered = _happening("case_registered")
taken = _happening("case_taken")
status_changed = _happening("status_changed")
commented = _happening("commented", is_internal=False)
commented_inside = _happening("commented", is_internal=True)

EXECUTORS = ["executor", "colleague"]
ADMINS = ["chief", "deputy"]


@pytest.mark.parametrize(
    ("happen", "by", "kind", "hear"),
    [
        (registered, "author", "NEW_CASE", EXECUTORS),
        (registered, "executor", "NEW_CASE", ["colleague"]),
        (registered, "chief", "NEW_CASE", EXECUTORS),
        (taken, "executor", "CASE_TAKEN", ["author"]),
        (taken, "chief", "CASE_TAKEN", ["author"]),
        (status_changed, "executor", "STATUS_CHANGED", ["author"]),
        (commented, "author", "COMMENT_PUBLIC", ["executor"]),
        (commented, "executor", "COMMENT_PUBLIC", ["author"]),
        (commented, "chief", "COMMENT_PUBLIC", ["author", "executor"]),
        (commented, "colleague", "COMMENT_PUBLIC", ["author", "executor"]),
        (commented_inside, "executor", "COMMENT_INTERNAL", ["colleague", *ADMINS]),
        (commented_inside, "chief", "COMMENT_INTERNAL", [*EXECUTORS, "deputy"]),
    ],
)
async def test_each_event_reaches_exactly_its_people(
    scene: Scene, happen: Happening, by: str, kind: str, hear: list[str]
) -> None:
    case = await scene.case(status="IN_PROGRESS", responsible_id=scene.executor.id)
    await happen(scene, getattr(scene, by), case)
    expected = sorted((kind, getattr(scene, name).full_name) for name in hear)
    assert await scene.recipients() == expected


@pytest.mark.parametrize("happen", [registered, taken, status_changed, commented, commented_inside])
async def test_inactive_people_hear_nothing(scene: Scene, happen: Happening) -> None:
    case = await scene.case(status="IN_PROGRESS", responsible_id=scene.executor.id)
    await scene.execute("UPDATE users SET is_active = false WHERE id <> :id", id=scene.deputy.id)
    await happen(scene, scene.deputy, case)
    assert await scene.recipients() == []


async def test_author_who_is_responsible_hears_once(scene: Scene) -> None:
    case = await scene.case(
        author_id=scene.executor.id, status="IN_PROGRESS", responsible_id=scene.executor.id
    )
    await commented(scene, scene.chief, case)
    assert await scene.recipients() == [("COMMENT_PUBLIC", "Іван Виконавець")]


async def test_operator_never_hears_of_an_internal_comment_whatever_access_he_has_left(scene: Scene) -> None:
    case = await scene.case()
    await scene.execute("UPDATE users SET role = 'OPERATOR' WHERE id = :id", id=scene.executor.id)
    async with scene.database.unit_of_work() as session:
        await outbox.put(
            session,
            Type.COMMENT_INTERNAL,
            [scene.executor.id, scene.author.id],
            actor_id=None,
            case_id=case.id,
        )
    await commented_inside(scene, scene.chief, case)
    assert [name for _, name in await scene.recipients()] == ["Дмитро Заступник", "Марія Колега"]


async def test_reassigning_tells_both_sides_and_each_his_own(scene: Scene) -> None:
    case = await scene.case(status="IN_PROGRESS", responsible_id=scene.colleague.id)
    async with scene.database.unit_of_work() as session:
        await notices.reassigned(session, actor(scene.chief), case, previous_id=scene.executor.id)
    assert sorted(await scene.letters("type", "recipient_id", "payload->>'part'"), key=str) == sorted(
        [
            ("REASSIGNED", scene.executor.id, "previous"),
            ("REASSIGNED", scene.colleague.id, "new"),
        ],
        key=str,
    )


async def test_assigning_to_oneself_or_to_the_same_person_tells_nobody(scene: Scene) -> None:
    case = await scene.case(status="IN_PROGRESS", responsible_id=scene.chief.id)
    async with scene.database.unit_of_work() as session:
        await notices.reassigned(session, actor(scene.chief), case, previous_id=None)
        await notices.reassigned(session, actor(scene.deputy), case, previous_id=scene.chief.id)
    assert await scene.recipients() == []


async def test_nothing_is_told_of_what_was_rolled_back(scene: Scene) -> None:
    case = await scene.case()

    async def fail() -> None:
        async with scene.database.unit_of_work() as session:
            await notices.case_registered(session, actor(scene.author), case)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await scene.recipients() == []


async def test_account_letters_reach_only_their_owner_and_keep_the_password_sealed(
    scene: Scene, settings: Settings
) -> None:
    secret_key = settings.secret_key.get_secret_value()
    async with scene.database.unit_of_work() as session:
        for kind in (Type.ACCOUNT_CREATED, Type.PASSWORD_RESET):
            await outbox.put_account_letter(
                session,
                kind,
                scene.author.id,
                actor_id=scene.chief.id,
                secret_key=secret_key,
                temporary_password="Ромашка-77",
            )
    assert {name for _, name in await scene.recipients()} == {"Оксана Оператор"}
    for (stored,) in await scene.letters("coalesce(secret, '')"):
        assert "Ромашка".encode() not in stored


async def test_notifications_go_with_the_person_and_with_the_case(scene: Scene) -> None:
    """No foreign key does it: see the migration `cheaper_writes`."""
    kept, gone = await scene.case(), await scene.case()
    for case in (kept, gone):
        await registered(scene, scene.author, case)
    async with scene.database.unit_of_work() as session:
        await session.execute(sa.text("DELETE FROM cases WHERE id = :id"), {"id": gone.id})
        await session.execute(sa.text("DELETE FROM users WHERE id = :id"), {"id": scene.colleague.id})
    assert await scene.letters("case_id", "recipient_id") == [(kept.id, scene.executor.id)]


async def test_what_is_told_to_somebody_who_is_just_being_deleted_is_forgotten(scene: Scene) -> None:
    case = await scene.case()
    async with scene.database.unit_of_work() as telling:
        told = outbox.part(
            Type.NEW_CASE,
            [scene.executor.id, scene.colleague.id],
            actor_id=None,
            case_id=case.id,
            public_id=case.public_id,
            payload={},
        )
        await telling.execute(told.statement, told.values)
        async with scene.database.unit_of_work() as deleting:
            await deleting.execute(sa.text("DELETE FROM users WHERE id = :id"), {"id": scene.colleague.id})
    async with scene.database.unit_of_work() as session:
        await claims.forget_nobodys(session)
    assert await scene.letters("recipient_id") == [(scene.executor.id,)]
