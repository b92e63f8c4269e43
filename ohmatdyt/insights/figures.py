"""From sums to figures: shares, averages and the place of a percentile in a histogram. Pure."""

from ohmatdyt.insights.queries import Sums
from ohmatdyt.insights.schemas import StatusCounts

STATUSES = ("NEW", "IN_PROGRESS", "NEEDS_INFO", "REJECTED", "DONE")
MEDIAN, P90 = (1, 2), (9, 10)


def share(part: int, whole: int) -> float | None:
    """Part of the whole, to four digits; None of nothing."""
    return round(part / whole, 4) if whole else None


def average(seconds: int, n: int) -> int | None:
    """Mean in whole seconds, rounded down."""
    return seconds // n if n else None


def place_of(histogram: dict[int, int], fraction: tuple[int, int]) -> tuple[int, int] | None:
    """The bin of the percentile and how many of that bin's cases are before it: nearest rank, ceil(p · n) from 1."""
    n = sum(histogram.values())
    if n == 0:
        return None
    over, under = fraction
    before = -(-n * over // under) - 1
    for each in sorted(histogram):
        if before < histogram[each]:
            return each, before
        before -= histogram[each]
    raise AssertionError("a rank beyond the histogram")


def histogram(sums: Sums, facet: str) -> dict[int, int]:
    """Bin to number of cases."""
    return {int(value): n for value, n in sums.n.get(facet, {}).items()}


def by_person(sums: Sums, facet: str) -> dict[str, dict[str, int]]:
    """The sums of a facet whose value is «person,something»."""
    result: dict[str, dict[str, int]] = {}
    for value, n in sums.n.get(facet, {}).items():
        person, _, rest = value.partition(",")
        result.setdefault(person, {})[rest] = n
    return result


def seconds_by_person(sums: Sums, facet: str) -> dict[str, int]:
    """Seconds together, by person."""
    result: dict[str, int] = {}
    for value, seconds in sums.seconds.get(facet, {}).items():
        person = value.partition(",")[0]
        result[person] = result.get(person, 0) + seconds
    return result


def status_counts(sums: Sums) -> StatusCounts:
    """The summary's numbers for one period."""
    by_status = {f"{status.lower()}_cases": sums.of("status", status) for status in STATUSES}
    return StatusCounts(total_cases=sums.total("all"), closed_cases=sums.total("closed"), **by_status)
