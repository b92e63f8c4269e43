"""A returning caller is recognised by the number; cards of one child are merged, parted again and forgotten."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import desk as desks
from tests.journeys.conftest import Hospital, SignIn, Staff

pytestmark = pytest.mark.browser

ADMIN = Staff(desks.ADMIN[0], "Марія Головна", desks.ADMIN[1])


def choose_action(page: Page, name: str) -> None:
    """From the menu of a patient's card."""
    page.get_by_role("button", name="Дії з карткою").click()
    page.get_by_role("menuitem", name=name).click()


def test_a_caller_is_recognised_however_the_number_is_typed_and_linked_by_one_key(
    hospital: Hospital, sign_in: SignIn
) -> None:
    category_id, category = hospital.category()
    card = hospital.patient("Ґудзь Марта Іванівна", "067 555 01 23")
    operator = hospital.staff("OPERATOR")
    before = hospital.register_as(
        operator, category_id, "Просять повторний прийом у кардіолога.", applicant_phone="+380675550123"
    )
    page = sign_in(operator)
    page.get_by_role("link", name="Нове звернення").first.click()
    phone = page.get_by_label("Телефон заявника")
    found = page.get_by_role("complementary", name="Можливо, це")
    for spelling in ("0675550123", "+380675550123", "(067) 555-01-23"):
        phone.fill("")
        expect(found).to_have_count(0)
        phone.press_sequentially(spelling)
        expect(found.get_by_text("Ґудзь Марта Іванівна")).to_be_visible()
        expect(found.get_by_role("link", name=before)).to_be_visible()
        expect(found.get_by_text("Просять повторний прийом у кардіолога.")).to_be_visible()
    # Pressed in the same breath, the key waits until it is known who calls.
    phone.fill("")
    expect(found).to_have_count(0)
    phone.fill("0675550123")
    page.keyboard.press("F3")
    expect(page.get_by_label("Заявник", exact=True)).to_have_value(card["guardians"][0]["full_name"])
    page.get_by_label("Категорія", exact=True).fill(category)
    page.keyboard.press("Enter")
    page.get_by_label("Суть звернення").fill("Мати питає, коли прийом.")
    page.keyboard.press("Control+Enter")
    page.get_by_role("link", name="Відкрити звернення").click()
    page.get_by_role("link", name="Ґудзь Марта Іванівна").click()
    expect(page.get_by_role("heading", name="Ґудзь Марта Іванівна")).to_be_visible()
    expect(page.get_by_text("Мати питає, коли прийом.")).to_be_visible()


def test_a_new_caller_gets_a_card_by_one_key(hospital: Hospital, sign_in: SignIn) -> None:
    page = sign_in(hospital.staff("OPERATOR"))
    page.goto("/cases/new")
    page.get_by_label("Телефон заявника").press_sequentially("0505550177")
    page.keyboard.press("F3")
    panel = page.get_by_role("dialog", name="Нова картка пацієнта")
    panel.get_by_label("Прізвище, ім’я, по батькові").first.fill("Їжак Назар")
    panel.get_by_label("Прізвище, ім’я, по батькові").nth(1).fill("Їжак Лідія")
    panel.get_by_label("Ким доводиться").fill("мати")
    panel.get_by_role("button", name="Створити картку").click()
    expect(panel).to_have_count(0)
    expect(page.get_by_title("Їжак Назар").first).to_be_visible()
    expect(page.get_by_label("Телефон заявника")).to_have_value(re.compile("50 555 01 77"))


def test_of_two_children_with_one_number_the_operator_chooses(hospital: Hospital, sign_in: SignIn) -> None:
    category_id, _ = hospital.category()
    hospital.patient("Юрчак Антон", "067 555 01 88")
    often = hospital.patient("Юрчак Яна", "067 555 01 88")
    operator = hospital.staff("OPERATOR")
    hospital.register_as(operator, category_id, "Про Яну.", patient_id=often["id"])
    page = sign_in(operator)
    page.goto("/cases/new")
    phone = page.get_by_label("Телефон заявника")
    phone.press_sequentially("0675550188")
    lines = page.get_by_role("complementary", name="Можливо, це").get_by_role("listitem")
    # Whoever was called about before stands first.
    expect(lines.nth(0)).to_contain_text("Юрчак Яна")
    expect(lines.nth(1)).to_contain_text("Юрчак Антон")
    page.keyboard.press("F3")
    expect(lines.nth(0).get_by_role("button", name="Пов’язати")).to_be_focused()
    page.keyboard.press("F3")
    expect(lines.nth(1).get_by_role("button", name="Пов’язати")).to_be_focused()
    page.keyboard.press("Enter")
    expect(lines.nth(1).get_by_role("button", name="Пов’язано")).to_be_visible()
    expect(phone).to_be_focused()


def test_a_list_about_a_patient_names_him_without_a_look_at_his_card(
    hospital: Hospital, sign_in: SignIn
) -> None:
    category_id, _ = hospital.category()
    card = hospital.patient("Ясень Леся Олегівна", "067 555 01 99")
    operator = hospital.staff("OPERATOR")
    number = hospital.register_as(operator, category_id, "Про Лесю.", patient_id=card["id"])

    def looks() -> int:
        query = {"action": "patient.viewed", "object_type": "patient", "object_id": card["id"]}
        total: int = hospital.desk.api.get("/api/audit", params=query).json()["total"]
        return total

    page = sign_in(operator)
    page.goto(f"/cases?patient_id={card['id']}")
    expect(page.get_by_role("list", name="Увімкнені фільтри").get_by_text(card["full_name"])).to_be_visible()
    assert looks() == 0
    page.get_by_role("link", name=number).click()
    page.get_by_role("link", name=card["full_name"]).click()
    expect(page.get_by_role("heading", name=card["full_name"])).to_be_visible()
    assert looks() == 1, "whose name is known already is still looked at when the card is opened"


def test_an_admin_merges_two_cards_parts_them_again_and_forgets_one(
    hospital: Hospital, sign_in: SignIn
) -> None:
    kept = hospital.patient("Кравець Остап Юрійович", "067 555 02 01")
    double = hospital.patient("Кравець Остап", "067 555 02 02")
    page = sign_in(ADMIN)
    page.goto(f"/patients/{kept['id']}")
    choose_action(page, "Об’єднати з дублікатом…")
    dialog = page.get_by_role("dialog", name="Об’єднати картки")
    dialog.get_by_label("Знайдіть другу картку").fill(double["record_number"])
    page.locator(".ant-select-item-option").filter(has_text="Кравець Остап").click()
    expect(dialog.get_by_text("Об’єднання можна скасувати")).to_be_visible()
    dialog.get_by_role("button", name="Об’єднати", exact=True).click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_text(double["guardians"][0]["full_name"])).to_be_visible()

    page.get_by_role("button", name="Скасувати об’єднання").click()
    page.get_by_role("dialog").get_by_role("button", name="Скасувати об’єднання").click()
    expect(page.get_by_text(double["guardians"][0]["full_name"])).to_have_count(0)

    page.goto(f"/patients/{double['id']}")
    expect(page.get_by_role("heading", name="Кравець Остап")).to_be_visible()
    choose_action(page, "Знеособити…")
    dialog = page.get_by_role("dialog", name="Знеособити дані пацієнта")
    word = dialog.locator("label[for=anonymise-word]").inner_text().split(": ")[-1].strip()
    forget = dialog.get_by_role("button", name="Знеособити назавжди")
    expect(forget).to_be_disabled()
    dialog.locator("#anonymise-word").fill(word)
    forget.click()
    expect(page.get_by_text("Дані знеособлено").first).to_be_visible()
    expect(page.get_by_text("Кравець Остап", exact=True)).to_have_count(0)
    page.goto("/patients?search=Кравець")
    expect(page.get_by_role("link", name="Кравець Остап Юрійович")).to_be_visible()
    expect(page.get_by_role("link", name="Кравець Остап", exact=True)).to_have_count(0)
