"""HTTP of the schedule: what runs by itself, and how its last run went."""

from datetime import datetime, time
from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from ohmatdyt.accounts.actor import CurrentAdmin
from ohmatdyt.core.db import UnitOfWork
from ohmatdyt.core.http import failures
from ohmatdyt.core.schemas import Out
from ohmatdyt.schedule import job_states

router = APIRouter(tags=["operations"])


class JobOut(Out):
    """A periodic job and its last run, on whichever node that was."""

    name: str = Field(max_length=100, examples=["remind_of_waiting_cases"])
    every_seconds: int = Field(ge=1, description="The usual time between two runs.", examples=[86400])
    daily_at: time | None = Field(
        description="For a daily job: when, in the hospital's time zone.", examples=["09:00:00"]
    )
    last_started_at: datetime | None
    last_finished_at: datetime | None
    last_outcome: Literal["done", "failed"] | None
    last_error: str | None = Field(
        max_length=500,
        description="Why it failed: a sentence in Ukrainian, without anything about applicants.",
        examples=["Копію не записано: немає місця на диску (/srv/backups)."],
    )
    is_late: bool = Field(description="It should have run by now, and nobody ran it.")


class Jobs(BaseModel):
    """Every periodic job."""

    jobs: list[JobOut]
    total: int = Field(ge=0, examples=[6])


@router.get("/api/jobs", responses=failures(401, 403))
async def list_jobs(request: Request, session: UnitOfWork, _actor: CurrentAdmin) -> Jobs:
    """What runs by itself, and how its last run went; for administrators."""
    states = await job_states(session, request.app.state.settings)
    return Jobs(jobs=[JobOut.model_validate(one) for one in states], total=len(states))
