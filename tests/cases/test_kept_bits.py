"""Bitmaps that a process keeps are right for every snapshot, whatever was folded since they were read."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa

from ohmatdyt.cases.queries import kept_bits, vocabulary
from ohmatdyt.cases.queries.case_set import CHUNK, CaseSet, of_docs
from ohmatdyt.cases.queries.kept_bits import Joined
from ohmatdyt.core.db import Database
from ohmatdyt.core.finding.parts import Piece
from ohmatdyt.core.settings import Settings

Connection = Any
KEYS = (7_000_004, 7_000_008)


@pytest.fixture
async def connections(settings: Settings) -> AsyncIterator[tuple[Connection, Connection]]:
    """Two to one database."""
    url = str(settings.database_url).replace("+asyncpg", "", 1)
    writer, reader = await asyncpg.connect(url), await asyncpg.connect(url)
    yield writer, reader
    await reader.close()
    await writer.execute("DELETE FROM search_bits WHERE key = ANY ($1)", KEYS)
    await writer.close()


async def _set(writer: Connection, docs: dict[int, set[int]]) -> datetime:
    """Bits as a fold leaves them: only of chunks that changed; returns its moment."""
    moment: datetime = await writer.fetchval("SELECT clock_timestamp()")
    for key, several in docs.items():
        for chunk in {doc // CHUNK for doc in several}:
            bits = of_docs([doc for doc in several if doc // CHUNK == chunk]).chunks.get(chunk, 0)
            await writer.execute(
                "INSERT INTO search_bits VALUES ($1, $2, $3, $4)"
                " ON CONFLICT (key, chunk) DO UPDATE SET bits = excluded.bits, changed_at = excluded.changed_at",
                *(key, chunk, asyncpg.BitString.frombytes(bits.to_bytes(CHUNK // 8, "big"), bitlength=CHUNK)),
                moment,
            )
    return moment


async def _ask(driver: Connection, moment: datetime, whose: str = "test") -> set[int]:
    cases = (await kept_bits.joined(driver, whose, {5: Joined(KEYS, moment)}))[5]
    return set(cases.between(0, len(cases), descending=False))


async def test_each_snapshot_sees_its_own_bits(connections: tuple[Connection, Connection]) -> None:
    writer, reader = connections
    first, second = {1, 2, CHUNK + 1}, {2, 3, 2 * CHUNK}
    before = await _set(writer, {KEYS[0]: first, KEYS[1]: second})
    assert await _ask(writer, before) == first | second
    async with reader.transaction(isolation="repeatable_read"):
        assert await reader.fetchval("SELECT count(*) FROM search_bits WHERE key = ANY ($1)", KEYS) == 4
        # One chunk gets a bit more, another loses its only one.
        after = await _set(writer, {KEYS[0]: {CHUNK + 1, CHUNK + 9}})
        await writer.execute(
            "UPDATE search_bits SET bits = 0::bit(16384), changed_at = $1 WHERE key = $2 AND chunk = 2",
            *(after, KEYS[1]),
        )
        assert await _ask(writer, after) == {1, 2, 3, CHUNK + 1, CHUNK + 9}
        assert await _ask(reader, before) == first | second  # and does not throw away what is newer
    assert await _ask(writer, after) == {1, 2, 3, CHUNK + 1, CHUNK + 9}
    await writer.execute("DELETE FROM search_bits WHERE key = ANY ($1)", KEYS)
    assert await _ask(writer, after) == {1, 2, 3, CHUNK + 1, CHUNK + 9}  # nothing was read again
    assert await _ask(writer, after, whose="another database") == set()


def test_no_more_is_kept_than_there_is_room_for() -> None:
    store = kept_bits.Store(3 * 2500)
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    cases = of_docs([CHUNK - 1, 0])
    for key in range(5):
        store.put("test", Joined((key,), moment), cases)
    kept = [key for key in range(5) if store.get("test", Joined((key,), moment))]
    assert kept == [2, 3, 4]
    assert store.get("test", Joined((2,), moment))  # asked for last, so the others are dropped sooner
    store.put("test", Joined((9,), moment), cases)
    assert [key for key in range(5) if store.get("test", Joined((key,), moment))] == [2, 4]


def test_sets_of_cases_are_as_sets_of_numbers() -> None:
    chance = random.Random(1)
    for _ in range(200):
        one, other = (
            {chance.randrange(3 * CHUNK) for _ in range(chance.choice([0, 1, 5, 60]))} for _ in range(2)
        )
        if chance.random() < 0.5:
            other |= set(list(one)[::2])
        a, b = of_docs(list(one)), of_docs(list(other))
        for made, plain in ((a & b, one & other), (a | b, one | other), (a - b, one - other)):
            assert made == of_docs(list(plain))
            assert all(made.chunks.values())
            assert len(made) == len(plain)
            for descending in (False, True):
                ordered = sorted(plain, reverse=descending)
                begin = chance.randrange(len(plain) + 2)
                assert made.between(begin, begin + 7, descending=descending) == ordered[begin : begin + 7]
                for doc in [*ordered[:3], chance.randrange(3 * CHUNK)]:
                    stands = sum(1 for x in plain if x != doc and (x > doc) == descending)
                    assert made.before(doc, descending=descending) == stands
                    assert (doc in made) == (doc in plain)
    assert CaseSet().size() < of_docs([0]).size()


async def test_pieces_of_names_are_read_once_for_all_who_ask(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.unit_of_work() as session:
        await session.execute(
            sa.text("INSERT INTO search_words (word, n) VALUES ('=новий', 1) ON CONFLICT DO NOTHING")
        )
    read = []
    refresh = vocabulary.Vocabulary.refresh

    async def counted(self: vocabulary.Vocabulary, driver: Connection, newest: int) -> None:
        read.append(newest)
        await asyncio.sleep(0.05)
        await refresh(self, driver, newest)

    monkeypatch.setattr(vocabulary.Vocabulary, "refresh", counted)
    monkeypatch.setattr(vocabulary, "_known", {})

    async def ask() -> list[str] | None:
        async with database.reading() as driver, driver.transaction(isolation="repeatable_read"):
            return (await vocabulary.vocabulary(driver)).terms(Piece("=", "овий", "ending"))

    assert await asyncio.gather(*(ask() for _ in range(5))) == [["=новий"]] * 5
    assert len(read) == 1
