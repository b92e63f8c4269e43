"""The schema a database has, compared with the one this program was written for."""

from dataclasses import dataclass
from typing import Literal, Protocol

from ohmatdyt.core import version
from ohmatdyt.core.errors import OperationError


class Asked(Protocol):
    """A connection of the driver."""

    async def fetchval(self, query: str, /) -> object:
        """The first value of the first row."""


class NewerSchemaError(OperationError):
    """The database belongs to a newer program, and this one would not understand it."""


@dataclass(frozen=True, slots=True)
class Schema:
    """`state` is "newer" when the program does not know the revision; `since` is the oldest program that may then
    work on it, None when the schema does not say."""

    state: Literal["empty", "older", "current", "newer"]
    revision: str | None
    since: str | None = None

    @property
    def is_usable(self) -> bool:
        """Whether this program may work on it as it is."""
        newer = self.state == "newer" and self.since is not None and version.may_run(self.since)
        return self.state == "current" or newer

    def refusal(self) -> str:
        """Why this program does not work on a newer schema, and what to do."""
        since = f"; з нею працюють програми від {self.since}" if self.since else ""
        return (
            f"База новіша за програму: у базі схема {self.revision}, а програма {version.PROGRAM} її не знає{since}. "
            "Поставте новішу програму; щоб повернутися до цієї, відновіть копію, зроблену до оновлення "
            "(ohmatdyt restore)."
        )


async def look(connection: Asked, known: set[str], head: str) -> Schema:
    """What is behind a connection; `known` are the revisions of this program, `head` the last of them."""
    if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
        return Schema("empty", None)
    revision = await connection.fetchval("SELECT version_num FROM alembic_version")
    if revision is None:
        return Schema("empty", None)
    if revision in known:
        return Schema("current" if revision == head else "older", str(revision))
    says = "SELECT 1 FROM pg_attribute WHERE attrelid = 'installation'::regclass AND attname = 'compatible_since'"
    since = None
    if await connection.fetchval(says):
        since = str(await connection.fetchval("SELECT compatible_since FROM installation"))
    return Schema("newer", str(revision), since)
