"""Merge two cards of one child, lose nothing, and be able to undo it."""

from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.audit import service as audit
from ohmatdyt.core import clock
from ohmatdyt.people import queries
from ohmatdyt.people.errors import DuplicateRecordNumber, LaterMergeFirst, MergeWithItself, NotMerged
from ohmatdyt.people.models import Patient, PatientMerge
from ohmatdyt.people.schemas import PatientOut
from ohmatdyt.people.service import card, refresh_keys, set_field

_ADOPTABLE = ("birth_date", "record_number", "phone", "email", "notes")

_EMPTY_KEYS = sa.text("UPDATE patients SET search_keys = '' WHERE id = :id")


class CaseMover(Protocol):
    """Gives the cases of one card to another and returns their ids; comes from the domain cases belong to."""

    async def __call__(
        self, session: AsyncSession, actor: Actor, *, source: UUID, into: UUID, only: Sequence[UUID] | None
    ) -> list[UUID]:
        """`only` names the cases that may move; None stands for all."""


async def merge_patients(
    session: AsyncSession, actor: Actor, source_id: UUID, into_id: UUID, *, move_cases: CaseMover
) -> PatientOut:
    """Make `into_id` the one card of the child and return it.

    The duplicate keeps its data and is shown on the survivor's card; its cases and guardians move over, and fields
    empty on the survivor are taken from it. Raises MergeWithItself, PatientNotFound, PatientMerged, PatientAnonymised.
    """
    if source_id == into_id:
        raise MergeWithItself(field="into_id")
    # Always in the same order: two administrators merging the two cards into each other must not deadlock.
    locked = {one: await queries.patient_to_change(session, one) for one in sorted((source_id, into_id))}
    source, into = locked[source_id], locked[into_id]
    now = clock.now()
    case_ids = await move_cases(session, actor, source=source.id, into=into.id, only=None)
    moving = await queries.guardians(session, source.id)
    has_primary = any(guardian.is_primary for guardian in await queries.guardians(session, into.id))
    primary = next((guardian.id for guardian in moving if guardian.is_primary), None)
    for guardian in moving:
        guardian.patient_id = into.id
        guardian.is_primary = guardian.is_primary and not has_primary
    adopted = [
        name for name in _ADOPTABLE if getattr(into, name) is None and getattr(source, name) is not None
    ]
    source.merged_into_id = into.id
    _touch(source)
    await (
        session.flush()
    )  # the record number is free for the survivor only once the duplicate is no living card
    for name in adopted:
        set_field(into, name, getattr(source, name))
    _touch(into)
    session.add(
        PatientMerge(
            id=uuid4(),
            source_id=source.id,
            into_id=into.id,
            case_ids=case_ids,
            guardian_ids=[guardian.id for guardian in moving],
            primary_guardian_id=primary,
            adopted=adopted,
            merged_at=now,
            merged_by_id=actor.user_id,
        )
    )
    await session.flush()
    await session.execute(_EMPTY_KEYS, {"id": source.id})
    await refresh_keys(session, into)
    await _record(session, actor, "merged", source, into)
    return await card(session, into)


async def unmerge_patient(
    session: AsyncSession, actor: Actor, source_id: UUID, *, move_cases: CaseMover
) -> PatientOut:
    """Undo the merge of this card and return it, living again.

    Cases and guardians that moved with it come back, unless somebody has since pointed them elsewhere or deleted them;
    fields the survivor took over and nobody changed become empty again. Raises PatientNotFound, NotMerged,
    LaterMergeFirst, PatientAnonymised, DuplicateRecordNumber.
    """
    merge = await _merge_to_undo(session, source_id)
    first, second = sorted((source_id, merge.into_id))
    locked = {
        one: await session.get(Patient, one, with_for_update=True, populate_existing=True)
        for one in (first, second)
    }
    source, into = locked[source_id], locked[merge.into_id]
    if source is None or into is None:
        raise NotMerged
    if into.merged_into_id is not None:
        raise LaterMergeFirst(extra={"patient_id": str(into.id)})
    queries.require_living(into)
    for name in merge.adopted:
        if getattr(into, name) == getattr(source, name):
            set_field(into, name, None)
    _touch(into)
    await session.flush()
    await _require_free_record(session, source)
    source.merged_into_id = None
    _touch(source)
    await move_cases(session, actor, source=into.id, into=source.id, only=merge.case_ids)
    for guardian in await queries.guardians(session, into.id):
        if guardian.id in merge.guardian_ids:
            guardian.patient_id = source.id
            guardian.is_primary = guardian.id == merge.primary_guardian_id
    merge.undone_at, merge.undone_by_id = clock.now(), actor.user_id
    await session.flush()
    await refresh_keys(session, into)
    await refresh_keys(session, source)
    await _record(session, actor, "unmerged", source, into)
    return await card(session, source)


async def _merge_to_undo(session: AsyncSession, source_id: UUID) -> PatientMerge:
    await queries.patient(session, source_id)
    merge = await queries.standing_merge(session, source_id)
    if merge is None:
        raise NotMerged
    return merge


async def _require_free_record(session: AsyncSession, source: Patient) -> None:
    if source.record_key and await queries.owner_of_record(session, source.record_key) is not None:
        raise DuplicateRecordNumber(record_number=source.record_number)


def _touch(one: Patient) -> None:
    one.version, one.updated_at = one.version + 1, clock.now()


async def _record(session: AsyncSession, actor: Actor, done: str, source: Patient, into: Patient) -> None:
    for one, other in ((source, into), (into, source)):
        details: dict[str, Any] = {
            "other": str(other.id),
            "role": "duplicate" if one is source else "survivor",
        }
        await audit.record(
            session, actor, f"patient.{done}", object_type="patient", object_id=one.id, details=details
        )
