"""`python -m bench.insights`: dashboard, lookup, search and export on a hospital's worth of data.

Seeds into `--data-dir` whatever is missing there, starts the product with two processes, and asks with 1 and 50
requests in flight; then exports every case and watches the memory. Results go to bench/results.
"""

import argparse
import asyncio
import json
import platform
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import asyncpg
import httpx
import uvloop

from bench import load, servers
from bench.__main__ import create_admin, seed
from bench.people import fill_patients
from ohmatdyt.core.embedded import borrowed

RESULTS = Path(__file__).parent / "results"
_SAMPLE = 400


def main() -> None:
    """Seed what is missing, measure, write the results."""
    parser = argparse.ArgumentParser(prog="python -m bench.insights", description=__doc__)
    parser.add_argument("--data-dir", type=Path, default=Path("var/bench/insights"))
    parser.add_argument("--cases", type=int, default=885_000)
    parser.add_argument("--patients", type=int, default=500_000)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--warm-up", type=float, default=3.0)
    parser.add_argument("--seeded", action="store_true", help="the data is there already")
    options = parser.parse_args()
    if not options.seeded:
        seed(options.data_dir, options.cases)
    account = create_admin(options.data_dir)
    figures = uvloop.run(measure(options, account))
    now = datetime.now(UTC)  # noqa: TID251 — the date of the measurement, not of the product
    about = {
        "at": now.isoformat(timespec="seconds"),
        "machine": platform.node(),
        "python": platform.python_version(),
    }
    text = json.dumps(
        {**about, "cases": options.cases, "patients": options.patients, "figures": figures}, indent=1
    )
    (RESULTS / f"{now:%Y-%m-%d}-insights.json").write_text(text + "\n")
    print(text)


async def measure(options: argparse.Namespace, account: tuple[str, str]) -> list[dict[str, Any]]:
    """Everything, scenario by scenario."""
    figures: list[dict[str, Any]] = []
    with (
        servers.product(options.data_dir, workers=2) as (port, process, _),
        borrowed(options.data_dir) as url,
    ):
        plain = url.replace("+asyncpg", "")
        await fill_patients(plain, options.patients)
        token = await sign_in(port, *account)
        for name, paths in (await questions(plain)).items():
            for users in (1, 50):
                following = cycle(paths, token)
                outcome = await load.run(
                    port,
                    lambda following=following: next(following),  # type: ignore[misc]
                    users=users,
                    seconds=options.seconds,
                    warm_up=options.warm_up,
                    expected=200,
                )
                figures.append(
                    {
                        "what": name,
                        "users": users,
                        "per_second": round(outcome.throughput, 1),
                        "p50_ms": round(outcome.percentile(0.5), 1),
                        "p95_ms": round(outcome.percentile(0.95), 1),
                        "errors": outcome.errors,
                    }
                )
                print(figures[-1], flush=True)
        for kind in ("csv", "xlsx"):
            figures.append(await export(port, token, kind, process))
            print(figures[-1], flush=True)
    return figures


async def sign_in(port: int, username: str, password: str) -> str:
    """A token of the administrator who measures."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        answer = await client.post("/auth/login", json={"username": username, "password": password})
        token: str = answer.raise_for_status().json()["access_token"]
        return token


async def questions(url: str) -> dict[str, list[str]]:
    """What is asked, with the words of people who are there."""
    chance = random.Random(7)
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT p.full_name, g.phone_e164 AS phone, p.record_number FROM patients p"
            " JOIN guardians g ON g.patient_id = p.id ORDER BY p.id LIMIT $1",
            _SAMPLE,
        )
    finally:
        await connection.close()
    people = [dict(row) for row in rows]

    def ask(path: str, **query: str) -> str:
        return f"{path}?{urlencode(query)}"

    def typed(person: dict[str, Any]) -> str:
        national = "0" + person["phone"][4:]
        return chance.choice((national, national[:7], f"({national[:3]}) {national[3:6]}-{national[6:]}"))

    words = [person["full_name"].split() for person in people]
    return {
        **{f"dashboard, {p}": [f"/api/dashboard?period={p}"] for p in ("today", "month", "quarter", "year")},
        "lookup by a number": [ask("/api/patients/lookup", phone=typed(person)) for person in people],
        "lookup by a name": [ask("/api/patients/lookup", name=f"{w[0][:4]} {w[1][:3]}") for w in words],
        "search by surname and name": [ask("/api/patients", search=f"{w[0]} {w[1][:3]}") for w in words],
        "search by a common first name": [ask("/api/patients", search=w[1]) for w in words],
        "search by last digits": [ask("/api/patients", search=person["phone"][-5:]) for person in people],
        "patients, first page": ["/api/patients"],
    }


def cycle(paths: list[str], token: str) -> Iterator[bytes]:
    """The questions over and over."""
    requests = [load.get(path, token) for path in paths]
    while True:
        yield from requests


async def export(port: int, token: str, kind: str, process: Any) -> dict[str, Any]:
    """Export every case; seconds, bytes, and how much the server's memory grew meanwhile."""
    before = servers.memory_mb(process)["rss"]
    peak, size, first = before, 0, 0.0
    signed = {"Authorization": f"Bearer {token}"}
    started = time.perf_counter()
    async with (
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=600) as client,
        client.stream("GET", f"/api/cases/export?format={kind}", headers=signed) as answer,
    ):
        answer.raise_for_status()
        looked = 0.0
        async for chunk in answer.aiter_raw():
            size += len(chunk)
            now = time.perf_counter() - started
            first = first or now
            if now - looked > 1:
                looked, peak = now, max(peak, await asyncio.to_thread(_rss, process))
    return {
        "what": f"export of everything, {kind}",
        "seconds": round(time.perf_counter() - started, 1),
        "first_byte_s": round(first, 2),
        "megabytes": round(size / 1e6, 1),
        "memory_before_mb": round(before, 1),
        "memory_growth_mb": round(peak - before, 1),
    }


def _rss(process: Any) -> float:
    return servers.memory_mb(process)["rss"]


if __name__ == "__main__":
    main()
