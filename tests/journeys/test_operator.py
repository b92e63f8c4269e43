"""An operator registers what a caller says, with a scanned PDF, and the right people find it."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from reportlab.pdfgen.canvas import Canvas

from tests.journeys.conftest import Hospital, SignIn

pytestmark = pytest.mark.browser

SCAN = "Скан направлення «Іваненко» №7.pdf"


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A real PDF under a Cyrillic name."""
    path = tmp_path / SCAN
    canvas = Canvas(str(path))
    canvas.drawString(72, 720, "Referral 7")
    canvas.save()
    return path


def register(page: Page, category: str, channel: str, scan: Path) -> str:
    """Register with the keyboard alone, as with a voice on the phone; gives the number."""
    page.get_by_role("link", name="Нове звернення").first.click()
    expect(page.get_by_label("Телефон заявника")).to_be_focused()
    page.keyboard.type("067 123 45 67")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Заявник", exact=True)).to_be_focused()
    page.keyboard.press("F2")
    expect(page.get_by_label("Заявник", exact=True)).to_have_value("Відмова назвати")
    page.keyboard.type(category)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Підкатегорія")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type(channel)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Електронна пошта")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("Дитині скасували планову операцію, просять пояснити чому і назвати нову дату.")
    page.locator("input[type=file]").set_input_files(scan)
    expect(page.get_by_text(SCAN)).to_be_visible()
    page.keyboard.press("Control+Enter")
    done = page.get_by_role("region", name="Звернення зареєстровано")
    expect(done).to_be_visible()
    return done.locator("p[aria-label]").get_attribute("aria-label") or ""


def test_a_call_is_registered_with_a_pdf_and_reaches_the_right_executor_only(
    hospital: Hospital, sign_in: SignIn, scan: Path, tmp_path: Path
) -> None:
    category_id, category = hospital.category()
    other_id, _ = hospital.category()
    channel = hospital.channel()
    operator = sign_in(hospital.staff("OPERATOR"))
    number = register(operator, category, channel, scan)
    assert len(number) == 6

    operator.goto("/cases")
    operator.get_by_role("link", name=number).first.click()
    expect(operator.get_by_role("heading", name=number)).to_be_visible()
    expect(operator.get_by_text("скасували планову операцію")).to_be_visible()
    expect(operator.get_by_text("Внутрішній коментар")).to_have_count(0)

    executor = sign_in(hospital.staff("EXECUTOR", category_id))
    executor.get_by_role("link", name=number).first.click()
    expect(executor.get_by_text(SCAN).first).to_be_visible()
    with executor.expect_download() as started:
        executor.get_by_role("button", name=f"Завантажити {SCAN}").click()
    assert started.value.suggested_filename == SCAN
    saved = tmp_path / "saved.pdf"
    started.value.save_as(saved)
    assert saved.read_bytes() == scan.read_bytes()

    stranger = sign_in(hospital.staff("EXECUTOR", other_id))
    expect(stranger.get_by_text(number)).to_have_count(0)
    stranger.goto(f"/cases/{number}")
    expect(
        stranger.get_by_text("немає права").or_(stranger.get_by_text("Немає доступу")).first
    ).to_be_visible()
    expect(stranger.get_by_text("скасували планову операцію")).to_have_count(0)


def test_nothing_typed_is_lost_by_an_error_or_a_reload(hospital: Hospital, sign_in: SignIn) -> None:
    page = sign_in(hospital.staff("OPERATOR"))
    page.goto("/cases/new")
    page.get_by_label("Заявник", exact=True).fill("Марія Коваль")
    page.get_by_label("Суть звернення").fill("Прошу повернути кошти за оплачене обстеження.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()
    expect(page.get_by_label("Заявник", exact=True)).to_have_value("Марія Коваль")
    page.reload()
    expect(page.get_by_label("Заявник", exact=True)).to_have_value("Марія Коваль")
    expect(page.get_by_label("Суть звернення")).to_have_value("Прошу повернути кошти за оплачене обстеження.")
