"""`make hostile REQUESTS=100000`: so many generated requests each by nobody, a deactivated person and every role."""

import argparse
import asyncio
import re
import secrets
import sys
import tempfile
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path

from ohmatdyt.core import log, migrate
from ohmatdyt.core.embedded import EmbeddedPostgres
from tests.edge.hostile.desk import ROLES, Scene, served
from tests.edge.hostile.running import Run


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
        said = output.read_text(encoding="utf-8")
        print("the server's own words:", dict(Counter(re.findall(r'"message":"(\w+)"', said))))
        broken = [line for line in said.splitlines() if "unexpected_error" in line or "Traceback" in line]
        passing = [line for line in said.splitlines() if "database_unavailable" in line]
        print(*(line[-1500:] for line in [*broken[:20], *passing[:40]]), sep="\n", flush=True)
        return faults + len(broken)


def main() -> int:
    """0 when every answer was what it must be."""
    parser = argparse.ArgumentParser(prog="python -m tests.edge.hostile", description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seed", default=secrets.token_hex(4))
    parser.add_argument("--roles", default=",".join(ROLES))
    asked = parser.parse_args()
    log.configure(level="WARNING", json=False)
    print(f"seed {asked.seed}: {asked.requests} requests for each of {asked.roles}", flush=True)
    with tempfile.TemporaryDirectory(prefix="ohmatdyt-hostile-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # PostgreSQL works under another account when we are root
        options = {"shared_buffers": "64MB", "max_connections": "60", "max_wal_size": "256MB"}
        with EmbeddedPostgres(folder / "postgres", sync=False, options=options) as server:
            asyncio.run(migrate.upgrade(server.url()))
            roles = asked.roles.split(",")
            faults = asyncio.run(attack(server.url(), folder, roles, asked.requests, asked.seed))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
