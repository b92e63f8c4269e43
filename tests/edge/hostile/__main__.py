"""`make hostile REQUESTS=100000 HANG_UPS=100`: so many generated requests each by nobody, a deactivated person and
every role; then every route broken off so many times in every way."""

import argparse
import asyncio
import re
import secrets
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from random import Random

import psutil

from ohmatdyt.app import create_app
from ohmatdyt.core import log, migrate
from ohmatdyt.core.embedded import EmbeddedPostgres
from tests.edge.hostile.desk import ROLES, Scene, served
from tests.edge.hostile.hang_ups import Sweep
from tests.edge.hostile.running import Run
from tests.edge.hostile.strangers import Strangers


async def attack(url: str, folder: Path, roles: list[str], requests: int, seed: str) -> int:
    """Ask in everybody's name, one after the other; how many faults there were."""
    async with AsyncExitStack() as stack:
        scene = await Scene.open(stack, url, folder)
        port, output = stack.enter_context(served(url, folder))
        faults = 0
        for role in roles:
            run = Run(scene, role, port, seed)
            await run.go(requests)
            print(run.summary(), *run.judge.faults, sep="\n", flush=True)
            faults += len(run.judge.faults)
        faults += await _strangers(scene, port)
        said = output.read_text(encoding="utf-8")
        print("the server's own words:", dict(Counter(re.findall(r'"message":"(\w+)"', said))))
        broken = [line for line in said.splitlines() if "unexpected_error" in line or "Traceback" in line]
        passing = [line for line in said.splitlines() if "database_unavailable" in line]
        print(*(line[-1500:] for line in [*broken[:20], *passing[:40]]), sep="\n", flush=True)
        return faults + len(broken)


async def hang_up(url: str, folder: Path, times: int, seed: str) -> int:
    """Hang up on every route; how many faults there were."""
    async with AsyncExitStack() as stack:
        scene = await Scene.open(stack, url, folder)
        limits = {"MAX_IN_FLIGHT": "40", "TMPDIR": str(folder / "temporary")}
        (folder / "temporary").mkdir()
        port, _ = stack.enter_context(served(url, folder, **limits))
        sweep = Sweep(scene, port, folder, Random(seed))
        await sweep.go(create_app(scene.settings), times)
        print(f"hung up {sweep.hung_up} times, {times} in every way", *sweep.faults, sep="\n", flush=True)
        return len(sweep.faults)


async def _strangers(scene: Scene, port: int) -> int:
    await scene.restore("ADMIN")
    (server,) = [one for one in psutil.Process().children() if str(port) in one.cmdline()]
    strangers = Strangers(port, scene.tokens["ADMIN"] or "", server)
    await strangers.go()
    print(strangers.summary(), *strangers.faults, sep="\n", flush=True)
    return len(strangers.faults)


def main() -> int:
    """0 when every answer was what it must be."""
    parser = argparse.ArgumentParser(prog="python -m tests.edge.hostile", description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--hang-ups", type=int, default=100, help="so many times on every route in every way")
    parser.add_argument("--seed", default=secrets.token_hex(4))
    parser.add_argument("--roles", default=",".join(ROLES))
    asked = parser.parse_args()
    log.configure(level="WARNING", json=False)
    print(f"seed {asked.seed}: {asked.requests} requests for each of {asked.roles}", flush=True)
    faults = 0
    if asked.requests:
        roles = asked.roles.split(",")
        with _database() as (url, folder):
            faults += asyncio.run(attack(url, folder, roles, asked.requests, asked.seed))
    if asked.hang_ups:
        with _database() as (url, folder):
            faults += asyncio.run(hang_up(url, folder, asked.hang_ups, asked.seed))
    return 1 if faults else 0


@contextmanager
def _database() -> Iterator[tuple[str, Path]]:
    with tempfile.TemporaryDirectory(prefix="ohmatdyt-hostile-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # PostgreSQL works under another account when we are root
        options = {"shared_buffers": "64MB", "max_connections": "60", "max_wal_size": "256MB"}
        with EmbeddedPostgres(folder / "postgres", sync=False, options=options) as server:
            asyncio.run(migrate.upgrade(server.url()))
            yield server.url(), folder


if __name__ == "__main__":
    sys.exit(main())
