"""The shipped nginx configuration, asked over HTTP: pages, caching, limits, and what it tells the API behind it."""

import json
import re
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ohmatdyt.core import clock
from ohmatdyt.core.middleware import CSP
from ohmatdyt.core.settings import load_settings
from scripts.topology import Topology


class Api(BaseHTTPRequestHandler):
    """In place of the API: says what it was told."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body leave together

    def do_GET(self) -> None:
        if self.path == "/api/events":
            self._stream()
            return
        body = json.dumps({name.lower(): text for name, text in self.headers.items()}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        left = int(self.headers["Content-Length"])
        while left > 0:
            left -= len(self.rfile.read(min(left, 1 << 20)))
        self.do_GET()

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for _ in range(3):
            self.wfile.write(b"event: counters\ndata: {}\n\n")
            self.wfile.flush()
            time.sleep(0.4)

    def log_message(self, *_: object) -> None:
        pass


def export(folder: Path) -> Path:
    """What a build of the web interface looks like."""
    files = {
        "index.html": "home", "404.html": "nothing here", "cases.html": "list", "cases/new.html": "new",
        "cases/[publicId].html": "card", "cases/[publicId].html.br": "packed card", "icon.svg": "<svg/>",
        "_next/static/chunks/a.js": "plain", "_next/static/chunks/a.js.br": "packed",
    }  # fmt: skip
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@contextmanager
def nginx(folder: Path, *, tls: bool = False, api: bool = True) -> Iterator[Topology]:
    folder.chmod(0o755)
    topology = Topology(folder, apis=1, tls=tls)
    topology.web = export(folder / "web")
    server = ThreadingHTTPServer(("127.0.0.1", topology.api_ports[0]), Api) if api else None
    if server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        if tls:
            _certificate(folder)
        topology.nginx()
        deadline = time.monotonic() + 20
        while True:
            try:
                httpx.get(f"http://127.0.0.1:{topology.port}/nginx-health", trust_env=False)
                break
            except httpx.TransportError:
                assert time.monotonic() < deadline, topology.parts["nginx"].said()
                time.sleep(0.05)
        yield topology
    finally:
        for part in topology.parts.values():
            part.stop()
        if server:
            server.shutdown()
            server.server_close()


def _certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = clock.now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now.replace(year=now.year + 1))
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    (folder / "privkey.pem").write_bytes(secret)


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
        site.get("/api/cases", headers={"authorization": f"Bearer {person}"}).status_code
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
