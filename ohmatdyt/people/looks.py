"""Looking through patients: every search leaves a trace, and nobody copies the register by searching.

While somebody types, a search comes with every letter. So the journal has one entry for the first search of a person in
five minutes, and one with the number of the others and of the people they showed. What was typed is never in it.
"""

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.audit import queries as journal
from ohmatdyt.audit.coalescing import Coalescer
from ohmatdyt.core import clock
from ohmatdyt.core.db import Database
from ohmatdyt.people.errors import TooManyLooks

ACTION = "patients.searched"
MOST_ROWS_AN_HOUR = 10_000
"""People shown to one person in an hour. Typing through twenty calls shows less than half of that."""

_SPAN = timedelta(minutes=5)
_HOUR = timedelta(hours=1)
_ASKED_EVERY = timedelta(minutes=1)
_MOST_REMEMBERED = 4096


class Looks:
    """How many people each person has been shown. What the journal says of the last hour is true for all processes;
    what this one has counted and not written yet comes on top."""

    def __init__(self, database: Database, coalescer: Coalescer) -> None:
        self._database = database
        self._coalescer = coalescer
        self._written: OrderedDict[UUID, tuple[datetime, int]] = OrderedDict()

    async def require_left(self, actor: Actor) -> None:
        """Raise TooManyLooks (429) when this person has been shown too many people in the last hour."""
        shown = await self._in_journal(actor.user_id)
        shown += sum(self._coalescer.counted(_key(actor, kind), "rows") for kind in ("list", "lookup"))
        if shown >= MOST_ROWS_AN_HOUR:
            raise TooManyLooks(retry_after=int(_SPAN.total_seconds()))

    async def record(self, actor: Actor, kind: Literal["list", "lookup"], rows: int) -> None:
        """Write down that a search showed so many people; before they are shown."""
        is_written = await self._coalescer.record(
            actor,
            ACTION,
            key=_key(actor, kind),
            span=_SPAN,
            object_type="patient",
            details={"kind": kind},
            sums={"rows": rows, "searches": 1},
        )
        known = self._written.get(actor.user_id)
        if is_written and known is not None:
            self._written[actor.user_id] = known[0], known[1] + rows

    async def _in_journal(self, user_id: UUID) -> int:
        now = clock.now()
        known = self._written.get(user_id)
        if known is not None and known[0] <= now < known[0] + _ASKED_EVERY:
            return known[1]
        async with self._database.reading() as driver:
            shown = await journal.total(driver, user_id, ACTION, "rows", since=now - _HOUR)
        self._written[user_id] = now, shown
        self._written.move_to_end(user_id)
        if len(self._written) > _MOST_REMEMBERED:
            self._written.popitem(last=False)
        return shown


def _key(actor: Actor, kind: str) -> tuple[str, UUID, str]:
    return ACTION, actor.user_id, kind
