"""HTTP/1.1 over a kept connection with little machinery, so that nothing tidies up what is sent."""

import asyncio
from dataclasses import dataclass

from tests.edge.hostile.asking import Ask

# So long a silence is a finding: no request may hang.
_PATIENCE_S = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `headers` by their lower-case names."""

    status: int
    headers: dict[str, str]
    body: bytes


class Wire:
    """One connection, opened again whenever the server has closed it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._pipe: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, ask: Ask, token: str | None) -> Answer:
        """The answer. Raises ConnectionError when there is none, TimeoutError when it does not come."""
        kept = self._pipe is not None
        try:
            return await self._once(ask, token)
        except (ConnectionError, asyncio.IncompleteReadError) as error:
            self.close()
            if not kept:
                raise ConnectionError(str(error)) from error
        # The server may close a kept connection between two requests.
        try:
            return await self._once(ask, token)
        except asyncio.IncompleteReadError as error:
            self.close()
            raise ConnectionError(str(error)) from error

    async def _once(self, ask: Ask, token: str | None) -> Answer:
        async with asyncio.timeout(_PATIENCE_S):
            if self._pipe is None:
                self._pipe = await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
            reader, writer = self._pipe
            writer.write(as_bytes(ask, token))
            head = await reader.readuntil(b"\r\n\r\n")
            first, *lines = head.decode("latin-1").split("\r\n")
            headers = {
                name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)
            }
            status = int(first.split(" ")[1])
            if headers.get("content-type", "").startswith("text/event-stream"):
                self.close()  # it has no end
                return Answer(status, headers, b"")
            silent = ask.method == "HEAD" or status in {204, 304}
            body = b"" if silent else await _read(reader, headers)
            if headers.get("connection", "").lower() == "close":
                self.close()
            return Answer(status, headers, body)

    def close(self) -> None:
        """Hang up."""
        if self._pipe is not None:
            self._pipe[1].close()
            self._pipe = None


def as_bytes(ask: Ask, token: str | None) -> bytes:
    """The request as it goes over the wire."""
    lines = [f"{ask.method} {ask.target} HTTP/1.1"]
    names = {name.lower() for name, _ in ask.headers}
    if "host" not in names:
        lines.append("Host: testserver")
    if token is not None and "authorization" not in names:
        lines.append(f"Authorization: Bearer {token}")
    lines += [f"{name}: {value}" for name, value in ask.headers]
    body = ask.body or b""
    if ask.chunked:
        lines.append("Transfer-Encoding: chunked")
        half = len(body) // 2
        body = b"".join(b"%x\r\n%b\r\n" % (len(p), p) for p in (body[:half], body[half:]) if p) + b"0\r\n\r\n"
    elif ask.body is not None:
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace") + body


async def _read(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding") == "chunked":
        parts = []
        while size := int(await reader.readuntil(b"\r\n"), 16):
            parts.append(await reader.readexactly(size))
            await reader.readexactly(2)
        await reader.readexactly(2)
        return b"".join(parts)
    return await reader.readexactly(int(headers.get("content-length", "0")))
