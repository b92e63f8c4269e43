"""What managers see: figures, people, directories, the journal, letters."""

import re

from playwright.sync_api import Page, expect

from scripts.pictures.in_work import richest
from scripts.pictures.studio import Studio, settle, take

ADMIN = "admin1"


def photograph(studio: Studio) -> None:
    """All pictures of the manager's guide."""
    studio.picture("case-list", ADMIN, "/cases")
    page = studio.visit(ADMIN, "/dashboard?period=month")
    take(page, "dashboard")
    page.get_by_role("heading", name="Виконавці").scroll_into_view_if_needed()
    page.wait_for_timeout(600)
    take(page, "dashboard-executors")
    studio.picture("overdue", ADMIN, "/cases?overdue=true")
    _assign(studio)
    _conflict(studio)
    _users(studio)
    _merge(studio)
    for name, address in (("categories", "/categories"), ("journal", "/journal"), ("delivery", "/delivery")):
        studio.picture(name, ADMIN, address)
    _dark(studio)


def _assign(studio: Studio) -> None:
    number = richest(studio, ADMIN, status="IN_PROGRESS")["public_id"]
    page = studio.visit(ADMIN, f"/cases/{number}")
    page.get_by_role("button", name=re.compile("Передати іншому|Призначити")).first.click()
    page.get_by_role("dialog").get_by_role("combobox").first.click()
    page.wait_for_timeout(1000)
    take(page, "assign")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")


def _conflict(studio: Studio) -> None:
    """Two people edit one case: the second is shown both versions."""
    number = studio.ask(ADMIN, "/api/cases", status="IN_PROGRESS")["cases"][0]["public_id"]
    page = studio.visit(ADMIN, f"/cases/{number}")
    page.get_by_role("button", name="Редагувати").first.click()
    panel = page.get_by_role("dialog")
    summary = panel.get_by_label("Суть звернення")
    before = summary.input_value()
    summary.fill(f"{before} Просять відповісти телефоном.")
    other = studio.api("admin2").api
    version = other.get(f"/api/cases/{number}").headers["ETag"]
    answer = other.patch(
        f"/api/cases/{number}",
        json={"summary": f"{before} Потрібна письмова відповідь."},
        headers={"If-Match": version},
    )
    assert answer.is_success, answer.text
    panel.get_by_role("button", name="Зберегти зміни").click()
    page.get_by_text("змінив хтось інший").first.wait_for()
    page.wait_for_timeout(800)
    take(page, "conflict")
    page.reload()


def _users(studio: Studio) -> None:
    page = studio.visit(ADMIN, "/users")
    take(page, "users")
    page.get_by_role("button", name="Додати користувача").click()
    panel = page.get_by_role("dialog")
    panel.get_by_label("Ім’я користувача").fill("ivanna")
    panel.get_by_label(re.compile("Прізвище")).fill("Сокіл Іванна Петрівна")
    panel.get_by_label("Електронна пошта").fill("ivanna@example.org")
    panel.get_by_role("radio", name=re.compile("Виконавець")).check()
    panel.get_by_label("Доступ до категорій").click()
    page.keyboard.type("Сервіс")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.wait_for_timeout(600)
    take(page, "user-new")
    panel.get_by_role("button", name="Створити").click()
    page.get_by_role("dialog").locator("code").nth(1).wait_for()
    expect(page.locator(".ant-drawer-open")).to_have_count(0)
    page.wait_for_timeout(1500)
    take(page, "temporary-password")
    _busy(studio, page)


def _busy(studio: Studio, page: Page) -> None:
    """Somebody with cases in work is deactivated: first the cases are handed over."""
    page = studio.visit(ADMIN, "/users?search=executor4")
    page.get_by_role("button", name=re.compile("Дії")).first.click()
    page.get_by_role("menuitem", name="Деактивувати").click()
    page.get_by_role("button", name="Деактивувати").last.click()
    page.get_by_role("dialog", name="Спершу передайте звернення").wait_for()
    page.wait_for_timeout(800)
    take(page, "hand-over")
    page.keyboard.press("Escape")


def _merge(studio: Studio) -> None:
    found = studio.ask(ADMIN, "/api/patients", search="Бондаренко Софія")["patients"]
    page = studio.visit(ADMIN, f"/patients/{found[0]['id']}")
    page.get_by_role("button", name="Дії з карткою").click()
    page.get_by_role("menuitem", name=re.compile("Об’єднати")).click()
    page.get_by_role("dialog").get_by_role("combobox").first.click()
    page.keyboard.type("Бондаренко Соня")
    page.locator(".ant-select-item-option").filter(has_text="Бондаренко Соня").first.click()
    page.wait_for_timeout(800)
    take(page, "merge")
    page.keyboard.press("Escape")


def _dark(studio: Studio) -> None:
    page = studio.sign_in(ADMIN, studio.passwords[ADMIN])
    page.emulate_media(color_scheme="dark")
    page.goto("/cases")
    settle(page)
    take(page, "case-list-dark")
    page.context.close()
