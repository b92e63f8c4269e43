"""Two server processes on one database, asked through real sockets."""

import secrets
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from ohmatdyt.core.embedded import EmbeddedPostgres
from tests.factories import People, Person
from tests.platform.processes import OHMATDYT, environment, free_port, wait_for

SECRET = secrets.token_urlsafe(48)  # both processes check tokens by it


class Towns:
    """The two processes, and everybody's browser at each of them."""

    def __init__(self, urls: list[str], stack: AsyncExitStack) -> None:
        self.urls, self.stack = urls, stack
        self._clients: dict[tuple[str, int], httpx.AsyncClient] = {}

    async def at(self, number: int, person: Person) -> httpx.AsyncClient:
        """The person's browser at the process of this number, whichever numbers there are."""
        key = (person.username, number % len(self.urls))
        if key not in self._clients:
            self._clients[key] = await self.stack.enter_async_context(
                httpx.AsyncClient(
                    base_url=self.urls[key[1]],
                    headers={"Authorization": person.client.headers["Authorization"]},
                    timeout=30,
                )
            )
        return self._clients[key]


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def _up_or_gone(url: str, process: "subprocess.Popen[bytes]") -> bool:
    return process.poll() is not None or _answers(url)


@pytest.fixture(scope="module")
def addresses(
    migrated: tuple[EmbeddedPostgres, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[str]]:
    """Where the two processes listen."""
    server, _ = migrated
    folder: Path = tmp_path_factory.mktemp("races")
    urls: list[str] = []
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for number in range(2):
            port = free_port()
            env = environment(
                DATABASE_URL=server.url(),
                SECRET_KEY=SECRET,
                MEDIA_ROOT=str(folder / "media"),
                LOG_LEVEL="warning",
            )
            arguments = [*OHMATDYT, "serve", "--port", str(port), "--data-dir", str(folder / str(number))]
            with (folder / f"{number}.log").open("wb") as log:
                processes.append(subprocess.Popen(arguments, env=env, stdout=log, stderr=log))
            urls.append(f"http://127.0.0.1:{port}")
        for number, (url, process) in enumerate(zip(urls, processes, strict=True)):
            wait_for(partial(_up_or_gone, url, process), 120)
            assert _answers(url), (folder / f"{number}.log").read_text(encoding="utf-8")
        yield urls
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture
async def towns(addresses: list[str], app: FastAPI) -> AsyncIterator[Towns]:
    """Both processes, their database empty at the beginning of the test."""
    # The people's tokens are signed with what the processes check them by.
    app.state.settings = app.state.settings.model_copy(update={"secret_key": SecretStr(SECRET)})
    async with AsyncExitStack() as stack:
        yield Towns(addresses, stack)


@pytest.fixture
async def staff(towns: Towns, people: People) -> People:
    """Makes people whose tokens hold at the two processes."""
    return people
