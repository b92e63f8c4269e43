"""Which faults of the database go away by themselves."""

import asyncpg
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

# What the caller cures by waiting a moment: no connection to be had, the server restarting, a lock held too long.
PASSING_ERRORS: tuple[type[Exception], ...] = (
    PoolTimeout,
    DBAPIError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    # What the driver says when the server dies between two messages of one statement.
    asyncpg.InternalClientError,
    ConnectionError,
    TimeoutError,
)
_PASSING_STATES = ("08", "57", "53", "55P03", "40001", "40P01", "25P03")


def is_passing(error: Exception) -> bool:
    """True for a fault of the database that goes away by itself, False for a fault of ours."""
    if isinstance(
        error,
        PoolTimeout
        | ConnectionError
        | TimeoutError
        | asyncpg.InterfaceError
        | asyncpg.InternalClientError
        | InterfaceError,
    ):
        return True
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    original = getattr(error, "orig", error)
    state = getattr(original, "sqlstate", None) or ""
    return state.startswith(_PASSING_STATES) or (isinstance(error, OperationalError) and not state)


def is_lost(error: Exception) -> bool:
    """True when the connection it came over is gone, and very likely the others of its pool too."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated
    if isinstance(error, PoolTimeout):
        return False
    state = getattr(error, "sqlstate", None) or ""
    return isinstance(
        error, ConnectionError | asyncpg.InterfaceError | asyncpg.InternalClientError
    ) or state.startswith(("08", "57P"))
