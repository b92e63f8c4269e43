"""`python -m bench.filters DATA_DIR`: the list with every single filter and every pair, on a seeded database.

Each combination is asked with several values taken from the cases that are there, exact total and first page, by
an administrator. The slowest are printed last; those of all in the usual order go to bench/results.
"""

import argparse
import asyncio
import itertools
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import asyncpg
import uvloop

from bench import load, report, servers
from bench.__main__ import create_admin
from bench.load import get
from bench.scenarios import survey
from ohmatdyt.core.embedded import borrowed

LIMIT_MS = 150
_SAMPLE = """
SELECT c.status, c.category_id, c.channel_id, c.responsible_id, c.author_id, c.public_id, c.subcategory,
       c.applicant_name, c.applicant_phone, c.applicant_email, c.created_at, c.updated_at, c.last_status_change_at
FROM cases c WHERE c.public_id = ANY($1) AND c.responsible_id IS NOT NULL AND c.applicant_phone IS NOT NULL
"""
Pairs = list[tuple[str, str]]


def filters_of(case: dict[str, Any], word: str) -> dict[str, Pairs]:
    """Every filter of the contract, with values that this case fulfils."""

    def day(name: str) -> str:
        return f"{case[name]:%Y-%m-%d}"

    return {
        "status": [("status", case["status"])],
        "two statuses": [("status", case["status"]), ("status", "NEEDS_INFO")],
        "category_id": [("category_id", str(case["category_id"]))],
        "channel_id": [("channel_id", str(case["channel_id"]))],
        "responsible_id": [("responsible_id", str(case["responsible_id"]))],
        "responsible none": [("responsible_id", "none")],
        "author_id": [("author_id", str(case["author_id"]))],
        "public_id": [("public_id", str(case["public_id"]))],
        "subcategory": [("subcategory", case["subcategory"] or "Діагностика")],
        "applicant_name": [("applicant_name", case["applicant_name"].split()[0])],
        "part of a name": [("applicant_name", case["applicant_name"].split()[-1][1:4])],
        "applicant_phone": [("applicant_phone", case["applicant_phone"])],
        "applicant_email": [
            ("applicant_email", (case["applicant_email"] or "hanna@example.org").split("@")[0])
        ],
        "date_from": [("date_from", day("created_at"))],
        "date_to": [("date_to", day("created_at"))],
        "updated_from": [("updated_from", day("updated_at"))],
        "updated_to": [("updated_to", day("updated_at"))],
        "overdue": [("overdue", "true")],
        "not overdue": [("overdue", "false")],
        "stale": [("stale", "true")],
        "search": [("search", word)],
    }


def combinations(cases: list[dict[str, Any]]) -> Iterator[tuple[str, list[Pairs]]]:
    """Each single filter and each pair, with one request for each case of the sample."""
    words = itertools.cycle(("дитину", "відділення", "реєстратура", "довідка"))
    told = [filters_of(case, next(words)) for case in cases]
    names = list(told[0])
    for chosen in [(name,) for name in names] + list(itertools.combinations(names, 2)):
        keys = [key for name in chosen for key in {key for key, _ in told[0][name]}]
        if len(keys) == len(set(keys)):
            yield " + ".join(chosen), [[pair for name in chosen for pair in one[name]] for one in told]


async def sample(url: str, public_ids: list[int]) -> list[dict[str, Any]]:
    """Cases to take values from."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return [dict(row) for row in await connection.fetch(_SAMPLE, public_ids)][:20]
    finally:
        await connection.close()


async def measure(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Ask each combination; returns its figures.

    In a short window twenty connections are still planning. Whatever is over the limit there is asked once more for
    longer; its first figure is kept beside.
    """
    username, password = await asyncio.to_thread(create_admin, options.data_dir)
    figures = []
    with servers.product(options.data_dir, workers=2) as (port, _, _), borrowed(options.data_dir) as url:
        ground = await asyncio.to_thread(survey, port, password, username)

        async def ask(name: str, queries: list[Pairs], seconds: float, warm_up: float) -> dict[str, Any]:
            queries = [
                [*one, *(("order_by", name) for name in (options.order_by,) if name)] for one in queries
            ]
            queries = [[*one, ("page", str(options.page))] for one in queries]
            requests = itertools.cycle([get("/api/cases?" + urlencode(one), ground.token) for one in queries])
            outcome = await load.run(
                port,
                requests.__next__,
                users=options.users,
                seconds=seconds,
                warm_up=warm_up,
                expected=200,
            )
            p50, p95 = (round(outcome.percentile(share), 1) for share in (0.5, 0.95))
            rate = round(outcome.throughput, 1)
            return {
                "filters": name,
                "per_second": rate,
                "p50_ms": p50,
                "p95_ms": p95,
                "errors": outcome.errors,
            }

        wanted = [part for part in options.only.split(",") if part]
        asked = combinations(await sample(url, ground.public_ids))
        for name, queries in [one for one in asked if not wanted or any(part in one[0] for part in wanted)]:
            figure = await ask(name, queries, options.seconds, options.warm_up)
            if figure["p95_ms"] > LIMIT_MS:
                longer = await ask(name, queries, 2 * options.seconds + 1, 2 * options.warm_up + 1)
                figure = {**longer, "first_p95_ms": figure["p95_ms"]}
            figures.append(figure)
            print(figure, flush=True)
    return figures


def main() -> None:
    """Measure, write the results, name the slowest."""
    parser = argparse.ArgumentParser(prog="python -m bench.filters", description=__doc__)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=1.5)
    parser.add_argument("--warm-up", type=float, default=0.7)
    parser.add_argument("--order-by", default="", help="another order than the usual one")
    parser.add_argument("--page", type=int, default=1)
    parser.add_argument("--only", default="", help="parts of the names of combinations, comma-separated")
    options = parser.parse_args()
    machine = report.machine()
    figures = uvloop.run(measure(options))
    figures.sort(key=lambda one: one["p95_ms"])
    over = [one for one in figures if not one["p95_ms"] <= LIMIT_MS or one["errors"]]
    now = datetime.now(UTC)  # noqa: TID251 — the date of the measurement, not of the product
    text = json.dumps(
        {"at": now.isoformat(timespec="seconds"), **machine, "users": options.users, "figures": figures},
        ensure_ascii=False,
        indent=1,
    )
    if not (options.only or options.order_by or options.page > 1):
        report.RESULTS.mkdir(exist_ok=True)
        (report.RESULTS / f"{now:%Y-%m-%d}-filters-{options.users}.json").write_text(text + "\n")
    print(
        f"\n{len(figures)} combinations, {options.users} in flight; over {LIMIT_MS} ms or with errors: {len(over)}"
    )
    for one in figures[-15:]:
        print(
            f"{one['filters']:40} p50 {one['p50_ms']:7.1f}  p95 {one['p95_ms']:7.1f} ms  {one['errors'] or ''}"
        )


if __name__ == "__main__":
    main()
