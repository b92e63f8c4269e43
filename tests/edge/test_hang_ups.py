"""Hanging up on every route, a few times each; a hundred times each is part of `make hostile`."""

import secrets
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

import pytest

from ohmatdyt.app import create_app
from ohmatdyt.core.settings import load_settings
from tests.edge.hostile.desk import Scene, served
from tests.edge.hostile.hang_ups import Sweep, listed

TIMES = 1


async def test_whoever_hangs_up_leaves_nothing_behind(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = secrets.token_hex(4)
    (tmp_path / "temporary").mkdir()
    async with AsyncExitStack() as stack:
        scene = await Scene.open(stack, database_url, tmp_path)
        app = create_app(scene.settings)
        limits = {"MAX_IN_FLIGHT": "40", "TMPDIR": str(tmp_path / "temporary")}
        port, output = stack.enter_context(served(database_url, tmp_path, **limits))
        sweep = Sweep(scene, port, tmp_path, Random(seed))
        await sweep.go(app, TIMES)
        said = output.read_text(encoding="utf-8")
    with capsys.disabled():
        print(f"\nhang-ups seed {seed}: {sweep.hung_up} on {len(listed(app))} routes")
    assert sweep.faults == []
    assert sweep.hung_up >= len(listed(app)) * TIMES
    for fault in ("Traceback", "unexpected_error", "connection_not_clean", "pool_does_not_serve"):
        assert fault not in said, said[-3000:]


def test_every_route_is_swept() -> None:
    app = create_app(load_settings(app_env="test", database_url="postgresql://nobody@127.0.0.1/none"))
    swept = listed(app)
    assert {"GET /{path:path}", "HEAD /{path:path}", "HEAD /healthz", "GET /openapi.json"} <= set(swept)
    assert {"GET /api/events", "GET /api/cases/export", "PUT /api/users/{user_id}/category-access"} <= set(
        swept
    )
    count = len(swept)

    @app.get("/new", include_in_schema=False)
    async def new() -> None: ...

    assert len(listed(app)) == count + 1
