"""What happens elsewhere shows by itself: bell, menu and list, without a reload."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Hospital, SignIn

pytestmark = pytest.mark.browser


def test_bell_menu_and_list_follow_without_a_reload(hospital: Hospital, sign_in: SignIn) -> None:
    category_id, _ = hospital.category()
    executor = hospital.staff("EXECUTOR", category_id)
    operator = hospital.staff("OPERATOR")
    hospital.register_as(operator, category_id, "Перше звернення черги.")
    # One tells of the new account, one of the case.
    page = sign_in(executor)
    expect(page.get_by_role("button", name=re.compile(r"Сповіщення: 2\sнепрочитані"))).to_be_visible()
    cases = page.get_by_role("navigation", name="Розділи").get_by_role("link", name=re.compile("^Звернення"))
    expect(cases).to_have_accessible_name(re.compile(r"^Звернення Чекає в черзі: 1\sзвернення$"))
    page.evaluate("window.stillHere = true")

    number = hospital.register_as(operator, category_id, "Друге звернення черги.")
    expect(page.get_by_role("button", name=re.compile(r"Сповіщення: 3\sнепрочитані"))).to_be_visible()
    expect(cases).to_have_accessible_name(re.compile(r"^Звернення Чекає в черзі: 2\sзвернення$"))
    # A new row waits until it is asked for: nothing moves under the cursor.
    expect(page.get_by_text("Надійшло ще 1 звернення")).to_be_visible()
    expect(page.get_by_role("row", name=number)).to_have_count(0)
    page.get_by_role("button", name="Показати", exact=True).click()
    expect(page.get_by_role("link", name=number)).to_be_visible()

    page.get_by_role("button", name=re.compile(r"Сповіщення: 3\sнепрочитані")).click()
    page.get_by_role("dialog").get_by_role("link", name=f"Нове звернення {number}").click()
    expect(page.get_by_role("heading", name=number)).to_be_visible()
    expect(page.get_by_role("button", name=re.compile(r"Сповіщення: 2\sнепрочитані"))).to_be_visible()
    assert page.evaluate("window.stillHere") is True
