"""Alerts and dashboard ask for figures that exist, and every alert leads to a paragraph that exists."""

import json
import re
from pathlib import Path

import httpx
import yaml

ROOT = Path(__file__).resolve().parents[2]
MONITORING = ROOT / "deploy/monitoring"


async def test_every_figure_asked_for_is_given(client: httpx.AsyncClient) -> None:
    await client.get("/healthz")
    await client.get("/api/cases")
    text = (await client.get("/metrics")).text
    given = set(re.findall(r"^# TYPE (\S+)", text, re.MULTILINE))
    asked = MONITORING.joinpath("alerts.yml").read_text() + MONITORING.joinpath("dashboard.json").read_text()
    names = {
        name.removesuffix("_bucket") for name in re.findall(r"\b(?:ohmatdyt|process)_[a-z_]+", asked)
    } - {"ohmatdyt_inside"}
    assert names <= given, names - given


def test_every_alert_says_what_to_do() -> None:
    rules = yaml.safe_load(MONITORING.joinpath("alerts.yml").read_text(encoding="utf-8"))["groups"][0][
        "rules"
    ]
    for rule in rules:
        text = rule["annotations"]["description"]
        for document, heading in re.findall(r"(docs/\w+\.md), «([^»]+)»", text):
            headings = re.findall(r"^#+ (.+)$", (ROOT / document).read_text(encoding="utf-8"), re.MULTILINE)
            assert heading in headings, f"{rule['alert']}: {document} has no «{heading}»"


def test_dashboard_is_whole() -> None:
    board = json.loads(MONITORING.joinpath("dashboard.json").read_text(encoding="utf-8"))
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"]) == 15
