"""Who is calling, asked in one statement with what he wants to read: a hot read is one round trip, not two.

What is answered depends on who asks. So the question is put in the name of the caller as this process saw him last, and
the same statement, in the same snapshot, says who he is now. Where the two differ (a session has ended, a role or a
category was taken away a moment ago) the answer is thrown away unread, and the question is asked again in the name he
has now: rights are as fresh as when they are read first (docs/adr/0020).
"""

import re
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import lru_cache
from typing import Any, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError

from ohmatdyt.accounts import actor as callers
from ohmatdyt.accounts.actor import Actor, Driver
from ohmatdyt.core import security
from ohmatdyt.core.db import Database
from ohmatdyt.core.errors import DomainError

Answer = TypeVar("Answer")

_MOST_SEEN = 4096
_PLACE = re.compile(r"\$(\d+)", re.ASCII)
_ASKED = 4  # the values of `callers.WORDS`

CALLER_HOLDS = "(true /* the caller is as he was seen */)"
"""In a question: whether the caller is who he was. What a question takes for good (a number from a sequence) it takes
only if this holds, because an answer that is thrown away unread has taken it all the same."""

# How the callers of this process were when they were looked up last: a guess, never an answer.
_seen: OrderedDict[security.AccessToken, tuple[str, Actor]] = OrderedDict()


class _ChangedError(Exception):
    """The caller is not as he was seen last."""


class _Together:
    """A connection whose first question is asked together with who the caller is, when it is one for rows; with any
    other it finds that out before. Raises _ChangedError when he is not in whose name it is asked."""

    def __init__(self, driver: Driver, claims: security.AccessToken, words: str) -> None:
        self._driver = driver
        self._claims = claims
        self._words = words
        self._is_known = False

    async def fetchrow(self, statement: str, *values: Any, **options: Any) -> Any:
        if self._is_known:
            return await self._driver.fetchrow(statement, *values, **options)
        row = await self._driver.fetchrow(*self._asked_together(statement, values), **options)
        return await self._judged(row)

    async def fetch(self, statement: str, *values: Any, **options: Any) -> Any:
        if self._is_known:
            return await self._driver.fetch(statement, *values, **options)
        rows = await self._driver.fetch(*self._asked_together(statement, values), **options)
        await self._judged(rows[0] if rows else None)
        return rows

    async def fetchval(self, statement: str, *values: Any) -> Any:
        await self.know()
        return await self._driver.fetchval(statement, *values)

    async def execute(self, statement: str, *values: Any) -> Any:
        await self.know()
        return await self._driver.execute(statement, *values)

    async def keep_plans(self, *, keep: bool) -> None:
        await self._driver.keep_plans(keep=keep)

    @asynccontextmanager
    async def transaction(self, **options: Any) -> AsyncIterator[None]:
        async with self._driver.transaction(**options):
            yield

    def _asked_together(self, statement: str, values: tuple[Any, ...]) -> tuple[Any, ...]:
        whole = (_with_caller(statement, len(values)), *values, *callers.asked(self._claims))
        return (*whole, self._words) if CALLER_HOLDS in statement else whole

    async def know(self) -> None:
        """Find out, unless it is known, whether the caller is as he was."""
        if not self._is_known:
            self._judge(await self._driver.fetchval(callers.WORDS, *callers.asked(self._claims)))

    async def _judged(self, row: Any) -> Any:
        if row is None:  # then nothing is said of the caller either
            await self.know()
        else:
            self._judge(row["caller"])
        return row

    def _judge(self, words: str | None) -> None:
        if words != self._words:
            raise _ChangedError
        self._is_known = True


async def read_as_caller(request: Request, read: Callable[[Actor, Driver], Awaitable[Answer]]) -> Answer:
    """What `read` gives in the caller's name, on a connection of its own for hot reads. See `ask_as_caller`."""
    callers.claims_of(request)  # nobody waits for a connection only to be told that his token is none
    database: Database = request.app.state.database
    async with database.reading() as driver:
        return await ask_as_caller(request, driver, read)


async def ask_as_caller(
    request: Request, driver: Driver, ask: Callable[[Actor, Driver], Awaitable[Answer]]
) -> Answer:
    """What `ask` gives in the caller's name; refused exactly as `CurrentActor` refuses.

    `ask` may be called twice, and what it gave or raised the first time is dropped then: it must change nothing
    that counts.
    """
    claims = callers.claims_of(request)
    guess = _seen.get(claims)
    if guess is not None:
        words, seen = guess
        together = _Together(driver, claims, words)
        actor = callers.behind(request, seen)
        with suppress(_ChangedError):
            try:
                answer = await ask(actor, together)
            except (DomainError, RequestValidationError):
                await together.know()  # a refusal, too, is only for whom it was meant
                raise
            await together.know()  # some answers need no question
            return answer
    actor, words = await callers.load(request, driver, claims)
    await callers.signed_in(actor)
    _seen[claims] = words, actor
    if len(_seen) > _MOST_SEEN:
        _seen.popitem(last=False)
    return await ask(actor, driver)


async def caller_of(request: Request) -> Actor:
    """The caller as he is now, for a hot route that needs him before anything else."""
    claims = callers.claims_of(request)
    database: Database = request.app.state.database
    async with database.reading() as driver:
        return await callers.signed_in((await callers.load(request, driver, claims))[0])


@lru_cache(maxsize=1024)
def _with_caller(statement: str, values: int) -> str:
    who = _PLACE.sub(lambda place: f"${values + int(place[1])}", callers.WORDS)
    if CALLER_HOLDS not in statement:
        return f"SELECT answer.*, ({who}) AS caller FROM ({statement}) AS answer"  # noqa: S608 — both are ours
    holds = f"((SELECT words FROM who) = CAST(${values + _ASKED + 1} AS text))"  # noqa: S608
    asked = statement.replace(CALLER_HOLDS, holds)
    caller = f"WITH who AS MATERIALIZED (SELECT ({who}) AS words)"
    return f"{caller} SELECT answer.*, who.words AS caller FROM who, ({asked}) AS answer"  # noqa: S608
