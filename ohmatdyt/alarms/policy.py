"""What is an alarm: rules over plain facts, without a database or a clock."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from ohmatdyt.alarms.models import Level
from ohmatdyt.core import certificate, public_ids
from ohmatdyt.core.disk import Room

# What runs every few minutes may fail once, while the database restarts; what runs daily may not.
_SETTLED: Final = timedelta(minutes=10)
_OFTEN: Final = timedelta(hours=1)
_LETTERS_WAIT: Final = timedelta(hours=1)
# A share says little of a large disk: half a terabyte is enough for years, whatever part of the disk it is.
_LOW, _VERY_LOW = (0.20, 50 * 1024**3), (0.10, 20 * 1024**3)
_RETOLD_AFTER: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Found:
    """Something wrong now. `details` are words and numbers of our own; `patience` is how long it may last untold."""

    kind: str
    subject: str
    level: Level
    details: dict[str, Any] = field(default_factory=dict)
    patience: timedelta = timedelta(0)

    @property
    def key(self) -> tuple[str, str]:
        """By what an alarm is known again."""
        return self.kind, self.subject


class JobFacts(Protocol):
    """What is known of a periodic job."""

    @property
    def name(self) -> str: ...
    @property
    def every_seconds(self) -> int: ...
    @property
    def last_outcome(self) -> str | None: ...
    @property
    def last_error(self) -> str | None: ...
    @property
    def is_late(self) -> bool: ...


def of_jobs(states: Iterable[JobFacts]) -> Iterator[Found]:
    """Every job whose last run failed, and every one that should have run and did not."""
    for job in states:
        patience = _SETTLED if timedelta(seconds=job.every_seconds) < _OFTEN else timedelta(0)
        if job.last_outcome == "failed":
            yield Found("job_failed", job.name, Level.CRITICAL, {"reason": job.last_error}, patience)
        elif job.is_late:
            yield Found("job_late", job.name, Level.WARNING, {}, _SETTLED)


def of_disks(rooms: Iterable[tuple[str, Room]]) -> Iterator[Found]:
    """Every disk that fills up, once, under the name of the first place that lies on it."""
    seen: set[int] = set()
    for place, room in rooms:
        if room.device in seen:
            continue
        seen.add(room.device)
        for (share, enough), level in ((_VERY_LOW, Level.CRITICAL), (_LOW, Level.WARNING)):
            if room.free < share * room.total and room.free < enough:
                yield Found("disk_low", place, level, {"free_bytes": room.free, "total_bytes": room.total})
                break


def of_numbers(used: int) -> Iterator[Found]:
    """The case numbers, from the share on at which administrators are warned."""
    share = used / public_ids.CAPACITY
    if share >= public_ids.ALARM_FROM:
        level = Level.CRITICAL if share >= 1 else Level.WARNING
        yield Found("numbers_low", "cases", level, {"used": used, "capacity": public_ids.CAPACITY})


def of_letters(oldest_waiting: timedelta | None, failed: int) -> Iterator[Found]:
    """Letters that do not leave: the bell says so, since a letter could not."""
    if oldest_waiting is not None and oldest_waiting > _LETTERS_WAIT:
        yield Found("letters_waiting", "mail", Level.WARNING, {"hours": oldest_waiting // _LETTERS_WAIT})
    if failed:
        yield Found("letters_failed", "mail", Level.WARNING, {"count": failed})


def of_certificate(left: timedelta | None) -> Iterator[Found]:
    """The certificate at PUBLIC_URL that ends in `left`, or has ended; None where there is none or it is not known."""
    if left is not None and left < certificate.SOON:
        level = Level.CRITICAL if left < certificate.NOW else Level.WARNING
        yield Found("certificate_ends", "public_url", level, {"days": left // timedelta(days=1)})


def is_to_be_told(
    one: Found, *, since: datetime, told_at: datetime | None, was: str | None, now: datetime
) -> bool:
    """Whether administrators get a notification now: it has lasted, and they have not heard of it today, or it got
    worse since. `was` is the level they heard of."""
    if now - since < one.patience:
        return False
    if told_at is None or now - told_at >= _RETOLD_AFTER:
        return True
    return was == Level.WARNING and one.level is Level.CRITICAL
