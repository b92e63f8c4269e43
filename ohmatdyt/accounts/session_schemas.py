"""Tokens and sessions, as they come in and go out."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from ohmatdyt.core.schemas import In, Out, Total


class RefreshIn(In):
    """The refresh token of a client without cookies; a browser sends none and its cookie counts."""

    refresh_token: str | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        examples=["iMoEtVfUscF1NkVPmMy25kkO9hgpHuUPeH-83ypT83s"],
    )


class Tokens(Out):
    """What opens the API for a while."""

    access_token: str = Field(
        max_length=1000,
        description="For `Authorization: Bearer`; keep it in memory only.",
        examples=["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI1ZjJiN2M5ZSJ9.c2lnbmF0dXJl"],
    )
    refresh_token: str = Field(
        max_length=200,
        description="Good for one use at /auth/refresh.",
        examples=["iMoEtVfUscF1NkVPmMy25kkO9hgpHuUPeH-83ypT83s"],
    )
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 — the kind of token, not a token
    expires_in: int = Field(ge=1, description="Seconds until the access token ends.", examples=[1800])


class SessionOut(Out):
    """One sign-in on one device."""

    id: UUID
    created_at: datetime
    last_seen_at: datetime
    user_agent: str = Field(max_length=500, examples=["Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"])
    ip: str = Field(max_length=100, examples=["10.0.3.17"])
    is_current: bool = Field(description="The session this request belongs to.")


class Sessions(Out):
    """Live sessions, the latest seen first."""

    sessions: list[SessionOut]
    total: Total
