"""Registering a case. The busiest write of the product: three statements and the journal, whatever the files."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import uuid4

import sqlalchemy as sa
from asyncpg import PostgresError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.audit import service as audit
from ohmatdyt.cases import notices
from ohmatdyt.cases.errors import InactiveCategory, InactiveChannel, NumbersExhausted
from ohmatdyt.cases.queries import reading
from ohmatdyt.cases.schemas import CaseForm
from ohmatdyt.cases.service.files import Received, kept
from ohmatdyt.cases.service.indexing import index_new
from ohmatdyt.core import clock, phones, public_ids, ukrainian
from ohmatdyt.core.light import driver_of
from ohmatdyt.core.storage import LocalStorage
from ohmatdyt.people import doctors_queries as doctors
from ohmatdyt.people import queries as patients

_SEQUENCE_EXHAUSTED: Final = "2200H"

# A number is drawn only when there is something to register.
_PREPARE = sa.text("""
SELECT category, channel, subcategory, (SELECT public_id_key FROM installation) AS key,
       CASE WHEN category AND channel THEN nextval('case_number') END AS number
FROM (SELECT
    EXISTS (SELECT FROM categories WHERE id = :category_id AND is_active) AS category,
    EXISTS (SELECT FROM channels WHERE id = :channel_id AND is_active) AS channel,
    (SELECT name FROM subcategories WHERE category_id = :category_id AND name_key = :subcategory) AS subcategory
) AS directories
""").bindparams(
    sa.bindparam("category_id", type_=sa.Uuid()),
    sa.bindparam("channel_id", type_=sa.Uuid()),
    sa.bindparam("subcategory", type_=sa.Text()),
)

_INSERT_CASE = """
WITH registered AS (
    INSERT INTO cases (id, public_id, category_id, channel_id, author_id, status, created_at, updated_at,
                       last_status_change_at, subcategory, applicant_name, applicant_name_sort,
                       applicant_phone, applicant_phone_e164, applicant_email, summary, patient_id, doctor_id)
    VALUES ($1, $2, $3, $4, $5, 'NEW', $6, $6, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
)"""
_EVENT = """
INSERT INTO case_events (case_id, at, actor_id, kind, to_status) VALUES ($1, $6, $5, 'created', 'NEW')
"""
_FILES = """, files AS (
    INSERT INTO attachments (id, case_id, original_name, storage_key, size_bytes, mime_type, sha256,
                             uploaded_by_id, created_at)
    SELECT f.id, $1, f.name, f.key, f.size, f.mime, f.sha256, $5, $6
    FROM unnest($16::uuid[], $17::text[], $18::text[], $19::bigint[], $20::text[], $21::bytea[])
         AS f (id, name, key, size, mime, sha256)
)
INSERT INTO case_events (case_id, at, actor_id, kind, to_status, data)
SELECT * FROM (
    SELECT $1::uuid, $6::timestamptz, $5::uuid, 'created', 'NEW', '{}'::jsonb
    UNION ALL
    SELECT $1, $6, $5, 'file_added', NULL, jsonb_build_object('attachment_id', f.id, 'original_name', f.name)
    FROM unnest($16::uuid[], $17::text[]) AS f (id, name)
) AS told
"""


async def register_case(
    session: AsyncSession, actor: Actor, form: CaseForm, files: Sequence[Received], storage: LocalStorage
) -> bytes:
    """Register a case with its files, all or nothing; returns its card as JSON.

    Raises InactiveCategory, InactiveChannel, DoctorInactive (400), PatientNotFound, DoctorNotFound (404),
    PatientMerged, PatientAnonymised, NumbersExhausted (409), StorageUnavailable (503, 507).
    """
    if form.patient_id is not None:
        await patients.patient_to_link(session, form.patient_id)
    if form.doctor_id is not None:
        await doctors.doctor_to_link(session, form.doctor_id)
    prepared = await _prepare(session, form)
    number = public_ids.permute(prepared.number, bytes(prepared.key))
    driver = await driver_of(session)
    now = clock.now()
    case_id = uuid4()
    values: list[Any] = [
        *(case_id, number, form.category_id, form.channel_id, actor.user_id, now),
        prepared.subcategory or form.subcategory,
        form.applicant_name,
        ukrainian.sort_key(form.applicant_name),
        form.applicant_phone,
        phones.normalise(form.applicant_phone),
        form.applicant_email,
        form.summary,
        form.patient_id,
        form.doctor_id,
    ]
    async with kept(storage, files, number):
        if files:
            await driver.execute(_INSERT_CASE + _FILES, *values, *_columns(files, number))
        else:
            await driver.execute(_INSERT_CASE + _EVENT, *values)
        await index_new(driver, case_id, number, form, subcategory=prepared.subcategory or form.subcategory)
        await audit.record(
            session,
            actor,
            "case.registered",
            object_type="case",
            object_id=case_id,
            details={"public_id": number, "files": [str(file.id) for file in files]},
        )
        await notices.case_registered(
            session, actor, notices.NewCase(case_id, number, form.category_id, form.doctor_id)
        )
        # A person registers in any category, and is shown what he registered even when he serves another.
        return await reading.new_card(driver, actor, case_id, now=now)


async def _prepare(session: AsyncSession, form: CaseForm) -> Any:
    asked = {
        "category_id": form.category_id,
        "channel_id": form.channel_id,
        "subcategory": ukrainian.name_key(form.subcategory) if form.subcategory else None,
    }
    try:
        prepared = (await session.execute(_PREPARE, asked)).one()
    except (DBAPIError, PostgresError) as error:
        if getattr(getattr(error, "orig", error), "sqlstate", None) == _SEQUENCE_EXHAUSTED:
            raise NumbersExhausted from None
        raise
    if not prepared.category:
        raise InactiveCategory(field="category_id")
    if not prepared.channel:
        raise InactiveChannel(field="channel_id")
    return prepared


def _columns(files: Sequence[Received], number: int) -> list[list[Any]]:
    return [
        [file.id for file in files],
        [file.name for file in files],
        [file.key(number) for file in files],
        [file.incoming.size for file in files],
        [file.type.mime for file in files],
        [file.incoming.sha256 for file in files],
    ]
