"""axe-core on a page as it stands, in both themes: what it calls serious or critical (WCAG 2.1 AA)."""

from pathlib import Path
from typing import Literal

from playwright.sync_api import Page

Theme = Literal["light", "dark"]
AXE = Path(__file__).resolve().parents[2] / "frontend/node_modules/axe-core/axe.min.js"
ALL_RULES = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']"
# A theme changes colours and nothing else.
COLOUR_RULES = "{type: 'rule', values: ['color-contrast', 'link-in-text-block']}"
# Colours change over a moment, and a colour half-way is nobody's; a wheel that turns for ever does not count.
AT_REST = """() => document.getAnimations().every(
    one => one.playState !== 'running' || one.effect?.getComputedTiming().endTime === Infinity)"""


# Looked at each frame: a locator's expectation asks again after half a second, which a hundred pages make long.
IS_FILLED = """() => document.querySelector('h1, [role=alert] h2')
    && !document.querySelector('.ant-skeleton, [aria-busy=true]')"""
IS_THEME = "theme => document.documentElement.dataset.theme === theme"


def settle(page: Page) -> None:
    """Wait until content has replaced the skeletons and nothing moves any more."""
    page.locator("h1, [role=alert] h2").first.wait_for()
    page.wait_for_function(IS_FILLED, timeout=15_000)
    come_to_rest(page)


def come_to_rest(page: Page) -> None:
    """Wait until no colour and no place is on its way."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.wait_for_function(AT_REST)


def _violations(page: Page, rules: str, theme: Theme) -> list[str]:
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.wait_for_function(IS_THEME, arg=theme)
    come_to_rest(page)
    found = page.evaluate(
        f"axe.run(document, {{runOnly: {rules}, resultTypes: ['violations']}}).then(r => r.violations)"
    )
    return [
        f"{theme}: {v['id']}: {node['target']} {node['html'][:160]}: {node['failureSummary']}"
        for v in found
        if v["impact"] in ("serious", "critical")
        for node in v["nodes"]
    ]


def serious_problems(page: Page) -> list[str]:
    """Every rule in the light theme; in the dark one the rules that a theme can break."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    rules: dict[Theme, str] = {"light": ALL_RULES, "dark": COLOUR_RULES}
    # The theme the page is in comes first: changing it is what takes longest.
    shown: Theme = "dark" if page.evaluate(IS_THEME, "dark") else "light"
    other: Theme = "light" if shown == "dark" else "dark"
    return [problem for theme in (shown, other) for problem in _violations(page, rules[theme], theme)]
