"""The bare baseline: the same framework and server, with nothing, with the one necessary SQL statement, or with less.

No sign-in, no rights, no counting, no validation beyond the framework's. The rows of list and card come out of the
same SQL expressions as in the product, so the comparison shows what the product adds, not how JSON is made.
The deep page is told where it begins. This is the fastest an application of this kind can be here.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID, uuid4

import asyncpg
from fastapi import FastAPI, Form, Request, Response
from pydantic import BaseModel

from bench.same import SameCreation, SameList
from ohmatdyt.cases.queries.json_sql import CASE_JOINS, case_members, record
from ohmatdyt.core import public_ids, security, ukrainian

CONFIG = Path("var/bench/baseline.json")
_ROW = record(**case_members("$1::timestamptz"))
_BLOCK = 500


def _page_sql(condition: str = "true") -> str:
    return (
        f"SELECT convert_to('[' || string_agg({_ROW}, ',' ORDER BY c.created_at DESC, c.id DESC) || ']', 'UTF8')"
        f" FROM (SELECT * FROM cases c WHERE {condition} ORDER BY c.created_at DESC, c.id DESC LIMIT 20) AS c"
        f" {CASE_JOINS}"
    )


class Login(BaseModel):
    """What the login scenario sends."""

    username: str
    password: str


class _Numbers:
    """Public ids drawn in blocks, so that an insert is one statement."""

    def __init__(self, pool: Any, key: bytes) -> None:
        self.pool = pool
        self.key = key
        self.ready: list[int] = []
        self.drawing = asyncio.Lock()

    async def next(self) -> int:
        async with self.drawing:  # or each of fifty would draw a block when the last one is used up
            if not self.ready:
                rows = await self.pool.fetch(
                    f"SELECT nextval('case_number') AS n FROM generate_series(1, {_BLOCK})"
                )
                self.ready += [public_ids.permute(row["n"], self.key) for row in rows]
            return self.ready.pop()


def _since() -> datetime:
    return datetime.now(UTC) - timedelta(days=3)  # noqa: TID251 — no product code


def create_app() -> FastAPI:
    """The baseline; its configuration was written by the run that started it."""
    config: dict[str, Any] = json.loads(CONFIG.read_text())
    answers = {name: text.encode() for name, text in config["answers"].items()} | {"ready": b"{}"}

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        settings = {"jit": "off"}
        async with asyncpg.create_pool(
            config["url"], min_size=10, max_size=10, server_settings=settings
        ) as pool:
            key = await pool.fetchval("SELECT public_id_key FROM installation")
            app.state.pool, app.state.numbers = pool, _Numbers(pool, key)
            yield

    app = FastAPI(lifespan=lifespan, openapi_url=None)

    @app.get("/bytes/{name}")
    @app.post("/bytes/{name}")
    async def fixed(name: str) -> Response:
        return Response(answers[name], media_type="application/json")

    _add_reads(app, config)
    _add_same(app, config, answers)
    _add_writes(app, config, answers)
    return app


def _add_reads(app: FastAPI, config: dict[str, Any]) -> None:
    async def page(sql: str, *values: object) -> Response:
        return Response(await app.state.pool.fetchval(sql, _since(), *values), media_type="application/json")

    first, by_status = _page_sql(), _page_sql("c.status = $2")
    by_category, deep = _page_sql("c.category_id = $2"), _page_sql("(c.created_at, c.id) < ($2, $3)")
    deep_key = (datetime.fromisoformat(config["deep_key"][0]), UUID(config["deep_key"][1]))

    @app.get("/sql/list")
    async def list_first() -> Response:
        return await page(first)

    @app.get("/sql/list_status")
    async def list_status() -> Response:
        return await page(by_status, config["status"])

    @app.get("/sql/list_category")
    async def list_category() -> Response:
        return await page(by_category, UUID(config["category_id"]))

    @app.get("/sql/deep")
    async def deep_page() -> Response:
        return await page(deep, *deep_key)

    @app.get("/sql/card/{public_id}")
    async def card(public_id: int) -> Response:
        known = {"PUBLIC_ID": public_id, "SINCE": _since()}
        values = [known.get(value, value) for value in config["card_values"]]
        row = await app.state.pool.fetchrow(config["card_sql"], *values)
        return Response(row["card"] + b"}", media_type="application/json")


def _add_same(app: FastAPI, config: dict[str, Any], answers: dict[str, bytes]) -> None:
    user_id = UUID(config["author_id"])
    lists = {name: SameList(user_id, asked) for name, asked in config["lists"].items()}
    creation = SameCreation(user_id, [UUID(one) for one in config["executors"]], config["fields"])

    @app.get("/same/{name}")
    async def page(name: str) -> Response:
        return Response(await lists[name].answer(app.state.pool), media_type="application/json")

    @app.post("/same/create")
    async def create(request: Request) -> Response:
        await request.form()
        await creation.store(app.state.pool, await app.state.numbers.next())
        return Response(answers["create"], status_code=201, media_type="application/json")


def _add_writes(app: FastAPI, config: dict[str, Any], answers: dict[str, bytes]) -> None:
    @app.post("/sql/login")
    async def login(body: Login) -> Response:
        known = await app.state.pool.fetchval(
            "SELECT password_hash FROM users WHERE username = $1", body.username
        )
        await security.verify_password(known, body.password)
        return Response(answers["login"], media_type="application/json")

    @app.post("/sql/create")
    async def create(
        category_id: Annotated[UUID, Form()],
        channel_id: Annotated[UUID, Form()],
        applicant_name: Annotated[str, Form()],
        summary: Annotated[str, Form()],
    ) -> Response:
        now = datetime.now(UTC)  # noqa: TID251
        await app.state.pool.execute(
            "INSERT INTO cases (id, public_id, category_id, channel_id, author_id, status, created_at, updated_at,"
            " last_status_change_at, applicant_name, applicant_name_sort, summary)"
            " VALUES ($1, $2, $3, $4, $5, 'NEW', $6, $6, $6, $7, $8, $9)",
            uuid4(), await app.state.numbers.next(), category_id, channel_id, UUID(config["author_id"]), now,
            applicant_name, ukrainian.sort_key(applicant_name), summary,
        )  # fmt: skip
        return Response(answers["create"], status_code=201, media_type="application/json")
