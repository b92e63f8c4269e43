"""Random merges and undoings: at every step each case, guardian and contact is on exactly one living card."""

import random
from typing import Any

import httpx
import pytest

from tests.cases.makers import Desk, desk
from tests.factories import Catalog, People


class Model:
    """Which card each card was merged into, the last merge last."""

    def __init__(self, ids: list[str]) -> None:
        self.ids = ids
        self.merged: dict[str, str] = {}

    def survivor(self, one: str) -> str:
        while one in self.merged:
            one = self.merged[one]
        return one

    def living(self) -> list[str]:
        return [one for one in self.ids if one not in self.merged]

    def undoable(self) -> list[str]:
        return [one for one, into in self.merged.items() if into not in self.merged]


async def step(admin: httpx.AsyncClient, model: Model, chance: random.Random) -> None:
    living, undoable = model.living(), model.undoable()
    if undoable and (len(living) == 1 or chance.random() < 0.4):
        one = chance.choice(undoable)
        assert (await admin.post(f"/api/patients/{one}/unmerge")).status_code == 200
        del model.merged[one]
    else:
        one, into = chance.sample(living, 2)
        merged = await admin.post(f"/api/patients/{one}/merge", json={"into_id": into})
        assert merged.status_code == 200, merged.text
        model.merged[one] = into


async def five_cards(d: Desk, chance: random.Random) -> tuple[dict[str, dict[str, Any]], dict[int, str]]:
    """Cards by id, with different gaps, and whose each case is."""
    cards: dict[str, dict[str, Any]] = {}
    cases: dict[int, str] = {}
    for number in range(5):
        optional = {
            "phone": f"05012345{number:02}",
            "email": f"c{number}@example.org",
            "record_number": f"N{number}",
            "birth_date": f"201{number}-01-01",
            "notes": f"Нотатка {number}",
        }
        given = {name: value for name, value in optional.items() if chance.random() < 0.6}
        mother = {"full_name": f"Мати {number}", "relation": "мати", "phone": f"06712345{number:02}"}
        body = {"full_name": f"Дитина {number}", **given, "guardians": [{**mother, "is_primary": True}]}
        card = (await d.admin.client.post("/api/patients", json=body)).json()
        cards[card["id"]] = card
        for _ in range(number % 3):
            cases[(await d.case(patient_id=card["id"]))["public_id"]] = card["id"]
    return cards, cases


async def check(
    admin: httpx.AsyncClient, model: Model, cards: dict[str, dict[str, Any]], cases: dict[int, str]
) -> None:
    living = {one: (await admin.get(f"/api/patients/{one}")).json() for one in model.living()}
    assert (await admin.get("/api/patients")).json()["total"] == len(living)
    for number, owner in cases.items():
        listed = await admin.get(f"/api/cases/{number}")
        assert listed.json()["patient"]["id"] == model.survivor(owner)
    for one, card in cards.items():
        keeper = living[model.survivor(one)]
        assert card["guardians"][0]["id"] in {guardian["id"] for guardian in keeper["guardians"]}
        told = [keeper, *keeper["merged"]]
        for name in ("full_name", "phone", "email", "record_number", "birth_date", "notes"):
            assert card[name] is None or card[name] in {each[name] for each in told}, name
        for asked in filter(None, (card["guardians"][0]["phone"], card["phone"])):
            found = await admin.get("/api/patients", params={"search": asked})
            assert [each["id"] for each in found.json()["patients"]] == [keeper["id"]]


@pytest.mark.parametrize("seed", range(3))
async def test_nothing_is_ever_lost(people: People, catalog: Catalog, seed: int) -> None:
    chance = random.Random(seed)
    d = await desk(people, catalog)
    admin = d.admin.client
    cards, cases = await five_cards(d, chance)
    model = Model(list(cards))
    for _ in range(14):
        await step(admin, model, chance)
        await check(admin, model, cards, cases)
    while model.merged:
        one = model.undoable()[-1]
        assert (await admin.post(f"/api/patients/{one}/unmerge")).status_code == 200
        del model.merged[one]
    for one, card in cards.items():
        now = (await admin.get(f"/api/patients/{one}")).json()
        assert {**now, "version": 0, "updated_at": ""} == {**card, "version": 0, "updated_at": ""}
    for number, owner in cases.items():
        assert (await admin.get(f"/api/cases/{number}")).json()["patient"]["id"] == owner
