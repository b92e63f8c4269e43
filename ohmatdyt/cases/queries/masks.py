"""What bitmaps know of a list's filters, and how the bits of their words are joined (docs/adr/0018)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Final

from ohmatdyt.cases.queries.criteria import OPEN, Branch, Criteria
from ohmatdyt.cases.queries.parts import Span
from ohmatdyt.cases.queries.sql import Args
from ohmatdyt.core.finding.parts import Piece, Pieces

_COLUMNS: Final = {"day": "c.created_at", "upd": "c.updated_at", "chg": "c.last_status_change_at"}
_DAY: Final = timedelta(days=1)
_HALF: Final = timedelta(hours=12)


@dataclass(slots=True)
class Plan:
    """Groups of words, and what is said of a case by the groups it has a word of: `g0 & (g1 | g2)`.

    `rows` are groups of cases that conditions on `c` tell. `is_exact`: other cases than those wanted have no such bits.
    """

    words: list[tuple[int, str]] = field(default_factory=list)
    ranges: list[tuple[int, str, str]] = field(default_factory=list)
    pieces: list[tuple[int, Piece]] = field(default_factory=list)
    rows: list[tuple[int, str]] = field(default_factory=list)
    groups: int = 0
    expression: str = ""
    is_exact: bool = True

    def group(self) -> int:
        """The number of one more group."""
        self.groups += 1
        return self.groups - 1

    def any_of(self, names: Iterable[str]) -> str:
        """Cases that have one of these words."""
        number = self.group()
        self.words += [(number, name) for name in names]
        return f"g{number}"


def plan(criteria: Criteria, args: Args) -> Plan:
    """How bitmaps tell which cases fulfil the criteria; `criteria.masks` are there."""
    made = Plan()
    parts = [_branch(made, branch, criteria, args) for branch in criteria.branches]
    every = [f"({' | '.join(parts)})"] if all(parts) else []
    if criteria.created_from is not None or criteria.created_before is not None:
        every.append(_span(made, Span("day", criteria.created_from, criteria.created_before), args))
    for mask in criteria.masks or ():
        if isinstance(mask, str):
            every.append(made.any_of([mask]))
        elif isinstance(mask, Span):
            every.append(_span(made, mask, args))
        else:
            every.append(_pieces(made, mask))
    made.expression = " & ".join(every)
    return made


def _branch(made: Plan, branch: Branch, criteria: Criteria, args: Args) -> str:
    parts = [
        made.any_of(f"!{dimension}:{value}" for value in sorted(values))
        for dimension, values in branch.values.items()
    ]
    if branch.age is not None:
        statuses = sorted(branch.values.get("status", OPEN))
        listed = ", ".join(f"'{status}'" for status in statuses)
        recent = _span(made, Span("chg", criteria.stale_before, None), args, f"c.status IN ({listed}) AND ")
        parts.append(recent if branch.age == "recent" else f"~{recent}")
    return f"({' & '.join(parts)})" if parts else ""


def _pieces(made: Plan, asked: Pieces) -> str:
    made.is_exact = made.is_exact and asked.is_exact
    alternatives = []
    for pieces in asked.alternatives:
        numbers = [made.group() for _ in pieces]
        made.pieces += zip(numbers, pieces, strict=True)
        alternatives.append(" & ".join(f"g{number}" for number in numbers))
    return f"({' | '.join(f'({one})' for one in alternatives if one)})"


def _span(made: Plan, span: Span, args: Args, more: str = "") -> str:
    """Whole days have bitmaps. Of a piece of a day the rows are read: of the shorter one, to add it or to leave it
    out. `more` are conditions that the rows fulfil besides."""
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
        return _rows(made, span.kind, [(since, before)], args, more)
    days = made.group()
    made.ranges += [(days, *bounds) for bounds in day_words(span.kind, first, end)]
    result = f"g{days}"
    if minus:
        result = f"({result} & ~{_rows(made, span.kind, minus, args, more)})"
    if plus:
        result = f"({result} | {_rows(made, span.kind, plus, args, more)})"
    return result


def _rows(made: Plan, kind: str, pieces: list[tuple[datetime, datetime]], args: Args, more: str) -> str:
    number = made.group()
    column = _COLUMNS[kind]
    made.rows += [
        (
            number,
            f"{more}{column} >= {args.add(begin)}::timestamptz AND {column} < {args.add(end)}::timestamptz",
        )
        for begin, end in pieces
    ]
    return f"g{number}"


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
