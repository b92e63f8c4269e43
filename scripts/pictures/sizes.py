"""The same screens with nothing in them, and with very much."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from scripts.pictures.studio import Studio
from tests.journeys import desk as desks


def photograph_empty(browser: Browser) -> None:
    """A desk on its first day: one administrator, no case."""
    with tempfile.TemporaryDirectory() as folder, desks.running(Path(folder) / "var", "serve") as desk:
        desks.create_admin(desk)
        (desk.data_dir / "demo-accounts.txt").write_text(
            "\t".join([*desks.ADMIN, "ADMIN", ""]) + "\n", encoding="utf-8"
        )
        studio = Studio(browser, desk)
        studio.picture("dashboard-empty", desks.ADMIN[0], "/dashboard")


def photograph_enormous(browser: Browser, data_dir: Path) -> None:
    """A desk with very many cases: made by `ohmatdyt demo`, then `ohmatdyt seed --cases 100000` on the same folder."""
    with desks.running(data_dir, "serve") as desk:
        studio = Studio(browser, desk)
        studio.picture("dashboard-enormous", "admin1", "/dashboard?period=year")
