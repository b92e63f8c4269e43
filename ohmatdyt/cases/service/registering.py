"""Registering a case, the busiest write of the product: prepared in one statement and stored in another."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from asyncpg import SequenceGeneratorLimitExceededError
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.accounts.together import CALLER_HOLDS
from ohmatdyt.audit import service as audit
from ohmatdyt.cases import notices
from ohmatdyt.cases.errors import InactiveCategory, InactiveChannel, NumbersExhausted
from ohmatdyt.cases.queries import reading
from ohmatdyt.cases.queries.first_card import first_card
from ohmatdyt.cases.schemas import CaseForm
from ohmatdyt.cases.service.files import Received, kept
from ohmatdyt.cases.service.indexing import index_entry
from ohmatdyt.core import clock, idempotency, phones, public_ids, ukrainian
from ohmatdyt.core.light import Row, compiled, driver_of
from ohmatdyt.core.storage import LocalStorage
from ohmatdyt.core.together import Part
from ohmatdyt.people import doctors_queries as doctors
from ohmatdyt.people import queries as patients

# Numbers are finite: one is drawn only for a request that was not answered before, of a caller who is still one, and
# with something to register in it.
_PREPARE = sa.text(
    f"""
SELECT category, channel, subcategory, kept.*, (SELECT public_id_key FROM installation) AS public_id_key,
       CASE WHEN is_new THEN nextval('case_number') END AS number,
       CASE WHEN is_new THEN nextval('case_events_id_seq') END AS event_id,
       ARRAY({notices.EXECUTORS}) AS executors
FROM (SELECT
    (SELECT name FROM categories WHERE id = :category_id AND is_active) AS category,
    (SELECT name FROM channels WHERE id = :channel_id AND is_active) AS channel,
    (SELECT name FROM subcategories WHERE category_id = :category_id AND name_key = :subcategory) AS subcategory
) AS directories
LEFT JOIN LATERAL ({idempotency.KEPT}) AS kept ON true
CROSS JOIN LATERAL (
    SELECT category IS NOT NULL AND channel IS NOT NULL AND kept.fingerprint IS NULL AND {CALLER_HOLDS} AS is_new
) AS judged
"""  # noqa: S608 — put together from constants
).bindparams(
    sa.bindparam("category_id", type_=sa.Uuid()),
    sa.bindparam("channel_id", type_=sa.Uuid()),
    sa.bindparam("subcategory", type_=sa.Text()),
)

_INSERT_CASE = sa.text("""
INSERT INTO cases (id, public_id, category_id, channel_id, author_id, status, created_at, updated_at,
                   last_status_change_at, subcategory, applicant_name, applicant_name_sort,
                   applicant_phone, applicant_phone_e164, applicant_email, summary, patient_id, doctor_id)
VALUES (CAST(:case_id AS uuid), CAST(:public_id AS integer), CAST(:category_id AS uuid), CAST(:channel_id AS uuid),
        CAST(:actor_id AS uuid), 'NEW', :now, :now, :now, :subcategory, :applicant_name, :applicant_name_sort,
        :applicant_phone, :applicant_phone_e164, :applicant_email, :summary, CAST(:patient_id AS uuid),
        CAST(:doctor_id AS uuid))
""")
_CREATED = sa.text("""
INSERT INTO case_events (id, case_id, at, actor_id, kind, to_status) OVERRIDING SYSTEM VALUE
VALUES (CAST(:event_id AS bigint), CAST(:case_id AS uuid), :now, CAST(:actor_id AS uuid), 'created', 'NEW')
""")
_FILES = sa.text("""
INSERT INTO attachments (id, case_id, original_name, storage_key, size_bytes, mime_type, sha256, uploaded_by_id,
                         created_at)
SELECT f.id, CAST(:case_id AS uuid), f.name, f.key, f.size, f.mime, f.sha256, CAST(:actor_id AS uuid), :now
FROM unnest(CAST(:file_ids AS uuid[]), CAST(:file_names AS text[]), CAST(:file_keys AS text[]),
            CAST(:file_sizes AS bigint[]), CAST(:file_mimes AS text[]), CAST(:file_sums AS bytea[]))
     AS f (id, name, key, size, mime, sha256)
""")
_CREATED_WITH_FILES = sa.text("""
INSERT INTO case_events (id, case_id, at, actor_id, kind, to_status, data) OVERRIDING SYSTEM VALUE
SELECT * FROM (
    SELECT CAST(:event_id AS bigint), CAST(:case_id AS uuid), CAST(:now AS timestamptz), CAST(:actor_id AS uuid),
           'created', 'NEW', CAST('{}' AS jsonb)
    UNION ALL
    SELECT nextval('case_events_id_seq'), CAST(:case_id AS uuid), :now, CAST(:actor_id AS uuid), 'file_added', NULL,
           jsonb_build_object('attachment_id', f.id, 'original_name', f.name)
    FROM unnest(CAST(:file_ids AS uuid[]), CAST(:file_names AS text[])) AS f (id, name)
) AS told
""")


async def prepare(driver: Any, actor: Actor, form: CaseForm, key: str | None) -> Any:
    """What a registration needs to know beforehand: a row with names, executors, and the numbers drawn for it; without
    numbers, and with the answer kept under `key` (see `idempotency.again`), for a request that was answered before.

    Raises InactiveCategory, InactiveChannel (400), NumbersExhausted (409).
    """
    sql, names = compiled(_PREPARE)
    asked = {
        "category_id": form.category_id,
        "channel_id": form.channel_id,
        "subcategory": ukrainian.name_key(form.subcategory) if form.subcategory else None,
        "doctor_id": form.doctor_id,
        "user_id": actor.user_id,
        "key": key,
    }
    try:
        prepared = await driver.fetchrow(sql, *[asked[name] for name in names], record_class=Row)
    except SequenceGeneratorLimitExceededError:
        raise NumbersExhausted from None
    if prepared["fingerprint"] is not None:
        return prepared
    if prepared["category"] is None:
        raise InactiveCategory(field="category_id")
    if prepared["channel"] is None:
        raise InactiveChannel(field="channel_id")
    return prepared


async def register_at_once(
    session: AsyncSession,
    actor: Actor,
    form: CaseForm,
    prepared: Any,
    *,
    keep: Callable[[bytes], Part] | None = None,
) -> bytes:
    """Register a case without files and links in one statement, which is its own transaction; returns its card as JSON.

    `prepared` comes from `prepare`; `keep` makes of the card what is to be stored with it.
    """
    case, rows = _whole(actor, form, (), prepared)
    card = first_card(
        actor, rows["registered"].values, category=prepared["category"], channel=prepared["channel"]
    )
    if keep is not None:
        rows["answered"] = keep(card)
    await notices.case_registered(session, actor, case, executors=prepared["executors"], rows=rows)
    return card


async def register_case(
    session: AsyncSession, actor: Actor, form: CaseForm, files: Sequence[Received], storage: LocalStorage
) -> bytes:
    """Register a case with its files and links, all or nothing; returns its card as JSON.

    Raises what `prepare` raises, and DoctorInactive (400), PatientNotFound, DoctorNotFound (404), PatientMerged,
    PatientAnonymised (409), StorageUnavailable (503, 507).
    """
    if form.patient_id is not None:
        await patients.patient_to_link(session, form.patient_id)
    if form.doctor_id is not None:
        await doctors.doctor_to_link(session, form.doctor_id)
    driver = await driver_of(session)
    prepared = await prepare(driver, actor, form, None)  # `once` has looked at the key
    case, rows = _whole(actor, form, files, prepared)
    async with kept(storage, files, case.public_id):
        await notices.case_registered(session, actor, case, executors=prepared["executors"], rows=rows)
        return await reading.new_card(driver, actor, case.id)


def _whole(
    actor: Actor, form: CaseForm, files: Sequence[Received], prepared: Any
) -> tuple[notices.NewCase, dict[str, Part]]:
    """The case, and everything that is stored with it but the notifications."""
    number = public_ids.permute(prepared["number"], bytes(prepared["public_id_key"]))
    case = notices.NewCase(uuid4(), number, form.category_id, form.doctor_id)
    rows = rows_of_case(
        actor,
        form,
        case,
        files,
        subcategory=prepared["subcategory"] or form.subcategory,
        event_id=prepared["event_id"],
        now=clock.now(),
    )
    details = {"public_id": number, "files": [str(file.id) for file in files]}
    rows["found_by"] = index_entry(rows["registered"].values)
    rows["noted"] = audit.entry(
        actor, "case.registered", object_type="case", object_id=case.id, details=details
    )
    return case, rows


def rows_of_case(
    actor: Actor,
    form: CaseForm,
    case: notices.NewCase,
    files: Sequence[Received],
    *,
    subcategory: str | None,
    event_id: int,
    now: datetime,
) -> dict[str, Part]:
    """The case, its files and the beginning of its timeline; `event_id` is for the first entry there."""
    values = {
        "case_id": case.id,
        "event_id": event_id,
        "public_id": case.public_id,
        "actor_id": actor.user_id,
        "now": now,
        "category_id": form.category_id,
        "channel_id": form.channel_id,
        "subcategory": subcategory,
        "applicant_name": form.applicant_name,
        "applicant_name_sort": ukrainian.sort_key(form.applicant_name),
        "applicant_phone": form.applicant_phone,
        "applicant_phone_e164": phones.normalise(form.applicant_phone),
        "applicant_email": form.applicant_email,
        "summary": form.summary,
        "patient_id": form.patient_id,
        "doctor_id": form.doctor_id,
    }
    if not files:
        return {"registered": Part(_INSERT_CASE, values), "created": Part(_CREATED)}
    return {
        "registered": Part(_INSERT_CASE, values),
        "files": Part(_FILES, _columns(files, case.public_id)),
        "created": Part(_CREATED_WITH_FILES),
    }


def _columns(files: Sequence[Received], number: int) -> dict[str, list[Any]]:
    return {
        "file_ids": [file.id for file in files],
        "file_names": [file.name for file in files],
        "file_keys": [file.key(number) for file in files],
        "file_sizes": [file.incoming.size for file in files],
        "file_mimes": [file.type.mime for file in files],
        "file_sums": [file.incoming.sha256 for file in files],
    }
