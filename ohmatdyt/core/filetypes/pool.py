"""Where files are judged: beside the server, so that no file, however it is built, takes time or memory from it.

There are two lanes with a process each: what is small never waits behind what is large.
"""

import atexit
import contextlib
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Final

import structlog

from ohmatdyt.core.filetypes import ALLOWED, FileType, reasons
from ohmatdyt.core.filetypes.reasons import ContentMismatch, Part, TooComplex, Unfit
from ohmatdyt.core.threads import Threads

log = structlog.get_logger(__name__)

_SMALL: Final = 1 << 20
_COMMAND: Final = (sys.executable, "-I", "-m", "ohmatdyt.core.filetypes.worker")
# Several times what a file may use of the processor: others may need it as well.
_PATIENCE_S: Final = 40.0


class _Lane:
    """One process that judges one file at a time, started when there is something to judge."""

    def __init__(self, name: str) -> None:
        self.threads = Threads(name, 1)
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """The worker's answer. One that ended while nobody asked is started anew."""
        line = json.dumps(question).encode() + b"\n"
        for _ in range(2):
            process = self._running()
            watch = threading.Timer(_PATIENCE_S, process.kill)
            watch.start()
            try:
                answered = self._exchange(process, line)
            finally:
                timed_out = not watch.is_alive()
                watch.cancel()
            if answered:
                return dict(json.loads(answered))
            self.stop()
            if timed_out:
                break
        log.error("file_check_died", timed_out=timed_out)
        return {"refused": TooComplex.__name__, "part": None}

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None or self._process.poll() is not None:
            self.stop()
            self._process = subprocess.Popen(  # noqa: S603 — our own module
                _COMMAND,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={},
            )
        return self._process

    @staticmethod
    def _exchange(process: "subprocess.Popen[bytes]", line: bytes) -> bytes:
        if process.stdin is None or process.stdout is None:
            return b""
        with contextlib.suppress(OSError):
            process.stdin.write(line)
            process.stdin.flush()
            return process.stdout.readline()
        return b""

    def stop(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        with contextlib.suppress(OSError):  # what was not written to it
            process.__exit__(None, None, None)


_SMALL_FILES, _LARGE_FILES = _Lane("small-files"), _Lane("large-files")
atexit.register(_SMALL_FILES.stop)
atexit.register(_LARGE_FILES.stop)


async def judge(
    path: Path, size: int, name: str, declared_mime: str | None = None, *, field: str | None = None
) -> FileType:
    """Return the true type of the file at `path`, or raise the `FileRefused` that says why it is not taken.

    `name` is a name from `original_name`; `field` names the form field in the refusal.
    """
    lane = _SMALL_FILES if size <= _SMALL else _LARGE_FILES
    said = await lane.threads.run(
        lane.ask, {"path": str(path), "name": name, "declared": (declared_mime or "")[:200]}
    )
    if failed := said.get("failed"):
        log.error("file_check_failed", error=failed)
    if kind := said.get("type"):
        return ALLOWED[kind]
    part = Part[said["part"]] if said.get("part") else None
    refusal = getattr(reasons, said.get("refused", ""), ContentMismatch)
    raise Unfit(refusal, part).as_refusal(name=name, field=field)


class Judged:
    """Remembers which contents this process's own checks have passed, by their SHA-256."""

    def __init__(self, most: int = 20_000) -> None:
        self._passed: dict[bytes, None] = {}
        self._most = most

    def note(self, sha256: bytes) -> None:
        """These bytes are harmless."""
        if len(self._passed) >= self._most:
            self._passed.pop(next(iter(self._passed)))
        self._passed[sha256] = None

    async def ensure(self, sha256: bytes, path: Path, size: int, name: str) -> None:
        """Raise the `FileRefused` for a stored file that today's checks would not take: it may have come in earlier."""
        if sha256 not in self._passed:
            await judge(path, size, name)
            self.note(sha256)
