"""What the law gives a person: a copy of everything about him, and to be forgotten (docs/adr/0013-anonymise.md)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.audit import service as audit
from ohmatdyt.cases.errors import CaseNotVisible
from ohmatdyt.cases.queries import forgetting as queries
from ohmatdyt.cases.service.indexing import forget_words, index_cases, words_held
from ohmatdyt.core import clock
from ohmatdyt.core.ukrainian import sort_key
from ohmatdyt.people import queries as patients
from ohmatdyt.people import service as cards
from ohmatdyt.people.errors import OpenCases
from ohmatdyt.people.models import ANONYMOUS, Guardian, Patient
from ohmatdyt.people.schemas import PatientOut

FORGOTTEN_TEXT = "[знеособлено]"
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What is left of the card, and the files to delete once this is committed."""

    card: PatientOut
    storage_keys: list[str]


async def anonymise_patient(session: AsyncSession, actor: Actor, patient_id: UUID) -> Forgotten:
    """Forget a person for good.

    Wiped: the card and its merged duplicates, guardians, and in every linked case the applicant, the summary, a
    subcategory that is not from the directory, comments, files and every text of the timeline. Kept: numbers, dates,
    statuses, directories, who worked on it; so no figure of the dashboard moves.
    Raises PatientNotFound, PatientMerged, PatientAnonymised, OpenCases (409).
    """
    one = await patients.patient_to_change(session, patient_id)
    cases = await queries.linked_cases(session, one.id)
    if still_open := [case for case in cases if case.is_open]:
        numbers = [{"public_id": case.public_id} for case in still_open[:_SHOWN]]
        raise OpenCases(total=len(still_open), extra={"cases": numbers, "total_cases": len(still_open)})
    case_ids = [case.id for case in cases]
    family = [one, *await patients.duplicates(session, one.id)]
    storage_keys = await _forget(session, family, case_ids)
    await audit.record(
        session,
        actor,
        "patient.anonymised",
        object_type="patient",
        object_id=one.id,
        details={"cases": len(case_ids), "files": len(storage_keys), "cards": len(family)},
    )
    return Forgotten(await cards.card(session, one), storage_keys)


async def anonymise_again(
    session: AsyncSession, patient_id: UUID, cards_then: list[UUID], cases_then: list[UUID]
) -> list[str]:
    """Forget whom a restored backup remembers: the cards and the cases that were wiped then, open ones too, as far as
    the backup has them. Returns the storage keys of files to delete once this is committed."""
    known = sa.select(Patient).where(Patient.id.in_([patient_id, *cards_then])).with_for_update()
    family = list(await session.scalars(known))
    linked = [case.id for each in family for case in await queries.linked_cases(session, each.id)]
    case_ids = list({*cases_then, *linked})
    storage_keys = await _forget(session, family, case_ids)
    await audit.record(
        session,
        None,
        "patient.anonymised",
        object_type="patient",
        object_id=patient_id,
        details={"files": len(storage_keys), "cards": len(family), "repeated": True},
    )
    return storage_keys


async def _forget(session: AsyncSession, family: list[Patient], case_ids: list[UUID]) -> list[str]:
    now = clock.now()
    words = await words_held(session, case_ids)
    storage_keys = await queries.wipe_cases(
        session, case_ids, name=ANONYMOUS, name_sort=sort_key(ANONYMOUS), text=FORGOTTEN_TEXT, now=now
    )
    await index_cases(session, case_ids)
    await forget_words(session, words)
    await session.execute(sa.delete(Guardian).where(Guardian.patient_id.in_([each.id for each in family])))
    for each in family:
        _wipe(each)
        each.anonymised_at, each.updated_at, each.version = now, now, each.version + 1
    await session.flush()
    await queries.forget_answers(session, [*case_ids, *(each.id for each in family)])
    return storage_keys


def _wipe(one: Patient) -> None:
    cards.set_field(one, "full_name", ANONYMOUS)
    for name in ("birth_date", "record_number", "phone", "email", "notes"):
        cards.set_field(one, name, None)
    one.search_keys = ""


async def export_patient(session: AsyncSession, actor: Actor, patient_id: UUID) -> bytes:
    """Everything held about one person as JSON: card, guardians, merged duplicates, linked cases with their threads,
    files (by name) and timelines, and who looked at the card. Raises PatientNotFound, and CaseNotVisible for the doctor
    one of the cases is about: the copy is whole or it is another administrator's to make."""
    one = await patients.patient(session, patient_id)
    if actor.doctor_id is not None and await queries.concern(session, one.id, actor.doctor_id):
        raise CaseNotVisible
    await audit.record(
        session, actor, "patient.exported", object_type="patient", object_id=one.id, details={}
    )
    card = (await cards.card(session, one)).model_dump(mode="json")
    told: dict[str, Any] = {
        "exported_at": clock.now(),
        "patient": card,
        "cases": await queries.told_cases(session, one.id),
        "access_journal": await queries.looks(session, one.id),
    }
    return orjson.dumps(told, option=orjson.OPT_INDENT_2)
