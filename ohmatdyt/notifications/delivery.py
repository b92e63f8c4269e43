"""Deliver what the outbox holds. Both engines, the process's own dispatcher and the Celery worker, call this.

For each letter: take its row and commit; send; mark the row and commit. So a letter is only lost with the database,
and comes twice only when the process dies between the mail server's 250 and our commit, under the same Message-ID.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts.models import Role
from ohmatdyt.core import clock
from ohmatdyt.core.db import Database
from ohmatdyt.core.mail import NotSent, Postman
from ohmatdyt.core.outbox import Type
from ohmatdyt.core.passing import PASSING_ERRORS, is_passing
from ohmatdyt.core.settings import Settings
from ohmatdyt.notifications import claims, letters
from ohmatdyt.notifications.claims import Taken

log = structlog.get_logger(__name__)

Mark = Callable[[AsyncSession], Awaitable[None]]

_LEASE_TIMEOUTS = 4  # a taker that lives needs one, and one more to mark
_MARK_AGAIN_S = 0.5


@dataclass(slots=True)
class Round:
    """What one look at the outbox came to."""

    sent: int = 0
    not_sent: int = 0
    server_down: bool = False

    @property
    def total(self) -> int:
        return self.sent + self.not_sent


def _unwanted(facts: sa.RowMapping) -> str | None:
    """Why this letter is not for this person any more, things being as they are now; None when it is."""
    if not facts["is_active"]:
        return "recipient inactive"
    if facts["type"] == Type.COMMENT_INTERNAL and facts["role"] == Role.OPERATOR:
        return "recipient is an operator now"
    if facts["payload"].get("temporary_password") and not facts["must_change_password"]:
        return "password changed since"
    return None


class Courier:
    """The delivery of one process: its connections to the mail server and what it has in hand.

    It works over a few database connections of its own: however many requests stand in line for theirs, letters leave.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = Database(
            settings.model_copy(
                update={
                    "database_pool_size": settings.mail_connections,
                    "database_pool_timeout_s": settings.smtp_timeout_s,
                }
            ),
            url=database.url,
            role=database.role,
        )
        self._settings = settings
        self._domain = letters.mail_domain(settings)
        self._lanes = asyncio.Semaphore(settings.mail_connections)
        self._postmen: list[Postman] = []
        self._unmarked: set[UUID] = set()
        self._leaving = False

    async def deliver_due(self, limit: int = 500) -> Round:
        """Deliver up to `limit` letters that are due, several at a time; returns when they are done.

        A mail server found to be down ends the round: the letters not yet tried lose no attempt.
        """
        done = Round()
        if self._settings.smtp_host is None:
            async with self._database.unit_of_work() as session:
                await claims.hold(session, clock.now())
            return done
        lanes = min(self._settings.mail_connections, limit)
        first = await self._claim(lanes)
        if first:
            lanes_done = (self._lane(taken, done, limit) for taken in first)
            # One lane that fails must not leave the others running behind our back.
            for failure in await asyncio.gather(*lanes_done, return_exceptions=True):
                if isinstance(failure, BaseException):
                    raise failure
        return done

    async def deliver_one(self, notification_id: UUID) -> Round:
        """Deliver this letter if it is due and nobody else is at it."""
        done = Round()
        if self._settings.smtp_host is None:
            return await self.deliver_due()
        async with self._lanes:
            for taken in await self._claim(1, only=notification_id):
                await self._settle(taken, await self._carry(taken, done))
        return done

    async def sweep(self) -> None:
        """What no event calls for: letters whose carriers died, and those that waited for a mail server at all."""
        async with self._database.unit_of_work() as session:
            await claims.give_up_broken_off(session, clock.now())
            await claims.pull_back(session, self._settings.mail_retry_s)
            if self._settings.smtp_host is not None:
                await claims.release(session, clock.now())

    def leave(self) -> None:
        """Take no further letters; those in hand are finished."""
        self._leaving = True

    async def close(self) -> None:
        """Hang up for good."""
        await self.rest()
        await self._database.close()

    async def rest(self) -> None:
        """Hang up while there is nothing to do."""
        postmen, self._postmen = self._postmen, []
        for postman in postmen:
            await postman.close()

    @asynccontextmanager
    async def _at_once(self) -> AsyncIterator[AsyncSession]:
        """A session whose every statement is committed by itself: no round trips for BEGIN and COMMIT."""
        async with self._database.connection() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            async with AsyncSession(connection, expire_on_commit=False) as session:
                yield session

    async def _claim(self, limit: int, only: UUID | None = None) -> list[Taken]:
        async with self._at_once() as session:
            return await self._claim_in(session, limit, only)

    async def _claim_in(self, session: AsyncSession, limit: int, only: UUID | None = None) -> list[Taken]:
        now = clock.now()
        return await claims.claim(
            session,
            now=now,
            until=now + timedelta(seconds=_LEASE_TIMEOUTS * self._settings.smtp_timeout_s),
            domain=self._domain,
            limit=limit,
            but=self._unmarked,
            only=only,
        )

    async def _lane(self, first: Taken, done: Round, limit: int) -> None:
        taken: Taken | None = first
        while taken is not None:
            async with self._lanes:
                mark = await self._carry(taken, done)
            enough = self._leaving or done.server_down or done.total >= limit
            taken = await self._settle(taken, mark, more=not enough)

    async def _settle(self, taken: Taken, mark: Mark, *, more: bool = False) -> Taken | None:
        """Write down what became of a letter, and take the next one.

        That a letter has left is written down however long the database is away: else it would leave again.
        """
        while True:
            try:
                async with self._at_once() as session:
                    await mark(session)
                    self._unmarked.discard(taken.id)
                    following = await self._claim_in(session, 1) if more else []
            except PASSING_ERRORS as error:
                if taken.id not in self._unmarked or not is_passing(error):
                    raise
                log.warning("letter_sent_not_marked", notification=str(taken.id), error=type(error).__name__)
                await asyncio.sleep(_MARK_AGAIN_S)
            else:
                return following[0] if following else None

    async def _carry(self, taken: Taken, done: Round) -> Mark:
        """Send a letter, unless it is not to be sent any more; how to write down what came of it.

        What is logged on the way names the request that caused the letter.
        """
        with structlog.contextvars.bound_contextvars(request_id=taken.facts["payload"].get("request_id")):
            return await self._carry_traced(taken, done)

    async def _carry_traced(self, taken: Taken, done: Round) -> Mark:
        if reason := _unwanted(taken.facts):
            return partial(claims.mark_ended, taken=taken, status="SKIPPED", reason=reason)
        if clock.now() + timedelta(seconds=self._settings.smtp_timeout_s) > taken.until:
            # We slept through our time (a laptop does): somebody else may have it by now.
            log.info("letter_let_go", notification=str(taken.id))
            return _nothing
        try:
            letter = letters.write(taken.facts, self._settings)
            async with self._postman() as postman:
                await postman.send(letter, taken.facts["email"])
        except letters.NotWritable as error:
            return partial(claims.mark_ended, taken=taken, status="FAILED", reason=error.reason)
        except NotSent as error:
            done.server_down = done.server_down or error.server_down
            reason = error.reason
            log.warning("letter_not_sent", notification=str(taken.id), attempt=taken.attempts, reason=reason)
        except (ValueError, LookupError, TypeError) as error:
            # A letter that cannot be put together must not hold up the others.
            log.exception("letter_not_written", notification=str(taken.id))
            reason = type(error).__name__
        else:
            log.info("letter_sent", notification=str(taken.id), attempt=taken.attempts)
            done.sent += 1
            self._unmarked.add(taken.id)
            return partial(claims.mark_sent, taken=taken, now=clock.now())
        done.not_sent += 1
        pause_s = self._settings.mail_retry_s
        return partial(claims.mark_failed, taken=taken, reason=reason, now=clock.now(), first_pause_s=pause_s)

    @asynccontextmanager
    async def _postman(self) -> AsyncIterator[Postman]:
        postman = self._postmen.pop() if self._postmen else Postman(self._settings)
        try:
            yield postman
        finally:
            self._postmen.append(postman)


async def _nothing(_session: AsyncSession) -> None:
    """The row says all there is to say."""


async def deliver_due(database: Database, settings: Settings, limit: int = 500) -> Round:
    """One round of delivery with connections of its own; for the command line, tests and measurements."""
    courier = Courier(database, settings)
    try:
        await courier.sweep()
        return await courier.deliver_due(limit)
    finally:
        await courier.close()
