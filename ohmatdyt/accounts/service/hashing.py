"""Hashing passwords, with a queue that has an end: a flood of sign-ins is refused at once instead of making everybody
wait for half a minute."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from ohmatdyt.core import security
from ohmatdyt.core.errors import Unavailable

# About two seconds of work per core (67 ms each), and more than all staff of the hospital signing in at once.
MOST_AT_ONCE = 32 * (os.cpu_count() or 1)

_at_once = 0


@contextmanager
def _place() -> Iterator[None]:
    global _at_once  # noqa: PLW0603 — the length of this process's queue
    if _at_once >= MOST_AT_ONCE:
        raise Unavailable(retry_after=2)
    _at_once += 1
    try:
        yield
    finally:
        _at_once -= 1


async def hashed(password: str) -> str:
    """The hash to store. Raises Unavailable (503) when too many wait; so does `matches`."""
    with _place():
        return await security.hash_password(password)


async def matches(known_hash: str | None, password: str) -> tuple[bool, str | None]:
    """Whether the password is right, and a new hash when the stored one should be replaced; None takes as long."""
    with _place():
        return await security.verify_password(known_hash, password)
