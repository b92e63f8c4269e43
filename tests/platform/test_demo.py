"""The demonstration keeps the product's rules, and every role finds something to look at."""

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from ohmatdyt import demo
from ohmatdyt.core import phones
from ohmatdyt.core.db import Database
from ohmatdyt.core.settings import Settings
from ohmatdyt.data import directories
from ohmatdyt.people import service as people
from ohmatdyt.people.models import Patient
from ohmatdyt.seed.texts import texts

KNOWN_PHONE = "067 000 12 34"


class Demonstration:
    """A filled database and its people's browsers."""

    def __init__(self, app: FastAPI, settings: Settings, accounts: list[demo.Account]) -> None:
        self.database: Database = app.state.database
        self.settings = settings
        self.accounts = accounts
        self._app = app

    async def browser(self, username: str) -> httpx.AsyncClient:
        """Somebody of the staff, signed in with the password he was shown."""
        (account,) = [one for one in self.accounts if one.username == username]
        transport = httpx.ASGITransport(app=self._app)
        client = httpx.AsyncClient(transport=transport, base_url="http://testserver")
        answer = await client.post("/auth/login", json={"username": username, "password": account.password})
        client.headers["Authorization"] = f"Bearer {answer.raise_for_status().json()['access_token']}"
        return client

    async def rows(self, query: str, *values: object) -> list[asyncpg.Record]:
        url = self.settings.database_url or ""
        connection = await asyncpg.connect(url.replace("postgresql+asyncpg://", "postgresql://", 1))
        try:
            return list(await connection.fetch(query, *values))
        finally:
            await connection.close()


@pytest.fixture
async def filled(app: FastAPI, settings: Settings) -> Demonstration:
    accounts = await demo.fill(app.state.database, settings, cases=300)
    return Demonstration(app, settings, accounts)


async def total(client: httpx.AsyncClient, path: str, **asked: str) -> int:
    answer = await client.get(path, params=asked)
    assert answer.status_code == 200, answer.text
    return int(answer.json()["total"])


async def test_everybody_finds_something_to_look_at(filled: Demonstration) -> None:
    for username in ("admin1", "executor1", "operator1"):
        client = await filled.browser(username)
        assert await total(client, "/api/cases") >= 10
        assert await total(client, "/api/patients") >= 40
        unread = await total(client, "/api/notifications", unread="true")
        assert 3 <= unread < await total(client, "/api/notifications")
    admin = await filled.browser("admin1")
    summary = (await admin.get("/api/dashboard/summary", params={"period": "quarter"})).json()
    assert summary["total_cases"] > 100
    assert summary["overdue_now"] > 0
    doctors = (await admin.get("/api/doctors", params={"page_size": 100})).json()["doctors"]
    assert {one["department"] for one in doctors} == set(directories()["departments"])
    assert {one["user"]["full_name"] for one in doctors if one["user"]} == {
        "Мельничук Оксана Петрівна",
        "Савченко Тамара Іванівна",
    }
    comments = await filled.rows("SELECT is_internal, count(*) FROM case_comments GROUP BY 1")
    assert {row["is_internal"] for row in comments} == {False, True}


async def test_texts_are_many_and_each_is_used(filled: Demonstration) -> None:
    said = [row["summary"] for row in await filled.rows("SELECT summary FROM cases")]
    subjects = [one.summary for several in texts().subjects.values() for one in several]
    assert len(set(subjects)) >= 80
    assert all(any(summary.startswith(text) for summary in said) for text in subjects)


async def test_a_caller_is_recognised_with_his_child_and_earlier_cases(filled: Demonstration) -> None:
    operator = await filled.browser("operator1")
    found = (await operator.get("/api/patients/lookup", params={"phone": KNOWN_PHONE})).json()
    child = next(one for one in found["patients"] if one["full_name"] == "Бондаренко Софія Андріївна")
    assert child["cases_total"] >= 2
    assert child["guardians"][0]["relation"] == "мати"
    again = await filled.rows(
        "SELECT applicant_phone_e164 FROM cases WHERE applicant_phone_e164 IS NOT NULL GROUP BY 1 HAVING count(*) > 1"
    )
    assert len(again) > 10


async def test_a_patient_is_found_as_if_registered_by_hand(filled: Demonstration) -> None:
    async with filled.database.unit_of_work() as session:
        ids = [row["id"] for row in await filled.rows("SELECT id FROM patients")]
        before = {
            row["id"]: row["keys"]
            for row in await filled.rows("SELECT id, search_keys::text AS keys FROM patients")
        }
        for patient_id in ids:
            one = await session.get(Patient, patient_id)
            assert one is not None
            await people.refresh_keys(session, one)
    after = {
        row["id"]: row["keys"]
        for row in await filled.rows("SELECT id, search_keys::text AS keys FROM patients")
    }
    assert after == before
    numbers = await filled.rows(
        "SELECT phone, phone_e164 FROM guardians UNION ALL SELECT phone, phone_e164 FROM doctors"
        " UNION ALL SELECT applicant_phone, applicant_phone_e164 FROM cases"
    )
    assert all(phones.normalise(row["phone"]) == row["phone_e164"] for row in numbers)


async def test_nobody_works_on_a_case_about_himself_or_hears_of_it(filled: Demonstration) -> None:
    about_staff = "SELECT c.id FROM cases c JOIN doctors d ON d.id = c.doctor_id WHERE d.user_id IS NOT NULL"
    assert await filled.rows(about_staff)
    assert not await filled.rows(
        "SELECT c.id FROM cases c JOIN doctors d ON d.id = c.doctor_id"
        " WHERE d.user_id = c.responsible_id OR d.user_id = c.author_id"
    )
    assert not await filled.rows(
        "SELECT n.id FROM notifications n JOIN cases c ON c.id = n.case_id JOIN doctors d ON d.id = c.doctor_id"
        " WHERE d.user_id = n.recipient_id"
    )


async def test_notifications_follow_the_rules(filled: Demonstration) -> None:
    assert not await filled.rows("SELECT id FROM notifications WHERE actor_id = recipient_id")
    assert not await filled.rows(
        "SELECT id FROM notifications WHERE read_at < created_at OR created_at > now()"
    )
    assert not await filled.rows(
        "SELECT n.id FROM notifications n JOIN users u ON u.id = n.recipient_id"
        " WHERE n.type = 'COMMENT_INTERNAL' AND u.role = 'OPERATOR'"
    )
    expected = await filled.rows(
        "SELECT c.id, a.user_id FROM cases c JOIN category_access a USING (category_id)"
        " JOIN users u ON u.id = a.user_id LEFT JOIN doctors d ON d.id = c.doctor_id"
        " WHERE u.role = 'EXECUTOR' AND d.user_id IS DISTINCT FROM u.id"
        " AND c.created_at > now() - interval '20 days'"
    )
    told = await filled.rows(
        "SELECT case_id, recipient_id FROM notifications"
        " WHERE type = 'NEW_CASE' AND created_at > now() - interval '20 days'"
    )
    assert sorted(map(tuple, told)) == sorted(map(tuple, expected))
    reminded = await filled.rows(
        "SELECT DISTINCT n.case_id, (n.created_at AT TIME ZONE 'Europe/Kyiv')::date AS day FROM notifications n"
        " WHERE n.type = 'ESCALATION'"
    )
    written_down = await filled.rows("SELECT case_id, day FROM case_reminders")
    assert reminded
    assert sorted(map(tuple, reminded)) == sorted(map(tuple, written_down))


async def test_lists_count_and_searches_find_what_is_there(filled: Demonstration) -> None:
    admin = await filled.browser("admin1")
    for row in await filled.rows("SELECT status, count(*) AS n FROM cases GROUP BY 1"):
        assert await total(admin, "/api/cases", status=row["status"]) == row["n"]
    for row in await filled.rows(
        "SELECT doctor_id, count(*) AS n FROM cases WHERE doctor_id IS NOT NULL GROUP BY 1"
    ):
        assert await total(admin, "/api/cases", doctor_id=str(row["doctor_id"])) == row["n"]
    rucksacks = await filled.rows("SELECT id FROM cases WHERE summary LIKE '%рюкзак%'")
    assert await total(admin, "/api/cases", search="рюкзак") == len(rucksacks) > 0


async def test_a_second_start_changes_nothing(filled: Demonstration) -> None:
    accounts = await demo.fill(filled.database, filled.settings, cases=300)
    assert accounts == filled.accounts
    (row,) = await filled.rows(
        "SELECT (SELECT count(*) FROM cases) AS cases, (SELECT count(*) FROM users) AS users"
    )
    assert tuple(row) == (300, 15)
