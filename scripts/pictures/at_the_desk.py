"""What operators see: signing in, registering a call, finding a case again."""

import tempfile
from pathlib import Path

from playwright.sync_api import Page

from scripts.pictures.studio import PHONE, SCREEN, Studio, settle, take

KNOWN_PHONE = "067 000 12 34"  # the family that every demonstration has


def photograph(studio: Studio) -> None:
    """All pictures of the operator's guide."""
    _sign_in(studio)
    studio.picture("operator-list", "operator1", "/cases")
    _register(studio)
    _card(studio)
    page = studio.visit("operator1", "/cases")
    page.keyboard.press("Control+KeyK")
    page.keyboard.type("рюкзак")
    page.keyboard.press("Enter")
    page.wait_for_url("**search=**")
    settle(page)
    take(page, "search")
    _offline(studio)


def _sign_in(studio: Studio) -> None:
    page = studio.blank()
    page.goto("/login")
    settle(page)
    take(page, "login")
    created = studio.api("admin1").post(
        "/api/users",
        {
            "username": "olena",
            "email": "olena@example.org",
            "full_name": "Гай Олена Іванівна",
            "role": "OPERATOR",
        },
    )
    newcomer = studio.sign_in("olena", created["temp_password"])
    newcomer.wait_for_url("**/change-password**")
    settle(newcomer)
    newcomer.get_by_label("Новий пароль", exact=True).fill("Калина2026")
    take(newcomer, "change-password")
    newcomer.context.close()


def _register(studio: Studio) -> None:
    page = studio.visit("operator1", "/cases/new")
    page.set_viewport_size({**SCREEN, "height": 1330})
    page.get_by_label("Телефон заявника").fill(KNOWN_PHONE)
    page.keyboard.press("Tab")
    child = page.get_by_role("listitem").filter(has_text="Бондаренко Софія Андріївна").first
    child.get_by_role("button", name="Пов’язати").click()
    _choose(page, "Категорія", "Медична")
    _choose(page, "Канал", "Контакт")
    page.get_by_label("Суть звернення").fill(
        "Донька виписана в понеділок. У виписці не вказано, коли прийти на контроль. Просить передзвонити після 15:00."
    )
    page.wait_for_timeout(1200)
    settle(page)
    take(page, "new-case")
    _wrong(page)
    page.keyboard.press("Control+Enter")
    page.get_by_role("region", name="Звернення зареєстровано").wait_for()
    settle(page)
    page.set_viewport_size(SCREEN)
    take(page, "new-case-done")


def _choose(page: Page, field: str, beginning: str) -> None:
    page.get_by_label(field, exact=True).focus()
    page.keyboard.type(beginning)
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")


def _wrong(page: Page) -> None:
    """A file that is not taken and a field that is empty; then everything is put right again."""
    summary = page.get_by_label("Суть звернення")
    said = summary.input_value()
    with tempfile.TemporaryDirectory() as folder:
        wrong = Path(folder) / "відео з палати.mp4"
        wrong.write_bytes(b"\0" * 64)
        page.locator("input[type=file]").set_input_files(wrong)
        summary.fill("")
        page.keyboard.press("Control+Enter")
        page.locator("[aria-invalid=true]").first.wait_for()
        settle(page)
        take(page, "new-case-wrong")
    summary.fill(said)


def _card(studio: Studio) -> None:
    rows = studio.ask("operator1", "/api/cases", status="DONE", page_size="50")["cases"]
    cards = [studio.ask("operator1", f"/api/cases/{row['public_id']}") for row in rows[:25]]
    told = max(
        cards, key=lambda card: (bool(card["patient"]), len(card["comments"]) + len(card["attachments"]))
    )
    studio.picture("case-operator", "operator1", f"/cases/{told['public_id']}")
    phone = studio.sign_in("operator1", studio.passwords["operator1"], PHONE)
    phone.goto(f"/cases/{told['public_id']}")
    settle(phone)
    take(phone, "case-phone")
    phone.context.close()


def _offline(studio: Studio) -> None:
    page = studio.visit("operator2", "/cases/new")
    page.get_by_label("Заявник", exact=True).fill("Марія Коваль")
    page.context.set_offline(True)
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    page.get_by_text("Немає зв’язку із сервером").first.wait_for()
    page.wait_for_timeout(800)
    take(page, "offline")
    page.context.set_offline(False)
