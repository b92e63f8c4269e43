"""The installation of a server as real processes: a case's whole way, overload, and kill -9, on one and the same.

One test, because starting eight processes is what costs. The long campaign is `make chaos`.
"""

import time
from pathlib import Path

import pytest

from scripts import chaos, crowd, rolling, smoke
from scripts.topology import Topology, running
from scripts.visitor import Visitor


def _overload(topology: Topology, team: smoke.Team) -> str:
    """Far more at once than one process takes: the surplus is refused at once, and health answers throughout."""
    seen = crowd.overload(topology.api_ports[0], team.operator.token, people=100, seconds=4)
    assert seen.odd == []
    assert seen.served
    assert seen.refused[len(seen.refused) // 2] < 1000, "a refusal takes long"
    return f"against a limit of 10: {seen.told()}"


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
        with Visitor(topology.url, address="127.0.0.9") as afar:
            assert smoke.address_seen(afar.sign_in(*topology.admin)) == "127.0.0.9", "the journal would lie"
        figures.append(rolling.update(topology, team.executor.token, number))
        figures.append(_overload(topology, team))
        figures.append(chaos.campaign(topology, team, kills=5, pause_s=0.8, most_s=30))
        # Whatever was done to it: doctor finds nothing broken, and nobody's name stands in what the processes said.
        assert "✗ База" not in topology.command("doctor")
        for part in topology.parts.values():
            assert "Перевірка" not in part.said(), f"{part.name} writes about people"
            # Their logs are kept by size: a line for each "look now" would push out the reason of last week's failure.
            for chatter in ("received", "succeeded in", "Sending due task"):
                assert chatter not in part.said(), f"{part.name} says «{chatter}» all day"
        smoke.dismiss(team)
    with capsys.disabled():
        print("\n" + "\n".join(figures))
    assert not Path(topology.folder).exists()
