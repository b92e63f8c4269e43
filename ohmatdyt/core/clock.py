"""The time. Everything asks here, so that tests can move it; nothing else calls `datetime.now`."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

LEEWAY = timedelta(minutes=1)
"""By so much the clocks of two hosts may differ without harm."""

_shift = timedelta()


def now() -> datetime:
    """The present moment, in UTC, with its zone."""
    return datetime.now(UTC) + _shift


def horizon(longest: timedelta = timedelta()) -> datetime:
    """The latest moment that a deadline `longest` ahead can name now; without one, the latest that has happened.

    What is stored beyond it was written by a clock that ran ahead and was set right since: it does not count.
    """
    return now() + longest + LEEWAY


@contextmanager
def moved(by: timedelta) -> Iterator[None]:
    """For tests: within the block the clock runs ahead (or behind) by this much; blocks add up."""
    global _shift  # noqa: PLW0603 — the one thing this module keeps
    before = _shift
    _shift = before + by
    try:
        yield
    finally:
        _shift = before


@contextmanager
def set_to(moment: datetime) -> Iterator[None]:
    """For tests: within the block the clock starts from `moment` (aware) and goes on running."""
    with moved(moment - now()):
        yield
