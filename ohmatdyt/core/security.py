"""Password hashes, rules for passwords, access and refresh tokens. Knows nothing of users or requests."""

import asyncio
import hashlib
import os
import secrets
import string
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from importlib import resources
from typing import Final
from uuid import UUID

import jwt
from pwdlib import PasswordHash
from pwdlib.exceptions import PwdlibError
from pwdlib.hashers.argon2 import Argon2Hasher
from pwdlib.hashers.bcrypt import BcryptHasher

from ohmatdyt.core import clock

MIN_PASSWORD, MAX_PASSWORD = 8, 128

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "password_too_short": (
        "Пароль має містити щонайменше 8 символів.",
        "The password needs at least 8 characters.",
    ),
    "password_too_long": (
        "Пароль має містити не більше 128 символів.",
        "The password may have at most 128 characters.",
    ),
    "password_characters": (
        "Пароль містить недопустимий службовий символ.",
        "The password contains a control character.",
    ),
    "password_needs_letter": (
        "Додайте до пароля хоча б одну літеру.",
        "Add at least one letter to the password.",
    ),
    "password_needs_digit": (
        "Додайте до пароля хоча б одну цифру.",
        "Add at least one digit to the password.",
    ),
    "password_is_username": (
        "Пароль не може повторювати ім'я користувача.",
        "The password must not repeat the username.",
    ),
    "password_too_common": (
        "Цей пароль надто поширений. Придумайте інший.",
        "This password is too common. Choose another one.",
    ),
}
"""Every reason to refuse a password, in Ukrainian and English."""

# RFC 9106 and OWASP: 46 MiB with one pass and one lane; 67 ms on the machine of house.md §6.
# bcrypt hashes from elsewhere are accepted once and replaced at that login.
_HASHER: Final = PasswordHash(
    (Argon2Hasher(memory_cost=47_104, time_cost=1, parallelism=1), BcryptHasher(rounds=12))
)
# Threads, because argon2 releases the interpreter lock; one per core, because a hash fills a core and 46 MiB.
_THREADS: Final = ThreadPoolExecutor(max_workers=os.cpu_count() or 1, thread_name_prefix="password")

_ALGORITHM: Final = "HS256"
_CLAIMS: Final = ("sub", "sid", "tv", "iat", "exp", "typ")
_UNAMBIGUOUS_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz"
_UNAMBIGUOUS_DIGITS: Final = "23456789"


class PasswordError(ValueError):
    """A password that may not be set; `code` is a key of `MESSAGES`."""

    def __init__(self, code: str) -> None:
        super().__init__(MESSAGES[code][1])
        self.code = code


class InvalidToken(Exception):
    """An access token that is not ours, not whole, or not valid now."""


@dataclass(frozen=True, slots=True)
class AccessToken:
    """What an access token says. Whether session and version still hold is asked of the database."""

    user_id: UUID
    session_id: UUID
    token_version: int
    issued_at: datetime
    expires_at: datetime


def _normal(password: str) -> str:
    # The same keys give other code points on other systems (NIST SP 800-63B §3.1.1.2 asks for NFKC).
    return unicodedata.normalize("NFKC", password)


async def hash_password(password: str) -> str:
    """Return an argon2id hash, computed beside the event loop, at most one per core at a time."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _hash, _normal(password))


async def verify_password(known_hash: str | None, password: str) -> tuple[bool, str | None]:
    """Tell whether the password is right, and give a new hash when the stored one should be replaced.

    For an unknown user pass None: the answer is False and takes the time of a real check.
    """
    run = asyncio.get_running_loop().run_in_executor
    return await run(_THREADS, _verify, known_hash, _normal(password))


def _hash(password: str) -> str:
    return _HASHER.hash(password.encode(errors="replace"))


def _verify(known_hash: str | None, password: str) -> tuple[bool, str | None]:
    raw = password.encode(errors="replace")[: MAX_PASSWORD * 8]
    if known_hash is not None:
        try:
            return _HASHER.verify_and_update(raw, known_hash)
        except (PwdlibError, ValueError):  # a damaged or foreign hash, or bcrypt's limit of 72 bytes
            pass
    _HASHER.verify(raw, _dummy_hash())
    return False, None


@cache
def _dummy_hash() -> str:
    return _HASHER.hash(secrets.token_bytes(16))


@cache
def _common_passwords() -> frozenset[str]:
    text = resources.files("ohmatdyt.core").joinpath("data/common_passwords.txt").read_text("utf-8")
    return frozenset(
        _normal(line).casefold() for line in text.splitlines() if line and not line.startswith("# ")
    )


def check_password(password: str, username: str) -> None:
    """Raise `PasswordError` unless the password may be set for this user.

    8 to 128 characters in NFKC with a letter and a digit of any script; neither the username, bare or
    with digits and punctuation around it, nor one of the commonest passwords, regardless of case.
    """
    password = _normal(password)
    if len(password) < MIN_PASSWORD:
        raise PasswordError("password_too_short")
    if len(password) > MAX_PASSWORD:
        raise PasswordError("password_too_long")
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in password):
        raise PasswordError("password_characters")
    if not any(character.isalpha() for character in password):
        raise PasswordError("password_needs_letter")
    if not any(character.isdigit() for character in password):
        raise PasswordError("password_needs_digit")
    folded = password.casefold()
    name = _normal(username).casefold()
    if name and _bare(folded) == _bare(name):
        raise PasswordError("password_is_username")
    if folded in _common_passwords():
        raise PasswordError("password_too_common")


def _bare(text: str) -> str:
    return text.strip(string.digits + string.punctuation + " ") or text


def generate_temporary_password() -> str:
    """Return a password to read out over the phone: like `hkmr-7tqv-w3np`, no look-alikes, about 57 bits."""
    letters_and_digits = _UNAMBIGUOUS_LETTERS + _UNAMBIGUOUS_DIGITS
    while True:
        groups = ["".join(secrets.choice(letters_and_digits) for _ in range(4)) for _ in range(3)]
        password = "-".join(groups)
        if any(c.isalpha() for c in password) and any(c.isdigit() for c in password):
            return password


def issue_access(
    secret: str,
    *,
    user_id: UUID,
    session_id: UUID,
    token_version: int,
    now: datetime,
    lifetime: timedelta,
) -> str:
    """Return a signed access token, valid from `now` for `lifetime`."""
    issued = int(now.timestamp())
    claims = {
        "sub": str(user_id),
        "sid": str(session_id),
        "tv": token_version,
        "iat": issued,
        "exp": issued + int(lifetime.total_seconds()),
        "typ": "access",
    }
    return jwt.encode(claims, secret, algorithm=_ALGORITHM)


def read_access(secret: str, token: str, *, now: datetime) -> AccessToken:
    """Return what a token says if we signed it and it is valid at `now`; raises only `InvalidToken`."""
    try:
        access = _verified(secret, token)
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError, OverflowError, OSError):
        raise InvalidToken from None
    # One issued later than now was made by a clock that ran ahead, and would live until that comes true.
    if access.expires_at <= now or access.issued_at > now + clock.LEEWAY:
        raise InvalidToken
    return access


# A client sends the same token with every request for half an hour, and a signature once right stays right; only
# time and the database, both asked each time, can end it. Refusals raise and are therefore never remembered.
@lru_cache(maxsize=2048)
def _verified(secret: str, token: str) -> AccessToken:
    # The times are judged by the caller, by the product's clock instead of the library's.
    claims = jwt.decode(
        token,
        secret,
        algorithms=[_ALGORITHM],
        options={"require": list(_CLAIMS), "verify_exp": False, "verify_iat": False},
    )
    if claims["typ"] != "access" or type(claims["tv"]) is not int:
        raise ValueError("not an access token")
    return AccessToken(
        user_id=UUID(claims["sub"]),
        session_id=UUID(claims["sid"]),
        token_version=claims["tv"],
        issued_at=datetime.fromtimestamp(int(claims["iat"]), UTC),
        expires_at=datetime.fromtimestamp(int(claims["exp"]), UTC),
    )


def refresh_hash(token: str) -> bytes:
    """Return the SHA-256 under which a refresh token is stored; fast is safe for 256 bits that nobody can guess."""
    return hashlib.sha256(token.encode(errors="replace")).digest()
