"""The installation of a server as real processes: a case's whole way, overload, and kill -9, on one and the same.

One test, because starting eight processes is what costs. The long campaign is `make chaos`.
"""

import asyncio
import time
from pathlib import Path

import pytest

from scripts import chaos, rolling, smoke
from scripts.topology import Topology, running


class Crowd:
    """People who all ask at once, with as little machinery as can be: what is measured is the server."""

    def __init__(self, port: int, token: str, until: float) -> None:
        self.port, self.until = port, until
        self.request = (
            "GET /api/cases?page_size=100 HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: Bearer {token}\r\nConnection: close\r\n\r\n"
        ).encode()
        self.answers: list[tuple[int, float]] = []
        self.health: list[float] = []

    async def one(self) -> None:
        while time.monotonic() < self.until:
            begun = time.monotonic()
            head = await self._ask(self.request)
            self.answers.append((int(head[9:12]), time.monotonic() - begun))
            assert not head.startswith("HTTP/1.1 503") or "retry-after: 2" in head.lower()
            await asyncio.sleep(0.02)

    async def doctor(self) -> None:
        while time.monotonic() < self.until:
            begun = time.monotonic()
            head = await self._ask(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert head.startswith("HTTP/1.1 200"), head
            self.health.append(time.monotonic() - begun)
            await asyncio.sleep(0.05)

    async def _ask(self, request: bytes) -> str:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(request)
        answer = await reader.read()
        writer.close()
        return answer.split(b"\r\n\r\n", 1)[0].decode()

    async def all(self, people: int) -> None:
        async with asyncio.timeout(40), asyncio.TaskGroup() as group:
            group.create_task(self.doctor())
            for _ in range(people):
                group.create_task(self.one())


def _overload(topology: Topology, team: smoke.Team) -> str:
    """Far more at once than one process takes: the surplus is refused at once, and health answers throughout."""
    crowd = Crowd(topology.api_ports[0], team.operator.token, time.monotonic() + 4)
    asyncio.run(crowd.all(100))
    statuses = [status for status, _ in crowd.answers]
    refused = sorted(took for status, took in crowd.answers if status == 503)
    assert set(statuses) == {200, 503}
    assert refused[len(refused) // 2] < 1, "a refusal takes long"
    health = sorted(crowd.health)
    return (
        f"{len(statuses)} requests by 100 at once against a limit of 10: {len(refused)} refused, "
        f"{refused[len(refused) // 2] * 1000:.0f} ms (median), {refused[-1] * 1000:.0f} ms at most; "
        f"/healthz {health[len(health) // 2] * 1000:.0f} ms (median), {health[-1] * 1000:.0f} ms at most"
    )


def test_a_server_works_is_overloaded_and_killed(capsys: pytest.CaptureFixture[str]) -> None:
    begun = time.monotonic()
    # A small limit, so that a few dozen callers are ten times too many; and patience with a busy machine, so that what
    # is refused is refused by the limit or for the sake of an update.
    patience = {"DATABASE_POOL_TIMEOUT_S": "10", "LOCK_TIMEOUT_MS": "10000", "STATEMENT_TIMEOUT_MS": "20000"}
    with running(MAX_IN_FLIGHT="10", DATABASE_POOL_SIZE="5", **patience) as topology:
        figures = [f"up after {time.monotonic() - begun:.1f} s"]
        smoke.pages(topology.url)
        team = smoke.hire(topology.url, *topology.admin)
        number = smoke.walk(team, lambda _: None)
        smoke.letters(team, number, mail=True)
        figures.append(rolling.update(topology, team.executor.token, number))
        figures.append(_overload(topology, team))
        figures.append(chaos.campaign(topology, team, kills=5, pause_s=0.8, most_s=30))
        # Whatever was done to it: doctor finds nothing broken, and nobody's name stands in what the processes said.
        assert "✗ База" not in topology.command("doctor")
        for part in topology.parts.values():
            assert "Перевірка" not in part.said(), f"{part.name} writes about people"
        smoke.dismiss(team)
    with capsys.disabled():
        print("\n" + "\n".join(figures))
    assert not Path(topology.folder).exists()
