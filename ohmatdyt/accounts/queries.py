"""Every SELECT of accounts.

Categories and cases belong to domains above this one. Their tables are named here by hand, for the name of a category
and for the cases a person is responsible for; the alternative, a registry filled at start, hides the same
dependency and fails when somebody forgets to fill it.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts.errors import UserNotFound
from ohmatdyt.accounts.models import CategoryAccess, Role, Session, User
from ohmatdyt.accounts.schemas import ActiveCase, ActiveCases, UserOut, UserQuery
from ohmatdyt.accounts.session_schemas import SessionOut, Sessions
from ohmatdyt.core import clock
from ohmatdyt.core.schemas import Ref

_categories = sa.table(
    "categories",
    sa.column("id", sa.Uuid),
    sa.column("name", sa.Text),
    sa.column("name_sort", sa.Text(collation="C")),
)
_cases = sa.table(
    "cases",
    sa.column("id", sa.Uuid),
    sa.column("public_id", sa.Integer),
    sa.column("status", sa.Text),
    sa.column("category_id", sa.Uuid),
    sa.column("responsible_id", sa.Uuid),
    sa.column("created_at", sa.DateTime(timezone=True)),
)
_ACTIVE = ("IN_PROGRESS", "NEEDS_INFO")
_SHOWN_CASES = 100

# lower() knows Cyrillic only where the server's locale does; translate() is the same everywhere.
_UPPER = "АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯЁЫЭЪ’ʼ`"
_LOWER = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюяёыэъ'''"

_ORDERS: dict[str, Any] = {
    "full_name": User.full_name_sort,
    "username": sa.collate(User.username, "C"),
    "email": sa.collate(sa.func.lower(User.email), "C"),
    "role": sa.collate(User.role, "C"),
    "created_at": User.created_at,
    "updated_at": User.updated_at,
    "last_login_at": User.last_login_at,
}


def _folded(text: Any) -> Any:
    return sa.func.lower(sa.func.translate(text, _UPPER, _LOWER))


def fold(text: str) -> str:
    """A search word in the form the folded columns have."""
    return text.translate(str.maketrans(_UPPER, _LOWER)).lower()


async def by_username(session: AsyncSession, username: str) -> User | None:
    """The user with this lower-cased username."""
    found: User | None = await session.scalar(sa.select(User).where(User.username == username))
    return found


async def get(session: AsyncSession, user_id: UUID) -> User:
    """The user. Raises UserNotFound."""
    user = await session.get(User, user_id)
    if user is None:
        raise UserNotFound
    return user


async def lock(session: AsyncSession, user_id: UUID) -> User:
    """The user, locked; waits for anybody who is just making him responsible for a case. Raises UserNotFound."""
    user = await session.get(User, user_id, with_for_update=True, populate_existing=True)
    if user is None:
        raise UserNotFound
    return user


async def lock_with_admins(session: AsyncSession, user_id: UUID) -> User:
    """The user, locked as by `lock`, and every active ADMIN held as he is, in one order.

    Two admins who demote each other at the same moment meet here; the second sees what the first has done. What is
    written meanwhile in the name of the others, or for them, goes on: it needs their ids, and those stay.
    Raises UserNotFound.
    """
    admins = (
        sa.select(User.id)
        .where(User.role == Role.ADMIN, User.is_active)
        .order_by(User.id)
        .with_for_update(key_share=True)
    )
    await session.execute(admins)
    return await lock(session, user_id)


async def other_active_admins(session: AsyncSession, user_id: UUID) -> int:
    """How many active ADMINs there are besides this user."""
    statement = sa.select(sa.func.count()).where(User.role == Role.ADMIN, User.is_active, User.id != user_id)
    return await session.scalar(statement) or 0


async def categories_of(session: AsyncSession, user_ids: Collection[UUID]) -> dict[UUID, list[Ref]]:
    """The categories each of these users serves, in alphabetical order, in one statement."""
    served: dict[UUID, list[Ref]] = {user_id: [] for user_id in user_ids}
    if served:
        statement = (
            sa.select(CategoryAccess.user_id, _categories.c.id, _categories.c.name)
            .join(_categories, _categories.c.id == CategoryAccess.category_id)
            .where(CategoryAccess.user_id.in_(served))
            .order_by(_categories.c.name_sort, _categories.c.id)
        )
        for row in await session.execute(statement):
            served[row.user_id].append(Ref(id=row.id, name=row.name))
    return served


async def known_categories(session: AsyncSession, category_ids: Collection[UUID]) -> set[UUID]:
    """Those of the ids that are categories, held until the transaction ends."""
    statement = (
        sa.select(_categories.c.id)
        .where(_categories.c.id.in_(category_ids))
        .with_for_update(read=True, key_share=True)
    )
    return set(await session.scalars(statement))


async def outgoing(session: AsyncSession, user: User) -> UserOut:
    """The user as the API shows him."""
    served = await categories_of(session, [user.id])
    return shown(user, served[user.id])


def shown(user: User, served: list[Ref]) -> UserOut:
    """The user and his categories as the API shows them."""
    names = UserOut.model_fields.keys() - {"category_access"}
    return UserOut(category_access=served, **{name: getattr(user, name) for name in names})


async def page(session: AsyncSession, query: UserQuery) -> tuple[list[UserOut], int]:
    """One page of users and how many there are in all; three statements, whatever the size of the page."""
    wanted = sa.select(User)
    if query.role is not None:
        wanted = wanted.where(User.role == query.role)
    if query.is_active is not None:
        wanted = wanted.where(User.is_active == query.is_active)
    if query.is_pending is not None:
        wanted = wanted.where(User.is_pending == query.is_pending)
    if needle := fold(query.search):
        # strpos, not LIKE: every character of the search is a letter.
        columns = (User.full_name, User.username, User.email)
        wanted = wanted.where(sa.or_(*(sa.func.strpos(_folded(column), needle) > 0 for column in columns)))
    total = await session.scalar(sa.select(sa.func.count()).select_from(wanted.subquery())) or 0
    key = _ORDERS[query.order_by.removeprefix("-")]
    order = key.desc().nulls_last() if query.order_by.startswith("-") else key.asc().nulls_last()
    rows = (
        await session.scalars(wanted.order_by(order, User.id).limit(query.page_size).offset(query.offset))
    ).all()
    served = await categories_of(session, [user.id for user in rows])
    return [shown(user, served[user.id]) for user in rows], total


async def live_sessions(session: AsyncSession, user_id: UUID, now: datetime, *, current: UUID) -> Sessions:
    """Sessions that still open something, the latest seen first; `current` is the one that asks."""
    statement = (
        sa.select(Session)
        .where(
            Session.user_id == user_id,
            Session.ended_at.is_(None),
            Session.expires_at > now,
            Session.last_seen_at <= clock.horizon(),
        )
        .order_by(Session.last_seen_at.desc(), Session.id)
    )
    names = SessionOut.model_fields.keys() - {"is_current"}
    rows = (await session.scalars(statement)).all()
    shown_rows = [
        SessionOut(is_current=row.id == current, **{name: getattr(row, name) for name in names})
        for row in rows
    ]
    return Sessions(sessions=shown_rows, total=len(rows))


async def active_cases(
    session: AsyncSession, user_id: UUID, *, within: Collection[UUID] | None = None
) -> ActiveCases:
    """Cases in work the user is responsible for, the oldest first; of these categories only, when given."""
    mine = [_cases.c.responsible_id == user_id, _cases.c.status.in_(_ACTIVE)]
    if within is not None:
        mine.append(_cases.c.category_id.in_(within))
    statement = (
        sa.select(_cases, _categories.c.name, sa.func.count().over().label("total"))
        .join(_categories, _categories.c.id == _cases.c.category_id)
        .where(*mine)
        .order_by(_cases.c.created_at, _cases.c.id)
        .limit(_SHOWN_CASES)
    )
    rows = (await session.execute(statement)).all()
    cases = [
        ActiveCase(
            id=row.id,
            public_id=row.public_id,
            status=row.status,
            category=Ref(id=row.category_id, name=row.name),
            created_at=row.created_at,
        )
        for row in rows
    ]
    return ActiveCases(cases=cases, total=rows[0].total if rows else 0)


async def stands_in_journal(session: AsyncSession, user_id: UUID) -> bool:
    """Whether somebody has done anything besides signing in and out and minding the own account, or was ever made
    responsible for a case: the timeline names that person for good, but no foreign key does."""
    journal = sa.table(
        "audit_log",
        sa.column("actor_id", sa.Uuid),
        sa.column("action", sa.Text),
        sa.column("object_id", sa.Text),
        sa.column("details", JSONB),
    )
    deed = sa.select(journal.c.actor_id).where(
        journal.c.actor_id == user_id,
        sa.not_(journal.c.action.startswith("session.")),
        journal.c.object_id.is_distinct_from(str(user_id)),
    )
    assigned = sa.select(journal.c.actor_id).where(
        journal.c.action == "case.assigned", journal.c.details["to"].astext == str(user_id)
    )
    return bool(await session.scalar(sa.select(sa.or_(deed.exists(), assigned.exists()))))


async def signed_in_from(session: AsyncSession, user_id: UUID, ip: str, since: datetime) -> bool:
    """Whether this person has signed in from this address since then."""
    seen = sa.select(Session.id).where(
        Session.user_id == user_id, Session.ip == ip, Session.created_at > since
    )
    return bool(await session.scalar(sa.select(seen.exists())))
