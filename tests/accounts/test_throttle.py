"""Guessing is slowed down; nobody is locked out for good, and a hospital behind one address is not one person."""

import asyncio
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from ohmatdyt.accounts.service import throttle
from ohmatdyt.core import clock
from ohmatdyt.core.settings import Settings
from tests.accounts.helpers import journal, sign_in
from tests.factories import People

WRONG = "не той пароль 1"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Few failures are enough, so that the tests hash little."""
    return settings.model_copy(
        update={
            "login_max_failures": 3,
            "login_network_max_failures": 8,
            "login_pause_seconds": 30,
            "login_pause_max_seconds": 100,
        }
    )


def stranger(app: FastAPI, ip: str) -> httpx.AsyncClient:
    """A client at another address."""
    transport = httpx.ASGITransport(app=app, client=(ip, 1234), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://testserver")


async def test_pauses_double_up_to_a_maximum_and_the_right_password_ends_them(
    client: httpx.AsyncClient, people: People
) -> None:
    someone = await people.operator()
    for _ in range(3):
        assert (await sign_in(client, someone.username, WRONG)).status_code == 401
    ahead = timedelta()
    for pause in (30, 60, 100, 100):
        with clock.moved(ahead):
            refused = await sign_in(client, someone.username)  # the right password waits too
            assert refused.status_code == 429
            assert refused.json()["code"] == "too_many_failures"
            assert pause - 3 <= int(refused.headers["retry-after"]) <= pause
            # Going on during the pause makes it no longer.
            assert int((await sign_in(client, someone.username, WRONG)).headers["retry-after"]) <= pause
        ahead += timedelta(seconds=pause + 1)
        with clock.moved(ahead):
            assert (await sign_in(client, someone.username, WRONG)).status_code == 401
    with clock.moved(ahead + timedelta(seconds=101)):
        assert (await sign_in(client, someone.username)).status_code == 200
        assert (await sign_in(client, someone.username, WRONG)).status_code == 401  # counts anew
        assert (await sign_in(client, someone.username)).status_code == 200


async def test_an_unknown_name_is_paused_like_a_known_one(client: httpx.AsyncClient, people: People) -> None:
    for _ in range(3):
        assert (await sign_in(client, "nobody", WRONG)).status_code == 401
    assert (await sign_in(client, "NOBODY ", WRONG)).status_code == 429
    someone = await people.operator()
    assert (await sign_in(client, someone.username)).status_code == 200


async def test_a_stranger_elsewhere_pauses_nobody_here(
    app: FastAPI, client: httpx.AsyncClient, people: People
) -> None:
    someone = await people.operator()
    async with stranger(app, "203.0.113.9") as attacker:
        for _ in range(3):
            await sign_in(attacker, someone.username, WRONG)
        assert (await sign_in(attacker, someone.username)).status_code == 429
    assert (await sign_in(client, someone.username)).status_code == 200


async def test_one_password_on_many_accounts_pauses_the_network_but_not_who_works_there(
    app: FastAPI, people: People
) -> None:
    regular, newcomer = await people.operator(), await people.operator()
    async with stranger(app, "198.51.100.7") as hospital:
        assert (await sign_in(hospital, regular.username)).status_code == 200
        for number in range(8):
            assert (await sign_in(hospital, f"guess-{number}", WRONG)).status_code == 401
        assert (await sign_in(hospital, newcomer.username)).status_code == 429
        assert (await sign_in(hospital, "guess-9", WRONG)).status_code == 429
        assert (await sign_in(hospital, regular.username)).status_code == 200
        with clock.moved(timedelta(seconds=31)):
            assert (await sign_in(hospital, newcomer.username)).status_code == 200


async def test_guesses_sent_at_once_are_not_heard_beyond_the_limit(
    client: httpx.AsyncClient, people: People
) -> None:
    someone = await people.operator()
    answers = await asyncio.gather(*(sign_in(client, someone.username, WRONG) for _ in range(8)))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [401] * 3 + [429] * 5
    assert (await sign_in(client, someone.username)).status_code == 429


async def test_failures_are_counted_though_their_request_is_refused(
    client: httpx.AsyncClient, people: People, app: FastAPI
) -> None:
    someone = await people.operator()
    await sign_in(client, someone.username, WRONG)
    await sign_in(client, someone.username, WRONG)
    assert len(await journal(app.state.database, "session.refused")) == 2
    with clock.moved(timedelta(hours=25)):  # two yesterday and one today are not three
        assert (await sign_in(client, someone.username, WRONG)).status_code == 401
        assert (await sign_in(client, someone.username)).status_code == 200


def test_addresses_count_by_network() -> None:
    assert throttle.network("10.0.0.7") == "10.0.0.7"
    assert throttle.network("::ffff:10.0.0.7") == "10.0.0.7"
    assert throttle.network("2001:db8:1:2:aaaa::1") == throttle.network("2001:db8:1:2:bbbb::2")
    assert throttle.network("2001:db8:1:3::1") != throttle.network("2001:db8:1:2::1")
    assert throttle.network("testclient") == "testclient"
    assert "olena" not in throttle.account_key("olena", "10.0.0.7")
