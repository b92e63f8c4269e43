"""The periods managers choose, in local days, and the earlier period each is compared with."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from ohmatdyt.core.errors import FieldError, InvalidFields

PeriodName = Literal["today", "week", "month", "quarter", "year"]
Grain = Literal["day", "month"]

_LONGEST = timedelta(days=3660)
_DAYS_IN_TREND = 92


@dataclass(frozen=True, slots=True)
class Period:
    """Local days from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def grain(self) -> Grain:
        """Whether a trend line over it is drawn by days or by months."""
        return "day" if self.days <= _DAYS_IN_TREND else "month"

    def pieces(self) -> list[tuple[str, date, date]]:
        """Whole months ("m") and the single days around them ("d"), together exactly this period."""
        first_month = self.first if self.first.day == 1 else month_after(self.first)
        end_month = month_start(self.last + timedelta(days=1))  # the first day no whole month reaches
        if first_month >= end_month:
            return [("d", self.first, self.last)]
        before = ("d", self.first, first_month - timedelta(days=1))
        months = ("m", first_month, end_month - timedelta(days=1))
        after = ("d", end_month, self.last)
        return [piece for piece in (before, months, after) if piece[1] <= piece[2]]

    def buckets(self) -> list[tuple[date, date]]:
        """The points of a trend line: each day, or each month as far as it lies in the period."""
        result = []
        start = self.first
        while start <= self.last:
            end = start if self.grain == "day" else min(self.last, month_after(start) - timedelta(days=1))
            result.append((start, end))
            start = end + timedelta(days=1)
        return result


def month_start(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def month_after(day: date) -> date:
    """The first day of the month after its month."""
    return (month_start(day) + timedelta(days=32)).replace(day=1)


def _months_earlier(day: date, months: int) -> date:
    """The same day so many months before, or the last one of that month where it is shorter."""
    index = day.year * 12 + day.month - 1 - months
    start = date(index // 12, index % 12 + 1, 1)
    return min(start.replace(day=1) + timedelta(days=day.day - 1), month_after(start) - timedelta(days=1))


_MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "year": 12}


def named(name: PeriodName, today: date) -> tuple[Period, Period]:
    """A calendar period up to today, and the same part of the one before: this Monday to Thursday with last
    Monday to Thursday, 1-22 November with 1-22 October."""
    if name == "today":
        yesterday = today - timedelta(days=1)
        return Period(today, today), Period(yesterday, yesterday)
    if name == "week":
        monday, week = today - timedelta(days=today.weekday()), timedelta(days=7)
        return Period(monday, today), Period(monday - week, today - week)
    months = _MONTHS[name]
    start = today.replace(month=(today.month - 1) // months * months + 1, day=1)
    earlier = Period(_months_earlier(start, months), _months_earlier(today, months))
    return Period(start, today), earlier


def chosen(
    name: PeriodName | Literal["custom"] | None, date_from: date | None, date_to: date | None, today: date
) -> tuple[Period, Period]:
    """The period asked for and the one to compare it with; without any, this month.

    A custom one is compared with as many days right before it. Raises InvalidFields.
    """
    if date_from is None and date_to is None:
        if name == "custom":
            raise _wrong("date_from", "Вкажіть дати періоду.", "Name the days of the period.")
        return named(name or "month", today)
    if name not in (None, "custom"):
        raise _wrong("period", "Вкажіть або період, або дати.", "Give either a period or dates.")
    last = date_to or today
    first = date_from or last
    if first > last:
        raise _wrong("date_to", "Кінець періоду раніше за його початок.", "The range ends before it begins.")
    if last - first > _LONGEST or first.year < 1970 or last.year > 2200:
        raise _wrong("date_from", "Завеликий період.", "The range is too long.")
    period = Period(first, last)
    return period, Period(first - timedelta(days=period.days), first - timedelta(days=1))


def _wrong(field: str, uk: str, en: str) -> InvalidFields:
    return InvalidFields([FieldError(field, uk, en)])
