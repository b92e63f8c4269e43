"""From event to letter: `python -m bench.notifications --rate 50 --seconds 30`, for both engines in one run.

A public comment on a case is one event with one letter, to the case's author. Comments are posted over HTTP at an even
rate to one server process; the time runs from the moment the notification was written (`created_at`, just before the
commit) to the moment a mail server on this machine has the whole letter. Everything shares the machine's cores.
"""

import argparse
import asyncio
import json
import os
import platform
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx

from ohmatdyt.core import migrate
from ohmatdyt.core.embedded import EmbeddedPostgres
from ohmatdyt.core.settings import Settings, load_settings
from tests.notifications.engines import RedisServer, engine, settings_environment
from tests.notifications.mail_server import MailServer
from tests.platform.processes import OHMATDYT, free_port

PASSWORD = "Ромашка-" + secrets.token_hex(4)
_WARM_UP = 50


def main() -> None:
    """Measure both engines and write bench/results/<date>-notifications.json."""
    parser = argparse.ArgumentParser(prog="python -m bench.notifications", description=__doc__)
    parser.add_argument("--rate", type=int, default=50, help="events a second")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument(
        "--smtp-ms", type=int, default=0, help="how long the mail server thinks about a letter"
    )
    options = parser.parse_args()
    load = os.getloadavg()[0]
    figures = {name: _measure(name, options) for name in ("embedded", "celery")}
    told = {
        "what": "seconds from event to letter",
        "at": datetime.now(UTC).isoformat(timespec="seconds"),  # noqa: TID251 — the date of the results
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "load_before": round(load, 2),
        "rate": options.rate,
        "seconds": options.seconds,
        "smtp_ms": options.smtp_ms,
        **figures,
    }
    text = json.dumps(told, indent=2, ensure_ascii=False)
    Path("bench/results").mkdir(exist_ok=True)
    day = str(told["at"])[:10]
    Path(f"bench/results/{day}-notifications.json").write_text(text + "\n", encoding="utf-8")
    print(text)


def _measure(name: str, options: argparse.Namespace) -> dict[str, Any]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        postgres = stack.enter_context(EmbeddedPostgres(folder / "postgres"))
        mail = MailServer()
        mail.start()
        stack.callback(mail.stop)
        if options.smtp_ms:
            mail.on_data = lambda: time.sleep(options.smtp_ms / 1000)
        settings = load_settings(
            app_env="test",
            database_url=postgres.url(),
            data_dir=folder / "data",
            secret_key=secrets.token_urlsafe(48),
            smtp_host="127.0.0.1",
            smtp_port=mail.port,
            smtp_tls="none",
            mail_from="crm@ohmatdyt.example",
        )
        asyncio.run(migrate.upgrade(postgres.url()))
        port = free_port()
        commands = [["serve", "--port", str(port)]]
        more: dict[str, str] = {}
        if name == "celery":
            redis_server = RedisServer()
            redis_server.start()
            stack.callback(redis_server.kill)
            more["REDIS_URL"] = redis_server.url
            commands += [["worker"], ["beat"]]
        env = settings_environment(settings, **more)
        _create_admin(env)
        for command in commands:
            stack.enter_context(engine(command, env, folder / f"{command[0]}.log"))
        return asyncio.run(_run(settings, f"http://127.0.0.1:{port}", mail, options))


def _create_admin(env: dict[str, str]) -> None:
    names = ["--username", "chief", "--email", "chief@example.org", "--full-name", "Ганна Головна"]
    subprocess.run(
        [*OHMATDYT, "create-admin", *names, "--password-stdin"], env=env, input=PASSWORD.encode(), check=True
    )


async def _run(
    settings: Settings, address: str, mail: MailServer, options: argparse.Namespace
) -> dict[str, Any]:
    events = options.rate * options.seconds + _WARM_UP
    database = await asyncpg.connect(str(settings.database_url).replace("+asyncpg", ""))
    cases = await _cases(database, events)
    limits = httpx.Limits(max_connections=50)
    async with httpx.AsyncClient(base_url=address, timeout=30, limits=limits) as client:
        await _sign_in(client)
        for case in cases[:_WARM_UP]:
            await _comment(client, case)
        await asyncio.to_thread(mail.wait_for, _WARM_UP, 60)
        answers = []
        started = time.monotonic()
        for number, case in enumerate(cases[_WARM_UP:]):
            await asyncio.sleep(max(0.0, started + number / options.rate - time.monotonic()))
            answers.append(asyncio.create_task(_comment(client, case)))
        requests = await asyncio.gather(*answers)
        lasted = time.monotonic() - started
    await asyncio.to_thread(mail.wait_for, events, 120)
    written = {
        f"<{row['id']}@ohmatdyt.example>": row["created_at"].timestamp()
        for row in await database.fetch(
            "SELECT id, created_at FROM notifications ORDER BY created_at OFFSET $1", _WARM_UP
        )
    }
    await database.close()
    waits = sorted(
        letter.at - written[letter.message_id] for letter in mail.letters if letter.message_id in written
    )
    unique = len({letter.message_id for letter in mail.letters})
    return {
        "events": len(waits),
        "events_per_second": round(len(waits) / lasted, 1),
        "median_s": round(statistics.median(waits), 3),
        "p90_s": round(waits[int(len(waits) * 0.9)], 3),
        "p99_s": round(waits[int(len(waits) * 0.99)], 3),
        "max_s": round(waits[-1], 3),
        "lost": events - unique,
        "twice": len(mail.letters) - unique,
        "request_median_ms": round(statistics.median(requests) * 1000, 1),
    }


async def _cases(database: "asyncpg.Connection[asyncpg.Record]", number: int) -> list[UUID]:
    """As many cases as there will be events, registered by an operator who is to get the letters."""
    author, category, channel = uuid4(), uuid4(), uuid4()
    await database.execute(
        "INSERT INTO users (id, username, email, full_name, full_name_sort, role, is_active, created_at, updated_at) "
        "VALUES ($1, 'operator', 'operator@example.org', 'Оксана Оператор', 'x', 'OPERATOR', true, now(), now())",
        author,
    )
    for table, one in (("categories", category), ("channels", channel)):
        await database.execute(
            f"INSERT INTO {table} (id, name, name_key, name_sort, created_at, updated_at) "
            "VALUES ($1, 'Медична допомога', 'x', 'x', now(), now())",
            one,
        )
    rows = await database.fetch(
        "INSERT INTO cases (id, public_id, category_id, channel_id, author_id, status, created_at, updated_at, "
        "last_status_change_at, applicant_name, applicant_name_sort, summary) "
        "SELECT gen_random_uuid(), 100000 + i, $1, $2, $3, 'NEW', now(), now(), now(), 'x', 'x', 'x' "
        "FROM generate_series(1, $4::int) AS i RETURNING id",
        category,
        channel,
        author,
        number,
    )
    return [row["id"] for row in rows]


async def _sign_in(client: httpx.AsyncClient) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            answer = await client.post("/auth/login", json={"username": "chief", "password": PASSWORD})
        except httpx.TransportError:
            if time.monotonic() > deadline:
                sys.exit("the server did not come up")
            await asyncio.sleep(0.2)
            continue
        answer.raise_for_status()
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return


async def _comment(client: httpx.AsyncClient, case: UUID) -> float:
    body = {"text": "Передзвонили заявникові.", "is_internal": False}
    while True:
        started = time.perf_counter()
        answer = await client.post(f"/api/cases/{case}/comments", json=body)
        if answer.status_code != 503:  # refused for the moment: it is not an event yet
            answer.raise_for_status()
            return time.perf_counter() - started
        await asyncio.sleep(0.2)


if __name__ == "__main__":
    main()
