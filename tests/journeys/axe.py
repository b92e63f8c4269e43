"""axe-core on a page as it stands, in both themes: what it calls serious or critical (WCAG 2.1 AA)."""

from pathlib import Path

from playwright.sync_api import Page, expect

AXE = Path(__file__).resolve().parents[2] / "frontend/node_modules/axe-core/axe.min.js"
ALL_RULES = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']"
# A theme changes colours and nothing else.
COLOUR_RULES = "{type: 'rule', values: ['color-contrast', 'link-in-text-block']}"
# Colours change over a moment, and a colour half-way is nobody's; a wheel that turns for ever does not count.
AT_REST = """() => document.getAnimations().every(
    one => one.playState !== 'running' || one.effect?.getComputedTiming().endTime === Infinity)"""


def settle(page: Page) -> None:
    """Wait until content has replaced the skeletons and nothing moves any more."""
    page.locator("h1, [role=alert] h2").first.wait_for()
    expect(page.locator(".ant-skeleton, [aria-busy=true]")).to_have_count(0)
    come_to_rest(page)


def come_to_rest(page: Page) -> None:
    """Wait until no colour and no place is on its way."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.wait_for_function(AT_REST)


def _violations(page: Page, rules: str, theme: str) -> list[str]:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
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
    page.evaluate(AXE.read_text(encoding="utf-8"))
    problems = _violations(page, COLOUR_RULES, "dark")
    return _violations(page, ALL_RULES, "light") + problems
