"""A part of a name finds it, in every list that has a search, whichever letters it is written in."""

import pytest

from tests.cases.makers import desk
from tests.factories import Catalog, People

# What people append to tell namesakes apart: rooms, wards, marks; some of them are Latin letters that look Cyrillic.
PARTS = ["7e0b4d8b", "abce12", "A4", "12A", "ace", "Х-2"]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", ["Приймальня {}", "Office {}"])
async def test_a_part_of_a_name_finds_it(people: People, catalog: Catalog, part: str, name: str) -> None:
    d = await desk(people, catalog)
    admin, wanted = d.admin.client, name.format(part)
    doctor = {"full_name": wanted, "specialty": "Хірург", "department": "Хірургія"}
    user = {"username": "person", "email": "person@example.org", "full_name": wanted, "role": "OPERATOR"}
    for path, body in (
        ("categories", {"name": wanted}),
        ("channels", {"name": wanted}),
        (f"categories/{d.category}/subcategories", {"name": wanted}),
        ("patients", {"full_name": wanted}),
        ("doctors", doctor),
        ("users", user),
    ):
        made = await admin.post(f"/api/{path}", json=body)
        assert made.status_code == 201, made.text
        for asked in (part, part.lower(), part.upper(), wanted):
            answer = await admin.get(f"/api/{path}", params={"search": asked})
            found = answer.json()[path.rsplit("/", maxsplit=1)[-1]]
            assert [one["id"] for one in found] == [made.json()["id"]], (path, asked)
    case = await d.case(applicant_name=wanted)
    for filters in ({"applicant_name": part}, {"search": part}):
        answer = await admin.get("/api/cases", params=filters)
        assert [one["id"] for one in answer.json()["cases"]] == [case["id"]], filters
    if len(part) >= 3:  # so many letters a name needs before the form guesses who is calling
        answer = await admin.get("/api/patients/lookup", params={"name": part})
        assert [one["full_name"] for one in answer.json()["patients"]] == [wanted]
