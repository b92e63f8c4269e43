"""Somebody at a browser, from the outside."""

import time
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import uuid4

import httpx

_PATIENCE_S = 60.0


class SmokeError(Exception):
    """A step did not go as it must."""


@dataclass
class Visitor:
    """Somebody at a browser: repeats what was refused for the moment, as the web interface does.

    `address` is which of this machine's own he comes from.
    """

    url: str
    token: str = ""
    address: str | None = None
    retries: int = 0
    answers: list[float] = field(default_factory=list)
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        way = httpx.HTTPTransport(local_address=self.address, verify=False)
        self.client = httpx.Client(base_url=self.url, timeout=20, transport=way, trust_env=False)

    def call(
        self, method: str, path: str, *, expect: int | tuple[int, ...] = 200, **request: Any
    ) -> httpx.Response:
        """The answer, when it is the expected one. A creation carries a key, so that repeating makes no second one."""
        wanted = (expect,) if isinstance(expect, int) else expect
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if method == "POST":
            headers["Idempotency-Key"] = str(uuid4())
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            begun = time.monotonic()
            try:
                answer = self.client.request(method, path, headers=headers, **request)
            except httpx.TransportError as error:
                said = type(error).__name__
            else:
                self.answers.append(time.monotonic() - begun)
                if answer.status_code in wanted:
                    return answer
                said = f"{answer.status_code} {answer.text[:300]}"
                if answer.status_code not in {429, 502, 503, 504}:
                    raise SmokeError(f"{method} {path}: {said}")
            if time.monotonic() > deadline:
                raise SmokeError(f"{method} {path}: {said}, for {_PATIENCE_S:.0f} s")
            self.retries += 1
            time.sleep(0.3)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self.client.close()

    def sign_in(self, username: str, password: str) -> "Visitor":
        """Log in; give back the visitor."""
        answer = self.call("POST", "/auth/login", json={"username": username, "password": password})
        self.token = answer.json()["access_token"]
        return self
