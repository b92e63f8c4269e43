"""Two worker processes, asked over fresh connections: whoever answers tells of both, and no counter falls."""

import itertools
import re
from collections.abc import Iterator

import httpx
import psutil
import pytest

from tests.deploy.test_metrics import value
from tests.platform.processes import postgres_of, wait_for
from tests.platform.test_serving import Desk, desk

REQUESTS = 40
SERIES = 'ohmatdyt_http_requests_total{method="GET",route="/api/cases",status="401"}'


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("sums") / "var"
    with desk(folder, "--workers", "2") as two:
        yield two
        two.process.terminate()
        two.process.wait(70)
    assert wait_for(lambda: not postgres_of(folder), 15)


def _scrape(running: Desk) -> str:
    """Over a connection of its own, which the kernel gives to either process."""
    return httpx.get(f"{running.url}/metrics", timeout=10).text


def _counted(text: str) -> float:
    return sum(map(float, re.findall(rf"^{re.escape(SERIES)} (\S+)$", text, re.MULTILINE)))


def _counters(text: str) -> dict[str, float]:
    names = set(re.findall(r"^# TYPE (\S+) counter$", text, re.MULTILINE))
    for name in re.findall(r"^# TYPE (\S+) histogram$", text, re.MULTILINE):
        names |= {f"{name}_bucket", f"{name}_count"}
    lines = re.findall(r"^((\w+)(?:\{.*\})?) (\S+)$", text, re.MULTILINE)
    return {series: float(number) for series, name, number in lines if name in names}


def test_every_scrape_tells_of_all_requests(running: Desk) -> None:
    before = _counted(_scrape(running))
    for _ in range(REQUESTS):
        assert httpx.get(f"{running.url}/api/cases", timeout=10).status_code == 401
    # An answer is counted a moment after it has been sent.
    assert wait_for(lambda: _counted(_scrape(running)) == before + REQUESTS)
    texts = [_scrape(running) for _ in range(10)]
    assert [_counted(text) for text in texts] == [before + REQUESTS] * 10
    for earlier, later in itertools.pairwise(texts):
        was, now = _counters(earlier), _counters(later)
        assert SERIES in was
        assert {name for name, number in was.items() if now.get(name, -1) < number} == set()
    for text in texts:
        assert value(text, "ohmatdyt_database_up") == 1
        assert "pid=" not in text


def _workers(running: Desk) -> list[psutil.Process]:
    return [one for one in psutil.Process(running.process.pid).children() if _is_worker(one)]


def _is_worker(process: psutil.Process) -> bool:
    try:
        return "spawn_main" in " ".join(process.cmdline())
    except psutil.Error:  # killed, and not buried yet
        return False


def test_states_are_sums_and_a_dead_process_leaves_them_but_not_the_counters(running: Desk) -> None:
    most = 'ohmatdyt_database_connections{pool="requests",state="most"}'

    def are_two(text: str) -> bool:
        return f"\n{most} 20.0\n" in text and 'pool_serves{pool="requests"} 1.0' in text

    assert wait_for(lambda: are_two(_scrape(running)))
    text = _scrape(running)
    assert value(text, "ohmatdyt_http_in_flight") >= 1  # this very scrape
    resident = value(text, "process_resident_memory_bytes")
    assert resident > max(one.memory_info().rss for one in _workers(running)) * 1.2
    victim = _workers(running)[0]
    counted = _counted(text)
    victim.kill()
    assert wait_for(
        lambda: running.answers() and victim.pid not in {one.pid for one in _workers(running)}, 60
    )
    # Its place is taken by another: never more than two are told of, and all that the dead one counted is still there.
    assert wait_for(lambda: len(_workers(running)) == 2 and are_two(_scrape(running)), 60)
    assert _counted(_scrape(running)) >= counted
