"""A thread of hundreds of comments and the longest summaries cost a list and a card no more than others."""

from typing import Any

from ohmatdyt.core.db import Database
from tests.cases.makers import Desk, desk
from tests.factories import Catalog, People

LONG = "я" * 20_000


async def _thread(d: Desk, case: dict[str, Any], database: Database, count: int) -> None:
    async with database.writing() as driver:
        await driver.execute(
            "INSERT INTO case_comments (id, case_id, author_id, text, is_internal, created_at)"
            " SELECT gen_random_uuid(), $1, $2, 'Слово ' || i, i % 10 = 0, now() + i * interval '1 second'"
            " FROM generate_series(1, $3) AS i",
            case["id"], d.executor.id, count,
        )  # fmt: skip


def _said(comments: list[dict[str, Any]]) -> list[int]:
    return [int(one["text"].split()[1]) for one in comments]


async def test_a_card_carries_the_newest_comments_and_the_rest_comes_by_pages(
    people: People, catalog: Catalog, database: Database
) -> None:
    d = await desk(people, catalog)
    case = await d.case()
    await _thread(d, case, database, 120)
    public = [i for i in range(1, 121) if i % 10]
    for viewer, visible in ((d.executor, list(range(1, 121))), (d.operator, public)):
        card = (await viewer.client.get(f"/api/cases/{case['id']}")).json()
        assert (_said(card["comments"]), card["comments_total"]) == (visible[-50:], len(visible))
        for order, expected in (("created_at", visible), ("-created_at", visible[::-1])):
            read: list[int] = []
            for page in (1, 2, 3, 4):
                query = {"page": page, "page_size": 50, "order_by": order}
                answer = (await viewer.client.get(f"/api/cases/{case['id']}/comments", params=query)).json()
                assert answer["total"] == len(visible)
                read += _said(answer["comments"])
            assert read == expected
    too_many = await d.executor.client.get(f"/api/cases/{case['id']}/comments", params={"page_size": 101})
    assert too_many.status_code == 422


async def test_lists_cut_summaries_that_cards_show_whole(people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    case = await d.case(summary=LONG)
    short = await d.case(summary="я" * 500)
    for query in ({}, {"search": "ткаченко"}, {"order_by": "applicant_name"}):
        listed = (await d.operator.client.get("/api/cases", params=query)).json()["cases"]
        shown = {row["public_id"]: row["summary"] for row in listed}
        assert shown == {case["public_id"]: "я" * 500 + "…", short["public_id"]: "я" * 500}
    assert case["summary"] == LONG
    assert (await d.operator.client.get(f"/api/cases/{case['id']}")).json()["summary"] == LONG


async def test_what_is_found_beyond_the_cut_is_shown_all_the_same(people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    await d.case(summary="слово " * 200 + "жирафа бачили у вестибюлі")
    for query in ({"search": "жирафа"}, {"search": "жирафа", "order_by": "created_at"}):
        (row,) = (await d.operator.client.get("/api/cases", params=query)).json()["cases"]
        pieces = [piece["text"] for piece in row["highlights"][0]["fragments"] if piece["is_match"]]
        assert (pieces, len(row["summary"])) == (["жирафа"], 501), query
