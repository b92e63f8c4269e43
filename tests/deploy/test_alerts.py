"""A real Prometheus scrapes what the product says and evaluates the rules as shipped."""

import asyncio
import json
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx

from tests.deploy.test_monitoring import MONITORING
from tests.platform.processes import free_port

# What is true of an empty desk whose schedule has not run is made well, and then each fault by itself.
HEALTHY = [
    (r'(ohmatdyt_job_late\{task="\w+"\}) \S+', r"\1 0.0"),
    (r"(ohmatdyt_disk_free_bytes\{.*?\}) \S+", r"\1 9e+012"),
    (r"(ohmatdyt_disk_size_bytes\{.*?\}) \S+", r"\1 1e+013"),
    (r"(?m)^(ohmatdyt_event_loop\w*(?:\{.*?\})?) \S+", r"\1 0.0"),
    (r'(ohmatdyt_http_requests_total\{.*status="50.".*\}) \S+', r"\1 0.0"),
]
BACKUP = "\n".join(
    f'ohmatdyt_job_{name}{{task="back_up"}} {value}'
    for name, value in (("late", 0.0), ("failed", 0.0), ("age_seconds", 60.0))
)
FAULTS = {
    "OhmatdytBackupLate": (r'(_failed\{task="back_up"\}) \S+', r"\1 1.0"),
    "OhmatdytJournalBroken": (r'(_failed\{task="check_journal"\}) \S+', r"\1 1.0"),
    "OhmatdytTaskFailed": (r'(_failed\{task="check_stored_files"\}) \S+', r"\1 1.0"),
    "OhmatdytJobLate": (r'(_late\{task="seal_journal"\}) \S+', r"\1 1.0"),
    "OhmatdytDiskFull": (r"(disk_free_bytes\{.*?\}) \S+", r"\1 1e+011"),
    "OhmatdytPoolBroken": (r"\Z", '\nohmatdyt_database_pool_serves{pool="made"} 0.0\n'),
    "OhmatdytCertificateEnds": (r"\Z", "\nohmatdyt_certificate_ends_seconds 1.2e+06\n"),
    "OhmatdytDatabaseDown": (r"(?m)^(ohmatdyt_database_up) \S+", r"\1 0.0"),
}
TOGETHER = {"OhmatdytDiskFull": {"OhmatdytDiskFilling"}}


@contextmanager
def prometheus(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """A Prometheus with the shipped rules, patient with nothing, and the text it scrapes."""
    said = {"text": ""}

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.end_headers()
            with suppress(OSError):  # it stops in the middle of a scrape
                self.wfile.write(said["text"].encode())

        def log_message(self, *_: object) -> None:
            pass

    rules = (MONITORING / "alerts.yml").read_text(encoding="utf-8")
    (folder / "alerts.yml").write_text(re.sub(r"for: \w+", "for: 0s", rules), encoding="utf-8")
    desk, port = ThreadingHTTPServer(("127.0.0.1", 0), Answer), free_port()
    (folder / "prometheus.yml").write_text(
        "global: {scrape_interval: 500ms, scrape_timeout: 500ms, evaluation_interval: 250ms}\n"
        "rule_files: [alerts.yml]\n"
        "scrape_configs: [{job_name: ohmatdyt, static_configs: "
        f"[{{targets: ['127.0.0.1:{desk.server_port}']}}]}}]\n",
        encoding="utf-8",
    )
    Thread(target=desk.serve_forever, daemon=True).start()
    running = subprocess.Popen(
        [
            "prometheus", f"--config.file={folder / 'prometheus.yml'}", f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{port}", "--log.level=error",
        ],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield f"http://127.0.0.1:{port}", said
    finally:
        running.terminate()
        running.wait(20)
        desk.shutdown()
        desk.server_close()


def _firing(url: str) -> set[str] | None:
    try:
        alerts = httpx.get(f"{url}/api/v1/alerts").json()["data"]["alerts"]
    except (httpx.TransportError, ValueError):  # it is starting
        return None
    return {one["labels"]["alertname"] for one in alerts if one["state"] == "firing"}


def _wait(url: str, wanted: set[str]) -> set[str] | None:
    deadline, found = time.monotonic() + 30, _firing(url)
    while found != wanted and time.monotonic() < deadline:
        time.sleep(0.1)
        found = _firing(url)
    return found


async def test_each_alert_fires_for_its_fault_and_none_on_a_healthy_desk(
    client: httpx.AsyncClient, tmp_path: Path
) -> None:
    await client.get("/api/cases")
    text = (await client.get("/metrics")).text + f"\n{BACKUP}\n"
    for pattern, replacement in HEALTHY:
        text = re.sub(pattern, replacement, text)
    await asyncio.to_thread(_judge, text, tmp_path)


def _judge(healthy: str, folder: Path) -> None:
    with prometheus(folder) as (url, said):
        said["text"] = healthy
        # Until the first scrape it is down, and says so.
        assert _wait(url, {"OhmatdytDown"}) is not None
        assert _wait(url, set()) == set()
        for alert, (pattern, replacement) in FAULTS.items():
            said["text"] = re.sub(pattern, replacement, healthy)
            assert said["text"] != healthy, alert
            wanted = {alert} | TOGETHER.get(alert, set())
            assert _wait(url, wanted) == wanted
        said["text"] = healthy
        assert _wait(url, set()) == set()
        board = json.loads((MONITORING / "dashboard.json").read_text(encoding="utf-8"))
        for query in [target["expr"] for panel in board["panels"] for target in panel.get("targets", [])]:
            if "ohmatdyt_job" in query:
                found = httpx.get(f"{url}/api/v1/query", params={"query": query}).json()
                assert found["data"]["result"], query


def test_prometheus_itself_reads_the_rules() -> None:
    command = ["promtool", "check", "rules", str(MONITORING / "alerts.yml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
