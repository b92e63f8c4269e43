"""A child that must not outlive us, even when we are killed with -9."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

_PR_SET_PDEATHSIG = 1

# Waits for the other end of its standard input to close, which the kernel does when we die, and then
# stops the PostgreSQL named in the pid file.
_WATCH = """
read -r _
for _ in 1 2 3 4 5 6 7 8 9 10; do
    if pid=$(head -n 1 "$1" 2>/dev/null) && [ -n "$pid" ]; then kill -INT "$pid"; exit 0; fi
    sleep 0.2
done
"""


def preexec() -> Callable[[], None] | None:
    """What the child must run between fork and exec to be stopped (SIGINT) when our thread ends; Linux only.

    The caller's thread must live as long as the child: that is whose death the kernel watches.
    """
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def bind() -> None:
        # Runs after the change of user, which would clear it.
        prctl(_PR_SET_PDEATHSIG, int(signal.SIGINT), 0, 0, 0)
        if os.getppid() != parent:  # we died before the line above
            os._exit(1)

    return bind


class Watcher:
    """For systems where the kernel does not do it (macOS): a shell that outlives us and stops PostgreSQL."""

    def __init__(self, pid_file: Path) -> None:
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", _WATCH, "watch", str(pid_file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl+C in our terminal is not for it
        )

    def dismiss(self) -> None:
        """End the watcher without harm to PostgreSQL."""
        self._process.kill()
        self._process.wait()
        if self._process.stdin:
            self._process.stdin.close()
