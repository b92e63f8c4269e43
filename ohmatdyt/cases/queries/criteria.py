"""From filters, scope and viewer to what SQL can use: disjoint branches of plain conditions.

Every row a list shows belongs to exactly one branch, so totals add up and pages merge; and each branch is a
conjunction that an index or the tally answers, where one big OR would be answered by neither.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.accounts.models import Role
from ohmatdyt.cases import policy
from ohmatdyt.cases.errors import ScopeNotAllowed
from ohmatdyt.cases.models import Status
from ohmatdyt.cases.queries.parts import Condition, Mask, part_conditions, part_masks
from ohmatdyt.cases.schemas import CaseFilters, Scope
from ohmatdyt.core.errors import FieldError, InvalidFields

DIMENSIONS = ("status", "category", "channel", "responsible", "author")
OPEN = frozenset({Status.NEW.value, Status.IN_PROGRESS.value, Status.NEEDS_INFO.value})
EVERY_STATUS = frozenset(status.value for status in Status)
Age = Literal["old", "recent"]


@dataclass(frozen=True, slots=True)
class Branch:
    """A conjunction: each dimension named in `values` must have one of its values.

    `age` is "old" for cases whose status has not changed since `Criteria.stale_before`, "recent" for the others.
    `not_about` is the doctor whose cases are left out: the viewer himself.
    """

    values: dict[str, frozenset[str]] = field(default_factory=dict)
    age: Age | None = None
    not_about: UUID | None = None

    def narrowed(self, dimension: str, values: Iterable[str]) -> "Branch | None":
        """This branch with one more condition; None when nothing can be left."""
        wanted = frozenset(values)
        kept = self.values.get(dimension, wanted) & wanted
        merged = {**self.values, dimension: kept}
        # Whoever is responsible, the case is not NEW: the database holds the two together.
        if "responsible" in merged and "status" in merged:
            merged["status"] -= {Status.NEW.value}
        if dimension == "status" and kept == EVERY_STATUS:
            del merged["status"]
        if not all(merged.values()):
            return None
        return replace(self, values=merged)

    def aged(self, age: Age) -> "Branch | None":
        """This branch with a condition on the time since the last change of status."""
        return None if self.age not in {None, age} else replace(self, age=age)


@dataclass(frozen=True, slots=True)
class Criteria:
    """Which cases: the union of disjoint branches, within half-open times, fulfilling all conditions.

    `masks` say the conditions, but a search, once more as bitmaps know them; None when they do not.
    `known_total` spares counting them to whoever knows how many there are.
    """

    branches: tuple[Branch, ...]
    stale_before: datetime
    created_from: datetime | None = None
    created_before: datetime | None = None
    conditions: tuple[Condition, ...] = ()
    masks: tuple[Mask, ...] | None = None
    known_total: int | None = None


def visible_to(actor: Actor) -> Branch | None:
    """What the viewer may see (product.md §2); None for an executor without any category.

    The one place where this is written for SQL: lists, counts, cards, files start from it.
    """
    everything = Branch(not_about=actor.doctor_id)
    if actor.role is Role.ADMIN:
        return everything
    if actor.role is Role.EXECUTOR:
        return everything.narrowed("category", map(str, actor.category_ids))
    return everything.narrowed("author", [str(actor.user_id)])


def _scoped(actor: Actor, scope: Scope | None) -> list[Branch]:
    default = {Role.OPERATOR: Scope.MINE, Role.EXECUTOR: Scope.QUEUE, Role.ADMIN: Scope.ALL}
    scope = scope or default[actor.role]
    open_to = {
        Role.OPERATOR: {Scope.MINE},
        Role.EXECUTOR: {Scope.MINE, Scope.QUEUE, Scope.CATEGORY},
        Role.ADMIN: set(Scope),
    }
    if scope not in open_to[actor.role]:
        raise ScopeNotAllowed(field="scope")
    seen = visible_to(actor)
    if seen is None:
        return []
    if actor.role is Role.OPERATOR or scope in {Scope.CATEGORY, Scope.ALL}:
        return [seen]
    mine = seen.narrowed("responsible", [str(actor.user_id)])
    waiting = seen.narrowed("status", [Status.NEW.value]) if scope is Scope.QUEUE else None
    return [branch for branch in (waiting, mine) if branch is not None]


def _each(branches: list[Branch], dimension: str, values: Iterable[str]) -> list[Branch]:
    wanted = list(values)
    narrowed = (branch.narrowed(dimension, wanted) for branch in branches)
    return [branch for branch in narrowed if branch is not None]


def _by_responsible(branches: list[Branch], wanted: list[str]) -> list[Branch]:
    people = [one for one in wanted if one != "none"]
    result = _each(branches, "responsible", people) if people else []
    if "none" in wanted:
        result += _each(branches, "status", [Status.NEW.value])
    return [branch for branch in result if branch.values.get("responsible") != frozenset()]


def _by_age(branches: list[Branch], statuses: frozenset[str], *, wanted: bool) -> list[Branch]:
    """Cases of `statuses` that have stood too long, or (not `wanted`) all others."""
    standing = _each(branches, "status", statuses)
    old = [b.aged("old" if wanted else "recent") for b in standing]
    others = [] if wanted else _each(branches, "status", EVERY_STATUS - statuses)
    return others + [branch for branch in old if branch is not None]


def build(filters: CaseFilters, actor: Actor, *, stale_before: datetime, zone: ZoneInfo) -> Criteria:
    """`stale_before` is the moment of `policy.overdue_before`.

    Raises ScopeNotAllowed (403) and InvalidFields (422: a range that runs backwards, a phone that is none)."""
    branches = _scoped(actor, filters.scope)
    if filters.status:
        branches = _each(branches, "status", [status.value for status in filters.status])
    for dimension, value in (
        ("category", filters.category_id),
        ("channel", filters.channel_id),
        ("author", filters.author_id),
    ):
        if value is not None:
            branches = _each(branches, dimension, [str(value)])
    if filters.responsible_id:
        wanted = [str(actor.user_id) if one == "me" else str(one) for one in filters.responsible_id]
        branches = _by_responsible(branches, wanted)
    if filters.overdue is not None:
        branches = _by_age(branches, frozenset({Status.NEW.value}), wanted=filters.overdue)
    if filters.stale is not None:
        branches = _by_age(branches, OPEN, wanted=filters.stale)
    created = _range(filters.date_from, filters.date_to, zone, "date_to")
    updated = _range(filters.updated_from, filters.updated_to, zone, "updated_to")
    closed = _range(filters.closed_from, filters.closed_to, zone, "closed_to")
    if any(closed):
        branches = _each(branches, "status", EVERY_STATUS - OPEN)
    return Criteria(
        branches=tuple(branches),
        stale_before=stale_before,
        created_from=created[0],
        created_before=created[1],
        conditions=tuple(
            part_conditions(filters, updated, closed, with_internal=policy.sees_internal(actor))
        ),
        masks=part_masks(filters, updated, closed),
    )


def _range(
    first: datetime | date | None, last: datetime | date | None, zone: ZoneInfo, name: str
) -> tuple[datetime | None, datetime | None]:
    """Half-open [from, before) in UTC; a date is a whole day in the hospital's zone."""
    begin = _begin(first, zone) if first else None
    if last is None:
        return begin, None
    if isinstance(last, datetime):
        end = last.astimezone(UTC) + timedelta(microseconds=1)
    else:
        end = _begin(last + timedelta(days=1), zone)
    if begin and begin >= end:
        raise InvalidFields(
            [FieldError(name, "Кінець періоду раніше за його початок.", "The range ends before it begins.")]
        )
    return begin, end


def _begin(moment: datetime | date, zone: ZoneInfo) -> datetime:
    if isinstance(moment, datetime):
        return moment.astimezone(UTC)
    return datetime.combine(moment, time(), tzinfo=zone).astimezone(UTC)
