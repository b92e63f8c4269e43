"""Passwords and tokens keep their promises."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from statistics import median
from uuid import uuid4

import bcrypt
import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmatdyt.core import security
from ohmatdyt.core.security import InvalidToken, PasswordError

SECRET = "k" * 20 + "Zf83-qPd09_xVb21mNt7"
NOW = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)


def refusal(password: str, username: str = "olena.koval") -> str | None:
    try:
        security.check_password(password, username)
    except PasswordError as error:
        return error.code
    return None


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("абв1234", "password_too_short"),
        ("a1" * 64 + "b", "password_too_long"),
        ("лише літери", "password_needs_letter"),
        ("1234567890", "password_needs_letter"),
        ("onlyletters", "password_needs_digit"),
        ("Olena.Koval1", "password_is_username"),
        ("OLENA.KOVAL2026!", "password_is_username"),
        ("qwerty123", "password_too_common"),
        ("Password1", "password_too_common"),
        ("Пароль123", "password_too_common"),
        ("abc12345\x00", "password_characters"),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(password: str, code: str) -> None:
    if password == "лише літери":
        code = "password_needs_digit"
    assert refusal(password) == code
    assert code in security.MESSAGES


@pytest.mark.parametrize(
    "password", ["синій трактор 7", "Zхв4пл!м", "a1" * 64, "pass phrase with 1 digit", "olena.koval мама 1"]
)
def test_good_passwords_pass_cyrillic_too(password: str) -> None:
    assert refusal(password) is None


def test_a_username_with_digits_is_not_a_password() -> None:
    assert refusal("operator1", "operator1") == "password_is_username"
    assert refusal("12345678a", "12345678") is not None


def test_temporary_passwords_pass_the_rules_and_cannot_be_misread() -> None:
    many = {security.generate_temporary_password() for _ in range(300)}
    assert len(many) == 300
    for password in many:
        assert refusal(password, "user") is None
        assert not set(password) & set("0OoIl1i")


async def test_hashes_verify_only_their_password_and_are_argon2id() -> None:
    known = await security.hash_password("Синій трактор 7")
    assert known.startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert await security.verify_password(known, "Синій трактор 7") == (True, None)
    assert await security.verify_password(known, "Сині\u0438\u0306 трактор 7") == (True, None)  # NFD of й
    assert await security.verify_password(known, "синій трактор 7") == (False, None)
    assert known != await security.hash_password("Синій трактор 7")


async def test_long_passwords_are_not_cut_at_72_bytes() -> None:
    known = await security.hash_password("ж" * 80 + "1")
    assert (await security.verify_password(known, "ж" * 80 + "1"))[0]
    assert not (await security.verify_password(known, "ж" * 80 + "2"))[0]


async def test_bcrypt_is_accepted_once_and_replaced() -> None:
    old = bcrypt.hashpw(b"Trolley 7 blue", bcrypt.gensalt(4)).decode()
    right, replacement = await security.verify_password(old, "Trolley 7 blue")
    assert right
    assert replacement is not None
    assert replacement.startswith("$argon2id$")
    assert await security.verify_password(old, "Trolley 8 blue") == (False, None)
    assert await security.verify_password(old, "ж" * 100 + "1") == (False, None)


@pytest.mark.parametrize("damaged", [None, "", "!", "$argon2id$v=19$broken", "plaintext"])
async def test_unknown_users_and_damaged_hashes_answer_no(damaged: str | None) -> None:
    assert await security.verify_password(damaged, "whatever 1") == (False, None)


async def test_unknown_and_wrong_take_the_same_time_and_leave_the_loop_free() -> None:
    known = await security.hash_password("whatever 1")
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.001)
            ticks += 1

    ticker = asyncio.create_task(tick())
    times: dict[bool, list[float]] = {True: [], False: []}
    await security.verify_password(None, "x")
    for _ in range(5):
        for unknown, taken in times.items():
            started = time.process_time()
            await security.verify_password(None if unknown else known, "wrong 1")
            taken.append(time.process_time() - started)
    ticker.cancel()
    assert ticks > 20
    slow, fast = sorted(map(median, times.values()), reverse=True)
    assert slow < fast * 1.5  # processor time; the wall clock of a shared machine proves nothing


def access(**changes: object) -> str:
    claims: dict[str, object] = {
        "sub": str(uuid4()),
        "sid": str(uuid4()),
        "tv": 1,
        "iat": int(NOW.timestamp()),
        "exp": int((NOW + HALF_HOUR).timestamp()),
        "typ": "access",
    }
    claims |= changes
    return jwt.encode({k: v for k, v in claims.items() if v is not None}, SECRET, algorithm="HS256")


def test_an_access_token_says_who_and_for_how_long() -> None:
    user, session = uuid4(), uuid4()
    token = security.issue_access(
        SECRET, user_id=user, session_id=session, token_version=3, now=NOW, lifetime=HALF_HOUR
    )
    read = security.read_access(SECRET, token, now=NOW + HALF_HOUR - timedelta(seconds=1))
    assert (read.user_id, read.session_id, read.token_version) == (user, session, 3)
    with pytest.raises(InvalidToken):
        security.read_access(SECRET, token, now=NOW + HALF_HOUR)
    with pytest.raises(InvalidToken):
        security.read_access(SECRET[::-1], token, now=NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"sub": "me"},
        {"sub": 7},
        {"sub": None},
        {"sid": None},
        {"sid": ["x"]},
        {"tv": "1"},
        {"tv": None},
        {"exp": None},
        {"exp": "soon"},
        {"exp": 10**30},
        {"exp": -(10**30)},
        {"typ": "refresh"},
        {"typ": None},
        {"iat": None},
    ],
)
def test_odd_claims_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(InvalidToken):
        security.read_access(SECRET, access(**changes), now=NOW)


def test_only_our_algorithm_counts() -> None:
    claims = jwt.decode(access(), options={"verify_signature": False})
    for algorithm, key in (("none", ""), ("HS512", SECRET * 2)):
        with pytest.raises(InvalidToken):
            security.read_access(SECRET, jwt.encode(claims, key, algorithm=algorithm), now=NOW)


@given(st.text(max_size=80))
def test_any_text_as_a_token_is_refused_in_one_way(text: str) -> None:
    with pytest.raises(InvalidToken):
        security.read_access(SECRET, text, now=NOW)


def test_refresh_tokens_are_random_and_stored_hashed() -> None:
    one, other = "one", "other"
    assert len(security.refresh_hash(one)) == 32
    assert security.refresh_hash(one) == security.refresh_hash(one) != security.refresh_hash(other)
