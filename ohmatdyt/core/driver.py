"""Connections of the driver itself, below pools and sessions."""

import socket
from typing import Any

import asyncpg
from sqlalchemy.engine import make_url

from ohmatdyt.core import log as log_of

APPLICATION = "ohmatdyt"


def plain(url: str) -> str:
    """The database's address as the driver wants it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


class Traced(asyncpg.Connection):
    """Tells the server with every BEGIN for which request it is: `pg_stat_activity` and its log show it then.

    A comment in each statement would do the same, and make each a new one to prepare; this costs no round trip.
    """

    _keeps_plans: bool | None = False  # what the server was told; None when that is not sure

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

    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> str:  # noqa: ASYNC109
        if query.startswith("BEGIN") and (who := log_of.whose()):
            query = (
                f"{query.rstrip(';')} /* {who} */; SET LOCAL application_name = '{APPLICATION} {who[:50]}'"
            )
        status: str = await super().execute(query, *args, timeout=timeout)
        return status


async def connect(*args: Any, **options: Any) -> "asyncpg.Connection[asyncpg.Record]":
    """Connect; a server that is away may have taken its socket's file or its name in the network along."""
    try:
        return await asyncpg.connect(*args, **{**options, "connection_class": Traced})
    except (FileNotFoundError, socket.gaierror) as error:
        raise ConnectionRefusedError(str(error)) from error
