"""Starts and stops what is measured: the product and the bare baseline, each with two processes."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

OHMATDYT = Path(sys.executable).with_name("ohmatdyt")


def free_port() -> int:
    """A port nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def product(data_dir: Path, *, workers: int) -> Iterator[tuple[int, "subprocess.Popen[bytes]", float]]:
    """The product on a free port; gives port, process, and the seconds from its start to its first answer."""
    port = free_port()
    command = [
        str(OHMATDYT),
        "serve",
        "--port",
        str(port),
        "--data-dir",
        str(data_dir),
        "--workers",
        str(workers),
    ]
    with _running(command, data_dir / "serve.log") as process:
        started = time.perf_counter()
        _wait(process, port, "/readyz")
        yield port, process, time.perf_counter() - started


@contextmanager
def baseline(root: Path, *, workers: int) -> Iterator[int]:
    """The bare baseline on a free port."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "bench.baseline:create_app",
        "--factory",
        "--workers",
        str(workers),
    ]
    command += ["--port", str(port), "--no-access-log", "--log-level", "warning", "--loop", "uvloop"]
    with _running([*command, "--http", "httptools"], root / "baseline.log") as process:
        _wait(process, port, "/bytes/ready")
        yield port


@contextmanager
def _running(command: list[str], log: Path) -> "Iterator[subprocess.Popen[bytes]]":
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _wait(process: "subprocess.Popen[bytes]", port: int, path: str) -> None:
    deadline = time.perf_counter() + 120
    while time.perf_counter() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"The server ended with code {process.returncode}; see its log.")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.02)
    raise SystemExit("The server did not answer within two minutes.")


def memory_mb(process: "subprocess.Popen[bytes]") -> dict[str, float]:
    """RSS and PSS of a server with its processes, PostgreSQL left out, in MB (10^6 bytes)."""
    parent = psutil.Process(process.pid)
    rss = pss = 0
    for one in [parent, *parent.children(recursive=True)]:
        with suppress(psutil.Error):
            if "postgres" in one.name():
                continue
            figures = one.memory_full_info()
            rss += figures.rss
            pss += getattr(figures, "pss", 0)
    return {"rss": rss / 1e6, "pss": pss / 1e6}
