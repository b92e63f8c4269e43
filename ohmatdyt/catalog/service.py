"""What people do with the directories. Categories, channels and subcategories behave alike."""

from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.audit import service as audit
from ohmatdyt.catalog import queries
from ohmatdyt.catalog.errors import DuplicateName
from ohmatdyt.catalog.models import Category, Channel, Subcategory
from ohmatdyt.catalog.queries import Entry
from ohmatdyt.core import clock
from ohmatdyt.core.ukrainian import name_key, sort_key

NOUNS: dict[type[Any], str] = {Category: "category", Channel: "channel", Subcategory: "subcategory"}


async def _write(session: AsyncSession, name: str) -> None:
    """Let the database judge the name: two people may choose the same one at the same moment."""
    try:
        await session.flush()
    except IntegrityError as error:
        if "name_key" in str(error.orig):
            raise DuplicateName(field="name", name=name) from None
        raise


async def _record(
    session: AsyncSession, actor: Actor, done: str, one: Category | Channel | Subcategory
) -> None:
    noun = NOUNS[type(one)]
    await audit.record(session, actor, f"{noun}.{done}", object_type=noun, object_id=one.id)


async def create(
    session: AsyncSession, actor: Actor, kind: type[Entry], name: str, *, category_id: UUID | None = None
) -> Entry:
    """Add an entry. Raises DuplicateName (409), and EntryNotFound (404) for a subcategory of no category."""
    now = clock.now()
    fields: dict[str, Any] = {}
    if category_id is not None:
        await queries.entry(session, Category, category_id)
        fields["category_id"] = category_id
    one = kind(
        name=name,
        name_key=name_key(name),
        name_sort=sort_key(name),
        is_active=True,
        created_at=now,
        updated_at=now,
        **fields,
    )
    session.add(one)
    await _write(session, name)
    await _record(session, actor, "created", one)
    return one


async def rename(
    session: AsyncSession,
    actor: Actor,
    kind: type[Entry],
    entry_id: UUID,
    name: str,
    *,
    category_id: UUID | None = None,
) -> Entry:
    """Give an entry another name; old cases show it too. Raises EntryNotFound, DuplicateName."""
    one = await queries.entry(session, kind, entry_id, category_id=category_id, lock=True)
    if one.name == name:
        return one
    one.name, one.name_key, one.name_sort = name, name_key(name), sort_key(name)
    one.updated_at = clock.now()
    await _write(session, name)
    await _record(session, actor, "renamed", one)
    return one


async def set_active(
    session: AsyncSession,
    actor: Actor,
    kind: type[Entry],
    entry_id: UUID,
    *,
    active: bool,
    category_id: UUID | None = None,
) -> Entry:
    """Offer an entry for new cases, or stop offering it. Twice changes nothing. Raises EntryNotFound."""
    one = await queries.entry(session, kind, entry_id, category_id=category_id, lock=True)
    if one.is_active != active:
        one.is_active, one.updated_at = active, clock.now()
        await session.flush()
        await _record(session, actor, "activated" if active else "deactivated", one)
    return one
