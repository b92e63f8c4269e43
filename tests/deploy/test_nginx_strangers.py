"""What strangers try on the shipped nginx configuration: to be led away, new allowances, bodies that do not come."""

import re
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from tests.deploy.nginx_alone import nginx


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with (
        nginx(tmp_path_factory.mktemp("site")) as topology,
        httpx.Client(base_url=topology.url, trust_env=False) as client,
    ):
        client.headers["accept-encoding"] = "identity"
        yield client


@pytest.mark.parametrize(
    "path",
    ["/%5Cevil.example/", "/%5C%5Cevil.example//", "/%5C/evil.example/", "/%09/evil.example/", "/%0d/evil.example/",
     "/%2Fevil.example/", "//evil.example/", "/.%5Cevil.example/", "/cases%5C/evil.example/", "/%2e%2e//evil.example/",
     "/@evil.example/", "/:evil.example/"],
)  # fmt: skip
def test_nobody_is_led_away(site: httpx.Client, path: str) -> None:
    """A browser reads a backslash as a slash and leaves tabs out."""
    with socket.create_connection((site.base_url.host, site.base_url.port or 80)) as plain:
        plain.sendall(f"GET {path} HTTP/1.1\r\nHost: desk\r\nConnection: close\r\n\r\n".encode())
        head = plain.makefile("rb").read().partition(b"\r\n\r\n")[0].decode()
    found = re.search(r"^location: (.*)$", head, re.IGNORECASE | re.MULTILINE)
    if found:
        assert re.fullmatch(r"/[\w.-]+(/[\w.-]+)*\r?", found[1]), found[1]


def test_pages_are_found_with_a_slash_at_the_end(site: httpx.Client) -> None:
    for path in ("/cases/", "/cases/123456/", "/cases/new//"):
        moved = site.get(path)
        assert (moved.status_code, moved.headers["location"]) == (302, path.rstrip("/"))


def test_who_makes_tokens_up_is_one_caller(tmp_path: Path) -> None:
    """A new Authorization for each request is no new allowance."""
    with (
        nginx(tmp_path, CALLER_RATE="1", ADDRESS_RATE="10000") as topology,
        httpx.Client(base_url=topology.url, trust_env=False) as client,
    ):
        passed = {
            kind: sum(
                client.get("/api/cases", headers={"authorization": text.format(n)}).status_code == 200
                for n in range(260)
            )
            for kind, text in {
                "one": "Bearer x",
                "many": "Bearer {}",
                "odd": "Basic {0}.{0}",
                "long": "Bearer a.b.{}x",
            }.items()
        }
    assert passed["one"] < 255
    assert passed["many"] + passed["odd"] + passed["long"] < passed["one"] / 2


def test_bodies_on_their_way_have_a_count_of_their_own(site: httpx.Client) -> None:
    """Whoever sends many slowly is not let to send more; lists, on the same path, are read as before."""
    host, port = site.base_url.host, site.base_url.port or 80
    head = "POST /api/cases HTTP/1.1\r\nHost: desk\r\nContent-Length: 5000\r\n\r\nx"
    with ExitStack() as stack:
        for _ in range(110):
            stack.enter_context(socket.create_connection((host, port))).sendall(head.encode())
        deadline = time.monotonic() + 10
        while (status := site.post("/api/cases", content=b"x").status_code) == 200:
            assert time.monotonic() < deadline
        assert status == 429
        assert site.get("/api/cases").status_code == 200


def test_a_head_has_a_size(site: httpx.Client) -> None:
    assert site.get("/api/cases", headers={"x-long": "a" * 70_000}).status_code in {400, 431}
