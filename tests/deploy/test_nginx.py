"""The shipped nginx configuration, asked over HTTP: pages, caching, limits, and what it tells the API behind it."""

import json
import re
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from ohmatdyt.core.middleware import CSP
from ohmatdyt.core.settings import load_settings
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
    ("path", "status", "text"),
    [("/", 200, "home"), ("/cases", 200, "list"), ("/cases/new", 200, "new"), ("/cases/123456", 200, "card"),
     ("/nope", 404, "nothing here"), ("/cases/1/2", 404, "nothing here"), ("/cases.html", 404, "nothing here"),
     ("/icon.svg", 200, "<svg/>"), ("/metrics", 404, "nothing here"), ("/../nginx.conf", 404, "nothing here"),
     ("/media/cases/123456/x.pdf", 404, "nothing here")],
)  # fmt: skip
def test_pages(site: httpx.Client, path: str, status: int, text: str) -> None:
    answer = site.get(path)
    assert (answer.status_code, answer.text) == (status, text)
    assert site.head(path).status_code == status


def test_caching_and_ready_compressed_copies(site: httpx.Client) -> None:
    asset = site.get("/_next/static/chunks/a.js")
    assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert asset.headers["content-type"] == "text/javascript; charset=utf-8"
    assert asset.text == "plain"
    with site.stream("GET", "/_next/static/chunks/a.js", headers={"accept-encoding": "gzip, br"}) as packed:
        assert packed.headers["content-encoding"] == "br"
        assert packed.headers["content-type"] == "text/javascript; charset=utf-8"
        assert b"".join(packed.iter_raw()) == b"packed"
    with site.stream("GET", "/cases/123456", headers={"accept-encoding": "br"}) as page:
        assert page.headers["content-encoding"] == "br"
        assert page.headers["content-type"] == "text/html; charset=utf-8"
    page = site.get("/cases")
    assert page.headers["cache-control"] == "no-cache"
    assert site.get("/cases", headers={"if-none-match": page.headers["etag"]}).status_code == 304


def test_security_headers_are_the_ones_of_the_api_and_stand_once(site: httpx.Client) -> None:
    for path in ("/", "/cases/123456", "/_next/static/chunks/a.js", "/nope", "/icon.svg"):
        headers = site.get(path).headers
        assert headers.get_list("content-security-policy") == [CSP]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "strict-transport-security" not in headers
    assert site.get("/api/cases").headers.get_list("x-content-type-options") == ["nosniff"]


def test_the_api_hears_the_truth_about_the_caller(site: httpx.Client) -> None:
    lies = {"x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https", "x-real-ip": "203.0.113.7"}
    lies |= {"forwarded": "for=203.0.113.7", "x-forwarded-host": "evil.example", "x-request-id": "abc-1"}
    heard = site.get("/api/cases", headers=lies).json()
    assert heard["x-forwarded-for"] == "127.0.0.1"
    assert heard["x-forwarded-proto"] == "http"
    assert heard["x-request-id"] == "abc-1"
    assert not {"x-real-ip", "forwarded", "x-forwarded-host"} & set(heard)
    assert len(site.get("/api/cases", headers={"x-request-id": "a b<script>"}).json()["x-request-id"]) == 32


def test_live_updates_are_not_held_back(site: httpx.Client) -> None:
    begun = time.monotonic()
    with site.stream("GET", "/api/events") as answer:
        came = [time.monotonic() - begun for line in answer.iter_lines() if line.startswith("event:")]
    assert len(came) == 3
    assert came[0] < came[2] - 0.5, f"they came together: {came}"


def test_large_bodies_only_where_files_are_sent(site: httpx.Client) -> None:
    large = b"x" * 3_000_000
    assert site.post("/api/cases", content=large).status_code == 200
    assert site.post("/api/attachments/cases/123456/upload", content=large).status_code == 200
    refused = site.post("/auth/login", content=large)
    assert refused.status_code == 413
    assert refused.json()["code"] == "too_large"


def test_a_hospital_behind_one_address_is_not_punished(site: httpx.Client) -> None:
    """150 people, each with his own token, 4 calls at once each, from one address."""
    statuses = [
        site.get("/api/cases", headers={"authorization": f"Bearer a.b.{person:043}"}).status_code
        for person in range(150)
        for _ in range(4)
    ]
    assert set(statuses) == {200}


def test_nothing_about_people_in_its_log(tmp_path: Path) -> None:
    with nginx(tmp_path) as topology:
        httpx.get(f"{topology.url}/api/cases?search=Щебетуха&applicant_phone=0671112233", trust_env=False)
        httpx.get(f"{topology.url}/cases?search=Щебетуха", trust_env=False)
    away = tmp_path / "away"
    away.mkdir()
    with nginx(away, api=False) as topology:
        httpx.get(f"{topology.url}/api/cases?search=Щебетуха", trust_env=False)
    said = (tmp_path / "nginx.log").read_text() + (away / "nginx.log").read_text()
    lines = [json.loads(line) for line in said.splitlines()]
    assert [line["path"] for line in lines if line["path"].startswith("/api")] == ["/api/cases"] * 2
    assert not re.search("Щебетуха|%D0|0671112233", said)


def test_the_api_being_away_is_said_politely(tmp_path: Path) -> None:
    with nginx(tmp_path, api=False) as topology:
        answer = httpx.get(f"{topology.url}/api/cases", trust_env=False)
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "2"
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert answer.json()["code"] == "unavailable"
        assert httpx.get(f"{topology.url}/cases", trust_env=False).status_code == 200


def test_https(tmp_path: Path) -> None:
    with nginx(tmp_path, tls=True) as topology:
        plain = f"http://127.0.0.1:{topology.port}"
        (tmp_path / "nginx/acme/.well-known/acme-challenge").mkdir(parents=True)
        (tmp_path / "nginx/acme/.well-known/acme-challenge/token").write_text("proof")
        moved = httpx.get(f"{plain}/cases/123456?a=1", trust_env=False)
        assert moved.status_code == 308
        assert moved.headers["location"] == "https://127.0.0.1/cases/123456?a=1"
        assert httpx.get(f"{plain}/.well-known/acme-challenge/token", trust_env=False).text == "proof"
        context = ssl.create_default_context(cafile=str(tmp_path / "fullchain.pem"))
        context.check_hostname = False
        with httpx.Client(base_url=topology.url, verify=context, trust_env=False) as client:
            page = client.get("/cases/123456")
            assert page.status_code == 200
            settings = load_settings(app_env="test", public_url="https://crm.example.org")
            assert settings.secure
            assert page.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
            assert client.get("/api/cases").json()["x-forwarded-proto"] == "https"
