"""`make screenshots`: the pictures of docs/images, taken of the demo as it is now."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.journeys import desk as desks

TARGET = Path(__file__).resolve().parent.parent / "docs" / "images"
# File, who looks, where; "{case}" is the number of a case that he sees.
PICTURES = (
    ("case-list.png", "admin1", "/cases"),
    ("case-card.png", "executor1", "/cases/{case}"),
    ("new-case.png", "operator1", "/cases/new"),
    ("users.png", "admin1", "/users"),
    ("categories.png", "admin1", "/categories"),
)


def sign_in(browser: Browser, url: str, username: str, password: str) -> Page:
    """A window of this person, past the login page."""
    page = browser.new_context(
        base_url=url, locale="uk-UA", timezone_id="Europe/Kyiv", viewport={"width": 1440, "height": 900}
    ).new_page()
    page.goto("/login")
    page.wait_for_load_state("networkidle")
    if username == "admin1":
        page.screenshot(path=TARGET / "login.png")
    page.get_by_label("Ім’я користувача").fill(username)
    page.get_by_label("Пароль", exact=True).fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/login" not in address)
    return page


def main() -> int:
    """Entry point."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        desks.running(Path(folder) / "var", "demo") as desk,
    ):
        rows = (desk.data_dir / "demo-accounts.txt").read_text(encoding="utf-8").splitlines()
        passwords = {row.split("\t")[0]: row.split("\t")[1] for row in rows}
        browser = playwright.chromium.launch(executable_path=desks.chromium_path(), args=desks.BROWSER_FLAGS)
        windows: dict[str, Page] = {}
        for name, who, where in PICTURES:
            if who not in windows:
                windows[who] = sign_in(browser, desk.url, who, passwords[who])
            desk.sign_in(who, passwords[who])
            case = desk.api.get("/api/cases", params={"page_size": 1}).json()["cases"][0]["public_id"]
            windows[who].goto(where.format(case=case))
            windows[who].wait_for_load_state("networkidle")
            windows[who].wait_for_timeout(1000)  # what fades in has faded in
            windows[who].screenshot(path=TARGET / name)
            print(TARGET / name)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
