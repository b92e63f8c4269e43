"""A real mail server with bad habits on demand."""

import asyncio
import email
import email.policy
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Letter:
    """What the server has accepted."""

    recipient: str
    message: EmailMessage
    at: float = field(default_factory=time.time)

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])

    def body(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        assert part is not None
        return str(part.get_content())


class MailServer:
    """Accepts letters in a thread of its own; what it does before that can be set while it runs."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.refused: set[str] = set()
        self.greylisting = False
        self.busy = False
        self.silent = False
        self.hang_up_after_data: set[str] = set()
        self.before_data: Callable[[], None] | None = None
        self.on_data: Callable[[], None] | None = None
        self.seen: Counter[str] = Counter()
        self.connections = 0
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self._controller: Controller | None = None

    def start(self) -> None:
        server = self

        class _Server(SMTP):
            async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
                if server.before_data is not None:
                    await asyncio.to_thread(server.before_data)
                await super().smtp_DATA(arg)

        class _Controller(Controller):
            def factory(self) -> SMTP:
                server.connections += 1
                return _Server(self.handler, hostname="mail.test", enable_SMTPUTF8=True)

        self._controller = _Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()
        self.connections = 0  # it tries itself

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop(no_assert=True)
            self._controller = None

    @contextmanager
    def holding(self, moment: str) -> Iterator[threading.Event]:
        """Stop at "before_data" or "on_data" until the block ends; the event says that a letter has come that far."""
        reached, go_on = threading.Event(), threading.Event()

        def hold() -> None:
            reached.set()
            go_on.wait(30)

        setattr(self, moment, hold)
        try:
            yield reached
        finally:
            setattr(self, moment, None)
            go_on.set()

    @property
    def recipients(self) -> list[str]:
        return sorted(letter.recipient for letter in self.letters)

    def wait_for(self, number: int, patience_s: float = 20) -> None:
        deadline = time.monotonic() + patience_s
        while len(self.letters) < number:
            assert time.monotonic() < deadline, f"only {len(self.letters)} of {number} letters came"
            time.sleep(0.02)

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        while self.silent:  # noqa: ASYNC110 — set from another thread
            await asyncio.sleep(0.05)
        if self.busy:
            return "421 4.3.2 come back later"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.seen[address] += 1
        if address in self.refused:
            return f"550 5.1.1 <{address}> no such person"
        if self.greylisting and self.seen[address] == 1:
            return "451 4.7.1 greylisted, try again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        recipient = envelope.rcpt_tos[0]
        if self.on_data is not None:
            await asyncio.to_thread(self.on_data)
        if recipient in self.hang_up_after_data:
            self.hang_up_after_data.discard(recipient)
            transport: Any = server.transport
            transport.abort()
            return "250 never heard"
        content = envelope.content
        assert isinstance(content, bytes)
        message = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.letters.append(Letter(recipient, message))
        return "250 2.0.0 accepted"
