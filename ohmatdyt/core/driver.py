"""Connections of the driver itself, below pools and sessions."""

import re
import ssl
from functools import lru_cache, partial
from typing import Any, cast

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from ohmatdyt.core import log as log_of
from ohmatdyt.core.dsn import Dsn, Host
from ohmatdyt.core.errors import OperationError

APPLICATION = "ohmatdyt"

_PATIENCE_WITH_SEVERAL_S = 1.0
# Starting, stopping, a standby where a primary is wanted, or not there: the next one may serve.
_NEXT_SERVER = (OSError, TimeoutError, asyncpg.CannotConnectNowError, asyncpg.TargetServerAttributeNotMatched)
_MARK = "4321ms"
_answered_last: dict[tuple[Host, ...], Host] = {}


class CertificateRefusedError(ConnectionError):
    """The server of the database is not who it should be, or cannot prove it."""


# What outlives its transaction: the next one to be lent the connection would work with it. `SET LOCAL` does not.
_CHANGES_SESSION = re.compile(
    r"(?:^|;)\s*(?:SET\s+(?!LOCAL\b|TRANSACTION\b|CONSTRAINTS\b)|RESET\b|DISCARD\b|LISTEN\b|PREPARE\b"
    r"|CREATE\s+(?:TEMP|TEMPORARY)\b)|\bset_config\s*\(",
    re.IGNORECASE,
)


@lru_cache(maxsize=1024)
def _changes_session(query: str) -> bool:
    return _CHANGES_SESSION.search(query) is not None


class Traced(asyncpg.Connection):
    """Tells the server with every BEGIN for which request it is: `pg_stat_activity` and its log show it then.

    A comment in each statement would do the same, and make each a new one to prepare; this costs no round trip.
    """

    server: Host  # which of the address's servers this is
    _keeps_plans: bool | None = False  # what the server was told; None when that is not sure
    _is_changed = False

    def left_behind(self) -> str | None:
        """Why this connection must not go to the next borrower: "transaction" (open, or failed), "cancelling" (a
        statement nobody waits for may still run), "session" (settings that outlive a transaction). None when it is as
        it was lent, or closed. Costs no round trip."""
        if self.is_closed():
            return None
        protocol: Any = self._protocol  # type: ignore[attr-defined]
        if protocol._is_cancelling():  # noqa: SLF001 — as the driver's own pool asks it
            return "cancelling"
        if self.is_in_transaction():
            return "transaction"
        return "session" if self._is_changed or self._keeps_plans is None else None

    async def keep_plans(self, *, keep: bool) -> None:
        """Outside a transaction: let PostgreSQL keep one plan for each statement from now on, or plan as it sees fit.

        Left alone it plans a statement anew for the sake of values whose plan seems a little cheaper, and planning a
        page of a list takes three times as long as reading it. What this connection is told it does not tell again.
        """
        if self._keeps_plans is keep:
            return
        self._keeps_plans = None
        await super().execute(f"SET plan_cache_mode = {'force_generic_plan' if keep else 'auto'}")
        self._keeps_plans = keep

    async def _get_statement(self, query: str, *args: Any, **options: Any) -> Any:
        # Every way to run a statement leads through here, except `execute` without values.
        self._is_changed = self._is_changed or _changes_session(query)
        return await super()._get_statement(query, *args, **options)  # type: ignore[misc]

    async def _introspect_types(self, *args: Any, **options: Any) -> Any:
        changed = self._is_changed
        found = await super()._introspect_types(*args, **options)  # type: ignore[misc]
        self._is_changed = changed  # it puts back what it sets
        return found

    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> str:  # noqa: ASYNC109
        self._is_changed = self._is_changed or _changes_session(query)
        if query.startswith("BEGIN") and (who := log_of.whose()):
            query = (
                f"{query.rstrip(';')} /* {who} */; SET LOCAL application_name = '{APPLICATION} {who[:50]}'"
            )
        status: str = await super().execute(query, *args, timeout=timeout)
        return status


async def leave_as_it_is(_connection: object) -> None:
    """For the driver's pools: ask the server to reset nothing, because what is not clean is ended."""


def behind(lent: Any) -> Traced:
    """The connection behind the stand-in that the driver's pool gives, and takes back from it."""
    return cast("Traced", lent._con)  # noqa: SLF001


def own_of(connection: AsyncConnection) -> Traced:
    """The driver's connection that SQLAlchemy's stands on."""
    below: Any = connection.sync_connection
    return cast("Traced", below.connection.driver_connection)


class PoolerError(OperationError):
    """The address leads to a connection pooler; the text, in Ukrainian, says what to do."""

    def __init__(self) -> None:
        super().__init__(
            "DATABASE_URL веде до PgBouncer чи іншого посередника, а він не передає базі обмежень часу й ролі. "
            "Програма має власні пули з'єднань: вкажіть адресу самого PostgreSQL."
        )


async def direct(url: str) -> "Traced":
    """A connection to PostgreSQL itself. Raises `PoolerError` where somebody in between keeps from it what we ask of a
    session: then statements without end, and rights nobody meant to give, would be the least one would get."""
    try:
        connection = await connect(url, server_settings={"lock_timeout": _MARK})
    except asyncpg.ProtocolViolationError as error:
        raise PoolerError from error
    if await connection.fetchval("SHOW lock_timeout") != _MARK:
        await connection.close()
        raise PoolerError
    return connection


async def connect(
    dsn: str | None = None,
    *,
    timeout: float = 10,  # noqa: ASYNC109 — as the driver's pools call it
    **options: Any,
) -> "Traced":
    """Connect to the first of the address's servers that answers and is of the wanted kind.

    Each server has its own share of patience: one that takes calls and never answers does not use up the others'. The
    one that answered last is asked first. Raises ConnectionError or TimeoutError for whatever waiting may cure, a
    certificate that does not fit included, and what PostgreSQL says when it refuses.
    """
    address = Dsn.parse(dsn or "")
    hosts = address.hosts
    share = timeout if len(hosts) == 1 else min(timeout, _PATIENCE_WITH_SEVERAL_S)
    failure: Exception = ConnectionRefusedError("no server")
    for host in sorted(hosts, key=lambda host: host != _answered_last.get(hosts)):
        try:
            connection = await connect_to(host, address, timeout=share, **options)
        except _NEXT_SERVER as error:
            failure = error
            continue
        _answered_last[hosts] = connection.server = host
        return connection
    if isinstance(failure, ssl.SSLError):
        raise CertificateRefusedError(getattr(failure, "verify_message", "") or str(failure)) from failure
    if isinstance(failure, OSError) and not isinstance(failure, ConnectionError | TimeoutError):
        # Its socket's file, its name or the way to it may be away together with the server.
        raise ConnectionRefusedError(str(failure)) from failure
    raise failure


def engine(url: str, *, options: dict[str, Any], **settings: Any) -> AsyncEngine:
    """SQLAlchemy's engine above the same connections: the address is not read a second time, in another way."""
    return create_async_engine(
        "postgresql+asyncpg://",
        connect_args={**options, "async_creator_fn": partial(connect, url)},
        **settings,
    )


async def connect_to(host: Host, address: Dsn, **options: Any) -> "Traced":
    """Connect to one server of the address, as it stands there; raises whatever the driver raises."""
    connection = await asyncpg.connect(
        address.protection(),
        host=host[0],
        port=host[1],
        user=address.user or None,
        password=address.password or None,
        database=address.database,
        **{**options, "connection_class": Traced},
    )
    return cast("Traced", connection)
