"""What a browser has to fetch before a page opened first can be used: at most 450 kB of JavaScript, as gzip.

Any page may be the first: a link in a letter, a bookmark. Only what is opened over a page by a click is not in it.
"""

import re
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from ohmatdyt.core.web import WEB_ROOT
from tests.journeys import desk as desks
from tests.journeys.conftest import Hospital, SignIn, Staff

pytestmark = pytest.mark.browser

LIMIT_KB = 450


def kilobytes_of_scripts(page: Page) -> int:
    """The scripts this page has loaded, each as gzip sends it."""
    names: list[str] = page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
    scripts = {unquote(urlsplit(name).path).lstrip("/") for name in names if name.endswith(".js")}
    assert scripts
    sizes = []
    for script in scripts:
        packed = WEB_ROOT / f"{script}.gz"
        sizes.append((packed if packed.is_file() else WEB_ROOT / script).stat().st_size)
    return round(sum(sizes) / 1000)


def test_no_first_page_is_heavier_than_promised(
    hospital: Hospital, sign_in: SignIn, browser: Browser
) -> None:
    category_id, _ = hospital.category()
    number = hospital.register_as(hospital.staff("OPERATOR"), category_id, "Важке чи легке.")
    patient = hospital.patient("Ляшко Юстина", "067 555 04 50")["id"]
    body = {"full_name": "Яременко Устим", "specialty": "Хірург", "department": "Хірургія"}
    doctor = hospital.desk.post("/api/doctors", body)["id"]
    stranger = browser.new_page(base_url=hospital.desk.url)
    stranger.goto("/login")
    stranger.get_by_label("Ім’я користувача").wait_for()
    weights = {"/login": kilobytes_of_scripts(stranger)}
    stranger.close()
    page = sign_in(Staff(desks.ADMIN[0], "Марія Головна", desks.ADMIN[1]))
    for path in (
        *("/cases", "/cases/new", f"/cases/{number}", "/dashboard", "/notifications", "/profile"),
        *("/patients", f"/patients/{patient}", "/doctors", f"/doctors/{doctor}"),
        *("/users", "/categories", "/channels", "/delivery", "/delivery?tab=jobs", "/journal"),
    ):
        page.goto(path)
        page.locator("h1").first.wait_for()
        expect(page.locator(".ant-skeleton, [aria-busy=true]")).to_have_count(0)
        weights[path] = kilobytes_of_scripts(page)
    assert {path: weight for path, weight in weights.items() if weight > LIMIT_KB} == {}, weights


def test_the_dashboards_figures_can_be_read_before_its_charts_are_fetched(
    hospital: Hospital, sign_in: SignIn
) -> None:
    category_id, _ = hospital.category()
    hospital.register_as(hospital.staff("OPERATOR"), category_id, "Для показників.")
    page = sign_in(Staff(desks.ADMIN[0], "Марія Головна", desks.ADMIN[1]))
    held: list[Route] = []
    answered = False

    def answer(route: Route) -> None:
        nonlocal answered
        answered = True
        route.continue_()

    def hold(route: Route) -> None:
        if answered:
            held.append(route)
        else:
            route.continue_()

    page.route(re.compile(r"/api/dashboard(\?|$)"), answer)
    page.route(re.compile(r"\.js$"), hold)
    with page.expect_request(lambda request: answered and request.url.endswith(".js")):
        page.goto("/dashboard")
    # Whatever is asked for once the figures are on their way is kept back, and they are shown all the same.
    page.get_by_role("link", name=re.compile("^Зареєстровано: ")).wait_for()
    expect(page.get_by_role("heading", name="Виконавці")).to_have_count(0)
    before = kilobytes_of_scripts(page)

    page.unroute(re.compile(r"\.js$"))
    for route in held:
        route.continue_()
    page.get_by_role("heading", name="Виконавці").wait_for()
    whole = kilobytes_of_scripts(page)
    assert before < whole <= LIMIT_KB
