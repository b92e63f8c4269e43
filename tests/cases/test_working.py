"""Take, assign, status, comments."""

import asyncio
from typing import Any

import pytest

from tests.cases.makers import Desk, desk
from tests.factories import Catalog, People, Person

WORDS = "Відповідь надано письмово."


async def act(person: Person, case: dict[str, Any], action: str, **body: Any) -> Any:
    return await person.client.post(f"/api/cases/{case['id']}/{action}", json=body or None)


async def step(person: Person, case: dict[str, Any], to: str, comment: str = WORDS) -> Any:
    return await act(person, case, "status", to_status=to, comment=comment)


async def test_from_new_to_done_and_back(people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    case = await d.case()
    taken = await act(d.executor, case, "take")
    assert taken.status_code == 200, taken.text
    assert (taken.json()["status"], taken.json()["responsible"]["id"]) == ("IN_PROGRESS", str(d.executor.id))
    for person, to in (
        (d.executor, "NEEDS_INFO"),
        (d.executor, "IN_PROGRESS"),
        (d.executor, "DONE"),
        (d.admin, "IN_PROGRESS"),
        (d.admin, "NEW"),
    ):
        moved = await step(person, case, to)
        assert (moved.status_code, moved.json()["status"]) == (200, to), moved.text
    card = moved.json()
    assert card["responsible"] is None
    steps = [(h["from_status"], h["to_status"]) for h in card["status_history"]]
    assert steps == [
        ("NEW", "IN_PROGRESS"),
        ("IN_PROGRESS", "NEEDS_INFO"),
        ("NEEDS_INFO", "IN_PROGRESS"),
        ("IN_PROGRESS", "DONE"),
        ("DONE", "IN_PROGRESS"),
        ("IN_PROGRESS", "NEW"),
    ]
    assert {h["comment"] for h in card["status_history"][1:]} == {WORDS}
    assert card["version"] == 7
    assert [e["kind"] for e in card["timeline"]] == ["created", "taken"] + ["status_changed"] * 5


async def test_refused_steps_say_what_is_allowed(people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    case = await d.case()
    assert (await step(d.admin, case, "DONE")).json()["allowed"] == []
    assert (await step(d.executor, case, "DONE")).json()["code"] == "not_responsible"
    await act(d.executor, case, "take")
    same = await step(d.executor, case, "IN_PROGRESS")
    assert (same.status_code, same.json()["allowed"]) == (409, ["NEEDS_INFO", "REJECTED", "DONE"])
    assert (await step(d.executor, case, "NEW")).status_code == 403
    assert (await step(d.operator, case, "DONE")).json()["code"] == "action_not_allowed"
    for comment in ("", "Закоротко", "я" * 2001):
        refused = await step(d.executor, case, "DONE", comment)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "comment")
    assert (await step(d.executor, case, "DONE", "я" * 10)).status_code == 200
    assert (await step(d.executor, case, "IN_PROGRESS")).status_code == 403


async def test_a_race_has_one_winner(people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    case = await d.case()
    takers = [d.executor, d.admin, *[await people.executor([d.category]) for _ in range(4)]]
    answers = await asyncio.gather(*(act(person, case, "take") for person in takers))
    assert sorted(a.status_code for a in answers) == [200] + [409] * 5
    winner = next(p for p, a in zip(takers, answers, strict=True) if a.status_code == 200)
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["code"] == "already_taken"
            assert answer.json()["winner"] == {"id": str(winner.id), "full_name": winner.full_name}
            assert winner.full_name in answer.json()["detail"]
    card = (await d.admin.client.get(f"/api/cases/{case['id']}")).json()
    assert len(card["status_history"]) == 1


async def test_assigning(people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    case = await d.case()
    for wrong in (d.operator.id, d.stranger.id, (await people.executor([d.category], is_active=False)).id):
        refused = await act(d.admin, case, "assign", responsible_id=str(wrong))
        assert (refused.status_code, refused.json()["code"]) == (400, "cannot_be_responsible")
    for person in (d.operator, d.executor):
        assert (await act(person, case, "assign", responsible_id=str(d.executor.id))).status_code == 403
    done = await act(d.admin, case, "assign", responsible_id=str(d.executor.id))
    assert (done.json()["status"], done.json()["responsible"]["id"]) == ("IN_PROGRESS", str(d.executor.id))
    assert len(done.json()["status_history"]) == 1
    again = await act(d.admin, case, "assign", responsible_id=str(d.executor.id))
    assert again.json()["version"] == done.json()["version"]
    other = await act(d.admin, case, "assign", responsible_id=str(d.admin.id), comment="Беру на себе сама")
    assert (other.json()["status"], len(other.json()["status_history"])) == ("IN_PROGRESS", 1)
    data = other.json()["timeline"][-1]["data"]
    assert (data["from"]["id"], data["to"]["id"]) == (str(d.executor.id), str(d.admin.id))
    silent = await act(d.admin, case, "assign", responsible_id=None)
    assert (silent.status_code, silent.json()["errors"][0]["field"]) == (422, "comment")
    back = await act(d.admin, case, "assign", responsible_id=None, comment="Повертаємо в чергу")
    assert (back.json()["status"], back.json()["responsible"]) == ("NEW", None)
    await act(d.executor, case, "take")
    await step(d.executor, case, "DONE")
    closed = await act(d.admin, case, "assign", responsible_id=str(d.admin.id))
    assert (closed.status_code, closed.json()["code"]) == (409, "case_closed")


async def test_a_reopened_case_comes_to_somebody_who_may_have_it(people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    case = await d.case()
    await act(d.executor, case, "take")
    await step(d.executor, case, "DONE")
    access = f"/api/users/{d.executor.id}/category-access"
    assert (await d.admin.client.put(access, json={"category_ids": []})).status_code == 200
    reopened = (await step(d.admin, case, "IN_PROGRESS")).json()
    assert reopened["responsible"]["id"] == str(d.admin.id)


async def thread(person: Person, case: dict[str, Any]) -> list[str]:
    answer = (await person.client.get(f"/api/cases/{case['id']}/comments")).json()
    assert answer["total"] == len(answer["comments"])
    card = (await person.client.get(f"/api/cases/{case['id']}")).json()
    assert card["comments"] == answer["comments"]
    return [comment["text"] for comment in answer["comments"]]


async def test_an_operator_never_learns_of_internal_comments(people: People, catalog: Catalog) -> None:
    d: Desk = await desk(people, catalog)
    case = await d.case()
    before = (await d.operator.client.get(f"/api/cases/{case['id']}")).content
    said = await act(d.executor, case, "comments", text="Службова примітка", is_internal=True)
    assert (said.status_code, said.json()["is_internal"]) == (201, True)
    assert (await d.operator.client.get(f"/api/cases/{case['id']}")).content == before
    await act(d.operator, case, "comments", text="Дзвонила мама")
    assert await thread(d.operator, case) == ["Дзвонила мама"]
    for person in (d.executor, d.admin):
        assert await thread(person, case) == ["Службова примітка", "Дзвонила мама"]
    refused = await act(d.operator, case, "comments", text="Таємно", is_internal=True)
    assert (refused.status_code, refused.json()["code"]) == (403, "internal_comments_not_allowed")
    assert (await act(d.stranger, case, "comments", text="Так")).json()["code"] == "case_not_visible"


@pytest.mark.parametrize(
    ("text", "status"), [("", 422), ("я" * 5000, 201), ("я" * 5001, 422), ("\u200b", 422)]
)
async def test_the_length_of_a_comment(people: People, catalog: Catalog, text: str, status: int) -> None:
    d = await desk(people, catalog)
    case = await d.case()
    assert (await act(d.operator, case, "comments", text=text)).status_code == status


async def test_a_closed_case_still_listens_and_a_retry_is_one_comment(
    people: People, catalog: Catalog
) -> None:
    d = await desk(people, catalog)
    case = await d.case()
    await act(d.executor, case, "take")
    await step(d.executor, case, "DONE")
    for _ in range(2):
        said = await d.operator.client.post(
            f"/api/cases/{case['id']}/comments", json={"text": "Дякую"}, headers={"Idempotency-Key": "c-1"}
        )
        assert said.status_code == 201
    assert await thread(d.operator, case) == ["Дякую"]


async def test_whoever_stands_in_a_timeline_as_responsible_stays(people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    case = await d.case()
    for responsible in (d.executor, d.admin):
        assigned = await act(await people.admin(), case, "assign", responsible_id=str(responsible.id))
        assert assigned.status_code == 200, assigned.text
    refused = await d.admin.client.delete(f"/api/users/{d.executor.id}")
    assert (refused.status_code, refused.json()["code"]) == (409, "user_referenced")
