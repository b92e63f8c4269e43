"""Browsers in which somebody has signed in before (OWASP, «Slow Down Online Guessing Attacks with Device Cookies»).

Such a browser has a counter of failures of its own, so nobody's guesses in the same network keep its owner out. The
cookie opens nothing: it says only where failures are counted. A desk's computer is used by several people, so it may
hold several of these names.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from ohmatdyt.core import clock
from ohmatdyt.core.settings import Settings

KEPT_FOR = timedelta(days=180)
_MOST = 4
_ONE = re.compile(r"([0-9a-f]{32})\.([0-9a-f]{1,10})\.([A-Za-z0-9_-]{22})\.([0-9a-f]{64})", re.ASCII)
_LONGEST = 700


@dataclass(frozen=True, slots=True)
class Device:
    """A browser and one who has signed in there."""

    user_id: UUID
    issued: int
    nonce: str

    @property
    def counter(self) -> str:
        """The key of its failures."""
        return "device:" + hashlib.sha256(self.nonce.encode()).hexdigest()


def read(settings: Settings, cookie: str | None) -> list[Device]:
    """Whose browser the cookie says it is; what we did not sign, or signed too long ago, says nothing."""
    if not cookie or len(cookie) > _LONGEST:
        return []
    now = clock.now()
    found = []
    for part in cookie.split("~")[:_MOST]:
        match = _ONE.fullmatch(part)
        if match is None:
            continue
        device = Device(UUID(match[1]), int(match[2], 16), match[3])
        issued = datetime.fromtimestamp(min(device.issued, 2**35), UTC)
        is_ours = hmac.compare_digest(_signature(settings, device), match[4])
        if is_ours and now - KEPT_FOR < issued <= clock.horizon():
            found.append(device)
    return found


def with_user(settings: Settings, cookie: str | None, user_id: UUID) -> str:
    """The cookie that names this person, too, and those it named last."""
    known = read(settings, cookie)
    nonce = next((one.nonce for one in known if one.user_id == user_id), secrets.token_urlsafe(16))
    mine = Device(user_id, int(clock.now().timestamp()), nonce)
    kept = [mine, *(one for one in known if one.user_id != user_id)][:_MOST]
    return "~".join(f"{_words(one)}.{_signature(settings, one)}" for one in kept)


def _words(device: Device) -> str:
    return f"{device.user_id.hex}.{device.issued:x}.{device.nonce}"


def _signature(settings: Settings, device: Device) -> str:
    key = settings.secret_key.get_secret_value().encode()
    return hmac.digest(key, b"device\0" + _words(device).encode(), hashlib.sha256).hex()
