"""Changing a case's fields."""

from datetime import datetime
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.audit import service as audit
from ohmatdyt.cases import notices, policy
from ohmatdyt.cases.errors import (
    InactiveCategory,
    InactiveChannel,
    ResponsibleIsTheDoctor,
    ResponsibleWithoutAccess,
)
from ohmatdyt.cases.models import Case, EventKind
from ohmatdyt.cases.queries import reading, rows
from ohmatdyt.cases.schemas import CasePatch
from ohmatdyt.cases.service.events import tell
from ohmatdyt.cases.service.indexing import index_cases
from ohmatdyt.core import clock, phones, ukrainian
from ohmatdyt.core.db import raw
from ohmatdyt.core.errors import StaleVersion
from ohmatdyt.people import doctors_queries as doctors
from ohmatdyt.people import queries as patients

Changes = dict[str, dict[str, Any]]


async def edit_case(
    session: AsyncSession,
    actor: Actor,
    reference: Any,
    patch: CasePatch,
    expected_version: int,
    *,
    stale_before: datetime,
) -> None:
    """Change fields; nothing happens when they are as asked already.

    Raises what `policy.edit_problem` says, StaleVersion (412) with the newer card, InactiveCategory and
    InactiveChannel (400), ResponsibleWithoutAccess (409).
    """
    case = await rows.case_for_update(session, actor, reference)
    policy.require(policy.edit_problem(actor, case))
    if case.version != expected_version:
        await _refuse_stale(session, actor, case, stale_before)
    changes = await _apply(session, case, patch)
    if not changes:
        return
    now = clock.now()
    case.version += 1
    case.updated_at = now
    await session.flush()
    await tell(session, actor, case, EventKind.EDITED, at=now, data={"changes": changes})
    await index_cases(session, [case.id])
    await audit.record(
        session,
        actor,
        "case.edited",
        object_type="case",
        object_id=case.id,
        details={"fields": sorted(changes)},
    )
    await notices.case_changed(session, case.id)


async def _refuse_stale(session: AsyncSession, actor: Actor, case: Case, stale_before: datetime) -> None:
    driver = await raw(await session.connection())
    card = await reading.card(driver, actor, case.id, stale_before=stale_before)
    raise StaleVersion(extra={"current_version": case.version, "case": orjson.Fragment(card.body)})


async def _apply(session: AsyncSession, case: Case, patch: CasePatch) -> Changes:
    asked = patch.model_dump(exclude_unset=True)
    changes: Changes = {}
    await _apply_directories(session, case, asked, changes)
    await _apply_people(session, case, asked, changes)
    for name in ("applicant_name", "applicant_phone", "applicant_email", "summary"):
        if name in asked:
            _set(case, name, asked[name], changes)
    case.applicant_name_sort = ukrainian.sort_key(case.applicant_name)
    if "applicant_phone" in changes:
        case.applicant_phone_e164 = phones.normalise(case.applicant_phone)
    return changes


async def _apply_directories(
    session: AsyncSession, case: Case, asked: dict[str, Any], changes: Changes
) -> None:
    old_category, old_channel = await rows.directory_names(session, case)
    category_id, channel_id = asked.get("category_id"), asked.get("channel_id")
    if category_id is not None and category_id != case.category_id:
        new = await rows.active_category_name(session, category_id)
        if new is None:
            raise InactiveCategory(field="category_id")
        responsible = case.responsible_id
        if responsible and not await rows.may_be_responsible(
            session, responsible, category_id, case.doctor_id
        ):
            raise ResponsibleWithoutAccess(field="category_id")
        case.category_id = category_id
        changes["category"] = {"old": old_category, "new": new}
        # A subcategory means something within its category only.
        asked.setdefault("subcategory", None)
    if channel_id is not None and channel_id != case.channel_id:
        new = await rows.active_channel_name(session, channel_id)
        if new is None:
            raise InactiveChannel(field="channel_id")
        case.channel_id = channel_id
        changes["channel"] = {"old": old_channel, "new": new}
    if "subcategory" in asked:
        wanted = asked["subcategory"]
        if wanted is not None:
            wanted = await rows.listed_subcategory(session, case.category_id, wanted)
        _set(case, "subcategory", wanted, changes)


async def _apply_people(session: AsyncSession, case: Case, asked: dict[str, Any], changes: Changes) -> None:
    patient_id, doctor_id = asked.get("patient_id"), asked.get("doctor_id")
    if patient_id is not None and patient_id != case.patient_id:
        await patients.patient_to_link(session, patient_id)
    if doctor_id is not None and doctor_id != case.doctor_id:
        await doctors.doctor_to_link(session, doctor_id)
        responsible = case.responsible_id
        if responsible and not await rows.may_be_responsible(
            session, responsible, case.category_id, doctor_id
        ):
            raise ResponsibleIsTheDoctor(field="doctor_id")
    for name in ("patient", "doctor"):
        key = f"{name}_id"
        if key in asked and asked[key] != getattr(case, key):
            # By id only: a name in the timeline would outlive the person's wish to be forgotten.
            old, new = getattr(case, key), asked[key]
            setattr(case, key, new)
            changes[name] = {"old": old and str(old), "new": new and str(new)}


def _set(case: Case, name: str, value: Any, changes: Changes) -> None:
    old = getattr(case, name)
    if old != value:
        setattr(case, name, value)
        changes[name] = {"old": old, "new": value}
