"""Looking through patients leaves a trace without flooding the journal, and has a limit."""

from datetime import timedelta

import pytest
from fastapi import FastAPI

from ohmatdyt.core import clock
from ohmatdyt.core.db import Database
from ohmatdyt.people import looks
from tests.accounts.helpers import journal
from tests.factories import People, Person
from tests.people.test_with_cases import patient

PATHS = ("/api/patients?search=Секретенко", "/api/patients/lookup?name=Секретенко")


async def _ask(person: Person, path: str) -> int:
    return (await person.client.get(path)).status_code


@pytest.mark.parametrize("path", PATHS)
async def test_searches_are_one_entry_and_then_a_number(
    people: People, app: FastAPI, database: Database, path: str
) -> None:
    someone, other = await people.operator(), await people.executor()
    for number in range(3):
        await patient(someone.client, f"Секретенко Софія {number}")
    assert [await _ask(someone, path) for _ in range(6)] == [200] * 6
    assert await _ask(other, path) == 200
    first, of_other = await journal(database, looks.ACTION)
    kind = "lookup" if "lookup" in path else "list"
    assert (first.actor_id, first.details) == (someone.id, {"kind": kind, "rows": 3, "searches": 1})
    assert of_other.actor_id == other.id
    with clock.moved(timedelta(minutes=6)):
        await app.state.coalescer.write_counted()
    last = (await journal(database, looks.ACTION))[-1]
    assert {name: last.details[name] for name in ("count", "rows", "searches")} == {
        "count": 5, "rows": 15, "searches": 5
    }  # fmt: skip
    assert "Секретенко" not in str([row.details for row in await journal(database, looks.ACTION)])


@pytest.mark.parametrize("path", PATHS)
async def test_whoever_looks_through_too_many_waits_and_nobody_else(
    people: People, app: FastAPI, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(looks, "MOST_ROWS_AN_HOUR", 5)
    someone, other = await people.operator(), await people.operator()
    await patient(someone.client, "Секретенко Софія")
    await patient(someone.client, "Секретенко Ія")
    assert [await _ask(someone, path) for _ in range(3)] == [200] * 3
    refused = await someone.client.get(path)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_looks")
    assert int(refused.headers["retry-after"]) > 0
    assert await _ask(other, path) == 200
    # Another process reads in the journal what this one has written.
    await app.state.coalescer.write_counted(everything=True)
    app.state.looks = looks.Looks(app.state.database, app.state.coalescer)
    assert await _ask(someone, path) == 429
    with clock.moved(timedelta(minutes=25)):
        assert await _ask(other, path) == 200
