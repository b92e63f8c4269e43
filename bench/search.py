"""`python -m bench.search DATA_DIR`: the search on a seeded database, by the words that are hard for it.

DATA_DIR comes from `ohmatdyt seed --cases 900000 --data-dir DATA_DIR`; an account of its own is added to it.
"""

import argparse
import asyncio
import itertools
import random
from pathlib import Path
from urllib.parse import urlencode

import asyncpg
import uvloop

from bench import load, servers
from bench.__main__ import create_admin
from bench.load import get
from bench.scenarios import survey
from ohmatdyt.core.embedded import borrowed


async def words(url: str) -> dict[str, list[dict[str, str]]]:
    """What to search for, by what makes it hard."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        rows = await connection.fetch(
            "SELECT applicant_name, applicant_phone FROM cases"
            " WHERE applicant_phone IS NOT NULL AND random() < 0.03 LIMIT 200"
        )
    finally:
        await connection.close()
    phones = [row["applicant_phone"] for row in rows]
    chance = random.Random(1)
    return {
        "frequent": [{"search": "дитині"}],
        "two_frequent": [{"search": "дитину відділення"}],
        "frequent_by_name": [{"search": "відділення", "order_by": "applicant_name"}],
        "frequent_of_a_status": [{"search": "відділення", "status": "DONE"}],
        "rare": [{"search": row["applicant_name"]} for row in rows],
        "phone": [{"search": phone} for phone in phones],
        "last_digits": [{"search": "".join(c for c in phone if c.isdecimal())[-5:]} for phone in phones],
        "none": [{"search": f"абракадабра{chance.randrange(100)}"} for _ in range(100)],
        "typing": [{"search": part} for part in ("від", "відд", "відділ", "дит", "конс", "прий")],
    }


async def measure(data_dir: Path, options: argparse.Namespace) -> None:
    """Ask each and print latencies."""
    username, password = await asyncio.to_thread(create_admin, data_dir)
    with servers.product(data_dir, workers=2) as (port, _, _), borrowed(data_dir) as url:
        ground = await asyncio.to_thread(survey, port, password, username)
        for name, queries in (await words(url)).items():
            if options.only and name not in options.only.split(","):
                continue
            requests = itertools.cycle([get("/api/cases?" + urlencode(one), ground.token) for one in queries])
            for users in options.users:
                outcome = await load.run(
                    port,
                    requests.__next__,
                    users=users,
                    seconds=options.seconds,
                    warm_up=options.warm_up,
                    expected=200,
                )
                p50, p95 = outcome.percentile(0.5), outcome.percentile(0.95)
                print(
                    f"{name:22} users {users:<3} {outcome.throughput:8.1f}/s  p50 {p50:7.1f} ms  p95 {p95:7.1f} ms"
                    f"  {outcome.errors or ''}",
                    flush=True,
                )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.search", description=__doc__)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--users", type=lambda text: [int(one) for one in text.split(",")], default=[1, 50])
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--warm-up", type=float, default=3.0)
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    uvloop.run(measure(given.data_dir, given))
