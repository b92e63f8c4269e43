"""Every route that shows a case or something of it × every relation of the viewer to the case: lists, searches, files,
exports and figures show exactly what the card would (trust.md §1). What is expected stands in `relation_table`."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.cases.makers import PDF, as_owner
from tests.edge.relation_table import ADMINISTRATORS, CARDS, FIGURES, LISTS, OWN, TOO_LATE, WRITES
from tests.edge.relations import (
    ADMINS,
    ALL,
    CASES,
    CATEGORY,
    DONE,
    EVERYTHING,
    EXECUTORS,
    MINE,
    NEW,
    NONE,
    OPERATORS,
    ORPHAN,
    OUTSIDE,
    QUEUE,
    SEES,
    Scene,
    scene_of,
)
from tests.factories import Catalog, People

FOUR_DAYS_AGO = "UPDATE cases SET " + ", ".join(
    f"{one} = {one} - interval '4 days'" for one in ("created_at", "last_status_change_at")
)


@pytest.fixture
async def scene(people: People, catalog: Catalog, client: httpx.AsyncClient) -> Scene:
    return await scene_of(people, catalog, client)


def _routes(app: FastAPI) -> Iterator[str]:
    """Every route that takes a case, shows one or counts them."""
    about = (
        "case",
        "attachment",
        "dashboard",
        "insight",
        "lookup",
        "statistics",
        "notifications",
        "events",
        "audit",
    )
    for path, operations in app.openapi()["paths"].items():
        for method in operations:
            route = f"{method.upper()} {path}"
            if any(word in path for word in about) or path.endswith("/export"):
                yield route


def test_every_route_about_cases_is_in_the_table(app: FastAPI) -> None:
    told = {*CARDS, *LISTS, *FIGURES, *ADMINISTRATORS, *WRITES, *OWN}
    # The outbox of notifications has nothing of a case but its number; whose it is, is asked in test_access_matrix.
    others = {route for route in _routes(app) if route.startswith("POST /api/notifications")}
    assert set(_routes(app)) - others == told


async def test_what_shows_one_case_opens_to_whom_the_card_does(scene: Scene) -> None:
    for paths in CARDS.values():
        for path in paths:
            for case in CASES:
                for who, seen in SEES.items():
                    answer = await scene.ask(who, "GET", path, case)
                    wanted = (200, None) if case in seen else (403, "case_not_visible")
                    code = answer.json()["code"] if answer.status_code >= 400 else None
                    assert (answer.status_code, code) == wanted, (path, case, who)
                for who in OUTSIDE:
                    assert (await scene.ask(who, "GET", path, case)).status_code == 401, (path, who)


async def test_internal_words_are_never_an_operators(scene: Scene) -> None:
    for path in ("/api/cases/{id}", "/api/cases/{id}/comments"):
        for who, seen in SEES.items():
            for case in seen:
                told = (await scene.ask(who, "GET", path, case)).text
                assert ("Слово True" in told) is (who not in OPERATORS), (path, who, case)
                assert "Слово False" in told


@pytest.mark.parametrize("route", LISTS)
async def test_lists_show_what_the_card_would(scene: Scene, route: str, database_url: str) -> None:
    # Four days ago, so that those who wait are overdue.
    await as_owner(database_url, FOUR_DAYS_AGO)
    for path, expected in LISTS[route].items():
        for who, cases in expected.items():
            answer = await scene.ask(who, "GET", path)
            assert answer.status_code == (403 if cases is None else 200), (path, who, answer.text[:200])
            if cases is not None:
                assert scene.named(answer.text) == cases, (path, who)
                told = answer.json() if "json" in answer.headers["content-type"] else {}
                assert told.get("total", len(cases)) == len(cases), (path, who)
        for who in OUTSIDE:
            assert (await scene.ask(who, "GET", path)).status_code == 401, (path, who)


async def test_an_overdue_case_about_an_administrator_is_not_on_his_dashboard(
    scene: Scene, database_url: str
) -> None:
    about = scene.cases["about him"] = await scene.registered(DONE)
    await as_owner(database_url, FOUR_DAYS_AGO)
    for path in ("/api/dashboard", "/api/dashboard/overdue-cases"):
        told = {who: await scene.ask(who, "GET", path) for who in sorted(ADMINS)}
        assert scene.named(told["admin"].text) == {NEW, ORPHAN, "about him"}, about
        assert scene.named(told["subject admin"].text) == {NEW, ORPHAN}, path


async def test_figures_count_what_the_card_would(scene: Scene) -> None:
    for paths in FIGURES.values():
        for path, expected in paths.items():
            for who, cases in expected.items():
                told = (await scene.ask(who, "GET", path)).json()
                total = (
                    told["total"]
                    if "total" in told
                    else sum(one["cases_total"] for one in told["applicants"])
                )
                assert cases is not None
                assert total == len(cases), (path, who)
                assert scene.named(str(told)) <= cases, (path, who)


async def test_what_is_for_administrators_is_refused_to_all_others(scene: Scene) -> None:
    for route in sorted(ADMINISTRATORS):
        for who in SEES:
            answer = await scene.ask(who, "GET", path := route.split(" ")[1])
            assert answer.status_code == (200 if who in ADMINS else 403), (path, who, answer.text[:200])


async def test_nobody_is_told_of_a_case_he_never_saw(scene: Scene) -> None:
    at_the_time = {**SEES, "former": ALL, "moved": frozenset({ORPHAN})}
    for who, seen in at_the_time.items():
        told = await scene.ask(who, "GET", "/api/notifications?page_size=100")
        assert scene.named(told.text) <= seen, who


@pytest.mark.parametrize("route", WRITES)
async def test_a_change_is_open_to_whom_the_table_says(scene: Scene, route: str) -> None:
    method = route.split(" ", maxsplit=1)[0]
    for path, sent, case, allowed in WRITES[route]:
        for who in (*SEES, *OUTSIDE):
            scene.cases["tried"] = tried = await scene.another(case)
            scene.places["file tried"] = tried["attachments"][0]["id"]
            before = (await scene.desk.admin.client.get(f"/api/cases/{tried['id']}")).json()
            answer = await scene.ask(who, method, path, "tried", **_request(scene, sent, before["version"]))
            about = (path, case, who, answer.text[:200])
            if who in allowed:
                assert answer.status_code in {200, 201, 204}, about
                continue
            refused = 409 if (route, case, who) in TOO_LATE else 403
            assert answer.status_code == (401 if who in OUTSIDE else refused), about
            viewer = scene.desk.admin.client if case != DONE else scene.browsers["admin"]
            assert (await viewer.get(f"/api/cases/{tried['id']}")).json() == before, about


def _request(scene: Scene, sent: dict[str, Any], version: int) -> dict[str, Any]:
    request: dict[str, Any] = {"headers": {"If-Match": f'"{version}"'}}
    if "json" in sent:
        request["json"] = {
            name: value.format(**scene.places) if isinstance(value, str) else value
            for name, value in sent["json"].items()
        }
    if "files" in sent:
        request["files"] = {"file": ("a.pdf", PDF, "application/pdf")}
    return request


def test_the_table_speaks_of_everybody() -> None:
    assert set(SEES) == OPERATORS | EXECUTORS | ADMINS
    for lists in (
        *(one for many in LISTS.values() for one in many.values()),
        MINE,
        QUEUE,
        CATEGORY,
        EVERYTHING,
    ):
        assert set(lists) == set(SEES)
        assert all(cases is None or cases <= (SEES[who] or NONE) for who, cases in lists.items())
