"""What the tests of cases are made of."""

import io
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import asyncpg
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from tests.factories import Catalog, People, Person


@cache
def _pdf() -> bytes:
    out = io.BytesIO()
    page = Canvas(out)
    page.drawString(72, 720, "Discharge summary")
    page.save()
    return out.getvalue()


@cache
def _png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "PNG")
    return out.getvalue()


PDF, PNG = _pdf(), _png()


async def as_owner(database_url: str, statement: str) -> None:
    """Do what the application's own role may not."""
    connection = await asyncpg.connect(database_url.replace("+asyncpg", "", 1))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@dataclass(frozen=True, slots=True)
class Desk:
    """One category with its executor, one channel, and everybody else."""

    operator: Person
    executor: Person
    stranger: Person
    admin: Person
    category: UUID
    other_category: UUID
    channel: UUID

    def form(self, **fields: Any) -> dict[str, Any]:
        """A form that passes, with these fields set or replaced."""
        return {
            "category_id": str(self.category),
            "channel_id": str(self.channel),
            "applicant_name": "Ганна Ткаченко",
            "summary": "Не можу додзвонитися до відділення.",
            **fields,
        }

    async def case(self, author: Person | None = None, **fields: Any) -> dict[str, Any]:
        """A registered case."""
        answer = await (author or self.operator).client.post("/api/cases", data=self.form(**fields))
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made


async def desk(people: People, catalog: Catalog) -> Desk:
    category, other = await catalog.category(), await catalog.category()
    return Desk(
        operator=await people.operator(),
        executor=await people.executor([category]),
        stranger=await people.executor([other]),
        admin=await people.admin(),
        category=category,
        other_category=other,
        channel=await catalog.channel(),
    )
