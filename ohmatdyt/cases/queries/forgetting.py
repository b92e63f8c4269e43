"""Statements that tell everything about a person's cases, and those that wipe it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.cases.models import Case

_IDS = sa.bindparam("ids", type_=ARRAY(sa.Uuid()))

_LINKED = sa.text(
    "SELECT id, public_id, status NOT IN ('DONE', 'REJECTED') AS is_open FROM cases WHERE patient_id = :id"
    " ORDER BY id FOR UPDATE"
)
_WIPE_CASES = sa.text("""
UPDATE cases c SET applicant_name = :name, applicant_name_sort = :name_sort, applicant_phone = NULL,
    applicant_phone_e164 = NULL, applicant_email = NULL, summary = :text,
    subcategory = (SELECT s.name FROM subcategories s WHERE s.category_id = c.category_id AND s.name = c.subcategory),
    version = c.version + 1, updated_at = :now
WHERE c.id = ANY (:ids)
""").bindparams(_IDS)
_WIPE_COMMENTS = sa.text("UPDATE case_comments SET text = :text WHERE case_id = ANY (:ids)").bindparams(_IDS)
_DELETE_FILES = sa.text(
    "DELETE FROM attachments WHERE case_id = ANY (:ids) RETURNING storage_key"
).bindparams(_IDS)
_FORGET_EVENTS = sa.text("SELECT forget_case_events(:ids)").bindparams(_IDS)
# Answers kept for repeated requests (two days at most) hold what was typed.
_FORGET_ANSWERS = sa.text("""
DELETE FROM idempotency_keys k USING unnest(CAST(:ids AS uuid[])) AS i (id)
WHERE position(convert_to(i.id::text, 'UTF8') IN k.body) > 0
""").bindparams(_IDS)


async def linked_cases(session: AsyncSession, patient_id: UUID) -> Sequence[Any]:
    """The patient's cases, locked: id, public_id, is_open."""
    return (await session.execute(_LINKED, {"id": patient_id})).all()


async def wipe_cases(
    session: AsyncSession, ids: list[UUID], *, name: str, name_sort: str, text: str, now: datetime
) -> list[str]:
    """Take every word about people out of these cases; returns the storage keys of their files."""
    await session.execute(
        _WIPE_CASES, {"ids": ids, "name": name, "name_sort": name_sort, "text": text, "now": now}
    )
    await session.execute(_WIPE_COMMENTS, {"ids": ids, "text": text})
    await session.execute(_FORGET_EVENTS, {"ids": ids})
    return list((await session.scalars(_DELETE_FILES, {"ids": ids})).all())


async def forget_answers(session: AsyncSession, ids: list[UUID]) -> None:
    """Delete kept answers that mention one of these ids."""
    await session.execute(_FORGET_ANSWERS, {"ids": ids})


_TOLD = sa.text("""
SELECT jsonb_build_object('public_id', c.public_id, 'status', c.status, 'category', k.name,
    'subcategory', c.subcategory, 'channel', h.name, 'applicant_name', c.applicant_name,
    'applicant_phone', c.applicant_phone, 'applicant_email', c.applicant_email, 'summary', c.summary,
    'created_at', c.created_at, 'last_status_change_at', c.last_status_change_at,
    'comments', (SELECT coalesce(jsonb_agg(jsonb_build_object('at', m.created_at, 'author', u.full_name,
        'text', m.text, 'is_internal', m.is_internal) ORDER BY m.created_at, m.id), '[]')
        FROM case_comments m JOIN users u ON u.id = m.author_id WHERE m.case_id = c.id),
    'attachments', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'original_name', f.original_name,
        'size_bytes', f.size_bytes, 'created_at', f.created_at) ORDER BY f.created_at, f.id), '[]')
        FROM attachments f WHERE f.case_id = c.id),
    'timeline', (SELECT coalesce(jsonb_agg(jsonb_build_object('at', e.at, 'kind', e.kind, 'actor', u.full_name,
        'from_status', e.from_status, 'to_status', e.to_status, 'data', e.data) ORDER BY e.id), '[]')
        FROM case_events e LEFT JOIN users u ON u.id = e.actor_id WHERE e.case_id = c.id))::text AS told
FROM cases c JOIN categories k ON k.id = c.category_id JOIN channels h ON h.id = c.channel_id
WHERE c.patient_id = :id ORDER BY c.created_at, c.id
""")
_LOOKS = sa.text("""
SELECT l.at, l.action, u.full_name AS who FROM audit_log l LEFT JOIN users u ON u.id = l.actor_id
WHERE l.object_type = 'patient' AND l.object_id = :id ORDER BY l.at, l.id
""")


async def told_cases(session: AsyncSession, patient_id: UUID) -> list[Any]:
    """The patient's cases with all that was said and done in them."""
    return [orjson.loads(told) for told in await session.scalars(_TOLD, {"id": patient_id})]


async def concern(session: AsyncSession, patient_id: UUID, doctor_id: UUID) -> bool:
    """Whether one of the patient's cases is about this doctor."""
    found = sa.select(Case.id).where(Case.patient_id == patient_id, Case.doctor_id == doctor_id).limit(1)
    return await session.scalar(found) is not None


async def looks(session: AsyncSession, patient_id: UUID) -> list[dict[str, Any]]:
    """Who looked at or changed the card, and when."""
    rows = await session.execute(_LOOKS, {"id": str(patient_id)})
    return [{"at": row.at, "action": row.action, "who": row.who} for row in rows]
