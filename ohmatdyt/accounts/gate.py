"""What a route needs that opens its own transactions: because a password is hashed in between and no connection may be
held meanwhile, or because something must stay written although the answer is a refusal."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from ohmatdyt.accounts import browser
from ohmatdyt.accounts.actor import CurrentVisitor, Visitor
from ohmatdyt.audit.coalescing import Coalescer
from ohmatdyt.core.db import Database
from ohmatdyt.core.problems import language
from ohmatdyt.core.settings import Settings


@dataclass(frozen=True, slots=True)
class Gate:
    """The door to the database, the settings, who knocks and in which language to answer ("uk" or "en")."""

    request: Request
    database: Database
    settings: Settings
    visitor: Visitor
    coalescer: Coalescer

    def say(self, uk: str, en: str) -> str:
        """The sentence in the caller's language."""
        return en if language(self.request) == "en" else uk

    def refresh_token(self, sent: str | None) -> str | None:
        """The refresh token the client sent or, without one, the one in the browser's cookie."""
        return sent or browser.kept_refresh_token(self.request, self.settings)


async def gate(request: Request, visitor: CurrentVisitor) -> Gate:
    """Collect what stands in the application's state."""
    state = request.app.state
    return Gate(request, state.database, state.settings, visitor, state.coalescer)


CurrentGate = Annotated[Gate, Depends(gate)]
