"""Races over two server processes: RACES of them in `make races`, a few in `make test`."""

import asyncio
import os
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from ohmatdyt.core.db import Database
from tests.cases.makers import PDF, Desk, desk
from tests.factories import Catalog, People
from tests.races.conftest import Towns

RACES = int(os.environ.get("RACES", "20"))


async def _case(d: Desk, towns: Towns, number: int = 0) -> dict[str, Any]:
    client = await towns.at(number, d.operator)
    made = await client.post("/api/cases", data=d.form())
    assert made.status_code == 201, made.text
    case: dict[str, Any] = made.json()
    return case


async def _rows(database: Database, statement: str) -> list[tuple[Any, ...]]:
    async with database.unit_of_work() as session:
        return [tuple(row) for row in await session.execute(sa.text(statement))]


async def test_every_take_race_has_one_winner(
    towns: Towns, staff: People, catalog: Catalog, database: Database
) -> None:
    d = await desk(staff, catalog)
    takers = [d.executor, d.admin, *[await staff.executor([d.category]) for _ in range(4)]]
    random = Random(1)
    won_at = [0, 0]
    for race in range(RACES):
        case = await _case(d, towns, race)
        random.shuffle(takers)
        clients = [await towns.at(place, taker) for place, taker in enumerate(takers)]
        answers = await asyncio.gather(*(c.post(f"/api/cases/{case['id']}/take") for c in clients))
        assert sorted(a.status_code for a in answers) == [200] + [409] * 5, [a.text for a in answers]
        place = next(place for place, a in enumerate(answers) if a.status_code == 200)
        winner = {"id": str(takers[place].id), "full_name": takers[place].full_name}
        won_at[place % 2] += 1
        assert answers[place].json()["responsible"] == winner
        for loser in answers[:place] + answers[place + 1 :]:
            assert (loser.json()["code"], loser.json()["winner"]) == ("already_taken", winner)
    steps = "SELECT case_id, count(*) FROM case_events WHERE to_status = 'IN_PROGRESS' GROUP BY case_id"
    assert [n for _, n in await _rows(database, steps)] == [1] * RACES
    kept = await _rows(
        database,
        "SELECT count(*) FROM cases c JOIN case_events e ON e.case_id = c.id AND e.kind = 'taken'"
        " WHERE c.status = 'IN_PROGRESS' AND c.responsible_id = e.actor_id AND c.version = 2",
    )
    assert kept == [(RACES,)]
    print(f"{RACES} take races of six; won at the two processes: {won_at}")


async def test_of_two_edits_of_one_version_one_wins(towns: Towns, staff: People, catalog: Catalog) -> None:
    d = await desk(staff, catalog)
    for race in range(20):
        case = await _case(d, towns)
        match = {"If-Match": '"1"'}
        clients = [await towns.at(race, d.operator), await towns.at(race + 1, d.admin)]
        answers = await asyncio.gather(
            *(
                client.patch(f"/api/cases/{case['id']}", json={"summary": f"Текст {n}"}, headers=match)
                for n, client in enumerate(clients)
            )
        )
        assert sorted(a.status_code for a in answers) == [200, 412], [a.text for a in answers]
        won, lost = sorted(answers, key=lambda a: a.status_code)
        assert lost.json()["current_version"] == won.json()["version"] == 2
        assert lost.json()["case"]["summary"] == won.json()["summary"]
        assert [e["kind"] for e in won.json()["timeline"]] == ["created", "edited"]


async def test_one_creation_sent_five_times_is_one_case(
    towns: Towns, staff: People, catalog: Catalog, database: Database
) -> None:
    d = await desk(staff, catalog)
    for race in range(10):
        clients = [await towns.at(place, d.operator) for place in range(5)]
        answers = await asyncio.gather(
            *(
                client.post(
                    "/api/cases",
                    data=d.form(),
                    files=[("files", ("a.pdf", PDF, "application/pdf"))],
                    headers={"Idempotency-Key": f"race-{race}"},
                )
                for client in clients
            )
        )
        assert [a.status_code for a in answers] == [201] * 5, [a.text for a in answers]
        assert len({a.content for a in answers}) == 1
        assert await _rows(database, "SELECT count(*) FROM cases") == [(race + 1,)]
    assert await _rows(database, "SELECT count(*) FROM attachments") == [(10,)]


@pytest.mark.parametrize("how", ["deactivated", "access taken"])
async def test_nobody_who_is_let_go_becomes_responsible(
    towns: Towns, staff: People, catalog: Catalog, database: Database, how: str
) -> None:
    d = await desk(staff, catalog)
    random = Random(how)
    for race in range(20):
        taker = await staff.executor([d.category])
        case = await _case(d, towns)
        path = f"/api/users/{taker.id}"
        at_one, at_other = await towns.at(race, taker), await towns.at(race + 1, d.admin)

        async def let_go(client: Any = at_other, path: str = path) -> Any:
            await asyncio.sleep(random.random() / 100)
            if how == "deactivated":
                return await client.post(f"{path}/deactivate")
            return await client.delete(f"{path}/category-access/{d.category}")

        taken, gone = await asyncio.gather(at_one.post(f"/api/cases/{case['id']}/take"), let_go())
        outcome = (taken.status_code == 200, gone.status_code < 300)
        assert outcome in {(True, False), (False, True)}, (taken.text, gone.text)
        assert taken.status_code in {200, 401, 403}
        assert gone.status_code in {200, 204, 409}
    unentitled = await _rows(
        database,
        "SELECT c.public_id FROM cases c JOIN users u ON u.id = c.responsible_id WHERE NOT u.is_active OR NOT EXISTS"
        " (SELECT FROM category_access a WHERE a.user_id = u.id AND a.category_id = c.category_id)",
    )
    assert unentitled == []


async def test_of_two_who_delete_a_file_the_second_finds_it_gone(
    towns: Towns, staff: People, catalog: Catalog, database: Database
) -> None:
    d = await desk(staff, catalog)
    case = await _case(d, towns)
    for race in range(10):
        clients = [await towns.at(race + place, person) for place, person in enumerate([d.operator, d.admin])]
        made = await clients[0].post(
            f"/api/attachments/cases/{case['id']}/upload", files={"file": ("a.pdf", PDF, "application/pdf")}
        )
        path = f"/api/attachments/{made.json()['id']}"
        answers = await asyncio.gather(*(client.delete(path) for client in [*clients, *clients]))
        assert sorted(a.status_code for a in answers) == [204, 404, 404, 404], [a.text for a in answers]
    told = "SELECT count(*) FROM case_events WHERE kind = 'file_deleted'"
    assert await _rows(database, told) == [(10,)]
    told = "SELECT count(*) FROM audit_log WHERE action = 'attachment.deleted'"
    assert await _rows(database, told) == [(10,)]
