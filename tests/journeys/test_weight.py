"""What a browser has to fetch before the pages on which people begin work: at most 450 kB of JavaScript, as gzip.

They begin with signing in, the list, a call, or a case from a link in a letter.
"""

from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from ohmatdyt.core.web import WEB_ROOT
from tests.journeys import desk as desks
from tests.journeys.conftest import Hospital, SignIn, Staff

pytestmark = pytest.mark.browser

LIMIT_KB = 450


def kilobytes_of_scripts(page: Page) -> int:
    """The scripts this page has loaded, each as gzip sends it."""
    expect(page.locator(".ant-skeleton, [aria-busy=true]")).to_have_count(0)
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
    stranger = browser.new_page(base_url=hospital.desk.url)
    stranger.goto("/login")
    stranger.get_by_label("Ім’я користувача").wait_for()
    weights = {"/login": kilobytes_of_scripts(stranger)}
    stranger.close()
    page = sign_in(Staff(desks.ADMIN[0], "Марія Головна", desks.ADMIN[1]))
    for path in ("/cases", "/cases/new", f"/cases/{number}"):
        page.goto(path)
        page.locator("h1").first.wait_for()
        weights[path] = kilobytes_of_scripts(page)
    assert {path: weight for path, weight in weights.items() if weight > LIMIT_KB} == {}, weights
