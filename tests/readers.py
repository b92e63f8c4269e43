"""Somebody who reads an answer as slowly as he likes, and hangs up when he likes; without a socket in between."""

import asyncio
from typing import Any

from fastapi import FastAPI

from tests.factories import Person


class Reader:
    """One GET request. The server's `send` waits until the reader takes a piece; from the start he takes none."""

    def __init__(self, app: FastAPI, person: Person, target: str) -> None:
        self.status = 0
        self.got = b""
        self._person = person
        self._begun, self._gone, self._takes = asyncio.Event(), asyncio.Event(), asyncio.Semaphore(0)
        self._asked = False
        path, _, query = target.partition("?")
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [
                (b"host", b"testserver"),
                (b"authorization", person.client.headers["Authorization"].encode()),
            ],
            "client": ("127.0.0.1", 1),
            "server": ("testserver", 80),
        }
        self._task = asyncio.create_task(app(scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._begun.set()
            return
        await self._takes.acquire()
        self.got += message.get("body", b"")

    async def begun(self) -> None:
        """Wait for the head of the answer, which is a good one: what is refused is not read slowly."""
        await asyncio.wait_for(self._begun.wait(), 20)
        assert self.status == 200, self.status

    async def read(self, pieces: int) -> None:
        """Take so many pieces, as soon as they are there."""
        for _ in range(pieces):
            self._takes.release()

    async def hang_up(self) -> None:
        """Be gone, and wait until the server is done with it."""
        self._gone.set()
        await asyncio.wait_for(asyncio.gather(self._task, return_exceptions=True), 20)

    async def read_all(self) -> bytes:
        """Take the rest."""
        await self.read(100_000)
        await asyncio.wait_for(self._task, 20)
        return self.got
