"""A script in a PDF that came in before the checks knew its trick runs in nobody's browser; a good PDF is shown."""

import asyncio
import hashlib
import io
from concurrent.futures import ThreadPoolExecutor

import asyncpg
import pytest
from playwright.sync_api import Dialog, Page, expect
from reportlab.pdfgen.canvas import Canvas

from ohmatdyt.core.embedded import server
from tests.core import files
from tests.journeys.conftest import Hospital, SignIn
from tests.journeys.desk import Desk

pytestmark = pytest.mark.browser


def scripted() -> bytes:
    """A PDF whose script runs as soon as it is opened."""
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(72, 720, "Referral")
    canvas.save()
    script = b"/OpenAction << /Pad (endobj) /S /JavaScript /JS (app.alert\\('RAN'\\)) >> /Type /Catalog"
    return out.getvalue().replace(b"/Type /Catalog", script, 1)


def put_in_place_of_all(desk: Desk, content: bytes) -> None:
    """Change stored files and what is known of them, as if an older version had taken them."""
    for path in (desk.data_dir / "media" / "cases").glob("*/*.pdf"):
        path.write_bytes(content)

    async def update(address: str) -> None:
        connection = await asyncpg.connect(address)
        try:
            await connection.execute(
                "UPDATE attachments SET sha256 = $1, size_bytes = $2",
                hashlib.sha256(content).digest(),
                len(content),
            )
        finally:
            await connection.close()

    with server.borrowed(desk.data_dir) as address:
        plain = address.replace("postgresql+asyncpg://", "postgresql://", 1)
        # Playwright keeps an event loop running in this thread.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(lambda: asyncio.run(update(plain))).result()


def open_preview(page: Page, number: str) -> None:
    page.goto(f"/cases/{number}")
    page.get_by_text("скан.pdf").first.wait_for()
    page.get_by_role("button", name="Переглянути").first.click()


def test_a_script_that_came_in_earlier_is_told_and_not_run(
    hospital: Hospital, sign_in: SignIn, desk: Desk
) -> None:
    assert b"RAN" in scripted()
    operator = hospital.staff("OPERATOR")
    number = hospital.register_as(operator, hospital.category()[0], "Надсилаю скан направлення дитини.")
    page = sign_in(operator)
    dialogs: list[str] = []

    def note(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    page.goto(f"/cases/{number}")
    page.locator("input[type=file]").first.set_input_files(
        {"name": "скан.pdf", "mimeType": "application/pdf", "buffer": files.pdf()}
    )
    page.get_by_text("скан.pdf").first.wait_for()
    open_preview(page, number)
    expect(page.locator("iframe[title='скан.pdf']")).to_be_visible()

    put_in_place_of_all(desk, scripted())
    open_preview(page, number)
    expect(page.get_by_text("скрипт (JavaScript)")).to_be_visible()
    expect(page.locator("iframe[title='скан.pdf']")).to_have_count(0)
    page.wait_for_timeout(1500)  # as long as the viewer needed to run it
    assert dialogs == []
