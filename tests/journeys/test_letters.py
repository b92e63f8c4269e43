"""A letter nobody could deliver is seen and sent again."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import desk as desks
from tests.journeys.conftest import Hospital, SignIn, Staff
from tests.notifications.mail_server import MailServer

pytestmark = pytest.mark.browser

ADMIN = Staff(desks.ADMIN[0], "Марія Головна", desks.ADMIN[1])


def test_an_undelivered_letter_is_counted_in_the_menu_and_sent_again(
    hospital: Hospital, sign_in: SignIn, post_office: MailServer
) -> None:
    category_id, _ = hospital.category()
    executor = hospital.staff("EXECUTOR", category_id)
    address = f"{executor.username}@example.org"
    post_office.refused.add(address)
    number = hospital.register_as(hospital.staff("OPERATOR"), category_id, "Лист про це не дійде одразу.")
    page = sign_in(ADMIN)
    page.goto(f"/delivery?status=FAILED&case_id={number}")
    again = page.get_by_role("button", name=f"Надіслати ще раз: {executor.full_name}")
    expect(again).to_be_visible(timeout=40_000)
    menu = page.get_by_role("navigation", name="Розділи")
    expect(menu.get_by_role("link", name=re.compile("Не доставлено: "))).to_have_count(1, timeout=30_000)

    post_office.refused.discard(address)
    again.click()
    expect(page.get_by_text("Лист знову в черзі")).to_be_visible()
    page.goto(f"/delivery?status=SENT&case_id={number}")
    expect(page.get_by_role("cell", name=executor.full_name)).to_be_visible(timeout=40_000)
    assert any(address == letter.recipient and number in letter.subject for letter in post_office.letters)

    page.goto("/delivery?tab=jobs")
    expect(page.get_by_role("cell", name="Перевірка цілісності журналу")).to_be_visible()
    # Every job has words of its own: none goes by its name in the code.
    expect(page.get_by_text(re.compile("^[a-z]+_[a-z_]+$"))).to_have_count(0)
