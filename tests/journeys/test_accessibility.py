"""axe-core finds nothing serious on any page of any role, nor in what opens over it, in either theme."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import desk as desks
from tests.journeys.axe import serious_problems, settle
from tests.journeys.conftest import Hospital, SignIn, Staff
from tests.notifications.mail_server import MailServer

pytestmark = pytest.mark.browser

ADMIN = Staff(desks.ADMIN[0], "Марія Головна", desks.ADMIN[1])
DIALOG = "[role=dialog]"

STRANGER_PAGES = ["/login", "/register", "/no-such-page"]
OPERATOR_PAGES = [
    "/cases",
    "/cases/new",
    "/cases/{case}",
    "/notifications",
    "/patients",
    "/doctors",
    "/users",
]
EXECUTOR_PAGES = [
    "/cases",
    "/cases/{case}",
    "/dashboard",
    "/notifications",
    "/patients/{patient}",
    "/profile",
]
ADMIN_PAGES = [
    "/cases",
    "/cases?search=нічого%20такого",
    "/cases?patient_id={patient}",
    "/cases/new",
    "/cases/{case}",
    "/cases/100000000",
    "/dashboard",
    "/patients",
    "/patients/{patient}",
    "/doctors",
    "/doctors/{doctor}",
    "/users",
    "/journal",
    "/journal?outcome=refused",
    "/delivery",
    "/delivery?status=FAILED&case_id={case}",
    "/delivery?tab=jobs",
    "/categories",
    "/channels",
    "/profile",
    "/notifications",
]


@dataclass(frozen=True)
class Ward:
    """People of one category, and a case with something on every part of its card."""

    operator: Staff
    executor: Staff
    ids: dict[str, str]


@pytest.fixture
def ward(hospital: Hospital, post_office: MailServer) -> Ward:
    desk = hospital.desk
    category_id, _ = hospital.category()
    operator = hospital.staff("OPERATOR")
    executor = hospital.staff("EXECUTOR", category_id)
    post_office.refused.add(f"{executor.username}@example.org")
    patient = hospital.patient("Перевірко Яна", "067 555 09 01")["id"]
    about = {"full_name": "Перевірко Юрій", "specialty": "Хірург", "department": "Хірургія"}
    doctor = desk.post("/api/doctors", about)["id"]
    case = hospital.register_as(
        operator,
        category_id,
        "Просить пояснити, як записати дитину на консультацію.",
        applicant_phone="+380671234567",
        applicant_email="hanna@example.org",
        patient_id=patient,
        doctor_id=doctor,
    )
    desk.post(f"/api/cases/{case}/take")
    for is_internal in (True, False):
        desk.post(
            f"/api/cases/{case}/comments", {"text": "Передзвонили, чекаємо.", "is_internal": is_internal}
        )
    return Ward(operator, executor, {"case": case, "patient": patient, "doctor": doctor})


def go(page: Page, path: str) -> None:
    """As a link of the desk goes there: the same page as from an address typed, without loading everything anew."""
    page.evaluate("path => window.next.router.push(path)", path)
    page.wait_for_function(
        "path => location.pathname + location.search === path", arg=quote(path, safe="/?=&%")
    )


def problems_of(
    page: Page, paths: list[str], ids: dict[str, str], go: Callable[[Page, str], object] = go
) -> dict[str, list[str]]:
    """What is wrong on these pages, by address; nothing about those that are right."""
    problems = {}
    for pattern in paths:
        path = pattern.format(**ids)
        go(page, path)
        settle(page)
        problems[path] = serious_problems(page)
    return {path: found for path, found in problems.items() if found}


def test_a_strangers_pages(hospital: Hospital, browser: Browser) -> None:
    page = browser.new_page(base_url=hospital.desk.url, locale="uk-UA")
    # Whoever is not signed in has no desk to go about in: he comes by addresses.
    assert problems_of(page, STRANGER_PAGES, {}, go=Page.goto) == {}
    page.close()


def test_an_operators_pages(ward: Ward, sign_in: SignIn) -> None:
    assert problems_of(sign_in(ward.operator), OPERATOR_PAGES, ward.ids) == {}


def test_an_executors_pages(ward: Ward, sign_in: SignIn) -> None:
    assert problems_of(sign_in(ward.executor), EXECUTOR_PAGES, ward.ids) == {}


def test_an_admins_pages(hospital: Hospital, ward: Ward, sign_in: SignIn) -> None:
    page = sign_in(ADMIN)
    # A letter given up, for the deliveries to show; the page would ask for it only now and then.
    given_up = {"status": "FAILED", "case_id": ward.ids["case"]}
    deadline = time.monotonic() + 40
    while not hospital.desk.api.get("/api/notifications/log", params=given_up).json()["total"]:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    page.goto(f"/delivery?status=FAILED&case_id={ward.ids['case']}")
    expect(page.get_by_role("cell", name=ward.executor.full_name).first).to_be_visible()
    # An attempt without the right, for the journal to show.
    stranger = sign_in(ward.operator)
    stranger.goto("/users")
    settle(stranger)
    assert problems_of(page, ADMIN_PAGES, ward.ids) == {}


def button(name: str) -> Callable[[Page], None]:
    """Opens what stands behind this button."""
    return lambda page: page.get_by_role("button", name=re.compile(name)).first.click()


def key(keys: str) -> Callable[[Page], None]:
    """Opens what this key opens."""
    return lambda page: page.keyboard.press(keys)


# What opens over a page: where, how, and what is there once it is open.
OPENED: dict[str, list[tuple[str, Callable[[Page], None], str]]] = {
    "/cases": [
        ("filters", button("Більше"), "form[class*=panel]"),
        ("columns", button("Стовпці"), ".ant-popover"),
        ("export", button("Експорт"), ".ant-dropdown"),
        ("keys", key("Shift+Slash"), DIALOG),
        ("palette", key("Control+k"), "[role=listbox]"),
        ("bell", button("Сповіщення"), DIALOG),
        ("person", button("Марія Головна"), ".ant-dropdown"),
    ],
    "/cases/{case}": [
        ("status", key("s"), DIALOG),
        ("hand over", key("a"), DIALOG),
        ("edit", button("Редагувати"), DIALOG),
    ],
    "/patients": [("new patient", button("Додати пацієнта"), DIALOG)],
    "/patients/{patient}": [("what may be done", button("Дії з карткою"), ".ant-dropdown")],
    "/doctors": [("new doctor", button("Додати лікаря"), DIALOG)],
    "/users": [("new user", button("Додати користувача"), DIALOG)],
    "/categories": [("new category", button("Додати категорію"), DIALOG)],
    "/dashboard": [("what a figure means", button("Що означає"), ".ant-popover")],
    "/journal": [("details", button("Подробиці"), "[data-details]")],
}


def test_what_opens_over_a_page(ward: Ward, sign_in: SignIn) -> None:
    page = sign_in(ADMIN)
    problems = {}
    for pattern, things in OPENED.items():
        for name, how, what in things:
            page.goto(pattern.format(**ward.ids))
            settle(page)
            how(page)
            page.locator(what).locator("visible=true").last.wait_for()
            expect(page.locator(".ant-skeleton")).to_have_count(0)
            problems[f"{pattern}: {name}"] = serious_problems(page)
    assert {where: found for where, found in problems.items() if found} == {}
