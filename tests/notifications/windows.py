"""A browser window that listens to the live stream."""

import asyncio
import json
from typing import Any

import httpx

from tests.factories import Person

Event = tuple[str, Any]


class Window:
    """A browser window that listens. `events` are those heard so far, heartbeats counted apart."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.heartbeats = 0
        self.status = 0
        self.ended = asyncio.Event()
        self.open = asyncio.Event()

    async def listen(self, address: str, person: Person) -> None:
        headers = {"Authorization": person.client.headers["Authorization"]}
        async with (
            httpx.AsyncClient(base_url=address, timeout=20) as client,
            client.stream("GET", "/api/events", headers=headers) as answer,
        ):
            self.status = answer.status_code
            self.headers = answer.headers
            name = ""
            async for line in answer.aiter_lines():
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    self.events.append((name, json.loads(line.removeprefix("data: "))))
                    self.open.set()
                elif line.startswith(":"):
                    self.heartbeats += 1
        self.open.set()
        self.ended.set()

    def heard(self, name: str) -> list[Any]:
        return [data for event, data in self.events if event == name]
