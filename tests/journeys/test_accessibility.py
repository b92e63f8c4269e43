"""axe-core finds nothing serious on any page, in either theme (WCAG 2.1 AA)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import desk as desks
from tests.journeys.desk import Desk

pytestmark = pytest.mark.browser

AXE = Path(__file__).resolve().parents[2] / "frontend/node_modules/axe-core/axe.min.js"
STRANGER_PAGES = ["/login", "/register", "/no-such-page"]
ADMIN_PAGES = ["/cases", "/cases/new", "/cases/{case}", "/users", "/categories", "/channels", "/profile"]


@pytest.fixture(scope="module")
def case_number(desk: Desk) -> str:
    """A case with something on every part of its card."""
    category = desk.post("/api/categories", {"name": "Доступність сторінок"})["id"]
    channel = desk.post("/api/channels", {"name": "Перевірка сторінок"})["id"]
    fields = {
        "category_id": category,
        "channel_id": channel,
        "applicant_name": "Ганна Ґалаґан",
        "applicant_phone": "+380671234567",
        "applicant_email": "hanna@example.org",
        "summary": "Просить пояснити, як записати дитину на консультацію.",
    }
    answer = desk.api.post("/api/cases", files={name: (None, value) for name, value in fields.items()})
    assert answer.status_code == 201, answer.text
    number = str(answer.json()["public_id"])
    desk.post(f"/api/cases/{number}/comments", {"text": "Передзвонили, чекаємо.", "is_internal": True})
    return number


@pytest.fixture(scope="module", params=["light", "dark"])
def page(request: pytest.FixtureRequest, desk: Desk, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(base_url=desk.url, locale="uk-UA", color_scheme=request.param)
    page = context.new_page()
    yield page
    context.close()


def serious_problems(page: Page) -> list[str]:
    """What axe-core calls serious or critical, with the element."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}).then(r => r.violations)"
    )
    return [
        f"{v['id']}: {v['help']}: {node['target']} {node['html'][:160]}"
        for v in found
        if v["impact"] in ("serious", "critical")
        for node in v["nodes"]
    ]


def settle(page: Page) -> None:
    """Wait until content has replaced the skeletons."""
    page.locator("h1").first.wait_for()
    expect(page.locator(".ant-skeleton, [aria-busy=true]")).to_have_count(0)


def test_no_page_has_serious_problems(page: Page, case_number: str) -> None:
    problems: dict[str, list[str]] = {}
    for path in STRANGER_PAGES:
        page.goto(path)
        settle(page)
        problems[path] = serious_problems(page)
    page.goto("/login")
    page.get_by_label("Ім’я користувача").fill(desks.ADMIN[0])
    page.get_by_label("Пароль", exact=True).fill(desks.ADMIN[1])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    for pattern in ADMIN_PAGES:
        path = pattern.format(case=case_number)
        page.goto(path)
        settle(page)
        problems[path] = serious_problems(page)
    assert {path: found for path, found in problems.items() if found} == {}
