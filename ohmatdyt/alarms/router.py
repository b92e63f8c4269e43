"""HTTP of alarms; for administrators."""

from fastapi import APIRouter

from ohmatdyt.accounts.actor import CurrentAdmin
from ohmatdyt.alarms import queries
from ohmatdyt.alarms.schemas import AlarmOut, Alarms
from ohmatdyt.core.db import UnitOfWork
from ohmatdyt.core.http import failures
from ohmatdyt.notifications import alarm_words

router = APIRouter(tags=["operations"])


@router.get("/api/alarms", responses=failures(401, 403))
async def list_alarms(session: UnitOfWork, _actor: CurrentAdmin) -> Alarms:
    """What is wrong with the installation: failed and late jobs, disks that fill up, letters that do not leave."""
    rows = await queries.active(session)
    found = [
        AlarmOut(
            kind=row.kind,
            subject=row.subject,
            level=row.level,
            title=alarm_words.title(row.kind, row.subject, row.details),
            reason=row.details.get("reason"),
            since=row.since,
        )
        for row in rows
    ]
    return Alarms(alarms=found, total=len(found))
