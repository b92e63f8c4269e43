"""The directory of doctors: everybody reads, administrators keep it."""

from typing import Any

import pytest

from tests.factories import People

SHEVCHUK = {
    "full_name": "Шевчук Олег Іванович",
    "specialty": "дитячий хірург",
    "department": "Хірургія",
    "phone": "044 236-00-00",
}


async def test_admin_keeps_the_directory_and_everybody_reads_it(people: People) -> None:
    admin, operator = await people.admin(), await people.operator()
    user = await people.executor(full_name="Шевчук О. І.")
    made = await admin.client.post("/api/doctors", json={**SHEVCHUK, "user_id": str(user.id)})
    assert made.status_code == 201, made.text
    doctor: dict[str, Any] = made.json()
    assert doctor["user"] == {"id": str(user.id), "full_name": "Шевчук О. І."}
    path = f"/api/doctors/{doctor['id']}"
    read = await operator.client.get(path)
    assert read.json() == doctor
    edited = await admin.client.patch(
        path, json={"specialty": "Хірург", "user_id": None}, headers={"If-Match": read.headers["etag"]}
    )
    assert (edited.json()["specialty"], edited.json()["user"], edited.json()["version"]) == (
        "Хірург",
        None,
        2,
    )
    assert (await admin.client.patch(path, json={}, headers={"If-Match": '"1"'})).status_code == 412
    off = await admin.client.post(f"{path}/deactivate")
    assert off.json()["is_active"] is False
    assert (await admin.client.post(f"{path}/deactivate")).json() == off.json(), "twice changes nothing"
    assert (await admin.client.post(f"{path}/activate")).json()["is_active"] is True


async def test_search_and_filters(people: People) -> None:
    admin, operator = await people.admin(), await people.operator()
    for name, specialty, department in (
        ("Шевчук Олег", "дитячий хірург", "Хірургія"),
        ("Ґудзь Анна", "кардіолог", "Кардіологія"),
        ("Дем'яненко Ірина", "хірург", "Хірургія"),
    ):
        body = {"full_name": name, "specialty": specialty, "department": department}
        made = await admin.client.post("/api/doctors", json=body)
    await admin.client.post(f"/api/doctors/{made.json()['id']}/deactivate")

    async def found(**query: Any) -> list[str]:
        answer = await operator.client.get("/api/doctors", params=query)
        assert answer.status_code == 200, answer.text
        return [one["full_name"] for one in answer.json()["doctors"]]

    assert await found() == ["Ґудзь Анна", "Дем'яненко Ірина", "Шевчук Олег"]
    assert await found(search="ГУДЗ") == ["Ґудзь Анна"]
    assert await found(search="хірург") == ["Дем'яненко Ірина", "Шевчук Олег"]
    assert await found(search="демʼян хір") == ["Дем'яненко Ірина"]
    assert await found(specialty="Хірург") == ["Дем'яненко Ірина"]
    assert await found(department="хірургія", is_active=True) == ["Шевчук Олег"]
    assert await found(search="%") == []
    offered = (await operator.client.get("/api/doctors/departments")).json()
    assert "Педіатрія" in offered["departments"]
    assert offered["specialties"] == ["дитячий хірург", "кардіолог", "хірург"]


@pytest.mark.parametrize("role", ["operator", "executor"])
async def test_only_an_admin_changes_it(people: People, role: str) -> None:
    admin, person = await people.admin(), await getattr(people, role)()
    doctor = (await admin.client.post("/api/doctors", json=SHEVCHUK)).json()
    for method, path, body in (
        ("POST", "", SHEVCHUK),
        ("PATCH", f"/{doctor['id']}", {"specialty": "x"}),
        ("POST", f"/{doctor['id']}/deactivate", None),
        ("POST", f"/{doctor['id']}/activate", None),
    ):
        refused = await person.client.request(
            method, f"/api/doctors{path}", json=body, headers={"If-Match": '"1"'}
        )
        assert (refused.status_code, refused.json()["code"]) == (403, "admin_only")
    assert (await person.client.get(f"/api/doctors/{doctor['id']}")).json() == doctor


async def test_an_account_is_one_doctor(people: People) -> None:
    admin, user = await people.admin(), await people.executor()
    body = {**SHEVCHUK, "user_id": str(user.id)}
    await admin.client.post("/api/doctors", json=body)
    twice = await admin.client.post("/api/doctors", json=body)
    assert (twice.status_code, twice.json()["code"]) == (409, "user_is_another_doctor")
    nobody = await admin.client.post(
        "/api/doctors", json={**SHEVCHUK, "user_id": "00000000-0000-4000-8000-000000000000"}
    )
    assert (nobody.status_code, nobody.json()["code"]) == (400, "unknown_user")
