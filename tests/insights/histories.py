"""Made-up lives of cases: written into the database step by step, and kept beside it as plain Python."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.cases.service.indexing import index_cases
from ohmatdyt.core.ukrainian import sort_key

CLOSED = ("DONE", "REJECTED")
_NEXT = {
    "NEW": ["IN_PROGRESS"],
    "IN_PROGRESS": ["NEEDS_INFO", "REJECTED", "DONE", "DONE", "NEW"],
    "NEEDS_INFO": ["IN_PROGRESS", "REJECTED", "DONE"],
    "DONE": ["IN_PROGRESS"],
    "REJECTED": ["IN_PROGRESS"],
}

_INSERT = sa.text("""
INSERT INTO cases (id, public_id, category_id, channel_id, author_id, responsible_id, status, created_at, updated_at,
    last_status_change_at, applicant_name, applicant_name_sort, summary)
VALUES (:id, :public_id, :category, :channel, :author, NULL, 'NEW', :at, :at, :at, :name, :sort, 'Зміст')
""")
_STATUS = sa.text("""
UPDATE cases SET status = :status, responsible_id = :responsible, last_status_change_at = :at, updated_at = :at,
    version = version + 1 WHERE id = :id
""")
_EDIT = sa.text(
    "UPDATE cases SET category_id = :category, channel_id = :channel, version = version + 1 WHERE id = :id"
)
_ASSIGN = sa.text("UPDATE cases SET responsible_id = :responsible, version = version + 1 WHERE id = :id")


@dataclass
class Life:
    """What a reader of the case's timeline would know."""

    id: UUID
    public_id: int
    category: UUID
    channel: UUID
    created: datetime
    responsible: UUID | None = None
    steps: list[tuple[datetime, str, str]] = field(default_factory=list)

    @property
    def status(self) -> str:
        return self.steps[-1][2] if self.steps else "NEW"

    @property
    def last_change(self) -> datetime:
        return self.steps[-1][0] if self.steps else self.created

    @property
    def first_taken(self) -> datetime | None:
        return next((at for at, before, _ in self.steps if before == "NEW"), None)

    @property
    def closed(self) -> datetime | None:
        return self.last_change if self.status in CLOSED else None


@dataclass
class World:
    """Everything that exists, and the moment from which everybody looks."""

    categories: list[UUID]
    channels: list[UUID]
    executors: list[UUID]
    author: UUID
    now: datetime
    rng: random.Random
    lives: list[Life] = field(default_factory=list)

    async def live(self, session: AsyncSession, *, number: int, span: timedelta) -> Life:
        """Register one case somewhere in the last `span` and let things happen to it until now."""
        rng = self.rng
        created = self.now - span * rng.random() ** rng.choice((1, 3))
        life = Life(
            uuid4(), 100_000 + number, rng.choice(self.categories), rng.choice(self.channels), created
        )
        self.lives.append(life)
        name = f"Заявник {number}"
        await session.execute(
            _INSERT,
            {
                "id": life.id,
                "public_id": life.public_id,
                "category": life.category,
                "channel": life.channel,
                "author": self.author,
                "at": created,
                "name": name,
                "sort": sort_key(name),
            },
        )
        # As a registration does: a case nothing is known to be found by is in no list that bitmaps answer.
        await index_cases(session, [life.id])
        at = created
        for _ in range(rng.choice((0, 1, 1, 2, 2, 2, 3, 6))):
            at += self._pause()
            if at >= self.now:
                break
            await self._step(session, life, at)
        return life

    def _pause(self) -> timedelta:
        usual = self.rng.choice(
            (timedelta(minutes=7), timedelta(hours=5), timedelta(days=1), timedelta(days=3))
        )
        # Now and then exactly a limit: 24 hours to the microsecond count as within 24 hours.
        return usual if self.rng.random() < 0.1 else usual * self.rng.expovariate(1)

    async def _step(self, session: AsyncSession, life: Life, at: datetime) -> None:
        rng = self.rng
        if rng.random() < 0.25:
            life.category, life.channel = rng.choice(self.categories), rng.choice(self.channels)
            await session.execute(_EDIT, {"id": life.id, "category": life.category, "channel": life.channel})
        if life.status not in ("NEW", *CLOSED) and rng.random() < 0.2:
            life.responsible = rng.choice(self.executors)
            await session.execute(_ASSIGN, {"id": life.id, "responsible": life.responsible})
        before, after = life.status, rng.choice(_NEXT[life.status])
        if after == "NEW":
            life.responsible = None
        elif life.responsible is None:
            life.responsible = rng.choice(self.executors)
        life.steps.append((at, before, after))
        await session.execute(
            _STATUS, {"id": life.id, "status": after, "responsible": life.responsible, "at": at}
        )

    def case(self, **wanted: Any) -> list[Life]:
        """Lives whose attributes are these."""
        return [one for one in self.lives if all(getattr(one, k) == v for k, v in wanted.items())]
