"""An update while people work: the schema first, then one API process after the other is stopped in order and started.

Nobody may notice: no answer of 500 or more, no connection broken off.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import httpx

from scripts.topology import Topology
from scripts.visitor import SmokeError

_PATIENCE_S = 60.0


class Worker(threading.Thread):
    """Somebody who reads lists and writes comments all the time."""

    def __init__(self, url: str, token: str, case: int, leaving: threading.Event) -> None:
        super().__init__(daemon=True)
        self.case, self.leaving = case, leaving
        self.headers = {"Authorization": f"Bearer {token}"}
        self.client = httpx.Client(
            base_url=url, timeout=20, trust_env=False, headers=self.headers, verify=False
        )
        self.answers = self.written = 0
        self.wrong: list[str] = []

    def run(self) -> None:
        """Until told to leave."""
        while not self.leaving.is_set():
            self._ask("GET", "/api/cases?page_size=20")
            self._ask("GET", f"/api/cases/{self.case}")
            self._ask(
                "POST", f"/api/cases/{self.case}/comments", json={"text": "Триває", "is_internal": False}
            )
            self._ask("GET", "/cases")
        self.client.close()

    def _ask(self, method: str, path: str, **request: object) -> None:
        headers = {"Idempotency-Key": str(uuid4())} if method == "POST" else {}
        try:
            answer = self.client.request(method, path, headers=headers, **request)  # type: ignore[arg-type]
        except httpx.TransportError as error:
            self.wrong.append(f"{method} {path}: {type(error).__name__}")
            return
        self.answers += 1
        if answer.status_code >= 400:
            self.wrong.append(f"{method} {path}: {answer.status_code}")
        elif method == "POST":
            self.written += 1


def update(topology: Topology, token: str, case: int, *, people: int = 4) -> str:
    """Go through an update under load. Returns the figures; raises `SmokeError` when anybody noticed."""
    with at_work(topology.url, token, case, people) as crowd:
        _renew(topology)
    wrong = [text for one in crowd for text in one.wrong]
    if wrong:
        raise SmokeError(f"an update was noticed {len(wrong)} times: {wrong[:5]}")
    return f"update under {people} people: {sum(one.answers for one in crowd)} answers, none of 400 or more"


@contextmanager
def at_work(url: str, token: str, case: int, people: int) -> Iterator[list[Worker]]:
    """People who work until the block ends; what they saw is theirs afterwards."""
    leaving = threading.Event()
    crowd = [Worker(url, token, case, leaving) for _ in range(people)]
    for one in crowd:
        one.start()
    time.sleep(0.5)
    try:
        yield crowd
    finally:
        leaving.set()
        for one in crowd:
            one.join(30)


def _renew(topology: Topology) -> None:
    topology.command("migrate")
    for name in ("api-1", "api-2"):
        starts = topology.parts[name].starts
        topology.parts[name].restart()
        deadline = time.monotonic() + _PATIENCE_S
        while topology.parts[name].starts == starts or not topology.is_ready(name):
            if time.monotonic() > deadline:
                raise SmokeError(f"{name} did not come back")
            time.sleep(0.05)
        time.sleep(1.2)  # nginx remembers for a second that it was away
