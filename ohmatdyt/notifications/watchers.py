"""Read the people behind open windows anew, all in one statement: the same conditions as for a request."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.accounts.models import Role
from ohmatdyt.core import clock

_READ = sa.text(
    "SELECT s.id AS session_id, u.id AS user_id, u.username, u.full_name, u.role, u.token_version, "
    "ARRAY(SELECT a.category_id FROM category_access a WHERE a.user_id = u.id) AS category_ids, "
    "(SELECT d.id FROM doctors d WHERE d.user_id = u.id) AS doctor_id "
    "FROM sessions s JOIN users u ON u.id = s.user_id "
    "WHERE s.id = ANY(:sessions) AND s.ended_at IS NULL AND s.expires_at > :now AND s.last_seen_at <= :future "
    "AND u.is_active AND NOT u.must_change_password"
)


@dataclass(frozen=True, slots=True)
class Watcher:
    """A person as he is now."""

    actor: Actor
    token_version: int


async def read(session: AsyncSession, actors: Sequence[Actor]) -> dict[UUID, Watcher]:
    """By session id: those whose session still lives, with today's role and access."""
    given = {
        "sessions": list({actor.session_id for actor in actors}),
        "now": clock.now(),
        "future": clock.horizon(),
    }
    rows = await session.execute(_READ, given)
    return {
        row.session_id: Watcher(
            Actor(
                user_id=row.user_id,
                session_id=row.session_id,
                username=row.username,
                full_name=row.full_name,
                role=Role(row.role),
                must_change_password=False,
                category_ids=tuple(row.category_ids),
                doctor_id=row.doctor_id,
            ),
            row.token_version,
        )
        for row in rows
    }
