"""What bitmaps know of a list's filters, and how those of their words are joined (docs/adr/0018)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import reduce
from typing import Final, Literal, TypeAlias

from ohmatdyt.cases.queries.case_set import CaseSet
from ohmatdyt.cases.queries.criteria import OPEN, Branch, Criteria
from ohmatdyt.cases.queries.parts import Span
from ohmatdyt.core.finding.parts import Piece, Pieces

_COLUMNS: Final = {"day": "c.created_at", "upd": "c.updated_at", "chg": "c.last_status_change_at"}
_DAY: Final = timedelta(days=1)
_HALF: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Cases of a group: those whose `column` of `c` is within a half-open time, of these `statuses` unless empty."""

    group: int
    column: str
    begin: datetime
    end: datetime
    statuses: tuple[str, ...] = ()


Tree: TypeAlias = int | tuple[Literal["and", "or", "but"], "Tree", "Tree"]


@dataclass(slots=True)
class Plan:
    """Groups of words, and what is said of a case by the groups it has a word of, by their numbers.

    `rows` are groups of cases whose time of a kind is in a half-open range; they may have to be of a status besides.
    `ranges` are half-open; what is in one of them is in no other of its group, nor among its words.
    `is_exact`: other cases than those wanted have no such bits. Without a `tree` all cases are wanted.
    """

    words: list[tuple[int, str]] = field(default_factory=list)
    ranges: list[tuple[int, str, str]] = field(default_factory=list)
    pieces: list[tuple[int, Piece]] = field(default_factory=list)
    rows: list[Stretch] = field(default_factory=list)
    groups: int = 0
    tree: Tree | None = None
    is_exact: bool = True

    def group(self) -> int:
        """The number of one more group."""
        self.groups += 1
        return self.groups - 1

    def any_of(self, names: Iterable[str]) -> int:
        """Cases that have one of these words."""
        number = self.group()
        self.words += [(number, name) for name in names]
        return number

    def cases(self, groups: Mapping[int, CaseSet]) -> CaseSet | None:
        """The cases wanted; None for all of them."""
        return None if self.tree is None else _cases(self.tree, groups)


def _cases(tree: Tree, groups: Mapping[int, CaseSet]) -> CaseSet:
    if isinstance(tree, int):
        return groups[tree]
    how, left, right = tree
    one, other = _cases(left, groups), _cases(right, groups)
    return one & other if how == "and" else one | other if how == "or" else one - other


def _all_of(trees: Iterable[Tree]) -> Tree:
    return reduce(lambda one, other: ("and", one, other), trees)


def _any_of(trees: Iterable[Tree]) -> Tree:
    return reduce(lambda one, other: ("or", one, other), trees)


def plan(criteria: Criteria) -> Plan:
    """How bitmaps tell which cases fulfil the criteria; `criteria.masks` are there."""
    made = Plan()
    every: list[Tree] = []
    parts = [_branch(made, branch, criteria) for branch in criteria.branches]
    told = [part for part in parts if part is not None]
    if len(told) == len(parts):
        every.append(_any_of(told))
    if criteria.created_from is not None or criteria.created_before is not None:
        every.append(_span(made, Span("day", criteria.created_from, criteria.created_before)))
    for mask in criteria.masks or ():
        if isinstance(mask, str):
            every.append(made.any_of([mask]))
        elif isinstance(mask, Span):
            every.append(_span(made, mask))
        else:
            every.append(_pieces(made, mask))
    made.tree = _all_of(every) if every else None
    return made


def _branch(made: Plan, branch: Branch, criteria: Criteria) -> Tree | None:
    parts: list[Tree] = [
        made.any_of(f"!{dimension}:{value}" for value in sorted(values))
        for dimension, values in branch.values.items()
    ]
    tree = _all_of(parts) if parts else None
    if branch.age is None:
        return tree
    statuses = sorted(branch.values.get("status", OPEN))
    recent = _span(made, Span("chg", criteria.stale_before, None), tuple(statuses))
    if tree is None:
        raise ValueError("A branch with an age has statuses.")
    return ("and" if branch.age == "recent" else "but", tree, recent)


def _pieces(made: Plan, asked: Pieces) -> Tree:
    made.is_exact = made.is_exact and asked.is_exact
    alternatives: list[Tree] = []
    for pieces in asked.alternatives:
        if pieces:
            numbers = [made.group() for _ in pieces]
            made.pieces += zip(numbers, pieces, strict=True)
            alternatives.append(_all_of(numbers))
    return _any_of(alternatives)


def _span(made: Plan, span: Span, statuses: tuple[str, ...] = ()) -> Tree:
    """Whole days have bitmaps. Of a piece of a day the rows are read: of the shorter one, to add it or to leave it
    out, and only of these `statuses` unless empty."""
    since, before = span.since, span.before
    first = _midnight(since) if since else None
    end = _midnight(before) if before else None
    plus: list[tuple[datetime, datetime]] = []
    minus: list[tuple[datetime, datetime]] = []
    if since and first and first != since:
        if since - first <= _HALF:
            minus.append((first, since))
        else:
            first += _DAY
            plus.append((since, first))
    if before and end and end != before:
        if before - end <= _HALF:
            plus.append((end, before))
        else:
            end += _DAY
            minus.append((before, end))
    if since and before and first and end and first >= end:
        return _rows(made, span.kind, [(since, before)], statuses)
    days = made.group()
    made.ranges += [(days, *bounds) for bounds in day_words(span.kind, first, end)]
    result: Tree = days
    if minus:
        result = ("but", result, _rows(made, span.kind, minus, statuses))
    if plus:
        result = ("or", result, _rows(made, span.kind, plus, statuses))
    return result


def _rows(made: Plan, kind: str, pieces: list[tuple[datetime, datetime]], statuses: tuple[str, ...]) -> int:
    number = made.group()
    made.rows += [Stretch(number, _COLUMNS[kind], begin, end, statuses) for begin, end in pieces]
    return number


def _midnight(moment: datetime) -> datetime:
    return datetime.combine(moment.astimezone(UTC).date(), time(), UTC)


def day_words(kind: str, first: datetime | None, end: datetime | None) -> Iterator[tuple[str, str]]:
    """Half-open ranges of words: the whole months within the days asked for, and the days around them."""
    begin = None if first is None else first if first.day == 1 else _next_month(first)
    stop = None if end is None else end.replace(day=1)
    if first and end and begin and stop and begin > stop:  # within one month
        yield f"!{kind}:{first.date()}", f"!{kind}:{end.date()}"
        return
    if first and begin and first != begin:
        yield f"!{kind}:{first.date()}", f"!{kind}:{begin.date()}"
    yield (
        f"!{kind}m:{f'{begin:%Y-%m}' if begin else ''}",
        f"!{kind}m:{stop:%Y-%m}" if stop else f"!{kind}m;",
    )
    if end and stop and end != stop:
        yield f"!{kind}:{stop.date()}", f"!{kind}:{end.date()}"


def _next_month(day: datetime) -> datetime:
    return (day.replace(day=28) + 4 * _DAY).replace(day=1)
