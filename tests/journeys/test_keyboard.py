"""The desk by keys alone, by their places: the Ukrainian layout types other letters with them."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import desk as desks
from tests.journeys.conftest import Hospital, SignIn, Staff

pytestmark = pytest.mark.browser

ADMIN = Staff(desks.ADMIN[0], "Марія Головна", desks.ADMIN[1])


def press(page: Page, code: str, letter: str) -> None:
    """One key as a browser with the Ukrainian layout tells of it: its place, and the letter it types there."""
    page.evaluate(
        """([code, key]) => (document.activeElement ?? document.body).dispatchEvent(
            new KeyboardEvent("keydown", { code, key, bubbles: true, cancelable: true }))""",
        [code, letter],
    )


def test_list_and_card_are_worked_by_physical_keys(hospital: Hospital, sign_in: SignIn) -> None:
    category_id, _ = hospital.category()
    executor = hospital.staff("EXECUTOR", category_id)
    operator = hospital.staff("OPERATOR")
    older = hospital.register_as(operator, category_id, "Старіше звернення.")
    newer = hospital.register_as(operator, category_id, "Новіше звернення.")
    page = sign_in(executor)
    expect(page.get_by_role("link", name=newer)).to_be_visible()
    press(page, "KeyJ", "о")
    expect(page.locator(f"a[data-case='{newer}']")).to_be_focused()
    press(page, "KeyJ", "о")
    expect(page.locator(f"a[data-case='{older}']")).to_be_focused()
    press(page, "KeyK", "л")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Взяти в роботу")).to_be_visible()
    expect(page).to_have_title(re.compile(f"^{newer}"))
    press(page, "KeyJ", "о")
    expect(page.get_by_text("Старіше звернення.")).to_be_visible()
    expect(page).to_have_title(re.compile(f"^{older}"))

    press(page, "KeyT", "е")
    expect(page.get_by_text("В роботі").first).to_be_visible()
    press(page, "KeyN", "т")
    box = page.get_by_role("region", name="Ваш коментар").get_by_role("textbox")
    expect(box).to_be_focused()
    # Typing is typing: no letter of it is an order.
    page.keyboard.type("jkts")
    expect(box).to_have_value("jkts")
    box.fill("")
    page.keyboard.press("Escape")
    press(page, "KeyS", "і")
    expect(page.get_by_role("dialog", name=re.compile("Статус звернення"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    press(page, "Escape", "Escape")
    expect(page.locator(f"a[data-case='{older}']")).to_be_focused()

    page.keyboard.press("Shift+Slash")
    page.get_by_role("dialog", name="Клавіші").get_by_role("switch").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    press(page, "KeyK", "л")
    expect(page.locator(f"a[data-case='{newer}']")).not_to_be_focused()
