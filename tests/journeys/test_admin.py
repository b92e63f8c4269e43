"""An admin takes somebody in; the newcomer must choose a password of his own before anything else."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import desk as desks
from tests.journeys.conftest import PASSWORD, Hospital, SignIn, Staff

pytestmark = pytest.mark.browser


def test_a_new_user_signs_in_once_with_the_password_shown_and_must_change_it(
    hospital: Hospital, sign_in: SignIn
) -> None:
    _, category = hospital.category()
    admin = sign_in(Staff(desks.ADMIN[0], "Марія Головна", desks.ADMIN[1]))
    admin.goto("/users")
    admin.get_by_role("button", name="Додати користувача").click()
    panel = admin.get_by_role("dialog")
    panel.get_by_label("Ім’я користувача").fill("novachok")
    panel.get_by_label(re.compile("Прізвище")).fill("Новенька Оксана")
    panel.get_by_label("Електронна пошта").fill("novachok@example.org")
    panel.get_by_role("radio", name=re.compile("Виконавець")).check()
    panel.get_by_label("Доступ до категорій").click()
    admin.keyboard.type(category)
    # The directory may still be on its way: Enter chooses only what is offered.
    expect(admin.get_by_title(category, exact=True)).to_be_visible()
    admin.keyboard.press("Enter")
    admin.keyboard.press("Escape")
    panel.get_by_role("button", name="Створити").click()
    shown = admin.get_by_role("dialog").locator("code")
    expect(shown.nth(1)).to_be_visible()
    temporary = shown.nth(1).inner_text().strip()

    newcomer = sign_in(Staff("novachok", "Новенька Оксана", temporary))
    expect(newcomer).to_have_url(re.compile("/change-password"))
    newcomer.goto("/cases")
    expect(newcomer).to_have_url(re.compile("/change-password"))
    newcomer.get_by_label("Тимчасовий пароль").fill(temporary)
    newcomer.get_by_label("Новий пароль", exact=True).fill(PASSWORD)
    newcomer.get_by_label("Новий пароль ще раз").fill(PASSWORD)
    newcomer.get_by_role("button", name="Змінити пароль").click()
    expect(newcomer.get_by_role("heading", name="Звернення")).to_be_visible()

    again = sign_in(Staff("novachok", "Новенька Оксана", PASSWORD))
    expect(again.get_by_role("heading", name="Звернення")).to_be_visible()
    expect(again.get_by_role("link", name="Користувачі")).to_have_count(0)
