"""Makes the staff and the directories a test needs, straight in its database."""

import itertools
import secrets
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI

from ohmatdyt.accounts.models import Role, Session, User
from ohmatdyt.core import clock, security, ukrainian
from ohmatdyt.core.db import Database

PASSWORD = "Ромашка-2026"
_numbers = itertools.count(1)
_hashes: dict[str, str] = {}


async def _password_hash() -> str:
    if PASSWORD not in _hashes:
        _hashes[PASSWORD] = await security.hash_password(PASSWORD)
    return _hashes[PASSWORD]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works here; `client` is his signed-in browser."""

    id: UUID
    username: str
    full_name: str
    role: Role
    client: httpx.AsyncClient
    session_id: UUID
    password: str = PASSWORD


class Catalog:
    """Categories and channels."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def category(self, name: str | None = None, *, is_active: bool = True) -> UUID:
        return await self._entry("categories", name or f"Категорія {next(_numbers)}", is_active=is_active)

    async def channel(self, name: str | None = None, *, is_active: bool = True) -> UUID:
        return await self._entry("channels", name or f"Канал {next(_numbers)}", is_active=is_active)

    async def _entry(self, table: str, name: str, *, is_active: bool) -> UUID:
        import sqlalchemy as sa

        new_id = uuid4()
        async with self.database.unit_of_work() as session:
            await session.execute(
                sa.text(
                    f"INSERT INTO {table} (id, name, name_key, name_sort, is_active, created_at, updated_at)"
                    " VALUES (:id, :name, :key, :sort, :active, now(), now())"
                ),
                {
                    "id": new_id,
                    "name": name,
                    "key": ukrainian.name_key(name),
                    "sort": ukrainian.sort_key(name),
                    "active": is_active,
                },
            )
        return new_id


class People:
    """Staff of every role."""

    def __init__(self, app: FastAPI, stack: AsyncExitStack) -> None:
        self.app = app
        self.stack = stack

    async def operator(self, **fields: object) -> Person:
        return await self._person(Role.OPERATOR, [], fields)

    async def executor(self, categories: list[UUID] | None = None, **fields: object) -> Person:
        return await self._person(Role.EXECUTOR, categories or [], fields)

    async def admin(self, **fields: object) -> Person:
        return await self._person(Role.ADMIN, [], fields)

    async def of_role(self, role: str) -> Person:
        return await self._person(Role(role), [], {})

    async def _person(self, role: Role, categories: list[UUID], fields: dict[str, object]) -> Person:
        import sqlalchemy as sa

        number = next(_numbers)
        now = clock.now()
        full_name = str(fields.pop("full_name", f"Працівник {number}"))
        user = User(
            id=uuid4(),
            **{
                "username": f"{role.lower()}{number}",
                "email": f"{role.lower()}{number}@example.org",
                "full_name": full_name,
                "full_name_sort": ukrainian.sort_key(full_name),
                "role": role.value,
                "is_active": True,
                "password_hash": await _password_hash(),
                "created_at": now,
                "updated_at": now,
                **fields,
            },
        )
        session_row = Session(
            id=uuid4(),
            user_id=user.id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + timedelta(days=7),
            user_agent="test",
            ip="127.0.0.1",
        )
        database: Database = self.app.state.database
        async with database.unit_of_work() as session:
            session.add(user)
            await session.flush()
            session.add(session_row)
            for category in categories:
                await session.execute(
                    sa.text(
                        "INSERT INTO category_access (user_id, category_id, granted_at) VALUES (:u, :c, now())"
                    ),
                    {"u": user.id, "c": category},
                )
        client = await self.client_for(user.id, session_row.id)
        return Person(user.id, user.username, full_name, role, client, session_row.id)

    async def client_for(self, user_id: UUID, session_id: UUID, token_version: int = 1) -> httpx.AsyncClient:
        """A browser signed in with this session."""
        settings = self.app.state.settings
        token = security.issue_access(
            settings.secret_key.get_secret_value(),
            user_id=user_id,
            session_id=session_id,
            token_version=token_version,
            now=clock.now(),
            lifetime=timedelta(minutes=settings.access_token_minutes),
        )
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        return await self.stack.enter_async_context(
            httpx.AsyncClient(
                transport=transport,
                base_url="http://testserver",
                headers={"Authorization": f"Bearer {token}", "X-Request-ID": secrets.token_hex(4)},
            )
        )
