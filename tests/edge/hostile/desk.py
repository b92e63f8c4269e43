"""The desk under attack: a real server process on a PostgreSQL of its own, people, and something of everything."""

import secrets
import subprocess
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg
import httpx
from pydantic import SecretStr

from ohmatdyt.app import create_app
from ohmatdyt.core import clock, security
from ohmatdyt.core.settings import Settings, load_settings
from tests.cases.makers import PDF, PNG, desk
from tests.edge.hostile.shapes import Things
from tests.factories import PASSWORD, Catalog, People, Person
from tests.platform.processes import OHMATDYT, environment, free_port, wait_for

SECRET: Final = secrets.token_urlsafe(48)
ROLES: Final = ("nobody", "deactivated", "OPERATOR", "EXECUTOR", "ADMIN")
WORDS: Final = "Пояснення: відповідь надано письмово."

# Names of fields and parameters, and where their ids come from. `$1` are the callers: nobody deactivates, renames or
# signs out those in whose name we ask, except their own sessions beside the one in use.
_IDS: Final = {
    "case": "SELECT unnest(ARRAY[id::text, public_id::text]) FROM cases WHERE $1::uuid[] IS NOT NULL",
    "case_id": "SELECT id FROM cases WHERE $1::uuid[] IS NOT NULL",
    "public_id": "SELECT public_id FROM cases WHERE $1::uuid[] IS NOT NULL",
    "category_id category_ids executor_category_ids": "SELECT id FROM categories WHERE $1::uuid[] IS NOT NULL",
    "channel_id": "SELECT id FROM channels WHERE $1::uuid[] IS NOT NULL",
    "subcategory_id": "SELECT id FROM subcategories WHERE $1::uuid[] IS NOT NULL",
    "patient_id into_id": "SELECT id FROM patients WHERE $1::uuid[] IS NOT NULL",
    "doctor_id": "SELECT id FROM doctors WHERE $1::uuid[] IS NOT NULL",
    "user_id": "SELECT id FROM users WHERE id <> ALL ($1)",
    "responsible_id author_id actor_id": "SELECT id FROM users WHERE $1::uuid[] IS NOT NULL",
    "known_username": "SELECT username FROM users WHERE is_active AND $1::uuid[] IS NOT NULL",
    "attachment_id": "SELECT id FROM attachments WHERE $1::uuid[] IS NOT NULL",
    "notification_id": "SELECT id FROM notifications WHERE recipient_id = ANY ($1)",
    "session_id": "SELECT id FROM sessions WHERE user_agent <> 'in use' AND $1::uuid[] IS NOT NULL",
}
COUNTED: Final = (
    *("cases", "case_comments", "attachments", "patients", "doctors", "categories", "channels", "subcategories"),
)  # fmt: skip
# Everything a refused request could have changed. Rows carry a version, or cannot be changed.
_STANDING: Final = (
    "SELECT (SELECT (count(*), sum(version), max(updated_at)) FROM cases)::text, (SELECT count(*) FROM case_events),"
    " (SELECT count(*) FROM case_comments), (SELECT (count(*), sum(version)) FROM patients)::text,"
    " (SELECT (count(*), sum(version)) FROM doctors)::text, (SELECT count(*) FROM attachments),"
    " (SELECT (count(*), max(updated_at)) FROM categories)::text,"
    " (SELECT (count(*), max(updated_at)) FROM channels)::text"
)


@contextmanager
def served(database_url: str, folder: Path, **settings: str) -> Iterator[tuple[int, Path]]:
    """A server process on this database: its port, and what it writes."""
    port, log = free_port(), folder / "server.log"
    env = environment(
        DATABASE_URL=database_url,
        SECRET_KEY=SECRET,
        MEDIA_ROOT=str(folder / "media"),
        LOG_LEVEL="warning",
        LOG_FORMAT="json",
        TRUSTED_PROXIES="127.0.0.1",
        **settings,
    )
    arguments = [*OHMATDYT, "serve", "--port", str(port), "--data-dir", str(folder / "data")]
    with (
        log.open("wb") as output,
        subprocess.Popen(arguments, env=env, stdout=output, stderr=output) as process,
    ):
        try:
            assert wait_for(partial(_answers, port), 120), log.read_text(encoding="utf-8")
            yield port, log
        finally:
            process.terminate()
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                process.kill()


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=2, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


class Scene:
    """Who asks, what there is, and the means to put it right again."""

    def __init__(self, owner: "asyncpg.Connection[asyncpg.Record]", settings: Settings) -> None:
        self.owner, self.settings = owner, settings
        self.callers: dict[str, Person] = {}
        self.tokens: dict[str, str | None] = {"nobody": None}
        self.things = Things(passwords=(PASSWORD, "Волошка-2027"))
        self.contract: dict[str, Any] = {}
        self._hash = ""

    @property
    def ids(self) -> list[UUID]:
        """The callers'."""
        return [person.id for person in self.callers.values()]

    async def restore(self, role: str) -> None:
        """Let the caller be what he was, with a new session, and learn anew what there is."""
        await self.owner.execute("DELETE FROM login_failures")
        await self.owner.execute("UPDATE categories SET is_active = true WHERE NOT is_active")
        await self.owner.execute("UPDATE channels SET is_active = true WHERE NOT is_active")
        if person := self.callers.get(role):
            await self.sign_in(role, person)
        for names, query in _IDS.items():
            rows = await self.owner.fetch(
                f"SELECT * FROM ({query}) AS t(id) ORDER BY random() LIMIT 40", self.ids
            )
            for name in names.split(" "):
                self.things.ids[name] = [str(row["id"]) for row in rows]
        self.things.ids["object_id"] = self.things.ids["case_id"]

    async def sign_in(self, role: str, person: Person) -> None:
        """A new session for a caller, whatever has become of the old one."""
        state = "is_active = $2, role = $3, must_change_password = false, password_hash = $4"
        version = await self.owner.fetchval(
            f"UPDATE users SET {state} WHERE id = $1 RETURNING token_version",
            *(person.id, role != "deactivated", person.role.value, self._hash),
        )
        await self.owner.execute("UPDATE sessions SET user_agent = 'left' WHERE user_id = $1", person.id)
        now, session_id = clock.now(), uuid4()
        await self.owner.execute(
            "INSERT INTO sessions (id, user_id, created_at, last_seen_at, expires_at, user_agent, ip)"
            " VALUES ($1, $2, $3, $3, $4, 'in use', '127.0.0.1')",
            *(session_id, person.id, now, now + timedelta(days=7)),
        )
        self.tokens[role] = security.issue_access(
            SECRET,
            user_id=person.id,
            session_id=session_id,
            token_version=version,
            now=now,
            lifetime=timedelta(minutes=self.settings.access_token_minutes),
        )

    async def counts(self) -> dict[str, int]:
        """How many rows there are."""
        return {table: await self.owner.fetchval(f"SELECT count(*) FROM {table}") for table in COUNTED}

    async def standing(self) -> str:
        """What a refused request must leave as it was."""
        return str(await self.owner.fetchrow(_STANDING))

    async def furnish(self, people: People, catalog: Catalog) -> None:
        """Hire the people and let them work a little."""
        d = await desk(people, catalog)
        self.callers = {
            "OPERATOR": await people.operator(),
            "EXECUTOR": await people.executor([d.category]),
            "ADMIN": await people.admin(),
            "deactivated": await people.operator(),
        }
        self._hash = await self.owner.fetchval("SELECT password_hash FROM users WHERE id = $1", d.operator.id)
        for name in ("Діагностика", "Лікування"):
            await d.admin.client.post(f"/api/categories/{d.category}/subcategories", json={"name": name})
        for number in range(8):
            person = {"full_name": f"Дитина {number}", "phone": f"+38067111220{number}"}
            assert (await d.admin.client.post("/api/patients", json=person)).status_code == 201
            doctor = {"full_name": f"Лікар {number}", "specialty": "Хірург", "department": "Хірургія"}
            assert (await d.admin.client.post("/api/doctors", json=doctor)).status_code == 201
            await people.executor([d.category])
        operator, executor = self.callers["OPERATOR"], self.callers["EXECUTOR"]
        for number in range(24):
            files = [("files", ("довідка.pdf", PDF)), ("files", ("фото.png", PNG))]
            form = d.form(applicant_phone="+380671112233")
            made = await operator.client.post(
                "/api/cases", data=form, files=files if number % 3 == 0 else None
            )
            case = f"/api/cases/{made.json()['id']}"
            await d.admin.client.post(
                f"{case}/comments", json={"text": "Так", "is_internal": number % 2 == 0}
            )
            if number % 2:
                await executor.client.post(f"{case}/take")
            if number % 6 == 1:
                step = {"to_status": next_status(number), "comment": WORDS}
                await executor.client.post(f"{case}/status", json=step)

    @classmethod
    async def open(cls, stack: AsyncExitStack, database_url: str, folder: Path) -> "Scene":
        """A furnished desk on an empty migrated database."""
        settings = load_settings(
            app_env="test",
            database_url=database_url,
            data_dir=folder / "maker",
            public_url="http://testserver",
        ).model_copy(update={"secret_key": SecretStr(SECRET), "media_root": folder / "media"})
        owner = await asyncpg.connect(database_url.replace("+asyncpg", "", 1))
        stack.push_async_callback(owner.close)
        scene = cls(owner, settings)
        app = create_app(settings)
        scene.contract = app.openapi()
        app.state.run_schedule = False
        async with AsyncExitStack() as inner:
            await inner.enter_async_context(app.router.lifespan_context(app))
            await scene.furnish(People(app, inner), Catalog(app.state.database))
        return scene


def next_status(number: int) -> str:
    """One of those an executor may set."""
    return ("DONE", "REJECTED", "NEEDS_INFO")[number // 6 % 3]
