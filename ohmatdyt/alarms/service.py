"""Compare what is wrong now with what was, keep it, and tell administrators of what is new."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts.models import Role, User
from ohmatdyt.alarms import policy, queries
from ohmatdyt.alarms.models import Alarm
from ohmatdyt.alarms.policy import Found, JobFacts
from ohmatdyt.cases.queries import numbers
from ohmatdyt.core import clock, disk, outbox
from ohmatdyt.core.outbox import Type
from ohmatdyt.core.settings import Settings

# An alarm that comes back this soon after it was cleared is the same one.
_SAME_WITHIN = timedelta(hours=1)


def places(settings: Settings) -> list[tuple[str, Path]]:
    """The folders whose disks this process can see: database (when it is ours), files, backups."""
    found = [("database", settings.data_dir)] if settings.embedded else []
    found.append(("files", settings.media))
    if settings.backup_dir is not None:
        found.append(("backups", settings.backup_dir))
    return found


async def look(
    session: AsyncSession,
    settings: Settings,
    jobs: Iterable[JobFacts],
    *,
    certificate_ends: datetime | None = None,
) -> list[Found]:
    """Everything that is wrong with the installation now."""
    found = list(policy.of_jobs(jobs))
    rooms = [(name, room) for name, path in places(settings) if (room := disk.room(path)) is not None]
    found += policy.of_disks(rooms)
    found += policy.of_numbers(int(await session.scalar(sa.text(numbers.USED)) or 0))
    oldest, failed = await queries.letters(session, since=clock.now() - timedelta(days=1))
    found += policy.of_letters(clock.now() - oldest if oldest else None, failed)
    found += policy.of_certificate(certificate_ends - clock.now() if certificate_ends else None)
    return found


async def keep(session: AsyncSession, found: Iterable[Found]) -> list[Found]:
    """Store what is wrong now, clear what is not any more; returns what administrators were told of."""
    now = clock.now()
    known = await queries.all_for_update(session)
    told = []
    wrong = {one.key: one for one in found}
    for key, row in known.items():
        if key not in wrong and row.cleared_at is None:
            row.cleared_at = now
    for key, one in wrong.items():
        if key not in known:
            known[key] = Alarm(kind=one.kind, subject=one.subject, level=one.level.value, since=now)
            session.add(known[key])
        row = known[key]
        if row.cleared_at is not None:
            if now - row.cleared_at > _SAME_WITHIN:
                row.since, row.told_at = now, None
            row.cleared_at = None
        is_due = policy.is_to_be_told(one, since=row.since, told_at=row.told_at, was=row.level, now=now)
        row.level, row.details = one.level.value, one.details
        if is_due:
            row.told_at = now
            told.append(one)
    await session.flush()
    for one in told:
        await _tell(session, one)
    return told


async def _tell(session: AsyncSession, one: Found) -> None:
    admins = sa.select(User.id).where(User.role == Role.ADMIN, User.is_active)
    payload = {"alarm": one.kind, "subject": one.subject, "level": one.level.value, **one.details}
    await outbox.put(session, Type.ALARM, await session.scalars(admins), actor_id=None, payload=payload)
