"""What tests of backups share: people who write meanwhile, and another empty database."""

import asyncio
import itertools
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress

import asyncpg
import pytest

from ohmatdyt.core.embedded import EmbeddedPostgres
from tests.core.files import pdf
from tests.factories import Catalog, People, Person


def say(_: str) -> None:
    pass


@pytest.fixture
def another_database(migrated: tuple[EmbeddedPostgres, str]) -> Iterator[str]:
    server, _ = migrated
    name = f"copy_{secrets.token_hex(4)}"

    async def run(statement: str) -> None:
        connection = await asyncpg.connect(server.url().replace("+asyncpg", ""))
        await connection.execute(statement)
        await connection.close()

    asyncio.run(run(f"CREATE DATABASE {name}"))
    yield server.url(database=name)
    asyncio.run(run(f"DROP DATABASE {name} WITH (FORCE)"))


class Writers:
    """People who register cases with files, comment, and take files away again; what was acknowledged is kept."""

    def __init__(self, operator: Person, category: object, channel: object) -> None:
        self.operator, self.category, self.channel = operator, str(category), str(channel)
        self.cases: list[str] = []
        self.files: dict[str, bytes] = {}
        self._numbers = itertools.count()

    async def one(self) -> None:
        body = pdf(f"No {next(self._numbers)}")
        answer = await self.operator.client.post(
            "/api/cases",
            data={
                "category_id": self.category,
                "channel_id": self.channel,
                "applicant_name": "Тест",
                "summary": "Під час копії",
            },
            files={"files": ("лист.pdf", body, "application/pdf")},
        )
        assert answer.status_code == 201, answer.text
        case = answer.json()
        self.cases.append(case["id"])
        self.files[case["attachments"][0]["id"]] = body
        await self.operator.client.post(
            f"/api/cases/{case['id']}/comments", json={"text": "Так", "is_internal": False}
        )
        if len(self.files) % 4 == 0:
            gone = next(iter(self.files))
            del self.files[gone]  # before it is asked for, so that no other writer asks for the same
            answer = await self.operator.client.delete(f"/api/attachments/{gone}")
            assert answer.status_code == 204, answer.text

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        async def go_on() -> None:
            while True:
                await self.one()

        tasks = [asyncio.create_task(go_on()) for _ in range(3)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task


@pytest.fixture
async def writers(people: People, catalog: Catalog) -> Writers:
    return Writers(await people.operator(), await catalog.category(), await catalog.channel())
