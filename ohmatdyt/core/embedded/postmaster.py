"""What `postmaster.pid` tells: whether PostgreSQL runs in a folder, ready or not, and where its socket is."""

import os
import signal
import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ohmatdyt.core.embedded.cluster import SOCKET, Cluster
from ohmatdyt.core.embedded.errors import EmbeddedError

_SSL_REQUEST = struct.pack("!ii", 8, 80877103)
_PID, _SOCKET_DIR, _STATUS = 0, 4, 7


@dataclass(frozen=True, slots=True)
class State:
    """One reading of the pid file."""

    pid: int
    socket_dir: Path
    ready: bool


def read(cluster: Cluster) -> State | None:
    """The present state, or None when the file is missing or not yet whole."""
    try:
        lines = cluster.pid_file.read_text(encoding="utf-8").splitlines()
        return State(
            pid=abs(int(lines[_PID])),
            socket_dir=Path(lines[_SOCKET_DIR].strip()),
            ready=lines[_STATUS].strip() == "ready",
        )
    except (OSError, ValueError, IndexError):
        return None


def wait_ready(cluster: Cluster, *, patience_s: float) -> State | None:
    """Wait until a server started by somebody else answers; None when it does not in time."""
    deadline = time.monotonic() + patience_s
    while True:
        state = read(cluster)
        if state and state.ready and _serves(state.pid, cluster):
            return state
        if time.monotonic() > deadline:
            return None
        time.sleep(0.05)


def answers(socket_dir: Path, *, patience_s: float) -> bool:
    """Whether the server takes a new connection: it is asked for TLS, which it answers with one byte before anybody
    has signed in (PostgreSQL's protocol, SSLRequest), also while it starts."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(patience_s)
            line.connect(str(socket_dir / SOCKET))
            line.sendall(_SSL_REQUEST)
            return bool(line.recv(1))
    except OSError:
        return False


def kill_all(pid: int) -> None:
    """End a server that hangs, with every process of its own; nothing softer reaches one that stands still."""
    import psutil

    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for one in [process, *process.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                one.kill()


def clear_way(cluster: Cluster, socket_dir: Path) -> None:
    """Make a start possible: see an orphan off and drop the pid and socket files of a dead one.

    The caller holds the lock of the data folder, so whatever still runs here has lost its owner.
    """
    pid = _recorded_pid(cluster)
    if pid is None or not _serves(pid, cluster):
        for name in (SOCKET, f"{SOCKET}.lock"):
            (socket_dir / name).unlink(missing_ok=True)
    if pid is None or not _alive(pid):
        return  # PostgreSQL itself deals with a file left by a dead one
    if not _serves(pid, cluster):
        # The number now belongs to another program (after a reboot) or to a dead process nobody has buried.
        # PostgreSQL would refuse to start for its sake; the file may go once none of its children is left.
        if _wait_until(lambda: not _any_serves(cluster), 10.0):
            cluster.pid_file.unlink(missing_ok=True)
        return
    for number, patience in (
        (None, 10.0),
        (signal.SIGINT, 5.0),
        (signal.SIGQUIT, 5.0),
        (signal.SIGKILL, 5.0),
    ):
        if number is not None:
            os.kill(pid, number)
        if _wait_until(lambda: not _serves(pid, cluster), patience):
            return
    raise EmbeddedError(f"Попередня база (процес {pid}) не зупиняється: перезавантажте комп'ютер.")


def _wait_until(condition: Callable[[], bool], patience_s: float) -> bool:
    deadline = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _any_serves(cluster: Cluster) -> bool:
    import psutil

    return any(_serves(pid, cluster) for pid in psutil.pids())


def _recorded_pid(cluster: Cluster) -> int | None:
    try:
        return abs(int(cluster.pid_file.read_text(encoding="utf-8").split("\n", 1)[0]))
    except (OSError, ValueError):
        return None


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _serves(pid: int, cluster: Cluster) -> bool:
    import psutil

    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        return Path(process.cwd()) == cluster.folder and process.name().startswith("postgres")
    except psutil.NoSuchProcess:
        return False
    except (
        psutil.AccessDenied
    ):  # someone else's process: certainly not our PostgreSQL, unless we were root before
        return False
