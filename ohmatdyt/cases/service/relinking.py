"""When two cards of one child are merged, or a merge is undone, the cases go along: each is changed as by hand."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.cases import notices
from ohmatdyt.core import clock
from ohmatdyt.people import merge_service as patients
from ohmatdyt.people.schemas import PatientOut

# The rows are locked in the order of their ids, so that two administrators cannot deadlock. In the timeline cards stand
# by id only: a name there would outlive the person's wish to be forgotten.
_MOVE = sa.text("""
WITH locked AS (
    SELECT id FROM cases WHERE patient_id = :source AND (CAST(:ids AS uuid[]) IS NULL OR id = ANY (:ids))
    ORDER BY id FOR UPDATE
), moved AS (
    UPDATE cases c SET patient_id = :into, version = version + 1, updated_at = :now
    FROM locked WHERE c.id = locked.id RETURNING c.id
), told AS (
    INSERT INTO case_events (case_id, at, actor_id, kind, data)
    SELECT id, :now, :actor_id, 'EDITED', jsonb_build_object('changes', jsonb_build_object(
        'patient', jsonb_build_object('old', CAST(:source AS text), 'new', CAST(:into AS text))))
    FROM moved
)
SELECT id FROM moved ORDER BY id
""").bindparams(
    sa.bindparam("ids", type_=ARRAY(sa.Uuid())),
    sa.bindparam("source", type_=sa.Uuid()),
    sa.bindparam("into", type_=sa.Uuid()),
)


async def _move(
    session: AsyncSession, actor: Actor, *, source: UUID, into: UUID, only: Sequence[UUID] | None
) -> list[UUID]:
    values = {
        "source": source,
        "into": into,
        "ids": None if only is None else list(only),
        "now": clock.now(),
        "actor_id": actor.user_id,
    }
    moved = list(await session.scalars(_MOVE, values))
    for case_id in moved:
        await notices.case_changed(session, case_id)
    return moved


async def merge_patients(session: AsyncSession, actor: Actor, source_id: UUID, into_id: UUID) -> PatientOut:
    """Merge two cards with their cases; returns the one that stays. Raises what `people.merge_patients` raises."""
    return await patients.merge_patients(session, actor, source_id, into_id, move_cases=_move)


async def unmerge_patient(session: AsyncSession, actor: Actor, source_id: UUID) -> PatientOut:
    """Undo a merge, cases included; returns the card that lives again. Raises what `people.unmerge_patient` raises."""
    return await patients.unmerge_patient(session, actor, source_id, move_cases=_move)
