"""`python -m bench --cases 1000,100000,900000 --users 1,10,50`: everything in one run; see bench/README.md."""

import argparse
import asyncio
import json
import platform
import secrets
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import uvloop

from bench import load, report, servers
from bench.baseline import CONFIG
from bench.report import Figure
from bench.scenarios import (
    PAGE_SIZE,
    Ground,
    case_fields,
    list_queries,
    paths,
    scenarios,
    survey,
)
from ohmatdyt.core.embedded import borrowed

ROOT = Path("var/bench")
# The range of public numbers has exactly 900 000: the full database leaves room for the cases created while measuring.
ROOM_TO_CREATE = 15_000
CAPACITY = 900_000
WRITING_S = 3.0


def numbers(text: str) -> list[int]:
    """A comma-separated list of positive numbers, ascending."""
    return sorted(int(part) for part in text.split(","))


def main() -> None:
    """Measure and write the results."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--cases", type=numbers, default=[1000, 100_000, 900_000])
    parser.add_argument("--users", type=numbers, default=[1, 10, 50])
    parser.add_argument("--seconds", type=float, default=5.0)
    # A connection plans a statement anew five times before it keeps the plan: twenty connections need a while.
    parser.add_argument("--warm-up", type=float, default=3.0)
    parser.add_argument("--only", default="", help="names of scenarios, comma-separated")
    parser.add_argument("--keep", action="store_true", help="keep the measured databases in var/bench")
    parser.add_argument("--name", default="", help="name of the result files")
    parser.add_argument("--data-dir", type=Path, help="measure this seeded database only, and keep it")
    options = parser.parse_args()
    now = datetime.now(UTC)  # noqa: TID251 — the date of the measurement, not of the product
    name = options.name or f"{now:%Y-%m-%d}-{platform.node() or 'machine'}"
    data_dir: Path = options.data_dir or ROOT / f"data-{now:%Y%m%d-%H%M%S}"
    figures: list[Figure] = []
    running: dict[str, Any] = {}
    # A killed run must stop its servers too: SIGTERM unwinds like Ctrl+C.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        for cases in options.cases[-1:] if options.data_dir else options.cases:
            if not options.data_dir:
                running[f"seeding up to {cases} cases, s"] = seed(
                    data_dir, min(cases, CAPACITY - ROOM_TO_CREATE)
                )
            account = create_admin(data_dir)
            figures += uvloop.run(measure(data_dir, account, cases, options, running))
        running |= start_and_memory(data_dir)
    finally:
        if not options.keep and not options.data_dir:
            shutil.rmtree(data_dir, ignore_errors=True)
    path = report.write(name, figures, running)
    print(path.read_text())


def seed(data_dir: Path, cases: int) -> float:
    """Bring the database to so many cases; returns the seconds it took."""
    started = time.perf_counter()
    command = [str(servers.OHMATDYT), "seed", "--cases", str(cases), "--data-dir", str(data_dir)]
    subprocess.run(command, check=True)
    return round(time.perf_counter() - started, 1)


def create_admin(data_dir: Path) -> tuple[str, str]:
    """Create an account that measures; returns its name and password."""
    username, password = f"bench_{secrets.token_hex(3)}", f"bench {secrets.token_hex(8)} 1"
    command = [
        str(servers.OHMATDYT),
        "create-admin",
        "--username",
        username,
        "--email",
        f"{username}@example.org",
    ]
    command += ["--full-name", "Вимірювач", "--password-stdin", "--data-dir", str(data_dir)]
    subprocess.run(command, input=password.encode() + b"\n", check=True)
    return username, password


def start_and_memory(data_dir: Path) -> dict[str, Any]:
    """Start the embedded mode on the existing database three times; look at its memory when idle."""
    starts = []
    for _ in range(3):
        with servers.product(data_dir, workers=1) as (_port, process, seconds):
            starts.append(round(seconds, 2))
            if len(starts) == 3:
                time.sleep(8)
                memory = servers.memory_mb(process)
    return {
        "start to the first answer, one process, s (three times)": starts,
        "idle memory without PostgreSQL, one process, MB": {
            what: round(mb, 1) for what, mb in memory.items()
        },
    }


async def measure(
    data_dir: Path, account: tuple[str, str], cases: int, options: argparse.Namespace, running: dict[str, Any]
) -> list[Figure]:
    """Measure the product and both baselines by turns, scenario by scenario."""
    figures = []
    with servers.product(data_dir, workers=2) as (port, process, _), borrowed(data_dir) as url:
        ground = await asyncio.to_thread(survey, port, account[1], account[0])
        await configure(url, port, ground)
        with servers.baseline(ROOT, workers=2) as bare:
            for scenario in scenarios(ground):
                if options.only and scenario.name not in options.only.split(","):
                    continue
                writes = scenario.status == 201
                for users in options.users:
                    turns = (
                        ("product", port, scenario.product),
                        ("sql", bare, scenario.sql),
                        ("bytes", bare, scenario.fixed),
                        *((("same", bare, scenario.same),) if scenario.same else ()),
                    )
                    for server, its_port, request in turns:
                        outcome = await load.run(
                            its_port,
                            request,
                            users=users,
                            seconds=min(options.seconds, WRITING_S) if writes else options.seconds,
                            warm_up=min(options.warm_up, 1) if writes else options.warm_up,
                            expected=200 if server == "bytes" else scenario.status,
                        )
                        figures.append(
                            Figure.of(
                                outcome, cases=cases, users=users, scenario=scenario.name, server=server
                            )
                        )
                        print(figures[-1], flush=True)
        running[f"memory of two processes after the load on {cases} cases, MB"] = {
            what: round(mb, 1) for what, mb in servers.memory_mb(process).items()
        }
    return figures


async def configure(url: str, port: int, ground: Ground) -> None:
    """Write down for the baseline: the database, the product's own answers, where the deep page begins."""
    from ohmatdyt.accounts.actor import Actor
    from ohmatdyt.accounts.models import Role
    from ohmatdyt.cases.queries.card import card_statement

    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        deep = await connection.fetchrow(
            "SELECT created_at, id FROM cases ORDER BY created_at DESC, id DESC OFFSET $1 LIMIT 1",
            max(0, (ground.deep_page - 1) * PAGE_SIZE - 1),
        )
        executors = await connection.fetch(
            "SELECT a.user_id FROM category_access a JOIN users u ON u.id = a.user_id"
            " WHERE a.category_id = $1 AND u.is_active",
            UUID(ground.category_id),
        )
    finally:
        await connection.close()
    assert deep is not None
    answers = {"login": '{"access_token": "x"}', "create": "{}"}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        for name, path in paths(ground).items():
            answer = await client.get(path, headers={"Authorization": f"Bearer {ground.token}"})
            answers[name] = answer.raise_for_status().text
    admin = Actor(
        user_id=UUID(ground.author_id),
        session_id=UUID(int=0),
        username=ground.username,
        full_name=ground.username,
        role=Role.ADMIN,
        must_change_password=False,
        category_ids=(),
    )
    sql, values = card_statement(admin, -1, "SINCE")
    CONFIG.parent.mkdir(parents=True, exist_ok=True)
    CONFIG.write_text(
        json.dumps(
            {
                "url": url.replace("+asyncpg", ""),
                "answers": answers,
                "status": ground.status,
                "category_id": ground.category_id,
                "author_id": ground.author_id,
                "deep_key": [deep["created_at"].isoformat(), str(deep["id"])],
                "lists": list_queries(ground),
                "fields": case_fields(ground),
                "executors": [str(row["user_id"]) for row in executors],
                "card_sql": sql,
                "card_values": ["PUBLIC_ID" if value == -1 else value for value in values],
            }
        )
    )
    CONFIG.chmod(0o600)


if __name__ == "__main__":
    main()
