"""Finding and narrowing: the palette, filters in the address, the place in the list, the export."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import desk as desks
from tests.journeys.conftest import Hospital, SignIn, Staff

pytestmark = pytest.mark.browser

ADMIN = Staff(desks.ADMIN[0], "Марія Головна", desks.ADMIN[1])


def test_one_field_finds_cases_patients_and_places(hospital: Hospital, sign_in: SignIn) -> None:
    category_id, _ = hospital.category()
    hospital.patient("Юхименко Златослава", "067 555 03 01")
    number = hospital.register_as(
        hospital.staff("OPERATOR"), category_id, "Щодо пральні.", applicant_name="Юхименко Віра"
    )
    page = sign_in(ADMIN)
    expect(page.get_by_role("search")).to_be_visible()
    page.keyboard.press("Control+k")
    results = page.get_by_role("listbox", name="Знайдене")
    expect(results.get_by_role("option", name="Журнал")).to_be_visible()
    page.keyboard.type("юхименко")
    expect(results.get_by_role("option", name=re.compile(number))).to_be_visible()
    expect(results.get_by_role("option", name=re.compile("Златослава"))).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/cases\\?search="))
    expect(page.get_by_text("Знайдено: 1 звернення")).to_be_visible()

    page.keyboard.press("Control+k")
    page.keyboard.type(number)
    expect(results.get_by_role("option", name="Щодо пральні.", selected=True)).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=number)).to_be_visible()


def test_filters_stand_in_the_address_and_the_place_in_the_list_is_kept(
    hospital: Hospital, sign_in: SignIn
) -> None:
    category_id, category = hospital.category()
    operator = hospital.staff("OPERATOR")
    numbers = [hospital.register_as(operator, category_id, f"Питання {n}.") for n in range(12)]
    page = sign_in(ADMIN)
    page.get_by_role("button", name=category).first.click()
    expect(page.get_by_text("Знайдено: 12 звернень")).to_be_visible()
    expect(page).to_have_url(re.compile(category_id))
    page.get_by_role("button", name="Нове", exact=True).first.click()
    chips = page.get_by_role("list", name="Увімкнені фільтри")
    expect(chips.get_by_text("Нове")).to_be_visible()

    page.get_by_role("button", name="Стовпці").click()
    page.get_by_role("checkbox", name="Канал").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    expect(page.get_by_role("columnheader", name="Суть звернення")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Канал")).to_have_count(0)

    page.set_viewport_size({"width": 1280, "height": 500})
    page.get_by_role("link", name=numbers[0]).scroll_into_view_if_needed()
    height = page.evaluate("window.scrollY")
    assert height > 0
    page.get_by_role("link", name=numbers[0]).click()
    expect(page.get_by_role("heading", name=numbers[0])).to_be_visible()
    page.go_back()
    expect(page.locator(f"a[data-case='{numbers[0]}']")).to_be_focused()
    assert page.evaluate("window.scrollY") == height
    with page.expect_download() as started:
        page.get_by_role("button", name="Експорт").click()
        page.get_by_role("menuitem", name="CSV").click()
    text = started.value.path().read_text("utf-8-sig")
    assert all(number in text for number in numbers)

    chips.get_by_role("button", name=re.compile("Прибрати фільтр «Категорія")).click()
    expect(page).not_to_have_url(re.compile(category_id))
