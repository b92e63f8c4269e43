"""The hospital's real directories, put into an empty database."""

import json
from datetime import datetime
from importlib import resources
from typing import Any, Final, TypeAlias
from uuid import uuid4

import asyncpg

from ohmatdyt.core.ukrainian import name_key, sort_key

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
_COLUMNS: Final = ("id", "name", "name_key", "name_sort", "is_active", "created_at", "updated_at")


def directories() -> dict[str, Any]:
    """Return `channels`, `categories` (each with `subcategories`) and `departments` as the hospital has them."""
    text = resources.files("ohmatdyt.data").joinpath("directories.json").read_text("utf-8")
    return dict(json.loads(text))


async def ensure_directories(connection: Connection, at: datetime) -> bool:
    """Insert channels, categories and subcategories where there is no category yet; tell whether it did.

    Directories that administrators already keep are theirs: nothing is added to them.
    """
    if await connection.fetchval("SELECT EXISTS (SELECT FROM categories)"):
        return False
    content = directories()

    def entry(name: str) -> tuple[object, ...]:
        return (uuid4(), name, name_key(name), sort_key(name), True, at, at)

    categories = {one["name"]: entry(one["name"]) for one in content["categories"]}
    subcategories = [
        (categories[one["name"]][0], *entry(name))
        for one in content["categories"]
        for name in one["subcategories"]
    ]
    async with connection.transaction():
        await connection.copy_records_to_table(
            "categories", records=list(categories.values()), columns=_COLUMNS
        )
        await connection.copy_records_to_table(
            "subcategories", records=subcategories, columns=("category_id", *_COLUMNS)
        )
        if not await connection.fetchval("SELECT EXISTS (SELECT FROM channels)"):
            await connection.copy_records_to_table(
                "channels", records=[entry(name) for name in content["channels"]], columns=_COLUMNS
            )
    return True
