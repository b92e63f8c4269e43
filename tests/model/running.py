"""A desk for the model to walk about: the product in this process on an empty database."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from random import Random

import asyncpg

from ohmatdyt.core.settings import load_settings
from ohmatdyt.core.storage import LocalStorage
from tests.conftest import _application
from tests.factories import Catalog, People
from tests.model import views
from tests.model.world import NAMES, WEIGHTS, World

WORLD_STEPS = 250
LOOK_ROUND_EVERY = 50


@asynccontextmanager
async def opened_world(url: str, emptying: str, folder: Path) -> AsyncIterator[World]:
    """A world at its beginning; the database is empty again afterwards."""
    settings = load_settings(
        app_env="test",
        database_url=url,
        data_dir=folder,
        public_url="http://testserver",
        lock_timeout_ms=3000,
    )
    app = _application(settings)
    app.state.settings = settings
    app.state.storage = LocalStorage(settings.media)
    app.state.run_schedule = False
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(app.router.lifespan_context(app))
        world = World(app, People(app, stack), Catalog(app.state.database))
        await world.open()
        yield world
    connection = await asyncpg.connect(url.replace("+asyncpg", "", 1))
    try:
        await connection.execute(emptying)
    finally:
        await connection.close()


async def walk(world: World, random: Random, steps: int) -> None:
    """So many steps; every fiftieth, and at the end, everybody looks at everything."""
    for number in range(1, steps + 1):
        (name,) = random.choices(NAMES, WEIGHTS)
        await world.do(name, random.getrandbits(32))
        if number % LOOK_ROUND_EVERY == 0 or number == steps:
            await views.check_everything(world, Random(number))
