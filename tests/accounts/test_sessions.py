"""Sessions: refreshed by tokens of one use, ended on the server, seen and ended by their owner."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa

from ohmatdyt.core import clock
from ohmatdyt.core.db import Database
from tests.accounts.helpers import OURS, journal, refresh, sign_in, status_of, tokens
from tests.factories import People


async def test_each_refresh_token_is_good_for_one_use(client: httpx.AsyncClient, people: People) -> None:
    first = await tokens(client, await people.operator())
    second = (await refresh(client, first["refresh_token"])).json()
    assert second.keys() == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert second["refresh_token"] != first["refresh_token"]
    assert await status_of(client, second["access_token"]) == 200
    assert await status_of(client, first["access_token"]) == 200  # the same session goes on
    third = await refresh(client, second["refresh_token"])
    assert third.status_code == 200


async def test_a_used_token_ends_the_whole_session_and_is_recorded(
    client: httpx.AsyncClient, people: People, database: Database
) -> None:
    someone = await people.operator()
    first, other = await tokens(client, someone), await tokens(client, someone)
    second = (await refresh(client, first["refresh_token"])).json()
    with clock.moved(timedelta(seconds=11)):
        stolen = await refresh(client, first["refresh_token"])
        assert stolen.status_code == 401
        assert stolen.json()["code"] == "not_signed_in"
        assert (await refresh(client, second["refresh_token"])).status_code == 401
        assert await status_of(client, second["access_token"]) == 401
        assert await status_of(client, other["access_token"]) == 200  # his other device is not concerned
    (entry,) = await journal(database, "session.revoked")
    assert entry.details == {"reason": "refresh_token_reused", "user_id": str(someone.id)}


async def test_tabs_that_refresh_at_once_get_one_and_the_same_next_token(
    client: httpx.AsyncClient, people: People, database: Database
) -> None:
    first = await tokens(client, await people.operator())
    answers = await asyncio.gather(*(refresh(client, first["refresh_token"]) for _ in range(20)))
    assert [answer.status_code for answer in answers] == [200] * 20
    (second,) = {answer.json()["refresh_token"] for answer in answers}
    for answer in answers[:3]:  # each tab goes on by itself
        assert await status_of(client, answer.json()["access_token"]) == 200
        assert (await refresh(client, answer.json()["refresh_token"])).status_code == 200
    assert await journal(database, "session.revoked") == []
    with clock.moved(timedelta(seconds=11)):
        assert (await refresh(client, second)).status_code == 401  # long after the tabs: somebody else has it
    assert len(await journal(database, "session.revoked")) == 1


async def test_of_a_family_two_tokens_are_kept_and_an_old_one_ends_it_all_the_same(
    client: httpx.AsyncClient, people: People, database: Database
) -> None:
    someone = await people.operator()
    first = await tokens(client, someone)
    last = first
    for _ in range(5):
        last = (await refresh(client, last["refresh_token"])).json()
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.text("SELECT count(*) FROM refresh_tokens")) == 2
    for forged in (first["refresh_token"][:-2] + "xx", "A" * 86, "?" * 86, "A" * 85):
        assert (await refresh(client, forged)).status_code == 401
    assert await status_of(client, last["access_token"]) == 200
    assert (await refresh(client, first["refresh_token"])).status_code == 401
    assert await status_of(client, last["access_token"]) == 401
    (entry,) = await journal(database, "session.revoked")
    assert entry.details["user_id"] == str(someone.id)


async def test_a_person_has_twenty_sessions_and_the_oldest_gives_way(
    client: httpx.AsyncClient, people: People, database: Database
) -> None:
    someone = await people.operator()  # his own browser is one of them, and the oldest
    made = [await tokens(client, someone) for _ in range(24)]
    async with database.unit_of_work() as session:
        statement = "SELECT count(*) FROM sessions WHERE ended_at IS NULL"
        assert await session.scalar(sa.text(statement)) == 20
    assert [await status_of(client, one["access_token"]) for one in made] == [401] * 4 + [200] * 20
    bearer = {"Authorization": f"Bearer {made[-1]['access_token']}"}
    assert (await client.get("/auth/sessions", headers=bearer)).json()["total"] == 20


async def test_grace_is_for_the_immediately_preceding_token_only(
    client: httpx.AsyncClient, people: People
) -> None:
    first = await tokens(client, await people.operator())
    second = (await refresh(client, first["refresh_token"])).json()
    third = (await refresh(client, second["refresh_token"])).json()
    assert (await refresh(client, first["refresh_token"])).status_code == 401  # within 10 s, yet two back
    assert (await refresh(client, third["refresh_token"])).status_code == 401


async def test_a_session_lives_a_week_from_its_last_refresh(
    client: httpx.AsyncClient, people: People
) -> None:
    first = await tokens(client, await people.operator())
    with clock.moved(timedelta(minutes=31)):
        assert await status_of(client, first["access_token"]) == 401
    with clock.moved(timedelta(days=6)):
        second = (await refresh(client, first["refresh_token"])).json()
    with clock.moved(timedelta(days=12)):
        third = (await refresh(client, second["refresh_token"])).json()
    with clock.moved(timedelta(days=19, seconds=1)):
        assert (await refresh(client, third["refresh_token"])).status_code == 401


@pytest.mark.parametrize("token", ["x", "x" * 43, "\u0000", "тест"])
async def test_a_token_of_nobody_is_refused(client: httpx.AsyncClient, token: str) -> None:
    assert (await refresh(client, token)).status_code == 401


async def test_a_malformed_refresh_is_named(client: httpx.AsyncClient) -> None:
    for body in ({"refresh_token": "x" * 201}, {"refresh_token": 1}, {"other": "x"}):
        assert (await client.post("/auth/refresh", json=body)).status_code == 422
    assert (await client.post("/auth/refresh")).status_code == 401


async def test_the_cookie_refreshes_our_own_page_only(client: httpx.AsyncClient, people: People) -> None:
    someone = await people.operator()
    await client.post("/auth/login", json={"username": someone.username, "password": someone.password})
    before = client.cookies["refresh"]
    for foreign in (
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://testserver:3000"},
    ):
        answer = await client.post("/auth/refresh", headers=foreign)
        assert answer.status_code == 403, foreign
        assert answer.json()["code"] == "foreign_origin"
    for ours in (OURS, {"Origin": "http://testserver"}, {"Sec-Fetch-Site": "same-origin"}):
        answer = await client.post("/auth/refresh", headers=ours)
        assert answer.status_code == 200, ours
        assert client.cookies["refresh"] != before
        before = client.cookies["refresh"]


async def test_signing_out_ends_the_session_on_the_server(client: httpx.AsyncClient, people: People) -> None:
    session = await tokens(client, await people.operator())
    bearer = {"Authorization": f"Bearer {session['access_token']}"}
    left = await client.post("/auth/logout", headers=bearer)
    assert left.status_code == 204
    assert 'refresh=""' in left.headers["set-cookie"]
    assert await status_of(client, session["access_token"]) == 401
    assert (await refresh(client, session["refresh_token"])).status_code == 401
    assert (await client.post("/auth/logout", headers=bearer)).status_code == 401


async def test_a_browser_whose_access_has_run_out_signs_out_by_its_cookie(
    client: httpx.AsyncClient, people: People
) -> None:
    someone = await people.operator()
    login = {"username": someone.username, "password": someone.password}
    session = (await client.post("/auth/login", json=login)).json()
    with clock.moved(timedelta(hours=1)):
        expired = {"Authorization": f"Bearer {session['access_token']}"}
        assert (await client.post("/auth/logout", headers=expired)).status_code == 403  # no word of the page
        assert (await client.post("/auth/logout", headers={**expired, **OURS})).status_code == 204
        assert (await refresh(client, session["refresh_token"])).status_code == 401
    assert (await client.post("/auth/logout")).status_code == 401


async def test_one_sees_and_ends_only_ones_own_sessions(client: httpx.AsyncClient, people: People) -> None:
    someone, other = await people.operator(), await people.operator()
    phone = await tokens(client, someone)
    listed = (await someone.client.get("/auth/sessions")).json()
    assert listed["total"] == 2
    assert [one["is_current"] for one in listed["sessions"]].count(True) == 1
    assert listed["sessions"][0].keys() == {
        "id",
        "created_at",
        "last_seen_at",
        "user_agent",
        "ip",
        "is_current",
    }
    (lost,) = [one["id"] for one in listed["sessions"] if not one["is_current"]]
    assert (await other.client.delete(f"/auth/sessions/{lost}")).status_code == 404
    assert await status_of(client, phone["access_token"]) == 200
    assert (await someone.client.delete(f"/auth/sessions/{lost}")).status_code == 204
    assert await status_of(client, phone["access_token"]) == 401
    assert (await someone.client.delete(f"/auth/sessions/{lost}")).status_code == 404
    assert (await someone.client.delete(f"/auth/sessions/{uuid4()}")).status_code == 404
    assert (await someone.client.get("/auth/sessions")).json()["total"] == 1


async def test_an_admin_sees_and_ends_anybodys_sessions(client: httpx.AsyncClient, people: People) -> None:
    someone, admin = await people.executor(), await people.admin()
    path = f"/api/users/{someone.id}/sessions"
    assert (await someone.client.get(path)).status_code == 403
    (session,) = (await admin.client.get(path)).json()["sessions"]
    assert session["is_current"] is False
    assert (await someone.client.delete(f"{path}/{session['id']}")).status_code == 403
    assert (await admin.client.delete(f"{path}/{session['id']}")).status_code == 204
    assert (await someone.client.get("/auth/me")).status_code == 401
    assert (await admin.client.get(f"/api/users/{uuid4()}/sessions")).status_code == 404


async def test_strange_bearers_are_refused_alike(client: httpx.AsyncClient) -> None:
    for value in ("", "Bearer", "Bearer ", "Bearer x", "Basic eDp5", "Bearer a.b.c", "Bearer " + "x" * 5000):
        answer = await client.get("/auth/me", headers={"Authorization": value})
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["code"] == "not_signed_in"


async def test_every_sign_in_is_a_session_of_its_own(client: httpx.AsyncClient, people: People) -> None:
    someone = await people.operator()
    answers = await asyncio.gather(*(sign_in(client, someone.username) for _ in range(4)))
    assert [answer.status_code for answer in answers] == [200] * 4
    assert (await someone.client.get("/auth/sessions")).json()["total"] == 5
