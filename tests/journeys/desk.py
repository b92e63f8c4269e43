"""A running desk, started as a person starts it, and a browser to use it with."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
ADMIN = ("glavna", "Калина-2026-ліс")


def chromium_path() -> str:
    """The browser to drive. Raises with a sentence when there is none."""
    for candidate in (os.environ.get("CHROMIUM_PATH", ""), "chromium", "google-chrome", "chromium-browser"):
        if candidate and (found := shutil.which(candidate)):
            return found
    raise RuntimeError("No Chromium found: install the package `chromium` or set CHROMIUM_PATH.")


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Desk:
    """The address of a running desk, and its admin's hands for preparing things through the API."""

    url: str
    data_dir: Path
    api: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.api = httpx.Client(base_url=self.url, timeout=30)

    def sign_in(self, username: str, password: str) -> None:
        """Work through the API as this person from now on."""
        answer = self.api.post("/auth/login", json={"username": username, "password": password})
        answer.raise_for_status()
        self.api.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """POST as the person signed in and give back the answer's JSON."""
        answer = self.api.post(path, json=body or {})
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()


@contextmanager
def running(data_dir: Path, *command: str, settings: dict[str, str] | None = None) -> Iterator[Desk]:
    """`ohmatdyt <command>` on a free port, stopped by its own pid at the end."""
    port = free_port()
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")
    }
    log = (data_dir.parent / f"{data_dir.name}.log").open("wb")
    program = [sys.executable, "-c", "import sys; from ohmatdyt.cli import main; sys.exit(main())"]
    arguments = [*command, "--port", str(port), "--data-dir", str(data_dir)]
    process = subprocess.Popen(
        [*program, *arguments],
        stdout=log,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        env={**environment, "PUBLIC_URL": f"http://localhost:{port}", **(settings or {})},
    )
    try:
        desk = Desk(f"http://localhost:{port}", data_dir)
        deadline = time.monotonic() + 120
        while True:
            try:
                if desk.api.get("/readyz").status_code == 200:
                    break
            except httpx.HTTPError:
                pass
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The desk did not start:\n{Path(log.name).read_text()[-3000:]}")
            time.sleep(0.1)
        yield desk
        desk.api.close()
    finally:
        process.terminate()
        process.wait(60)
        log.close()


def create_admin(desk: Desk) -> None:
    """The first administrator, made on the command line beside the running server."""
    username, password = ADMIN
    program = "import sys; from ohmatdyt.cli import main; sys.exit(main())"
    options = ["--username", username, "--email", "glavna@example.org", "--full-name", "Марія Головна"]
    subprocess.run(
        [
            sys.executable,
            "-c",
            program,
            "create-admin",
            *options,
            "--password-stdin",
            "--data-dir",
            str(desk.data_dir),
        ],
        input=f"{password}\n",
        text=True,
        check=True,
        timeout=60,
    )
