"""What managers ask for and what they get. Each description is the definition of its figure."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from ohmatdyt.core.paging import Page, PageNumber, PageSize
from ohmatdyt.core.schemas import Day, Out, PublicId, Ref, ShownName, UserRef
from ohmatdyt.insights.periods import PeriodName

Count = Annotated[int, Field(ge=0, examples=[12])]
Seconds = Annotated[
    int | None,
    Field(ge=0, description="Whole seconds, rounded down; null without any case.", examples=[93_600]),
]
Share = Annotated[
    float | None, Field(ge=0, le=1, description="From 0 to 1; null without any case.", examples=[0.25])
]


class PeriodQuery(BaseModel):
    """Which days. Days are counted in the hospital's time zone."""

    model_config = ConfigDict(extra="forbid")

    period: PeriodName | Literal["custom"] | None = Field(
        default=None,
        description="A calendar period up to today, compared with the same part of the one before; or `custom`, "
        "which needs dates. Left out, and without dates: `month`.",
        examples=["month"],
    )
    date_from: Day | None = Field(
        default=None, description="First day of a custom period; instead of a named one."
    )
    date_to: Day | None = Field(default=None, description="Its last day, included; left out: today.")


class TopQuery(PeriodQuery):
    """Which days, and how many entries."""

    limit: int = Field(default=5, ge=1, le=100)


class OverdueQuery(PeriodQuery):
    """Cases overdue now; with a period, only those registered in it."""

    page: PageNumber = 1
    page_size: PageSize = 20


class Periodic(Out):
    """The days a figure is about, and the days it is compared with; all included."""

    period_start: date
    period_end: date
    previous_start: date
    previous_end: date


class StatusCounts(Out):
    """Cases registered in the period, by the status they have now. A list with `date_from`, `date_to` and `status`
    shows exactly these."""

    total_cases: Count
    new_cases: Count
    in_progress_cases: Count
    needs_info_cases: Count
    rejected_cases: Count
    done_cases: Count
    closed_cases: int = Field(
        ge=0,
        examples=[4],
        description="Cases closed (DONE or REJECTED) in the period, whenever registered, whose closing still stands: "
        "a reopened case counts again only when it is closed again, on that day.",
    )


class TrendPoint(Out):
    """One day, or one month as far as it lies in the period."""

    start: date
    end: date
    registered: Count
    closed: Count


class TargetShare(Out):
    """`met` of `due` cases registered in the period. Cases that can still meet the target are not due yet."""

    met: Count
    due: Count
    share: Share


class Target(TargetShare):
    """A target of the hospital.

    `taken_within_24h`: first taken at most 24 hours after registration.
    `never_overdue`: first taken at most ESCALATION_AFTER_DAYS (3) × 24 h after registration.
    """

    code: Literal["taken_within_24h", "never_overdue"]
    goal: float = Field(ge=0, le=1, examples=[0.9])
    previous: TargetShare


class Summary(Periodic, StatusCounts):
    """How many cases, where they stand, and where the hospital stands against its targets."""

    previous: StatusCounts
    overdue_now: int = Field(
        ge=0,
        examples=[4],
        description="Cases NEW for more than ESCALATION_AFTER_DAYS (3) × 24 h at this moment.",
    )
    trend_grain: Literal["day", "month"]
    trend: list[TrendPoint]
    targets: list[Target]


class StatusShare(Out):
    """Cases registered in the period that have this status now."""

    status: str = Field(max_length=20, examples=["NEW"])
    count: Count
    share: Share
    previous: Count


class StatusDistribution(Periodic):
    """Distribution by status of the cases registered in the period."""

    total: Count
    statuses: list[StatusShare]


class OverdueCase(Out):
    """A case nobody has taken."""

    id: UUID
    public_id: PublicId
    category: Ref
    applicant_name: ShownName
    created_at: datetime
    waiting_since: datetime = Field(description="Since when it has been NEW: registered, or returned to NEW.")
    days_waiting: int = Field(ge=3, examples=[4], description="Whole times 24 hours since then.")


class OverdueCases(Page):
    """Cases NEW for more than ESCALATION_AFTER_DAYS (3) × 24 h at this moment, the longest waiting first."""

    cases: list[OverdueCase]


class HandlingFigures(Out):
    """What a person closed in the period: cases he is responsible for whose standing closing falls into it."""

    done: Count
    rejected: Count
    average_seconds: Seconds = Field(
        examples=[93_600], description="Mean time from a case's first taking to its closing."
    )
    median_seconds: Seconds = Field(examples=[86_400], description="Median of the same (nearest rank).")


class ExecutorRow(HandlingFigures):
    """One person's work."""

    user: UserRef
    role: str = Field(max_length=20, examples=["EXECUTOR"])
    is_active: bool
    categories: list[Ref]
    in_progress_now: Count
    needs_info_now: Count
    stale_now: int = Field(
        ge=0,
        examples=[4],
        description="His open cases without a change of status for more than ESCALATION_AFTER_DAYS (3) × 24 h.",
    )
    overdue_now: int = Field(
        ge=0,
        examples=[4],
        description="Overdue cases of his categories; each of their executors has them.",
    )
    previous: HandlingFigures


class Executors(Periodic):
    """Active executors, and everybody else who closed something in either period or has open cases now."""

    executors: list[ExecutorRow]
    total: Count


class EntryShare(Out):
    """Cases registered in the period."""

    count: Count
    share: Share
    previous: Count


class CategoryShare(EntryShare):
    category: Ref


class ChannelShare(EntryShare):
    channel: Ref


class TopCategories(Periodic):
    """Categories with the most cases registered in the period."""

    total: int = Field(ge=0, examples=[4], description="Cases registered in the period, in all categories.")
    categories: list[CategoryShare]


class ChannelShares(Periodic):
    """Cases registered in the period by channel."""

    total: Count
    channels: list[ChannelShare]


class Durations(Out):
    """Percentiles are by nearest rank: a value that some case really has, exact to the second."""

    cases: Count
    average_seconds: Seconds
    median_seconds: Seconds
    p90_seconds: Seconds


class DurationsCompared(Durations):
    previous: Durations


class Timing(Periodic):
    """How long people wait."""

    take: DurationsCompared = Field(
        description="From registration to the first taking, of cases first taken in the period."
    )
    close: DurationsCompared = Field(
        description="From registration to the closing that stands, of cases closed in the period."
    )


class Load(Periodic):
    """Cases registered in the period by local weekday and hour of their registration."""

    total: Count
    hours: list[list[int]] = Field(
        examples=[[[0] * 24] * 7],
        description="Seven rows, Monday first, of 24 hours each. The hour the clocks repeat in autumn counts both.",
    )


class Dashboard(Out):
    """The whole page, from one snapshot of the database: its figures agree with each other."""

    summary: Summary
    status_distribution: StatusDistribution
    overdue: OverdueCases
    executors: Executors
    categories: TopCategories
    channels: ChannelShares
    timing: Timing
    load: Load


class Mine(Periodic):
    """An executor's own figures."""

    executor: ExecutorRow
