"""Real processes for tests: started on free ports and folders of their own, ended for sure."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

OHMATDYT = [sys.executable, "-m", "ohmatdyt.cli"]

HOLDER = """
import sys, time
from pathlib import Path
from ohmatdyt.core.embedded import EmbeddedError, EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), sync=False)
try:
    server.start()
except EmbeddedError as error:
    print("refused:", error, flush=True)
    sys.exit(1)
print("up:", server.pid, flush=True)
try:
    time.sleep(120)
finally:
    server.stop()
"""


def environment(**extra: str) -> dict[str, str]:
    """What a child needs of our environment, and no setting of the product."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
    return {**kept, "APP_ENV": "development", "OHMATDYT_ENV": os.devnull, **extra}


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], object], seconds: float = 20, *, every: float = 0.05) -> bool:
    """True as soon as the condition holds, False when it does not in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(every)
    return bool(condition())


@contextmanager
def started(
    arguments: list[str], *, env: dict[str, str] | None = None, cwd: Path | None = None
) -> "Iterator[subprocess.Popen[str]]":
    """A child with its output readable; killed after the block if it still lives."""
    with subprocess.Popen(
        arguments,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=env or environment(),
        cwd=cwd,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                process.wait()


def postgres_of(folder: Path) -> list[psutil.Process]:
    """Every living PostgreSQL process whose home is this data folder."""
    found = []
    for process in psutil.process_iter(["name"]):
        try:
            alive = process.status() != psutil.STATUS_ZOMBIE
            if process.info["name"] == "postgres" and alive and Path(process.cwd()) == folder / "postgres":
                found.append(process)
        except psutil.Error:
            continue
    return found
