"""Three letters, sent by the running desk to a real mail server and shown as a mail program shows their HTML."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from playwright.sync_api import Browser

from ohmatdyt.cases import notices
from ohmatdyt.cli.place import opened, place
from ohmatdyt.core.settings import Settings
from scripts.pictures.studio import Studio, take
from scripts.postbox import Postbox

# File, how the subject begins, what it holds.
LETTERS: Final = (
    ("letter-new-case", "Нове звернення", "в категорії"),
    ("letter-status", "Звернення", "«Завершено»"),
    ("letter-reminder", "Нагадування", "очікує на опрацювання"),
)


def photograph(studio: Studio, browser: Browser, postbox: Postbox) -> None:
    """Cause the three events, wait for their letters, photograph each."""
    _cause(studio)
    page = browser.new_page(viewport={"width": 720, "height": 600})
    for name, beginning, inside in LETTERS:
        letter = _wait(postbox, beginning, inside)
        body = letter.get_body(("html",))
        assert body is not None
        page.set_content(body.get_content())
        page.wait_for_timeout(300)
        take(page, name, of=page.locator("body"))
    page.close()


def _cause(studio: Studio) -> None:
    categories = studio.ask("admin1", "/api/categories")["categories"]
    channels = studio.ask("admin1", "/api/channels")["channels"]
    fields = {
        "category_id": next(one["id"] for one in categories if one["name"] == "Медична допомога"),
        "channel_id": next(one["id"] for one in channels if one["name"] == "Контакт-центр"),
        "applicant_name": "Відмова назвати",
        "summary": "Просять повідомити, коли приймає лікар-кардіолог.",
    }
    answer = studio.api("operator1").api.post(
        "/api/cases", files={name: (None, value) for name, value in fields.items()}
    )
    number = answer.json()["public_id"]
    admin = studio.api("admin1")
    admin.post(f"/api/cases/{number}/take")
    said = "Кардіолог приймає у вівторок і четвер, заявникові передзвонили."
    admin.post(f"/api/cases/{number}/status", {"to_status": "DONE", "comment": said})
    # In a thread of its own: the browser's library keeps an event loop running in this one.
    with ThreadPoolExecutor() as pool:
        pool.submit(_remind_today, studio.desk.data_dir).result()


def _remind_today(data_dir: Path) -> None:
    """What the schedule does at nine, done now, as if nobody had been reminded today yet."""
    with place(data_dir) as settings:
        asyncio.run(_remind(settings))


async def _remind(settings: Settings) -> None:
    async with opened(settings) as database, database.unit_of_work() as session:
        await session.execute(sa.text("DELETE FROM case_reminders WHERE day >= current_date - 1"))
        assert await notices.remind(session, settings) > 0


def _wait(postbox: Postbox, beginning: str, inside: str) -> EmailMessage:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for _, letter in list(postbox.letters):
            subject = str(letter["Subject"])
            if subject.startswith(beginning) and inside in subject:
                return letter
        time.sleep(0.3)
    raise RuntimeError(f"No letter «{beginning} … {inside}» has come.")
