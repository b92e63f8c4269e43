"""A demonstration worth looking at: real directories, named staff, cases of the last 90 days, files among them.

Everybody here is invented. The password is drawn for each installation and kept in DATA_DIR/demo-accounts.txt.
"""

import json
import random
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from ohmatdyt.core import clock, driver, installation, security
from ohmatdyt.core.db import Database
from ohmatdyt.core.settings import Settings
from ohmatdyt.core.storage import LocalStorage
from ohmatdyt.core.ukrainian import sort_key
from ohmatdyt.data import Connection, ensure_directories
from ohmatdyt.demo import attachments, cases, doctors, notices

ACCOUNTS_FILE: Final = "demo-accounts.txt"
_LOCK: Final = 731900090
_USER_COLUMNS: Final = (
    "id", "username", "email", "full_name", "full_name_sort", "role", "is_active", "password_hash", "created_at",
    "updated_at", "last_password_change_at", "last_login_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Account:
    """One demo account, to be shown to the person who started the demonstration."""

    username: str
    password: str
    role: str
    full_name: str


async def fill(database: Database, settings: Settings, *, cases: int = 300) -> list[Account]:
    """Fill an empty database once; returns the demo accounts, also on later starts.

    A database in which anybody works already is left as it is: then the accounts are those of an earlier
    demonstration in the same data directory, or none. Either everything is there afterwards or nothing.
    """
    connection = await driver.connect(database.url, timeout=10)
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
            if await connection.fetchval("SELECT EXISTS (SELECT FROM users)"):
                return _known_accounts(settings.data_dir / ACCOUNTS_FILE)
            return await _fill(connection, settings, cases)
    finally:
        await connection.close()


async def _fill(connection: Connection, settings: Settings, count: int) -> list[Account]:
    content = json.loads(resources.files("ohmatdyt.demo").joinpath("staff.json").read_text("utf-8"))
    now = clock.now()
    await ensure_directories(connection, cases.working_start(now))
    accounts = _draw_accounts(content["people"])
    # The file before the rows: passwords without accounts do no harm, accounts without passwords would.
    _remember(settings.data_dir / ACCOUNTS_FILE, accounts)
    ids = await _hire(connection, accounts, now)
    crew = await _assign_categories(connection, content["people"], ids, now)
    chance = random.Random(secrets.randbits(64))  # noqa: S311 — which invented parent called is no secret
    hospital = await doctors.hire(connection, ids, cases.working_start(now))
    made, rows = await cases.make(connection, crew, hospital, chance, now=now, count=count)
    own = UUID(hex=await connection.fetchval(installation.OWN_ID))
    storage = LocalStorage(settings.media, own)
    files, events = await attachments.store(storage, made, content["files"], chance)
    rows.events += events
    await cases.insert(connection, rows)
    await attachments.insert(connection, files)
    await notices.store(connection, made, rows, crew, chance=chance, now=now)
    return accounts


def _draw_accounts(people: list[list[Any]]) -> list[Account]:
    """One password for all of them: whoever looks around changes roles often."""
    password = security.generate_temporary_password()
    return [Account(username, password, role, full_name) for username, role, full_name, _ in people]


async def _hire(connection: Connection, accounts: list[Account], now: datetime) -> dict[str, UUID]:
    hired_at = cases.working_start(now)
    # They share a password, so they may share its hash: hashing is slow on purpose.
    hashed = await security.hash_password(accounts[0].password)
    records = [
        (
            uuid4(), one.username, f"{one.username}@example.org", one.full_name, sort_key(one.full_name), one.role,
            True, hashed, hired_at, hired_at, hired_at, now - timedelta(minutes=35 * number),
        )
        for number, one in enumerate(accounts, start=1)
    ]  # fmt: skip
    await connection.copy_records_to_table("users", records=records, columns=_USER_COLUMNS)
    return {record[1]: record[0] for record in records}


async def _assign_categories(
    connection: Connection, people: list[list[Any]], ids: dict[str, UUID], now: datetime
) -> cases.Crew:
    categories = {row["name"]: row["id"] for row in await connection.fetch("SELECT id, name FROM categories")}
    served: dict[UUID, list[UUID]] = {category_id: [] for category_id in categories.values()}
    access = []
    for username, _, _, names in people:
        for name in names:
            if name in categories:
                served[categories[name]].append(ids[username])
                access.append((ids[username], categories[name], now))
    await connection.copy_records_to_table(
        "category_access", records=access, columns=("user_id", "category_id", "granted_at")
    )
    by_role: dict[str, list[UUID]] = {"OPERATOR": [], "EXECUTOR": [], "ADMIN": []}
    for username, role, _, _ in people:
        by_role[role].append(ids[username])
    return cases.Crew(
        operators=by_role["OPERATOR"],
        admins=by_role["ADMIN"],
        categories=categories,
        served=served,
        names={ids[username]: full_name for username, _, full_name, _ in people},
    )


def _remember(path: Path, accounts: list[Account]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    lines = [f"{one.username}\t{one.password}\t{one.role}\t{one.full_name}" for one in accounts]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _known_accounts(path: Path) -> list[Account]:
    if not path.exists():
        return []
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines())
    return [Account(*row) for row in rows if len(row) == 4]
