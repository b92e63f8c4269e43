"""`make screenshots`: the pictures of docs/images, taken of the demo as it is now."""

import email
import os
import sys
import tempfile
import time
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.journeys import desk as desks
from tests.journeys.desk import Desk

TARGET = Path(__file__).resolve().parent.parent / "docs" / "images"
# File, who looks, where; "{case}" is the number of a case that he sees, "{patient}" and "{doctor}" are ids.
PICTURES = (
    ("case-list.png", "admin1", "/cases"),
    ("case-card.png", "executor1", "/cases/{case}"),
    ("new-case.png", "operator1", "/cases/new"),
    ("dashboard.png", "admin1", "/dashboard?period=quarter"),
    ("patients.png", "admin1", "/patients"),
    ("patient.png", "admin1", "/patients/{patient}"),
    ("doctors.png", "admin1", "/doctors"),
    ("journal.png", "admin1", "/journal"),
    ("delivery.png", "admin1", "/delivery"),
    ("users.png", "admin1", "/users"),
    ("categories.png", "admin1", "/categories"),
)


class Postbox:
    """Receives the demo's letters."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 — aiosmtpd's name
        letter = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 OK"


def settle(page: Page) -> None:
    """Wait until content has replaced the skeletons."""
    page.locator("h1").first.wait_for()
    expect(page.locator(".ant-skeleton, [aria-busy=true]")).to_have_count(0, timeout=30_000)
    page.wait_for_timeout(1000)  # what fades in has faded in


def sign_in(browser: Browser, url: str, username: str, password: str) -> Page:
    """A window of this person, past the login page."""
    page = browser.new_context(
        base_url=url, locale="uk-UA", timezone_id="Europe/Kyiv", viewport={"width": 1440, "height": 900}
    ).new_page()
    page.goto("/login")
    settle(page)
    if username == "admin1":
        page.screenshot(path=TARGET / "login.png")
    page.get_by_label("Ім’я користувача").fill(username)
    page.get_by_label("Пароль", exact=True).fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/login" not in address)
    return page


def known_ids(desk: Desk) -> dict[str, str]:
    """What the addresses of PICTURES name, as the person signed in sees it."""
    listed = desk.api.get("/api/cases", params={"page_size": 1, "status": "IN_PROGRESS"}).json()["cases"]
    patients = desk.api.get("/api/patients", params={"page_size": 1}).json()["patients"]
    return {
        "case": str(listed[0]["public_id"]) if listed else "",
        "patient": patients[0]["id"] if patients else "",
    }


def cause_letters(desk: Desk, passwords: dict[str, str], postbox: Postbox) -> None:
    """A new case, a change of status, a public comment: three letters."""
    desk.sign_in("admin1", passwords["admin1"])
    category = desk.api.get("/api/categories").json()["categories"][0]["id"]
    channel = desk.api.get("/api/channels").json()["channels"][0]["id"]
    desk.sign_in("operator1", passwords["operator1"])
    fields = {
        "category_id": category,
        "channel_id": channel,
        "applicant_name": "Відмова назвати",
        "summary": "Просять повідомити, коли приймає лікар-кардіолог.",
    }
    answer = desk.api.post("/api/cases", files={name: (None, value) for name, value in fields.items()})
    number = answer.json()["public_id"]
    desk.sign_in("admin1", passwords["admin1"])
    desk.post(f"/api/cases/{number}/take")
    desk.post(
        f"/api/cases/{number}/comments", {"text": "Передзвонимо сьогодні до 17:00.", "is_internal": False}
    )
    deadline = time.monotonic() + 30
    while len(postbox.letters) < 3 and time.monotonic() < deadline:
        time.sleep(0.2)


def picture_letters(browser: Browser, postbox: Postbox) -> None:
    """One picture per kind of letter, as a mail program shows its HTML."""
    page = browser.new_page(viewport={"width": 720, "height": 560})
    seen: set[str] = set()
    for letter in postbox.letters:
        subject = str(letter["Subject"])
        kind = subject.split(" ", 1)[0]
        body = letter.get_body(("html",))
        if kind in seen or body is None:
            continue
        seen.add(kind)
        page.set_content(body.get_content())
        page.screenshot(path=TARGET / f"letter-{len(seen)}.png")
        print(TARGET / f"letter-{len(seen)}.png", subject)


def main() -> int:
    """Entry point."""
    TARGET.mkdir(parents=True, exist_ok=True)
    postbox = Postbox()
    port = desks.free_port()
    mail = Controller(postbox, hostname="127.0.0.1", port=port)
    mail.start()
    os.environ.update(
        {
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(port),
            "SMTP_TLS": "none",
            "MAIL_FROM": "desk@example.org",
        }
    )
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        desks.running(Path(folder) / "var", "demo") as desk,
    ):
        rows = (desk.data_dir / "demo-accounts.txt").read_text(encoding="utf-8").splitlines()
        passwords = {row.split("\t")[0]: row.split("\t")[1] for row in rows}
        browser = playwright.chromium.launch(executable_path=desks.chromium_path(), args=desks.BROWSER_FLAGS)
        cause_letters(desk, passwords, postbox)
        windows: dict[str, Page] = {}
        for name, who, where in PICTURES:
            if who not in windows:
                windows[who] = sign_in(browser, desk.url, who, passwords[who])
            desk.sign_in(who, passwords[who])
            windows[who].goto(where.format(**known_ids(desk)))
            settle(windows[who])
            windows[who].screenshot(path=TARGET / name)
            print(TARGET / name)
        bell = windows["operator1"]
        bell.get_by_role("button", name="Сповіщення").first.click()
        settle(bell)
        bell.screenshot(path=TARGET / "bell.png")
        picture_letters(browser, postbox)
        browser.close()
    mail.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
