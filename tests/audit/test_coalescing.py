"""The journal cannot be filled at will: what somebody may cause in any number is counted."""

from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from ohmatdyt.audit import coalescing
from ohmatdyt.core import clock
from ohmatdyt.core.db import Database
from tests.accounts.helpers import journal, sign_in
from tests.accounts.test_throttle import stranger
from tests.cases.makers import as_owner
from tests.factories import People

FOREIGN = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}


async def _refused(client: httpx.AsyncClient, times: int) -> None:
    for _ in range(times):
        answer = await client.post("/auth/login", json={"username": "a", "password": "b"}, headers=FOREIGN)
        assert answer.status_code == 403


async def test_refusals_of_strangers_are_two_entries_an_hour_however_many_they_are(
    app: FastAPI, database: Database
) -> None:
    async with stranger(app, "203.0.113.9") as one, stranger(app, "203.0.113.10") as other:
        await _refused(one, 60)
        await _refused(other, 1)
        assert len(await journal(database, "access.refused")) == 2
        with clock.moved(timedelta(minutes=61)):
            assert await app.state.coalescer.write_counted() == 1
            assert await app.state.coalescer.write_counted() == 0
            rows = await journal(database, "access.refused")
            assert [(row.ip, row.details.get("count")) for row in rows] == [
                ("203.0.113.9", None), ("203.0.113.10", None), ("203.0.113.9", 59)
            ]  # fmt: skip
            assert rows[-1].details["code:foreign_origin"] == 59
            await _refused(one, 2)  # a new hour
        assert len(await journal(database, "access.refused")) == 4


async def test_strangers_with_a_thousand_networks_share_entries(
    app: FastAPI, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coalescing, "_MOST_KEYS", 5)
    for number in range(12):
        async with stranger(app, f"2001:db8:{number}::1") as client:
            await _refused(client, 2)
    await app.state.coalescer.write_counted(everything=True)
    rows = await journal(database, "access.refused")
    assert len(rows) == 5 + 1 + 5 + 1
    assert sum(row.details.get("count", 1) for row in rows) == 24


async def test_attempts_of_a_person_stand_by_themselves_up_to_a_hundred(
    people: People, app: FastAPI, database: Database
) -> None:
    operator = await people.operator()
    for _ in range(110):
        assert (await operator.client.get("/api/audit")).status_code == 403
    assert len(await journal(database, "access.refused")) == 100
    await app.state.coalescer.write_counted(everything=True)
    last = (await journal(database, "access.refused"))[-1]
    assert (last.details["count"], last.actor_id) == (10, operator.id)


async def test_names_nobody_has_do_not_fill_the_journal(
    app: FastAPI, client: httpx.AsyncClient, database: Database
) -> None:
    for number in range(34):
        assert (await sign_in(client, f"guess-{number}", "не той пароль 1")).status_code == 401
    assert len(await journal(database, "session.refused")) == 30


async def test_what_could_not_be_written_stays_counted(
    app: FastAPI, database: Database, database_url: str
) -> None:
    async with stranger(app, "203.0.113.9") as one:
        await _refused(one, 3)
    await as_owner(database_url, "ALTER TABLE audit_log RENAME TO audit_log_away")
    try:
        await coalescing._write(app.state.coalescer, everything=True)
    finally:
        await as_owner(database_url, "ALTER TABLE audit_log_away RENAME TO audit_log")
    assert await app.state.coalescer.write_counted(everything=True) == 1
