"""What the tests of cases are made of."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
from fastapi import FastAPI

from ohmatdyt.core import installation
from tests.core.files import image, pdf
from tests.factories import Catalog, People, Person

PDF, PNG = pdf(), image("PNG")


async def as_owner(database_url: str, statement: str) -> None:
    """Do what the application's own role may not."""
    connection = await asyncpg.connect(database_url.replace("+asyncpg", "", 1))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def stored_files(app: FastAPI) -> list[Path]:
    """Every file under MEDIA_ROOT, unfinished ones too, but the mark of whose it is."""
    root: Path = app.state.settings.media
    return [path for path in root.rglob("*") if path.is_file() and path != root / installation.MARKER]


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
