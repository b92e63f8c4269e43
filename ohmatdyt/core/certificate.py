"""When the certificate that people's browsers are shown ends."""

import asyncio
import ssl
from datetime import datetime
from urllib.parse import urlsplit

from cryptography import x509

_PATIENCE_S = 2.0


async def ends_at(url: str) -> datetime | None:
    """When the certificate at an https address ends, whoever signed it; None for other addresses, and where nobody
    answers within two seconds. An intermediate proxy's certificate is the one that counts: it is what browsers see."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        return None
    anybodys = ssl.create_default_context()
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
