"""nginx as it is shipped, with a stand-in for the API behind it."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx

from scripts.front import certificate
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
        while left > 0 and (piece := self.rfile.read(min(left, 1 << 20))):
            left -= len(piece)
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
def nginx(folder: Path, *, tls: bool = False, api: bool = True, **values: str) -> Iterator[Topology]:
    folder.chmod(0o755)
    topology = Topology(folder, apis=1, tls=tls)
    topology.web = export(folder / "web")
    server = ThreadingHTTPServer(("127.0.0.1", topology.api_ports[0]), Api) if api else None
    if server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        if tls:
            certificate(folder)
        topology.nginx(**values)
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
