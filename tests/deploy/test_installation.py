"""The installation of a server as real processes: a case's whole way, overload, and kill -9, on one and the same.

One test, because starting eight processes is what costs. The long campaign is `make chaos`.
"""

import threading
import time
from pathlib import Path

import httpx
import pytest

from scripts import chaos, smoke
from scripts.topology import Topology, running


def _overload(topology: Topology, team: smoke.Team) -> str:
    """Far more at once than one process takes: the surplus is refused at once, and health answers throughout."""
    url = f"http://127.0.0.1:{topology.api_ports[0]}"
    headers = {"Authorization": f"Bearer {team.operator.token}"}
    done = time.monotonic() + 4
    statuses: list[int] = []
    slowest: list[float] = []
    wrong: list[str] = []

    def ask() -> None:
        with httpx.Client(base_url=url, timeout=15, trust_env=False, headers=headers) as client:
            while time.monotonic() < done:
                begun = time.monotonic()
                answer = client.get("/api/cases?page_size=100")
                slowest.append(time.monotonic() - begun)
                statuses.append(answer.status_code)
                if answer.status_code == 503 and "retry-after" not in answer.headers:
                    wrong.append("503 without Retry-After")

    people = [threading.Thread(target=ask) for _ in range(100)]
    for one in people:
        one.start()
    health = []
    with httpx.Client(base_url=url, timeout=15, trust_env=False) as client:
        while time.monotonic() < done:
            begun = time.monotonic()
            assert client.get("/healthz").status_code == 200
            health.append(time.monotonic() - begun)
            time.sleep(0.05)
    for one in people:
        one.join(30)
    assert not wrong
    assert set(statuses) <= {200, 503}
    assert 503 in statuses, "it was no overload"
    assert max(slowest) < 10
    return (
        f"{len(statuses)} requests by 100 at once against a limit of 10: {statuses.count(503)} refused, "
        f"slowest {max(slowest):.2f} s; /healthz {sorted(health)[len(health) // 2] * 1000:.0f} ms (median), "
        f"{max(health) * 1000:.0f} ms at most"
    )


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_server_works_is_overloaded_and_killed(capsys: pytest.CaptureFixture[str]) -> None:
    begun = time.monotonic()
    # A small limit, so that a few dozen callers are ten times too many.
    with running(MAX_IN_FLIGHT="10", DATABASE_POOL_SIZE="5") as topology:
        figures = [f"up after {time.monotonic() - begun:.1f} s"]
        smoke.pages(topology.url)
        team = smoke.hire(topology.url, *topology.admin)
        number = smoke.walk(team, lambda _: None)
        smoke.letters(team, number, mail=True)
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
