"""When the certificate that people's browsers are shown ends."""

import asyncio
import ssl
import time
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from cryptography import x509

_PATIENCE_S: Final = 2.0
_ASK_EVERY_S: Final = 3600.0

SOON: Final = timedelta(days=14)
"""From so long before its end on administrators are told; a renewal that works by itself comes earlier."""
NOW: Final = timedelta(days=3)
"""From so long before its end on nothing else is more urgent."""

_answered: dict[str, tuple[float, datetime | None]] = {}


async def ends_at(url: str) -> datetime | None:
    """When the certificate at an https address ends, whoever signed it; None for other addresses, and where nobody
    answers within two seconds. An intermediate proxy's certificate is the one that counts: it is what browsers see."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        return None
    # Without the system's authorities, which nobody is judged by here: reading them would hold the event loop.
    anybodys = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    anybodys.check_hostname, anybodys.verify_mode = False, ssl.CERT_NONE
    try:
        async with asyncio.timeout(_PATIENCE_S):
            _, writer = await asyncio.open_connection(
                parts.hostname, parts.port or 443, ssl=anybodys, server_hostname=parts.hostname
            )
            try:
                shown: ssl.SSLObject = writer.get_extra_info("ssl_object")
                der = shown.getpeercert(binary_form=True)
            finally:
                writer.transport.abort()
    except (OSError, TimeoutError):
        return None
    return x509.load_der_x509_certificate(der).not_valid_after_utc if der else None


async def ends_at_lately(url: str) -> datetime | None:
    """The same as it was at most an hour ago: this process asks no more often. Whoever comes while it is being asked
    gets the answer before."""
    asked_at, ends = _answered.get(url, (float("-inf"), None))
    if time.monotonic() - asked_at >= _ASK_EVERY_S:
        _answered[url] = time.monotonic(), ends
        ends = await ends_at(url)
        _answered[url] = time.monotonic(), ends
    return ends
