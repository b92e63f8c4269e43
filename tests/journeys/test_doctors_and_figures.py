"""Doctors with their cases; the dashboard, from whose figures one comes to exactly the cases they count."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import desk as desks
from tests.journeys.conftest import Hospital, SignIn, Staff

pytestmark = pytest.mark.browser

ADMIN = Staff(desks.ADMIN[0], "Марія Головна", desks.ADMIN[1])


def counted_in(page: Page) -> int:
    """How many cases the list on the screen says it has found."""
    words = page.get_by_text(re.compile(r"Знайдено: \d")).inner_text()
    return int("".join(re.findall(r"\d", words)))


def test_a_doctor_is_added_gets_cases_and_is_no_longer_offered_once_inactive(
    hospital: Hospital, sign_in: SignIn
) -> None:
    category_id, _ = hospital.category()
    operator = hospital.staff("OPERATOR")
    page = sign_in(ADMIN)
    page.goto("/doctors")
    page.get_by_role("button", name="Додати лікаря").first.click()
    panel = page.get_by_role("dialog", name="Новий лікар")
    panel.get_by_label("Прізвище, ім’я, по батькові").fill("Яценко Зоя Іллівна")
    panel.get_by_label("Спеціальність").fill("Алерголог")
    panel.get_by_label("Відділення").fill("Алергологія")
    panel.get_by_role("button", name="Додати", exact=True).click()
    expect(panel).to_have_count(0)
    if "/doctors/" not in page.url:
        page.get_by_role("link", name="Яценко Зоя Іллівна").click()
    expect(page.get_by_role("heading", name="Яценко Зоя Іллівна")).to_be_visible()
    page.wait_for_url("**/doctors/*")
    doctor_id = page.url.rsplit("/", 1)[1]
    number = hospital.register_as(operator, category_id, "Дякують алергологу.", doctor_id=doctor_id)
    page.reload()
    expect(page.get_by_role("link", name=number)).to_be_visible()
    expect(page.get_by_text("Дякують алергологу.")).to_be_visible()

    page.get_by_role("button", name="Деактивувати").click()
    page.get_by_role("dialog").get_by_role("button", name="Деактивувати").click()
    expect(page.get_by_role("button", name="Активувати", exact=True)).to_be_visible()
    form = sign_in(operator)
    form.goto("/cases/new")
    form.get_by_label("Лікар").fill("Яценко")
    expect(form.get_by_text("Такого лікаря немає")).to_be_visible()


def test_a_figure_opens_exactly_its_cases_and_an_empty_period_says_so(
    hospital: Hospital, sign_in: SignIn
) -> None:
    category_id, _ = hospital.category()
    operator = hospital.staff("OPERATOR")
    for words in ("Перше питання до реєстратури.", "Друге питання до реєстратури."):
        hospital.register_as(operator, category_id, words)
    page = sign_in(ADMIN)
    page.get_by_role("link", name="Показники").click()
    for period in ("Сьогодні", "Рік"):
        page.get_by_text(period, exact=True).click()
        figures = page.get_by_role("list", name="Підсумок")
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        for name in ("Зареєстровано", "Нове"):
            figure = figures.get_by_role("link", name=re.compile(f"^{name}: "))
            expect(figure).to_be_visible()
            said = int("".join(re.findall(r"\d", figure.get_attribute("aria-label") or "")))
            assert said >= 2
            figure.click()
            page.wait_for_url("**/cases?*")
            expect(page.get_by_text(re.compile(r"Знайдено: \d"))).to_be_visible()
            assert counted_in(page) == said
            page.go_back()
            expect(figures).to_be_visible()
    page.goto("/dashboard?date_from=2020-01-01&date_to=2020-01-31")
    expect(page.get_by_text("01–31.01.2020")).to_be_visible()
    page.get_by_role("button", name="Показати рік").click()
    expect(page).to_have_url(re.compile("period=year"))
