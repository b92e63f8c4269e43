"""People and their cases: recognised callers, merges that lose nothing, forgetting that leaves nothing."""

from typing import Any

import httpx
import pytest

from ohmatdyt.core.db import Database
from tests.cases.makers import Desk, desk
from tests.factories import Catalog, People

REASON = "Відповідь надано письмово, родина задоволена."
MOTHER = {"full_name": "Коваленко Олена", "relation": "мати", "phone": "067 123-45-67", "is_primary": True}


async def patient(client: httpx.AsyncClient, name: str = "Коваленко Софія", **fields: Any) -> dict[str, Any]:
    made = await client.post("/api/patients", json={"full_name": name, **fields})
    assert made.status_code == 201, made.text
    card: dict[str, Any] = made.json()
    return card


async def lookup(client: httpx.AsyncClient, **asked: str) -> dict[str, Any]:
    answer = await client.get("/api/patients/lookup", params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def numbers(client: httpx.AsyncClient, path: str) -> set[int]:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.json()["total"] == len(answer.json()["cases"])
    return {case["public_id"] for case in answer.json()["cases"]}


async def closed(d: Desk, case: dict[str, Any]) -> None:
    assert (await d.executor.client.post(f"/api/cases/{case['id']}/take")).status_code == 200
    body = {"to_status": "DONE", "comment": REASON}
    assert (await d.executor.client.post(f"/api/cases/{case['id']}/status", json=body)).status_code == 200


@pytest.mark.parametrize(
    "typed", ["067 123", "0671234567", "+38067123", "(067) 123-45-67", "80671234567", "4567"]
)
async def test_a_returning_caller_is_recognised(people: People, catalog: Catalog, typed: str) -> None:
    d = await desk(people, catalog)
    card = await patient(d.operator.client, guardians=[MOTHER])
    case = await d.case(patient_id=card["id"], applicant_phone="+380671234567", applicant_name="Коваленко О.")
    hidden = await d.case(d.admin, patient_id=card["id"])
    await patient(d.operator.client, "Інша Дитина", phone="0509998877")
    found = await lookup(d.operator.client, phone=typed)
    (one,) = found["patients"]
    assert (one["id"], one["matched_by"], one["cases_total"]) == (card["id"], ["phone"], 1)
    assert [earlier["public_id"] for earlier in one["cases"]] == [case["public_id"]]
    assert one["guardians"][0]["full_name"] == MOTHER["full_name"]
    if typed != "4567":
        assert [a["applicant_name"] for a in found["applicants"]] == ["Коваленко О."]
    everything = (await lookup(d.admin.client, phone="0671234567"))["patients"][0]
    assert {c["public_id"] for c in everything["cases"]} == {case["public_id"], hidden["public_id"]}


async def test_lookup_by_name_and_mail_prefers_who_fits_more(people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    await patient(d.operator.client, "Коваленко Андрій")
    both = await patient(d.operator.client, "Коваленко Яна", email="yana@example.org")
    await d.case(applicant_name="Коваленко Надія", applicant_email="Yana@Example.org")
    found = await lookup(d.operator.client, name="ковал", email="yana@example.org")
    assert [p["full_name"] for p in found["patients"]] == ["Коваленко Яна", "Коваленко Андрій"]
    assert (found["patients"][0]["id"], found["patients"][0]["matched_by"]) == (both["id"], ["email", "name"])
    assert [a["cases_total"] for a in found["applicants"]] == [1]
    assert (await lookup(d.stranger.client, name="ковал"))["applicants"] == [], "cases of others stay theirs"
    assert (await lookup(d.operator.client, phone="06"))["patients"] == []
    assert (await d.operator.client.get("/api/patients/lookup")).status_code == 422


async def test_a_persons_cases_are_those_the_viewer_may_see(people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    card = await patient(d.operator.client)
    doctor = (
        await d.admin.client.post(
            "/api/doctors", json={"full_name": "Шевчук О.", "specialty": "хірург", "department": "Хірургія"}
        )
    ).json()
    linked = {"patient_id": card["id"], "doctor_id": doctor["id"]}
    own = await d.case(**linked)
    other = await d.case(d.admin, **linked, category_id=str(d.other_category))
    await d.case()
    assert own["patient"] == {"id": card["id"], "full_name": "Коваленко Софія"}
    assert own["doctor"] == {"id": doctor["id"], "full_name": "Шевчук О."}
    first, second = own["public_id"], other["public_id"]
    for path in (f"/api/patients/{card['id']}/cases", f"/api/doctors/{doctor['id']}/cases"):
        for person, seen in (
            (d.operator, {first}),
            (d.executor, {first}),
            (d.stranger, {second}),
            (d.admin, {first, second}),
        ):
            assert await numbers(person.client, path) == seen
    for name, value in linked.items():
        assert await numbers(d.admin.client, f"/api/cases?{name}={value}") == {first, second}
    await closed(d, own)
    shown = (await d.admin.client.get(f"/api/doctors/{doctor['id']}/statistics")).json()
    assert (shown["total"], shown["by_status"], shown["closed"]) == (2, {"NEW": 1, "DONE": 1}, 1)
    assert (await d.operator.client.get(f"/api/doctors/{doctor['id']}/statistics")).json()["total"] == 1


async def test_a_wrong_link_is_refused_and_nothing_is_registered(people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    nobody = "00000000-0000-4000-8000-000000000000"
    for field in ("patient_id", "doctor_id"):
        refused = await d.operator.client.post("/api/cases", data=d.form(**{field: nobody}))
        assert refused.status_code == 404
        assert refused.json()["errors"][0]["field"] == field
    assert (await d.admin.client.get("/api/cases")).json()["total"] == 0


async def test_nobody_sees_or_works_on_a_case_about_himself(people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    body = {
        "full_name": "Я Сам",
        "specialty": "хірург",
        "department": "Хірургія",
        "user_id": str(d.executor.id),
    }
    doctor = (await d.admin.client.post("/api/doctors", json=body)).json()
    about, plain = await d.case(doctor_id=doctor["id"]), await d.case()
    path = f"/api/cases/{about['id']}"
    for method, where, sent in (
        ("GET", "", None), ("POST", "/take", None), ("GET", "/comments", None), ("POST", "/comments", {"text": "Ні"}),
    ):  # fmt: skip
        refused = await d.executor.client.request(method, path + where, json=sent)
        assert (refused.status_code, refused.json()["code"]) == (403, "case_not_visible"), where
    for scope in ("queue", "category", "mine"):
        listed = await d.executor.client.get("/api/cases", params={"scope": scope})
        expected = [] if scope == "mine" else [plain["public_id"]]
        assert [case["public_id"] for case in listed.json()["cases"]] == expected
        assert listed.json()["total"] == len(expected)
    assert await numbers(d.executor.client, f"/api/doctors/{doctor['id']}/cases") == set()
    refused = await d.admin.client.post(f"{path}/assign", json={"responsible_id": str(d.executor.id)})
    assert refused.status_code == 400
    told = (await d.executor.client.get("/api/notifications")).json()["notifications"]
    assert {one["public_id"] for one in told} == {plain["public_id"]}
    # Nor can it become one about him once he works on it.
    await d.executor.client.post(f"/api/cases/{plain['id']}/take")
    refused = await d.admin.client.patch(
        f"/api/cases/{plain['id']}", json={"doctor_id": doctor["id"]}, headers={"If-Match": '"2"'}
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "responsible_is_the_doctor")


async def test_an_account_working_on_cases_about_a_doctor_cannot_become_him(
    people: People, catalog: Catalog
) -> None:
    d = await desk(people, catalog)
    body = {"full_name": "Лікар", "specialty": "хірург", "department": "Хірургія"}
    doctor = (await d.admin.client.post("/api/doctors", json=body)).json()
    case = await d.case(doctor_id=doctor["id"])
    await d.executor.client.post(f"/api/cases/{case['id']}/take")
    refused = await d.admin.client.patch(
        f"/api/doctors/{doctor['id']}", json={"user_id": str(d.executor.id)}, headers={"If-Match": '"1"'}
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "works_on_own_cases")


async def test_a_merge_loses_nothing_and_can_be_undone(
    people: People, catalog: Catalog, database: Database
) -> None:
    d = await desk(people, catalog)
    a = await patient(
        d.operator.client, "Коваленко Софія", guardians=[MOTHER], record_number="A1", notes="Перше"
    )
    b = await patient(d.operator.client, "Коваленко Соня", phone="0501112233", notes="Друге", guardians=[
        {"full_name": "Петро", "relation": "тато", "is_primary": True}
    ])  # fmt: skip
    cases = {(await d.case(patient_id=one["id"]))["public_id"] for one in (a, b)}
    before = [(await d.admin.client.get(f"/api/patients/{one['id']}")).json() for one in (a, b)]
    refused = await d.operator.client.post(f"/api/patients/{a['id']}/merge", json={"into_id": b["id"]})
    assert refused.status_code == 403
    merged = (await d.admin.client.post(f"/api/patients/{a['id']}/merge", json={"into_id": b["id"]})).json()
    assert (merged["record_number"], merged["phone"], merged["notes"]) == ("A1", "0501112233", "Друге")
    assert {g["full_name"] for g in merged["guardians"]} == {"Коваленко Олена", "Петро"}
    assert [(m["full_name"], m["notes"]) for m in merged["merged"]] == [("Коваленко Софія", "Перше")]
    assert await numbers(d.operator.client, f"/api/patients/{b['id']}/cases") == cases
    for search in ("софія", "соня", "0671234567", "0501112233", "A1"):
        listed = (await d.operator.client.get("/api/patients", params={"search": search})).json()
        assert [one["id"] for one in listed["patients"]] == [b["id"]], search
    gone = await d.operator.client.patch(
        f"/api/patients/{a['id']}", json={"notes": "x"}, headers={"If-Match": '"2"'}
    )
    assert (gone.status_code, gone.json()["into_id"]) == (409, b["id"])
    assert (await d.operator.client.post("/api/cases", data=d.form(patient_id=a["id"]))).status_code == 409
    later = await d.case(patient_id=b["id"])
    undone = await d.admin.client.post(f"/api/patients/{a['id']}/unmerge")
    assert undone.status_code == 200, undone.text
    changing = ("version", "updated_at")
    for one in before:
        now = (await d.admin.client.get(f"/api/patients/{one['id']}")).json()
        assert {k: v for k, v in now.items() if k not in changing} == {
            k: v for k, v in one.items() if k not in changing
        }
    assert await numbers(d.admin.client, f"/api/patients/{a['id']}/cases") | {later["public_id"]} != cases
    assert later["public_id"] in await numbers(d.admin.client, f"/api/patients/{b['id']}/cases")
    assert (await d.admin.client.post(f"/api/patients/{a['id']}/unmerge")).json()["code"] == "not_merged"
    assert (await d.admin.client.get("/api/patients")).json()["total"] == 2


async def test_merges_in_a_row_are_undone_from_the_last(people: People) -> None:
    admin = await people.admin()
    a, b, c = [
        await patient(admin.client, f"Дитина {name}", phone=f"05011122{n}")
        for n, name in ((11, "А"), (22, "Б"), (33, "В"))
    ]
    for one, into in ((a, b), (b, c)):
        assert (
            await admin.client.post(f"/api/patients/{one['id']}/merge", json={"into_id": into["id"]})
        ).status_code == 200
    survivor = (await admin.client.get(f"/api/patients/{c['id']}")).json()
    assert {one["id"] for one in survivor["merged"]} == {a["id"], b["id"]}
    assert (await lookup(admin.client, phone="0501112211"))["patients"][0]["id"] == c["id"]
    early = await admin.client.post(f"/api/patients/{a['id']}/unmerge")
    assert (early.status_code, early.json()["patient_id"]) == (409, b["id"])
    for one in (b, a):
        assert (await admin.client.post(f"/api/patients/{one['id']}/unmerge")).status_code == 200
    assert (await admin.client.get("/api/patients")).json()["total"] == 3
    itself = await admin.client.post(f"/api/patients/{a['id']}/merge", json={"into_id": a["id"]})
    assert itself.status_code == 400


async def test_cases_that_move_with_a_card_get_a_version_and_an_entry_in_their_timeline(
    people: People, catalog: Catalog
) -> None:
    d = await desk(people, catalog)
    a, b = [await patient(d.operator.client, name) for name in ("Дитина А", "Дитина Б")]
    case = await d.case(patient_id=a["id"])
    stale = (await d.admin.client.get(f"/api/cases/{case['id']}")).headers["etag"]
    ways = ((f"/api/patients/{a['id']}/merge", {"into_id": b["id"]}, a, b),
            (f"/api/patients/{a['id']}/unmerge", None, b, a))  # fmt: skip
    for place, (path, body, old, new) in enumerate(ways, start=1):
        assert (await d.admin.client.post(path, json=body)).status_code == 200
        card = (await d.admin.client.get(f"/api/cases/{case['id']}")).json()
        assert (card["patient"]["id"], card["version"]) == (new["id"], case["version"] + place)
        assert card["updated_at"] > case["updated_at"]
        last = card["timeline"][-1]
        assert (last["kind"], last["actor"]["id"]) == ("EDITED", str(d.admin.id))
        assert last["data"]["changes"] == {"patient": {"old": old["id"], "new": new["id"]}}
        edit, version = {"summary": "Написано за старою карткою."}, {"If-Match": stale}
        overtaken = await d.admin.client.patch(f"/api/cases/{case['id']}", json=edit, headers=version)
        assert overtaken.status_code == 412
