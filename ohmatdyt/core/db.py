"""The door to PostgreSQL: one bounded pool, one connection per request, the only commit in the product."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import asyncpg
import orjson
import sqlalchemy as sa
import structlog
from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import DeclarativeBase

from ohmatdyt.core import driver, notifier
from ohmatdyt.core.driver import Traced, behind, leave_as_it_is, own_of
from ohmatdyt.core.leases import POOLS, Lease, Ledger
from ohmatdyt.core.passing import PASSING_ERRORS, is_lost
from ohmatdyt.core.settings import Settings

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

log = structlog.get_logger(__name__)

APP_ROLE = "ohmatdyt_app"

_CONNECT_S = 5.0
_SETTLE_S = 2.0  # so long a statement that nobody waits for any more may take to be cancelled

Lent = AbstractAsyncContextManager["PoolConnectionProxy[asyncpg.Record]"]


class Model(DeclarativeBase):
    """Base of all tables. Migrations are written by hand; a test compares them with the models."""

    metadata = sa.MetaData()


class Database:
    """A pool of connections that work as the role which cannot rewrite history."""

    def __init__(self, settings: Settings, *, url: str, role: str | None) -> None:
        self.url = url
        self.role = role
        server_settings = {
            "application_name": driver.APPLICATION,
            "statement_timeout": str(settings.statement_timeout_ms),
            "lock_timeout": str(settings.lock_timeout_ms),
            "idle_in_transaction_session_timeout": "60000",
            "timezone": "UTC",
            "jit": "off",  # our statements are short: compiling them costs more than running them
        }
        if role:
            server_settings["role"] = role
        self._server_settings = server_settings
        self._size, self.patience_s = settings.database_pool_size, settings.database_pool_timeout_s
        # The server keeps its own limit, unless it hangs: then the driver's ends the waiting.
        self.longest_statement_s = settings.statement_timeout_ms / 1000 + _SETTLE_S
        self._pools: dict[str, asyncpg.Pool[asyncpg.Record]] = {}
        # Whoever waits longest is next. The pools' own queues let those who just come take what others were woken for,
        # and these stand at the end again: of fifty readers some waited three times as long as most, one for 1.5 s.
        self._turns = {pool: asyncio.Semaphore(self._size) for pool in POOLS}
        self._probe: asyncpg.Connection[asyncpg.Record] | None = None
        self._probing = asyncio.Lock()
        self.notifier = notifier.Notifier(self.reading)
        self.engine = driver.engine(
            url,
            pool_size=settings.database_pool_size,
            max_overflow=0,
            pool_timeout=settings.database_pool_timeout_s,
            pool_use_lifo=True,
            pool_recycle=1800,
            json_serializer=lambda value: orjson.dumps(value).decode(),
            json_deserializer=orjson.loads,
            options={
                "server_settings": server_settings,
                "timeout": _CONNECT_S,
                "command_timeout": self.longest_statement_s,
            },
        )
        self.ledger = Ledger()
        sa.event.listen(self.engine.sync_engine, "checkout", self._look_at_checkout)
        sa.event.listen(self.engine.sync_engine, "checkin", self._look_at_checkin)

    @classmethod
    async def open(cls, settings: Settings, url: str | None = None) -> "Database":
        """Open the database of the settings, or of `url` (postgresql://…). Raises ValueError without any."""
        url = url or settings.database_url
        if url is None:
            raise ValueError("No database: an embedded PostgreSQL has to be started first.")
        probe = await driver.direct(url)
        try:
            member = await probe.fetchval(
                "SELECT pg_has_role(current_user, oid, 'MEMBER') FROM pg_roles WHERE rolname = $1", APP_ROLE
            )
        finally:
            await probe.close()
        return cls(settings, url=url, role=APP_ROLE if member else None)

    async def close(self) -> None:
        """Close every connection, after the last announcements."""
        await self.notifier.close()
        for pool in self._pools.values():
            await pool.close()
        if self._probe is not None:
            self._probe.terminate()
        await self.engine.dispose()

    def usage(self) -> Iterator[tuple[str, int, int, int]]:
        """For each pool its name, and how many connections are used, open, and possible."""
        pool: Any = self.engine.pool
        yield "requests", pool.checkedout(), pool.checkedout() + pool.checkedin(), self._size
        for name in ("readers", "writers"):
            kept = self._pools.get(name)
            open_ = kept.get_size() if kept else 0
            yield name, open_ - (kept.get_idle_size() if kept else 0), open_, self._size

    def reading(self) -> Lent:
        """A driver's connection for a hot read: single statements outside a transaction, refused when they write.

        A pool of its own, because SQLAlchemy's way to the driver costs as much as the statement.
        """
        return self._lent("readers", {"default_transaction_read_only": "on"})

    def writing(self) -> Lent:
        """The same for a hot write that is one statement, and so a transaction by itself."""
        return self._lent("writers", {})

    @asynccontextmanager
    async def _lent(
        self, name: str, settings: dict[str, str]
    ) -> AsyncIterator["PoolConnectionProxy[asyncpg.Record]"]:
        if name not in self._pools:
            self._pools[name] = self._make_pool(settings)
        pool = await self._pools[name]
        async with self._turn(name) as lease:
            # The pool's own time limit would make a task of it.
            async with asyncio.timeout(self.patience_s):
                lent = await pool.acquire()
                while not self.ledger.may_lend(name, behind(lent)):
                    lent.terminate()
                    lent = await pool.acquire()
            own = lease.connection = behind(lent)
            lease.give_back = partial(pool.release, lent)
            try:
                yield lent
            finally:
                # A statement that is being cancelled gets a moment to end; the driver ends what does not.
                if own.left_behind() != "cancelling" and not self.ledger.may_return(name, own):
                    own.terminate()
                with suppress(TimeoutError):
                    await pool.release(lent, timeout=_SETTLE_S)

    @asynccontextmanager
    async def _turn(self, pool: str) -> AsyncIterator[Lease]:
        async with asyncio.timeout(self.patience_s):
            await self._turns[pool].acquire()
        lease = Lease(pool)
        self.ledger.leases.add(lease)
        try:
            yield lease
        finally:
            self._end(lease)

    def _end(self, lease: Lease) -> None:
        if lease in self.ledger.leases:
            self.ledger.leases.remove(lease)
            self._turns[lease.pool].release()

    async def take_back(self, lease: Lease) -> None:
        """End what an abandoned lease holds, and give its place to the next."""
        if lease.connection is not None:
            lease.connection.terminate()
        if lease.give_back is not None:
            with suppress(Exception):
                await asyncio.wait_for(lease.give_back(), _SETTLE_S)
        self._end(lease)

    def is_full(self, pool: str) -> bool:
        """Whether every connection the pool may have is lent."""
        return self._turns[pool].locked()

    async def answers(self, patience_s: float) -> None:
        """Return when the server answers; over a connection that no request uses, so that a queue of slow ones does not
        make it look dead. Raises one of PASSING_ERRORS in time, also when the server hangs."""
        async with asyncio.timeout(patience_s), self._probing:
            try:
                if self._probe is None or self._probe.is_closed():
                    self._probe = await driver.connect(self.url, server_settings=self._server_settings)
                await self._probe.fetchval("SELECT 1")
            except BaseException:
                # Politely a connection is ended together with the server, which may never answer.
                if self._probe is not None:
                    self._probe.terminate()
                raise

    def _make_pool(self, settings: dict[str, str]) -> "asyncpg.Pool[asyncpg.Record]":
        return asyncpg.create_pool(
            self.url,
            min_size=0,
            max_size=self._size,
            max_inactive_connection_lifetime=600,
            statement_cache_size=400,
            server_settings={**self._server_settings, **settings},
            timeout=_CONNECT_S,
            command_timeout=self.longest_statement_s,
            connect=driver.connect,
            connection_class=driver.Traced,
            # What is not as it was lent is ended, so there is nothing to ask the server to reset.
            reset=leave_as_it_is,
        )

    def _look_at_checkout(self, adapted: Any, _record: object, _proxy: object) -> None:
        """Let the pool replace a connection that the server has ended while it lay idle, or that somebody has gone on
        using after he gave it back; asking costs nothing."""
        own: Traced = adapted.driver_connection
        if own.is_closed() or not self.ledger.may_lend("requests", own):
            raise sa.exc.DisconnectionError

    def _look_at_checkin(self, adapted: Any, record: Any) -> None:
        """End a connection that does not come back as it was lent: SQLAlchemy knows of no transaction but its own."""
        if adapted is not None and not self.ledger.may_return("requests", adapted.driver_connection):
            record.invalidate()

    @asynccontextmanager
    async def dedicated(
        self, *, command_timeout_s: float
    ) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
        """A connection of no pool, for work that takes long or may be broken off anywhere: it ends with the block, at
        once and for sure, and whatever was done on it ends with it."""
        async with asyncio.timeout(self.patience_s + _CONNECT_S):
            connection = await driver.connect(
                self.url,
                server_settings=self._server_settings,
                timeout=_CONNECT_S,
                command_timeout=command_timeout_s,
            )
        try:
            yield connection
        finally:
            connection.terminate()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        """One connection. After a fault that broke it the whole pool is renewed, so the next caller gets a live one."""
        try:
            async with self._turn("requests") as lease, self.engine.connect() as connection:
                lease.connection, lease.give_back = own_of(connection), connection.close
                yield connection
        except PASSING_ERRORS as error:
            if is_lost(error):
                log.warning("database_connection_lost", error=type(error).__name__)
                self.ledger.end_idle("requests", only_unclean=False)
                await self.engine.dispose(close=False)
            raise

    @asynccontextmanager
    async def unit_of_work(self) -> AsyncIterator[AsyncSession]:
        """A session outside a request (jobs, command line): commits at the end, rolls back on any exception."""
        async with self.connection() as connected, AsyncSession(connected, expire_on_commit=False) as session:
            yield session
            await session.commit()
            self.notifier.say(notifier.take(session))


async def raw(connection: AsyncConnection) -> Traced:
    """The driver's own connection, for hot reads: one statement, outside a transaction, rows as they come."""
    return own_of(connection)


async def request_connection(request: Request) -> AsyncIterator[AsyncConnection]:
    """The request's one connection; every reader and writer of the request shares it."""
    database: Database = request.app.state.database
    async with database.connection() as connection:
        yield connection


RequestConnection = Annotated[AsyncConnection, Depends(request_connection, scope="function")]


async def unit_of_work(request: Request, connection: RequestConnection) -> AsyncIterator[AsyncSession]:
    """The request's transaction. Commits after the route has returned and BEFORE the answer is sent (scope
    "function"), so an acknowledged write is a committed one; any exception rolls everything back."""
    async with AsyncSession(connection, expire_on_commit=False) as session:
        yield session
        # A client that hangs up now must not leave a half-committed connection behind.
        await asyncio.shield(session.commit())
        database: Database = request.app.state.database
        database.notifier.say(notifier.take(session))


UnitOfWork = Annotated[AsyncSession, Depends(unit_of_work, scope="function")]
