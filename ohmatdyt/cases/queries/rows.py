"""Rows for those who are about to change something."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.accounts.models import CategoryAccess, Role, User
from ohmatdyt.cases import policy
from ohmatdyt.cases.errors import AttachmentNotFound, CaseNotFound, CaseNotVisible
from ohmatdyt.cases.models import Attachment, Case
from ohmatdyt.catalog.models import Category, Channel, Subcategory
from ohmatdyt.core.ukrainian import name_key
from ohmatdyt.people.models import Doctor


async def case_for_update(session: AsyncSession, actor: Actor, reference: Any) -> Case:
    """A case the viewer sees, locked until the end of the transaction. Raises CaseNotFound, CaseNotVisible."""
    named = Case.public_id == reference if isinstance(reference, int) else Case.id == reference
    statement = sa.select(Case).where(named).with_for_update(key_share=True)
    case = (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()
    if case is None:
        raise CaseNotFound
    policy.require(policy.see_problem(actor, case))
    return case


async def attachment(
    session: AsyncSession, actor: Actor, attachment_id: UUID
) -> tuple[Attachment, policy.Facts]:
    """A file of a case the viewer sees, with what the rules need. Raises AttachmentNotFound, CaseNotVisible."""
    statement = (
        sa.select(
            Attachment, Case.category_id, Case.author_id, Case.responsible_id, Case.status, Case.doctor_id
        )
        .join(Case, Case.id == Attachment.case_id)
        .where(Attachment.id == attachment_id)
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise AttachmentNotFound
    facts = policy.Facts(row.category_id, row.author_id, row.responsible_id, row.status, row.doctor_id)
    if not policy.can_see(actor, facts):
        raise CaseNotVisible
    return row.Attachment, facts


async def attachment_for_update(session: AsyncSession, attachment_id: UUID) -> Attachment:
    """A file's row as it is now that its case is locked, locked too. Raises AttachmentNotFound."""
    found = await session.get(Attachment, attachment_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise AttachmentNotFound
    return found


async def is_attachment(session: AsyncSession, attachment_id: UUID) -> bool:
    """Whether the file's row is there at this moment."""
    return bool(await session.scalar(sa.select(sa.exists().where(Attachment.id == attachment_id))))


async def known_storage_keys(session: AsyncSession, keys: list[str]) -> set[str]:
    """Which of these stored files have a row."""
    return set(
        await session.scalars(sa.select(Attachment.storage_key).where(Attachment.storage_key.in_(keys)))
    )


async def has_attachments(session: AsyncSession) -> bool:
    """Whether any file is attached anywhere."""
    return bool(await session.scalar(sa.select(sa.exists().select_from(Attachment))))


async def some_attachments(session: AsyncSession, most: int) -> list[tuple[str, int]]:
    """Storage keys and sizes of up to so many attachments, of no particular kind: their ids are random."""
    statement = sa.select(Attachment.storage_key, Attachment.size_bytes).order_by(Attachment.id).limit(most)
    return [(key, size) for key, size in await session.execute(statement)]


async def active_category_name(session: AsyncSession, category_id: UUID) -> str | None:
    """The name of an active category; None for an inactive or unknown one."""
    return await session.scalar(
        sa.select(Category.name).where(Category.id == category_id, Category.is_active)
    )


async def active_channel_name(session: AsyncSession, channel_id: UUID) -> str | None:
    """The name of an active channel; None for an inactive or unknown one."""
    return await session.scalar(sa.select(Channel.name).where(Channel.id == channel_id, Channel.is_active))


async def directory_names(session: AsyncSession, case: Case) -> tuple[str, str]:
    """The names of the case's category and channel."""
    statement = sa.select(
        sa.select(Category.name).where(Category.id == case.category_id).scalar_subquery(),
        sa.select(Channel.name).where(Channel.id == case.channel_id).scalar_subquery(),
    )
    row = (await session.execute(statement)).one()
    return row[0], row[1]


async def listed_subcategory(session: AsyncSession, category_id: UUID, text: str) -> str:
    """The category's own spelling of a subcategory, or the text itself when it is not in the list."""
    statement = sa.select(Subcategory.name).where(
        Subcategory.category_id == category_id, Subcategory.name_key == name_key(text)
    )
    return await session.scalar(statement) or text


async def person_name(session: AsyncSession, user_id: UUID | None) -> str:
    """The full name of somebody who works here; empty for nobody."""
    if user_id is None:
        return ""
    return await session.scalar(sa.select(User.full_name).where(User.id == user_id)) or ""


async def may_be_responsible(
    session: AsyncSession, user_id: UUID, category_id: UUID, doctor_id: UUID | None
) -> str | None:
    """The full name of an active executor of the category or an active admin; None for anybody else, and for the
    doctor the case is about.

    The person is locked against being deactivated or losing the category before this transaction ends.
    """
    # A statement of its own: one that waits for the lock would go on with the accesses as they were before it waited.
    await session.execute(sa.select(User.id).where(User.id == user_id).with_for_update(read=True))
    serves = sa.exists().where(CategoryAccess.user_id == user_id, CategoryAccess.category_id == category_id)
    statement = sa.select(User.full_name).where(
        User.id == user_id,
        User.is_active,
        ~sa.exists().where(Doctor.id == doctor_id, Doctor.user_id == User.id),
        sa.or_(User.role == Role.ADMIN.value, sa.and_(User.role == Role.EXECUTOR.value, serves)),
    )
    return await session.scalar(statement)


async def uploaded_bytes(session: AsyncSession, user_id: UUID, since: datetime) -> int:
    """How many bytes of files this person has added since then that are still there."""
    statement = sa.select(sa.func.coalesce(sa.func.sum(Attachment.size_bytes), 0)).where(
        Attachment.uploaded_by_id == user_id, Attachment.created_at > since
    )
    return int(await session.scalar(statement) or 0)
