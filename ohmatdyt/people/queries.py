"""Every SELECT over patients."""

from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.core import cursor
from ohmatdyt.people import keys
from ohmatdyt.people.errors import PatientAnonymised, PatientMerged, PatientNotFound
from ohmatdyt.people.models import Guardian, Patient, PatientMerge
from ohmatdyt.people.schemas import PatientName, PatientQuery

_LIVING = "p.merged_into_id IS NULL AND p.anonymised_at IS NULL"
_ORDERS = {"full_name": ("p.full_name_sort", "text"), "created_at": ("p.created_at", "timestamptz")}

_ROW = """
jsonb_build_object('id', p.id, 'full_name', p.full_name, 'birth_date', p.birth_date,
    'record_number', p.record_number, 'phone', p.phone, 'email', p.email, 'created_at', p.created_at,
    'updated_at', p.updated_at, 'version', p.version, 'guardians', coalesce((
        SELECT jsonb_agg(jsonb_build_object('id', g.id, 'full_name', g.full_name, 'relation', g.relation,
            'phone', g.phone, 'phone_e164', g.phone_e164, 'email', g.email, 'is_primary', g.is_primary)
            ORDER BY g.is_primary DESC, g.created_at, g.id)
        FROM guardians g WHERE g.patient_id = p.id), '[]'))
"""

# The matches are found first and ordered afterwards: left to itself, the planner may walk the whole name index of
# half a million patients for one rare surname.
_FOUND = f"""
WITH p AS MATERIALIZED (
    SELECT p.id, p.full_name_sort, p.created_at FROM patients p
    WHERE p.search_keys @@ CAST(:wanted AS tsquery) AND {_LIVING}
), page AS (SELECT p.id, {{key}} AS key FROM p {{start}} ORDER BY {{order}} LIMIT :limit OFFSET :offset)
SELECT (SELECT count(*) FROM p) AS total, {{rows}}
"""  # noqa: S608 — made of the constants above
_ALL = f"""
WITH page AS (
    SELECT p.id, {{key}} AS key FROM patients p WHERE {_LIVING} {{start}} ORDER BY {{order}} LIMIT :limit OFFSET :offset
)
SELECT (SELECT coalesce(sum(n), 0) FROM patient_count) AS total, {{rows}}
"""  # noqa: S608
_ROWS = f"""
(SELECT coalesce(jsonb_agg({_ROW} ORDER BY {{order}}), '[]')::text FROM page JOIN patients p USING (id)) AS rows,
(SELECT jsonb_build_array(key, id)::text FROM page ORDER BY {{page_last}} LIMIT 1) AS last
"""  # noqa: S608


async def page_of_patients(
    session: AsyncSession, query: PatientQuery
) -> tuple[list[dict[str, Any]], int, str | None]:
    """A page of living cards, the exact total, and the cursor of the next page. One statement."""
    key, kind = _ORDERS[query.order_by.removeprefix("-")]
    down = query.order_by.startswith("-")
    way = "DESC" if down else "ASC"
    parameters: dict[str, Any] = {"limit": query.page_size, "offset": query.offset}
    wanted = keys.search_query(query.search) if query.search else None
    if query.search and wanted is None:
        return [], 0, None
    start = ""
    if query.after is not None:
        last_key, last_id = cursor.read(query.after)
        if kind == "timestamptz":
            last_key = cursor.moment(last_key).isoformat()
        # Both are text in the cursor; the database reads the key as what it is.
        place = (
            f"({key}, p.id) {'<' if down else '>'} (CAST(CAST(:key AS text) AS {kind}), CAST(:id AS uuid))"
        )
        start = f"{'WHERE' if wanted else 'AND'} {place}"
        parameters |= {"key": last_key, "id": last_id, "offset": 0}
    shape = {"key": key, "start": start, "order": f"{key} {way}, p.id {way}"}
    turned = "ASC" if down else "DESC"
    rows = _ROWS.format(order=shape["order"], page_last=f"key {turned}, id {turned}")
    statement = (_FOUND if wanted else _ALL).format(**shape, rows=rows)
    if wanted:
        parameters["wanted"] = wanted
    row = (await session.execute(sa.text(statement), parameters)).one()
    found: list[dict[str, Any]] = orjson.loads(row.rows)
    full = len(found) == query.page_size
    return found, int(row.total), cursor.write(*orjson.loads(row.last)) if full and row.last else None


async def patient(session: AsyncSession, patient_id: UUID) -> Patient:
    """A card, also a merged or anonymised one. Raises PatientNotFound."""
    found = await session.get(Patient, patient_id, populate_existing=True)
    if found is None:
        raise PatientNotFound
    return found


async def patient_name(session: AsyncSession, patient_id: UUID) -> PatientName:
    """Whose card it is, also a merged or anonymised one's. Raises PatientNotFound."""
    row = (
        await session.execute(sa.select(Patient.id, Patient.full_name).where(Patient.id == patient_id))
    ).one_or_none()
    if row is None:
        raise PatientNotFound
    return PatientName(id=row.id, full_name=row.full_name)


async def patient_to_change(session: AsyncSession, patient_id: UUID) -> Patient:
    """A living card, locked. Raises PatientNotFound, PatientMerged, PatientAnonymised."""
    found = await session.get(Patient, patient_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise PatientNotFound
    require_living(found)
    return found


def require_living(one: Patient) -> None:
    """Raise PatientMerged or PatientAnonymised unless the card is in use."""
    if one.merged_into_id is not None:
        raise PatientMerged(extra={"into_id": str(one.merged_into_id)})
    if one.anonymised_at is not None:
        raise PatientAnonymised


async def patient_to_link(session: AsyncSession, patient_id: UUID) -> Patient:
    """A living card for a case to point to, held against a merge until the caller commits. Raises as above."""
    found = await session.get(Patient, patient_id, with_for_update={"read": True}, populate_existing=True)
    if found is None:
        raise PatientNotFound(field="patient_id")
    require_living(found)
    return found


async def guardians(session: AsyncSession, patient_id: UUID) -> list[Guardian]:
    """Who speaks for the patient, the main contact first."""
    statement = (
        sa.select(Guardian)
        .where(Guardian.patient_id == patient_id)
        .order_by(Guardian.is_primary.desc(), Guardian.created_at, Guardian.id)
    )
    return list((await session.scalars(statement)).all())


_FAMILY = sa.text("""
WITH RECURSIVE family AS (
    SELECT id FROM patients WHERE merged_into_id = :id
    UNION SELECT p.id FROM patients p JOIN family f ON p.merged_into_id = f.id
)
SELECT id FROM family
""")


async def duplicates(session: AsyncSession, patient_id: UUID) -> list[Patient]:
    """Cards merged into this one, directly or through another."""
    ids = (await session.scalars(_FAMILY, {"id": patient_id})).all()
    if not ids:
        return []
    statement = sa.select(Patient).where(Patient.id.in_(ids)).order_by(Patient.full_name_sort, Patient.id)
    return list((await session.scalars(statement)).all())


async def merges_into(session: AsyncSession, patient_ids: list[UUID]) -> dict[UUID, PatientMerge]:
    """The standing merge of each of these merged cards."""
    statement = sa.select(PatientMerge).where(
        PatientMerge.source_id.in_(patient_ids), PatientMerge.undone_at.is_(None)
    )
    return {merge.source_id: merge for merge in (await session.scalars(statement)).all()}


async def standing_merge(session: AsyncSession, source_id: UUID) -> PatientMerge | None:
    """The merge that put this card into another one, locked."""
    statement = (
        sa.select(PatientMerge)
        .where(PatientMerge.source_id == source_id, PatientMerge.undone_at.is_(None))
        .with_for_update()
    )
    return (await session.scalars(statement)).one_or_none()


async def owner_of_record(session: AsyncSession, record_key: str) -> UUID | None:
    """Whose living card has this record number."""
    return await session.scalar(
        sa.select(Patient.id).where(Patient.record_key == record_key, Patient.merged_into_id.is_(None))
    )
