"""A case with the people around it, and what is stored about them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.cases.models import Case
from ohmatdyt.core import clock
from ohmatdyt.core.db import Database
from tests.factories import Catalog, People, Person


@dataclass
class Scene:
    """A category with two executors, two admins, the operator who registered, and people whose business it is not."""

    database: Database
    people: People
    catalog: Catalog
    category: UUID
    channel: UUID
    author: Person
    executor: Person
    colleague: Person
    stranger: Person
    other_operator: Person
    chief: Person
    deputy: Person
    numbers: Any = field(default_factory=lambda: iter(range(123456, 999999)))

    @classmethod
    async def build(cls, database: Database, people: People, catalog: Catalog) -> "Scene":
        category = await catalog.category("Медична <допомога> & догляд")
        elsewhere = await catalog.category("Харчування")
        return cls(
            database=database,
            people=people,
            catalog=catalog,
            category=category,
            channel=await catalog.channel("Рецепція"),
            author=await people.operator(full_name="Оксана Оператор"),
            executor=await people.executor([category], full_name="Іван Виконавець"),
            colleague=await people.executor([category], full_name="Марія Колега"),
            stranger=await people.executor([elsewhere], full_name="Степан Сторонній"),
            other_operator=await people.operator(full_name="Ольга Інша"),
            chief=await people.admin(full_name="Ганна Головна"),
            deputy=await people.admin(full_name="Дмитро Заступник"),
        )

    async def case(self, **fields: Any) -> Case:
        """A stored case; NEW unless said otherwise."""
        now: datetime = fields.pop("created_at", clock.now())
        one = Case(
            id=uuid4(),
            **{
                "public_id": next(self.numbers),
                "category_id": self.category,
                "channel_id": self.channel,
                "author_id": self.author.id,
                "responsible_id": None,
                "status": "NEW",
                "created_at": now,
                "updated_at": now,
                "last_status_change_at": now,
                "applicant_name": "Таємний Заявник",
                "applicant_name_sort": "x",
                "applicant_phone": "+380501234567",
                "summary": "Секретний текст звернення",
                **fields,
            },
        )
        async with self.database.unit_of_work() as session:
            session.add(one)
        return one

    async def letters(self, *columns: str) -> list[tuple[Any, ...]]:
        """Columns of all notifications, the oldest first."""
        async with self.database.connection() as connection:
            rows = await connection.execute(
                sa.text(f"SELECT {', '.join(columns)} FROM notifications ORDER BY created_at, id")
            )
            return [tuple(row) for row in rows]

    async def recipients(self) -> list[tuple[str, str]]:
        """(type, name) of everybody who was told something."""
        async with self.database.connection() as connection:
            rows = await connection.execute(
                sa.text(
                    "SELECT n.type, u.full_name FROM notifications n "
                    "JOIN users u ON u.id = n.recipient_id ORDER BY 1, 2"
                )
            )
            return [tuple(row) for row in rows]

    async def execute(self, statement: str, **values: Any) -> None:
        """Change rows behind everybody's back."""
        async with self.database.unit_of_work() as session:
            await session.execute(sa.text(statement), values)


def actor(person: Person, *categories: UUID) -> Actor:
    """The person as the one who acts."""
    return Actor(
        user_id=person.id,
        session_id=person.session_id,
        username=person.username,
        full_name=person.full_name,
        role=person.role,
        must_change_password=False,
        category_ids=categories,
    )


def ago(**parts: float) -> datetime:
    """A moment before now."""
    return clock.now() - timedelta(**parts)
