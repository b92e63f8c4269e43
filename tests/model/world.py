"""The product and its model side by side: every action is sent to the one and told to the other."""

from collections.abc import Awaitable, Callable
from random import Random
from typing import Any, Final

import httpx
import sqlalchemy as sa
from fastapi import FastAPI

from ohmatdyt.accounts.models import Session
from ohmatdyt.core import clock
from ohmatdyt.core.db import Database
from tests.factories import Catalog, People
from tests.model import administration, deeds, rules, views
from tests.model.rules import Case, Worker

Act = Callable[["World", Random], Awaitable[Case | None]]

# What happens at a desk, about as often as it happens; administration more often than in life.
ACTIONS: Final[dict[str, tuple[Act, int]]] = {
    "register": (deeds.register, 8),
    "register_again": (deeds.register_again, 1),
    "take": (deeds.take, 10),
    "step": (deeds.step, 14),
    "assign": (deeds.assign, 7),
    "comment": (deeds.comment, 10),
    "edit": (deeds.edit, 10),
    "attach": (deeds.attach, 5),
    "delete_file": (deeds.delete_file, 4),
    "set_access": (administration.set_access, 4),
    "take_one_access": (administration.take_one_access, 3),
    "deactivate": (administration.deactivate, 2),
    "activate": (administration.activate, 3),
    "change_role": (administration.change_role, 2),
    "switch_category": (administration.switch_category, 1),
}
NAMES: Final = list(ACTIONS)
WEIGHTS: Final = [weight for _, weight in ACTIONS.values()]


class World:
    """A desk with seven people, three categories and whatever has happened so far."""

    def __init__(self, app: FastAPI, people: People, catalog: Catalog) -> None:
        self.app, self.people, self.catalog = app, people, catalog
        self.staff: list[Worker] = []
        self.clients: dict[str, httpx.AsyncClient] = {}
        self.cases: dict[str, Case] = {}
        self.categories: list[str] = []
        self.inactive: set[str] = set()
        self.channels: list[str] = []
        self.done: list[str] = []
        self.requests = 0

    async def open(self) -> None:
        """Hire the people and write the directories."""
        ids = [await self.catalog.category() for _ in range(3)]
        self.categories = [str(one) for one in ids]
        self.channels = [str(await self.catalog.channel()) for _ in range(2)]
        hired = [
            (await self.people.operator(), []),
            (await self.people.operator(), []),
            (await self.people.executor([ids[0]]), ids[:1]),
            (await self.people.executor(ids[:2]), ids[:2]),
            (await self.people.executor(), []),
            (await self.people.admin(), []),
            (await self.people.admin(), []),
        ]
        for person, served in hired:
            who = Worker(
                str(person.id), person.full_name, person.role.value, categories=set(map(str, served))
            )
            self.staff.append(who)
            self.clients[who.id] = person.client

    async def ask(self, who: Worker, method: str, path: str, **request: Any) -> httpx.Response:
        """A request from somebody's browser. Whatever it was, the product itself does not fail."""
        self.requests += 1
        answer = await self.clients[who.id].request(method, path, **request)
        assert answer.status_code < 500, (who, method, path, request, answer.text)
        return answer

    async def do(self, name: str, number: int) -> None:
        """One step: an action, whose answer the model foretells, and a look at what it touched by somebody else."""
        random = Random(number)
        act, _ = ACTIONS[name]
        self.done.append(f"{name} {number}")
        touched = await act(self, random)
        if touched is not None:
            await views.check_card(self, random.choice(self.staff), touched, random)
        who, scope = random.choice(self.staff), random.choice(views.SCOPES)
        await views.check_list(self, who, scope, views.some_filters(self, random), random)

    async def sign_in(self, who: Worker) -> None:
        """A new session, for somebody whose old ones have ended."""
        database: Database = self.app.state.database
        now = clock.now()
        from datetime import timedelta
        from uuid import UUID, uuid4

        row = Session(
            id=uuid4(),
            user_id=UUID(who.id),
            created_at=now,
            last_seen_at=now,
            expires_at=now + timedelta(days=7),
            user_agent="test",
            ip="127.0.0.1",
        )
        async with database.unit_of_work() as session:
            session.add(row)
            version = await session.scalar(
                sa.text("SELECT token_version FROM users WHERE id = :id"), {"id": row.user_id}
            )
        assert isinstance(version, int)
        self.clients[who.id] = await self.people.client_for(row.user_id, row.id, version)

    def worker(self, random: Random, *roles: str) -> Worker:
        """Somebody, of these roles if anybody has them; now and then just anybody, also a deactivated one."""
        fitting = [who for who in self.staff if who.active and (not roles or who.role in roles)]
        return random.choice(fitting if fitting and random.random() < 0.85 else self.staff)

    def case(self, random: Random, *statuses: str) -> Case | None:
        """Some case, of these statuses if there is one."""
        fitting = [case for case in self.cases.values() if not statuses or case.status in statuses]
        return random.choice(fitting or list(self.cases.values())) if self.cases else None

    def person(self, worker_id: str | None) -> Worker | None:
        """Who has this id."""
        return next((who for who in self.staff if who.id == worker_id), None)

    def active_admins(self) -> list[Worker]:
        """Those who keep the desk running."""
        return [who for who in self.staff if who.active and who.role == "ADMIN"]

    def in_work(self, who: Worker, categories: set[str] | None = None) -> bool:
        """Whether he is responsible for cases being worked on, in these categories if given."""
        return any(
            case.responsible == who.id
            and case.status in rules.WORKED_ON
            and (categories is None or case.category in categories)
            for case in self.cases.values()
        )
