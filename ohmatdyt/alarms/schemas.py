"""What goes out."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from ohmatdyt.core.schemas import Out


class AlarmOut(Out):
    """Something wrong with the installation, until it is wrong no more."""

    kind: str = Field(max_length=50, examples=["job_failed"])
    subject: str = Field(
        max_length=100, description="Which job, disk or sequence it is about.", examples=["back_up"]
    )
    level: Literal["WARNING", "CRITICAL"]
    title: str = Field(
        max_length=500,
        description="In Ukrainian, as in the letter.",
        examples=["Не вдалося: «Резервна копія»"],
    )
    reason: str | None = Field(
        max_length=1000, description="Why, in words, where it is known.", examples=["немає місця на диску"]
    )
    since: datetime


class Alarms(BaseModel):
    """What is wrong now, the worst first."""

    alarms: list[AlarmOut]
    total: int = Field(ge=0, examples=[1])
