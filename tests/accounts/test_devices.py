"""Nobody is kept out by others' guesses: a browser that was signed in from is not paused by those of its network."""

from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from ohmatdyt.core import clock
from tests.accounts.helpers import OURS
from tests.accounts.test_throttle import WRONG, settings, stranger
from tests.factories import PASSWORD, People

__all__ = ["settings"]

HOSPITAL = "198.51.100.7"


async def _try(client: httpx.AsyncClient, username: str, password: str = PASSWORD) -> httpx.Response:
    return await client.post("/auth/login", json={"username": username, "password": password}, headers=OURS)


async def test_guesses_from_the_same_address_do_not_keep_a_known_browser_out(
    app: FastAPI, people: People
) -> None:
    victim = await people.operator()
    async with stranger(app, HOSPITAL) as browser, stranger(app, HOSPITAL) as attacker:
        assert (await _try(browser, victim.username)).status_code == 200
        for second in range(12):
            with clock.moved(timedelta(seconds=second)):
                assert (await _try(attacker, victim.username, WRONG)).status_code == (
                    401 if second < 3 else 429
                )
                assert (await _try(attacker, f"guess-{second}", WRONG)).status_code in (401, 429)
                assert (await _try(browser, victim.username)).status_code == 200
        # His own guesses pause it all the same.
        assert [(await _try(browser, victim.username, WRONG)).status_code for _ in range(4)] == [401] * 3 + [
            429
        ]
        assert (await _try(browser, victim.username)).status_code == 429


async def test_a_right_password_without_the_cookie_is_judged_at_a_slow_pace(
    app: FastAPI, people: People
) -> None:
    victim, other = await people.operator(), await people.operator()
    async with stranger(app, HOSPITAL) as client:
        assert (await _try(client, victim.username)).status_code == 200
        client.cookies.clear()
        for name in (victim.username, other.username):
            for _ in range(3):
                assert (await _try(client, name, WRONG)).status_code == 401
        for name in (victim.username, other.username):
            assert (await _try(client, name)).status_code == 429
        with clock.moved(timedelta(seconds=11)):
            assert (await _try(client, victim.username)).status_code == 200
            client.cookies.clear()
            # The next one has to wait, and the pause is still there for the guesser.
            assert (await _try(client, victim.username)).status_code == 429
            # Who has never signed in from here is not let in during a pause.
            assert (await _try(client, other.username)).status_code == 429


@pytest.mark.parametrize("spoil", ["", "x" * 5000, "~~~", "0" * 32 + ".1.x.y"])
async def test_a_cookie_that_is_not_ours_counts_as_none(app: FastAPI, people: People, spoil: str) -> None:
    victim = await people.operator()
    async with stranger(app, HOSPITAL) as client:
        for _ in range(3):
            client.cookies.set("device", spoil)
            assert (await _try(client, victim.username, WRONG)).status_code == 401
        client.cookies.set("device", spoil)
        assert (await _try(client, victim.username)).status_code == 429


async def test_one_computer_knows_several_people_and_nobody_else(app: FastAPI, people: People) -> None:
    first, second, third = await people.operator(), await people.operator(), await people.operator()
    async with stranger(app, HOSPITAL) as desk, stranger(app, HOSPITAL) as attacker:
        for person in (first, second):
            assert (await _try(desk, person.username)).status_code == 200
        for person in (first, second, third):
            for _ in range(3):
                await _try(attacker, person.username, WRONG)
        codes = [(await _try(desk, person.username)).status_code for person in (first, second, third)]
        assert codes == [200, 200, 429]


async def test_a_browser_signed_in_before_the_cookie_existed_gets_it_with_its_next_tokens(
    app: FastAPI, people: People
) -> None:
    someone = await people.operator()
    async with stranger(app, HOSPITAL) as browser:
        assert (await _try(browser, someone.username)).status_code == 200
        del browser.cookies["device"]
        assert (await browser.post("/auth/refresh", headers=OURS)).status_code == 200
        assert browser.cookies["device"].startswith(someone.id.hex)
