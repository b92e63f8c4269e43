"""One running desk and one browser for the journeys of this process; each journey has people of its own."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.journeys import desk as desks
from tests.journeys.desk import Desk
from tests.notifications.mail_server import MailServer

PASSWORD = "Ромашка-2026"
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def post_office() -> Iterator[MailServer]:
    """The mail server of the desk."""
    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory, post_office: MailServer) -> Iterator[Desk]:
    """A desk started as a person starts it, with one admin and with mail that is given up after seconds, not hours."""
    mail = {
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(post_office.port),
        "SMTP_TLS": "none",
        "MAIL_FROM": "desk@example.org",
        "MAIL_RETRY_S": "0.05",
        "DELIVERY_SWEEP_S": "0.5",
    }
    data_dir = tmp_path_factory.mktemp("desk") / "data"
    with desks.running(data_dir, "serve", settings=mail) as running:
        desks.create_admin(running)
        running.sign_in(*desks.ADMIN)
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for one file of journeys. Playwright keeps an event loop running as long as it is open, and no
    asynchronous test could run beside it in this process."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=desks.chromium_path(), args=desks.BROWSER_FLAGS)
        expect.set_options(timeout=15_000)
        yield launched
        launched.close()


@dataclass(frozen=True)
class Staff:
    """Somebody who can sign in."""

    username: str
    full_name: str
    password: str = PASSWORD


class Hospital:
    """Makes staff and directories through the API, as an admin would."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def category(self) -> tuple[str, str]:
        """A new category: its id and name."""
        name = f"Напрям {next(_numbers)}"
        return self.desk.post("/api/categories", {"name": name})["id"], name

    def channel(self) -> str:
        """A new channel's name."""
        name = f"Джерело {next(_numbers)}"
        self.desk.post("/api/channels", {"name": name})
        return name

    def staff(self, role: str, *categories: str) -> Staff:
        """Somebody of this role who serves these categories and has chosen his own password."""
        number = next(_numbers)
        person = Staff(f"{role.lower()}{number}", f"Працівник {number}")
        body = {
            "username": person.username,
            "email": f"{person.username}@example.org",
            "full_name": person.full_name,
            "role": role,
            **({"executor_category_ids": list(categories)} if categories else {}),
        }
        temporary = self.desk.post("/api/users", body)["temp_password"]
        signed_in = self.desk.api.post(
            "/auth/login", json={"username": person.username, "password": temporary}
        ).json()
        changed = self.desk.api.post(
            "/auth/change-password",
            json={
                "current_password": temporary,
                "new_password": person.password,
                "confirm_password": person.password,
            },
            headers={"Authorization": f"Bearer {signed_in['access_token']}"},
        )
        assert changed.is_success, changed.text
        return person

    def patient(self, name: str, phone: str) -> dict[str, Any]:
        """A card of a child whose mother has this number."""
        number = next(_numbers)
        mother = {"full_name": f"Мати {number}", "relation": "мати", "phone": phone, "is_primary": True}
        body = {"full_name": name, "record_number": f"К-{number}", "guardians": [mother]}
        card: dict[str, Any] = self.desk.post("/api/patients", body)
        return card

    def register_as(self, person: Staff, category_id: str, summary: str, **more: str) -> str:
        """A case this person registered through the API; gives its number."""
        channel = self.desk.post("/api/channels", {"name": f"Джерело {next(_numbers)}"})["id"]
        signed_in = self.desk.api.post(
            "/auth/login", json={"username": person.username, "password": person.password}
        ).json()
        fields = {
            "category_id": category_id,
            "channel_id": channel,
            "applicant_name": "Ганна Ґалаґан",
            "summary": summary,
            **more,
        }
        answer = self.desk.api.post(
            "/api/cases",
            files={name: (None, value) for name, value in fields.items()},
            headers={"Authorization": f"Bearer {signed_in['access_token']}"},
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["public_id"])

    def end_sessions(self, person: Staff) -> None:
        """As an admin does when a tablet is lost: whoever is signed in under this name must sign in again."""
        found = self.desk.api.get("/api/users", params={"search": person.username}).json()["users"]
        user_id = next(one["id"] for one in found if one["username"] == person.username)
        for session in self.desk.api.get(f"/api/users/{user_id}/sessions").json()["sessions"]:
            ended = self.desk.api.delete(f"/api/users/{user_id}/sessions/{session['id']}")
            assert ended.is_success, ended.text


@pytest.fixture
def hospital(desk: Desk) -> Hospital:
    return Hospital(desk)


SignIn = Callable[[Staff], Page]


@pytest.fixture
def sign_in(desk: Desk, browser: Browser) -> Iterator[SignIn]:
    """Opens a fresh browser window, signs this person in by typing, and gives the page.

    At the end every window is closed, and an error in any window's console fails the test.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_window(person: Staff) -> Page:
        context = browser.new_context(
            base_url=desk.url,
            locale="uk-UA",
            timezone_id="Europe/Kyiv",
            viewport={"width": 1440, "height": 900},
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{person.username}: {error}"))
        page.goto("/login")
        page.get_by_label("Ім’я користувача").fill(person.username)
        page.get_by_label("Пароль", exact=True).fill(person.password)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert not complaints
