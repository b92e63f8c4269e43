"""`make screenshots`: the pictures of docs/images, taken of the demonstration as it is now.

DATA_DIR=folder adds those of a very large desk (scripts/pictures/sizes.py says how to make one).
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from scripts.pictures import at_the_desk, in_charge, in_work, letters, sizes
from scripts.pictures.studio import Studio
from scripts.postbox import Postbox
from tests.journeys import desk as desks


@contextmanager
def mail_server() -> Iterator[Postbox]:
    """A mail server to which the desks started meanwhile deliver."""
    postbox = Postbox(desks.free_port())
    postbox.start()
    os.environ.update(
        {
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(postbox.port),
            "SMTP_TLS": "none",
            "MAIL_FROM": "desk@example.org",
        }
    )
    try:
        yield postbox
    finally:
        postbox.stop()


def photograph_demo(browser: Browser, postbox: Postbox) -> None:
    """Everything the guides show."""
    with tempfile.TemporaryDirectory() as folder, desks.running(Path(folder) / "var", "demo") as desk:
        studio = Studio(browser, desk)
        at_the_desk.photograph(studio)
        in_work.photograph(studio)
        in_charge.photograph(studio)
        letters.photograph(studio, browser, postbox)


def main() -> int:
    """Entry point."""
    enormous = os.environ.get("DATA_DIR")
    with mail_server() as postbox, sync_playwright() as playwright:
        expect.set_options(timeout=15_000)
        browser = playwright.chromium.launch(executable_path=desks.chromium_path(), args=desks.BROWSER_FLAGS)
        photograph_demo(browser, postbox)
        sizes.photograph_empty(browser)
        if enormous:
            sizes.photograph_enormous(browser, Path(enormous))
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
