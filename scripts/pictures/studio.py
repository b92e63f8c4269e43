"""Windows of the demonstration's people, and the camera."""

import io
from pathlib import Path
from typing import Any, Final

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.desk import Desk

TARGET: Final = Path(__file__).resolve().parent.parent.parent / "docs" / "images"
SCREEN: Final = {"width": 1440, "height": 900}
PHONE: Final = {"width": 390, "height": 844}


def settle(page: Page) -> None:
    """Wait until content has replaced the skeletons and what fades in has faded in."""
    page.locator("h1").first.wait_for()
    expect(page.locator(".ant-skeleton, [aria-busy=true]")).to_have_count(0, timeout=30_000)
    page.wait_for_timeout(900)


def take(page: Page, name: str, *, of: Locator | None = None) -> None:
    """Photograph what the window shows, or one part of it. 256 colours do for a screen and save half the bytes."""
    raw = of.screenshot() if of is not None else page.screenshot()
    TARGET.mkdir(parents=True, exist_ok=True)
    picture = Image.open(io.BytesIO(raw)).convert("RGB")
    small = picture.quantize(palette=_palette(picture), dither=Image.Dither.NONE)
    small.save(TARGET / f"{name}.png", optimize=True)
    print(f"docs/images/{name}.png")


def _palette(picture: Image.Image) -> Image.Image:
    """The colours that fill most of a screen exactly as they are, vivid ones first (the red of a badge is a few dots),
    the rest of the 256 as near as possible."""
    counted = [
        (colour, count) for count, colour in picture.getcolors(1 << 24) or [] if isinstance(colour, tuple)
    ]
    counted.sort(key=lambda one: one[1] * (1 + (max(one[0]) - min(one[0])) / 16), reverse=True)
    exact = [part for colour, _ in counted[:160] for part in colour]
    near = (picture.quantize(96, dither=Image.Dither.NONE).getpalette() or [])[: 96 * 3]
    palette = Image.new("P", (1, 1))
    palette.putpalette(exact + near)
    return palette


class Studio:
    """One running desk, seen by its people."""

    def __init__(self, browser: Browser, desk: Desk) -> None:
        self.desk = desk
        self._browser = browser
        self._windows: dict[str, Page] = {}
        accounts = (desk.data_dir / "demo-accounts.txt").read_text(encoding="utf-8").splitlines()
        self.passwords = {row.split("\t")[0]: row.split("\t")[1] for row in accounts}

    def blank(self, size: dict[str, int] | None = None) -> Page:
        """A window in which nobody is signed in."""
        viewport: Any = size or SCREEN
        context = self._browser.new_context(
            base_url=self.desk.url, locale="uk-UA", timezone_id="Europe/Kyiv", viewport=viewport
        )
        return context.new_page()

    def sign_in(self, username: str, password: str, size: dict[str, int] | None = None) -> Page:
        """A new window of this person, past the login page."""
        page = self.blank(size)
        page.goto("/login")
        page.get_by_label("Ім’я користувача").fill(username)
        page.get_by_label("Пароль", exact=True).fill(password)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address: "/login" not in address)
        return page

    def window(self, username: str) -> Page:
        """This person's window, the same one each time."""
        if username not in self._windows:
            self._windows[username] = self.sign_in(username, self.passwords[username])
        return self._windows[username]

    def visit(self, username: str, address: str) -> Page:
        """This person's window at an address, settled."""
        page = self.window(username)
        page.goto(address)
        settle(page)
        return page

    def picture(self, name: str, username: str, address: str) -> None:
        """Photograph what this person sees at an address."""
        take(self.visit(username, address), name)

    def api(self, username: str) -> Desk:
        """The API in this person's hands."""
        self.desk.sign_in(username, self.passwords[username])
        return self.desk

    def ask(self, username: str, path: str, **given: str) -> Any:
        """What the API tells this person."""
        answer = self.api(username).api.get(path, params=given)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()
