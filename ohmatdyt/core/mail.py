"""One conversation with the mail server: TLS verified, every step bounded in time, the connection reused.

A `Postman` says exactly how far it came, because that decides what may be repeated: before the server has said 250 to
the letter nothing was accepted. Addresses and the server's sentences (which quote them) never leave this module.
"""

import asyncio
import contextlib
import re
import time
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from types import TracebackType
from typing import Self

import aiosmtplib
import structlog

from ohmatdyt.core.settings import Settings

log = structlog.get_logger(__name__)

# Servers close a connection that says nothing for a while, or after many letters: we do it first.
_IDLE_S = 20.0
_LETTERS_PER_CONNECTION = 100
_BYE_S = 2.0
_ENHANCED = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


class NotSent(Exception):
    """The letter was not accepted. `reason` is a few words without addresses.

    `server_down` means no letter would get through now: there is no point in trying the next one at once.
    """

    def __init__(self, reason: str, *, server_down: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.server_down = server_down


def header(text: str) -> str:
    """A text fit for a header: one line, no control characters, whatever it was made from."""
    return " ".join(_CONTROL.sub(" ", text).split())


class Postman:
    """Carries letters one after another over one connection, opened for the first and whenever it was lost."""

    def __init__(self, settings: Settings) -> None:
        if settings.smtp_host is None or settings.mail_from is None:
            raise ValueError("No mail server is configured.")
        self._settings = settings
        self._sender = str(settings.mail_from)
        self._client: aiosmtplib.SMTP | None = None
        self._carried = 0
        self._last_used = 0.0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self.close()

    async def send(self, letter: EmailMessage, recipient: str) -> None:
        """Return when the server has answered 250 to the letter. Raises NotSent, at the latest after SMTP_TIMEOUT_S."""
        step = "CONNECT"
        try:
            async with asyncio.timeout(self._settings.smtp_timeout_s):
                client = await self._connected()
                step = "MAIL"
                options, encoding = self._international(client, recipient)
                try:
                    await client.mail(self._sender, options=options, encoding=encoding)
                except aiosmtplib.SMTPServerDisconnected:
                    # It had hung up since the last letter; of this one it has heard nothing yet.
                    self._drop()
                    step = "CONNECT"
                    client = await self._connected()
                    step = "MAIL"
                    await client.mail(self._sender, options=options, encoding=encoding)
                step = "RCPT"
                await client.rcpt(recipient, encoding=encoding)
                step = "DATA"
                policy = SMTPUTF8 if options else SMTP
                await client.data(letter.as_bytes(policy=policy))
        except aiosmtplib.SMTPResponseException as error:
            await self._after_refusal(step)
            raise NotSent(_words(step, error), server_down=step == "CONNECT" or error.code == 421) from None
        except (TimeoutError, aiosmtplib.SMTPException, OSError, ValueError) as error:
            self._drop()
            # A server that connects and then falls silent is as good as down, a letter that breaks it is not.
            down = step in {"CONNECT", "MAIL"} or isinstance(error, TimeoutError)
            raise NotSent(f"{step}: {_kind(error)}", server_down=down) from None
        except asyncio.CancelledError:
            self._drop()
            raise
        self._carried += 1
        self._last_used = time.monotonic()

    async def check(self) -> None:
        """Connect and sign in, and send nothing. Raises NotSent."""
        try:
            async with asyncio.timeout(self._settings.smtp_timeout_s):
                await (await self._connected()).noop()
        except aiosmtplib.SMTPResponseException as error:
            raise NotSent(_words("CONNECT", error), server_down=True) from None
        except (TimeoutError, aiosmtplib.SMTPException, OSError) as error:
            raise NotSent(f"CONNECT: {_kind(error)}", server_down=True) from None

    async def close(self) -> None:
        """Say goodbye, briefly."""
        client, self._client = self._client, None
        if client is None:
            return
        with contextlib.suppress(TimeoutError, aiosmtplib.SMTPException, OSError):
            async with asyncio.timeout(_BYE_S):
                await client.quit()
        client.close()

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    async def _after_refusal(self, step: str) -> None:
        """Leave the connection ready for the next letter, or drop it."""
        client = self._client
        if client is None or step == "CONNECT":
            self._drop()
            return
        try:
            async with asyncio.timeout(_BYE_S):
                await client.rset()
        except (TimeoutError, aiosmtplib.SMTPException, OSError):
            self._drop()

    async def _connected(self) -> aiosmtplib.SMTP:
        client = self._client
        if client is not None:
            idle = time.monotonic() - self._last_used
            if client.is_connected and idle < _IDLE_S and self._carried < _LETTERS_PER_CONNECTION:
                return client
            await self.close()
        settings = self._settings
        password = settings.smtp_password.get_secret_value() if settings.smtp_password else None
        client = aiosmtplib.SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_user,
            password=password if settings.smtp_user else None,
            timeout=settings.smtp_timeout_s,
            use_tls=settings.smtp_tls == "tls",
            start_tls=settings.smtp_tls == "starttls",
            validate_certs=True,
            cert_bundle=str(settings.smtp_ca_file) if settings.smtp_ca_file else None,
            # Our own name may be anything on a laptop; the server wants something that looks like a host.
            local_hostname="[127.0.0.1]" if settings.smtp_host in {"127.0.0.1", "localhost"} else None,
        )
        self._client = client
        try:
            await client.connect()
        except BaseException:
            self._drop()
            raise
        self._carried = 0
        self._last_used = time.monotonic()
        return client

    def _international(self, client: aiosmtplib.SMTP, recipient: str) -> tuple[list[str], str]:
        if recipient.isascii():
            return [], "ascii"
        if not client.supports_extension("smtputf8"):
            raise ValueError("SMTPUTF8")
        return ["SMTPUTF8"], "utf-8"


def _words(step: str, error: aiosmtplib.SMTPResponseException) -> str:
    """The server's codes without its sentence, which may quote an address."""
    enhanced = _ENHANCED.search(error.message or "")
    return f"{step}: {error.code}{' ' + enhanced.group() if enhanced else ''}"


def _kind(error: BaseException) -> str:
    if isinstance(error, TimeoutError | aiosmtplib.SMTPTimeoutError):
        return "timeout"
    return type(error).__name__
