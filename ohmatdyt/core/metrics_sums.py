"""The figures of several worker processes added up: prometheus_client's multiprocess mode.

Each process writes its values into files of its own in one folder, and whichever answers a scrape reads them all. What
has been counted stays when a process dies, so no counter falls; what a dead process was doing goes with it.
"""

import os
import re
import shutil
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import psutil
from prometheus_client import CollectorRegistry, Counter, Gauge, ProcessCollector, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from ohmatdyt.core import settings

_LIVE: Final = re.compile(r"gauge_live\w+_(\d+)\.db")
_PROCESS: Final = {
    "process_virtual_memory_bytes": "livesum",
    "process_resident_memory_bytes": "livesum",
    "process_open_fds": "livesum",
    "process_max_fds": "livemin",
    "process_start_time_seconds": "livemin",
}
_REMEMBERED: Final = 60  # looks, one a second: a scrape of one process takes nothing away from the next


def prepare(folder: Path) -> None:
    """In the parent, before it starts its processes: an empty folder for their values. Raises OSError."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    settings.share_figures(folder.resolve())


def text(folder: Path) -> bytes:
    """The sums of all processes, in Prometheus's words. Reads files: not for the event loop."""
    for file in folder.glob("gauge_live*.db"):
        found = _LIVE.fullmatch(file.name)
        if found and not _is_sibling(int(found[1])):
            with suppress(FileNotFoundError):  # another scrape was faster
                mark_process_dead(int(found[1]), str(folder))  # type: ignore[no-untyped-call]
    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(folder))  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def _is_sibling(pid: int) -> bool:
    try:
        process = psutil.Process(pid)
        return process.ppid() == os.getppid() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


class Peaks:
    """The longest of the last minute: `take` gives the longest since it was asked last."""

    def __init__(self, gauge: Gauge, take: Callable[[], float]) -> None:
        self._gauge, self._take = gauge, take
        self._last: deque[float] = deque(maxlen=_REMEMBERED)

    def look(self) -> None:
        self._last.append(self._take())
        self._gauge.set(max(self._last))


class Processes:
    """What the library tells of one process by itself (memory, files, processor), as figures that can be added up."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._collector = ProcessCollector(registry=None)
        self._gauges = {
            name: Gauge(name, "Of all processes together", registry=registry, multiprocess_mode=mode)  # type: ignore[arg-type]
            for name, mode in _PROCESS.items()
        }
        self._cpu = Counter("process_cpu_seconds", "Of all processes together", registry=registry)
        self._cpu_s = 0.0

    def look(self) -> None:
        """Take down what is so now."""
        samples: dict[str, Any] = {
            sample.name: sample.value for metric in self._collector.collect() for sample in metric.samples
        }
        for name, gauge in self._gauges.items():
            if name in samples:
                gauge.set(samples[name])
        spent = float(samples.get("process_cpu_seconds_total", self._cpu_s))
        self._cpu.inc(max(0.0, spent - self._cpu_s))
        self._cpu_s = spent
