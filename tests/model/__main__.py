"""`make model STEPS=50000`: a long walk in two processes, repeatable by its seed."""

import argparse
import asyncio
import sys
import tempfile
import time
import traceback
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random

from ohmatdyt.core import log, migrate
from ohmatdyt.core.embedded import EmbeddedPostgres
from tests.conftest import _emptying_statements
from tests.model.running import WORLD_STEPS, opened_world, walk


@dataclass(frozen=True)
class Result:
    """What one process found."""

    steps: int
    requests: int
    disagreements: list[str]


async def _world(seed: str, steps: int, url: str, emptying: str, folder: Path) -> tuple[int, int, str | None]:
    async with opened_world(url, emptying, folder) as world:
        try:
            await walk(world, Random(seed), steps)
        except Exception:  # noqa: BLE001 — whatever it is, it is what we look for
            last = "\n  ".join(world.done[-5:])
            told = traceback.format_exc(limit=-3)
            return len(world.done), world.requests, f"seed {seed}, step {len(world.done)}:\n  {last}\n{told}"
        return len(world.done), world.requests, None


def walk_slice(seed: int, worlds: list[tuple[int, int]]) -> Result:
    """Walk through these worlds (number, steps), one after the other, on a PostgreSQL of our own."""
    log.configure(level="WARNING", json=False)
    steps = requests = 0
    began, found = time.monotonic(), []
    with tempfile.TemporaryDirectory(prefix="ohmatdyt-model-") as folder:
        options = {"shared_buffers": "64MB", "max_connections": "50", "max_wal_size": "256MB"}
        with EmbeddedPostgres(Path(folder) / "postgres", sync=False, options=options) as server:
            asyncio.run(migrate.upgrade(server.url()))
            emptying = asyncio.run(_emptying_statements(server.url()))
            for number, length in worlds:
                data = Path(folder) / f"data{number}"
                done, asked, problem = asyncio.run(
                    _world(f"{seed}-{number}", length, server.url(), emptying, data)
                )
                steps, requests = steps + done, requests + asked
                if steps % 1000 < length:
                    rate = steps / (time.monotonic() - began)
                    print(f"{steps} steps by this process, {rate:.0f} a second", flush=True)
                if problem:
                    found.append(problem)
                    print(problem, flush=True)
    return Result(steps, requests, found)


def main() -> int:
    """0 when product and model agreed at every step."""
    parser = argparse.ArgumentParser(prog="python -m tests.model", description=__doc__)
    parser.add_argument("--steps", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument(
        "--world", type=int, default=None, help="only this world: the number behind the seed's dash"
    )
    asked = parser.parse_args()
    worlds = [
        (number, min(WORLD_STEPS, asked.steps - number * WORLD_STEPS))
        for number in range(-(-asked.steps // WORLD_STEPS))
    ]
    if asked.world is not None:
        worlds, asked.processes = [worlds[asked.world]], 1
    print(f"seed {asked.seed}: {asked.steps} steps, a new desk every {WORLD_STEPS}", flush=True)
    began = time.monotonic()
    with ProcessPoolExecutor(asked.processes) as pool:
        slices = [worlds[n :: asked.processes] for n in range(asked.processes)]
        results = list(pool.map(walk_slice, [asked.seed] * len(slices), slices))
    seconds = time.monotonic() - began
    steps, requests = sum(r.steps for r in results), sum(r.requests for r in results)
    found = sum(len(r.disagreements) for r in results)
    rate = f"{steps / seconds:.0f} steps/s, {requests / seconds:.0f} requests/s"
    print(f"{steps} steps, {requests} requests in {seconds:.0f} s ({rate}); disagreements: {found}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
