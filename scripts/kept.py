"""A process that is started again when it dies, as a container engine does with `restart: always`."""

import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from ohmatdyt.core.embedded import leash

_PAUSE_S = 0.3


class Kept:
    """Runs a command until `stop`. What it says goes to a file; it never outlives us, even by kill -9."""

    def __init__(
        self,
        name: str,
        command: list[str],
        log: Path,
        *,
        env: dict[str, str],
        before: Callable[[], None] | None = None,
        **popen: Any,
    ) -> None:
        self.name = name
        self.command = command
        self.log = log
        self.starts = 0
        self._env = env
        self._before = before
        self._popen = popen
        self._leaving = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name=name, daemon=True)

    def start(self) -> "Kept":
        """Begin; returns at once."""
        self._thread.start()
        return self

    @property
    def pid(self) -> int | None:
        """The living process, None between two."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def kill(self) -> int:
        """kill -9, the process and nothing else; returns how often it has been started by then."""
        starts = self.starts
        while (pid := self.pid) is None:
            time.sleep(0.02)
        psutil.Process(pid).kill()
        return starts

    def restart(self) -> None:
        """Ask it to leave in order (SIGTERM); it is started again when it has."""
        process = self._process
        if process is not None:
            process.terminate()

    def stop(self) -> None:
        """End it in order, or by force after a while."""
        self._leaving.set()
        process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
        if self._thread.is_alive():
            self._thread.join(5)

    def said(self) -> str:
        """All it has said so far."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def _keep(self) -> None:
        # This thread lives as long as the process: the kernel ends the process with it.
        while not self._leaving.is_set():
            if self._before is not None:
                self._before()
            with self.log.open("ab") as out:
                self._process = subprocess.Popen(
                    self.command,
                    env=self._env,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=out,
                    preexec_fn=leash.preexec(),  # noqa: PLW1509 — leash.py says why
                    start_new_session=True,
                    **self._popen,
                )
            self.starts += 1
            self._process.wait()
            self._leaving.wait(_PAUSE_S)
