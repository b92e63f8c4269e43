"""What a check-up found."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `advice` says what to do when it is not "ok"."""

    verdict: Literal["ok", "warning", "failed"]
    subject: str
    text: str
    advice: str = ""
