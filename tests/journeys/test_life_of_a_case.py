"""One case from the first call to the reopening, through the hands of all three roles."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import desk as desks
from tests.journeys.conftest import Hospital, SignIn, Staff

pytestmark = pytest.mark.browser


def change_status(page: Page, to: str, comment: str) -> None:
    """Through the dialog, as a person does."""
    page.get_by_role("button", name="Змінити статус").or_(
        page.get_by_role("button", name="Відновити")
    ).first.click()
    dialog = page.get_by_role("dialog")
    choice = dialog.get_by_role("radio", name=to)
    if choice.count():
        choice.check()
    dialog.get_by_label("Пояснення").fill(comment)
    dialog.get_by_role("button", name="Змінити статус").click()
    expect(dialog).to_have_count(0)


def test_take_comment_ask_close_and_reopen(hospital: Hospital, sign_in: SignIn) -> None:
    category_id, _ = hospital.category()
    operator_account = hospital.staff("OPERATOR")
    executor_account = hospital.staff("EXECUTOR", category_id)
    number = hospital.register_as(operator_account, category_id, "Просять копію виписки з історії хвороби.")

    executor = sign_in(executor_account)
    executor.goto(f"/cases/{number}")
    executor.get_by_role("button", name="Взяти в роботу").first.click()
    expect(executor.get_by_text("В роботі").first).to_be_visible()

    box = executor.get_by_role("region", name="Ваш коментар").get_by_role("textbox")
    box.fill("Готуємо виписку, передамо через рецепцію.")
    executor.get_by_role("button", name="Додати публічний коментар").click()
    expect(executor.get_by_text("Готуємо виписку, передамо через рецепцію.")).to_be_visible()
    executor.get_by_role("tab", name="Внутрішній коментар").click()
    box.fill("Архів обіцяв до середи.")
    executor.get_by_role("button", name="Додати внутрішній коментар").click()
    expect(executor.get_by_text("Архів обіцяв до середи.")).to_be_visible()

    change_status(executor, "Потребує уточнення", "Уточнюємо рік лікування у заявниці.")
    expect(executor.get_by_text("Потребує уточнення").first).to_be_visible()
    change_status(executor, "Завершено", "Виписку видано заявниці під підпис.")
    expect(executor.get_by_text("Завершено").first).to_be_visible()

    operator = sign_in(operator_account)
    operator.goto(f"/cases/{number}")
    expect(operator.get_by_text("Виписку видано заявниці під підпис.")).to_be_visible()
    expect(operator.get_by_text("Готуємо виписку, передамо через рецепцію.")).to_be_visible()
    expect(operator.get_by_text("Архів обіцяв до середи.")).to_have_count(0)
    expect(operator.get_by_role("button", name="Взяти в роботу")).to_have_count(0)
    expect(operator.get_by_role("button", name="Змінити статус")).to_have_count(0)

    admin = sign_in(Staff(desks.ADMIN[0], "Марія Головна", desks.ADMIN[1]))
    admin.goto(f"/cases/{number}")
    change_status(admin, "В роботі", "Видано не ту виписку, потрібна інша.")
    expect(admin.get_by_text("Видано не ту виписку, потрібна інша.")).to_be_visible()
    expect(admin.get_by_text("В роботі").first).to_be_visible()
