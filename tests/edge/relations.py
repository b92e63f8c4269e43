"""Who stands how to a case, written down from product.md §2 and §3: a second opinion, without the product's own rules.

Four cases of one category and of one patient. `new` and `work` concern a doctor who works here as an executor of that
very category, `done` one who is an administrator; nobody sees a case about himself. `orphan` was registered by an
operator who is an executor elsewhere now.
"""

from dataclasses import dataclass
from typing import Any, Final

import httpx

from tests.cases.makers import PDF, Desk, desk
from tests.factories import Catalog, People, Person

NEW, WORK, DONE, ORPHAN = CASES = ("new", "work", "done", "orphan")
ALL: Final = frozenset(CASES)
NONE: Final[frozenset[str]] = frozenset()
WORDS: Final = "Пояснення: відповідь надано письмово."
PHONE: Final = "+380671112233"

# Whose card opens to whom.
SEES: Final[dict[str, frozenset[str]]] = {
    "author": frozenset({NEW, WORK, DONE}),
    "colleague": NONE,
    "responsible": ALL,
    "executor": ALL,
    "elsewhere": NONE,  # serves another category
    "former": NONE,  # was responsible for `done`; the category was taken away from him since
    "moved": NONE,  # registered `orphan` as an operator
    "subject": frozenset({DONE, ORPHAN}),  # executor of the category, the doctor of `new` and `work`
    "subject admin": frozenset({NEW, WORK, ORPHAN}),  # the doctor of `done`
    "admin": ALL,
}
OUTSIDE: Final = ("deactivated", "nobody")  # 401 whatever they ask
OPERATORS: Final = frozenset({"author", "colleague"})
ADMINS: Final = frozenset({"admin", "subject admin"})
EXECUTORS: Final = frozenset(SEES) - OPERATORS - ADMINS

# What the lists show: the cases, or None where the scope is not open to the role (403).
Lists = dict[str, frozenset[str] | None]
MINE: Final[Lists] = {**dict.fromkeys(SEES, NONE), "author": SEES["author"], "responsible": frozenset({WORK})}
QUEUE: Final[Lists] = {
    **dict.fromkeys(SEES, NONE),
    **dict.fromkeys(OPERATORS, None),
    "responsible": frozenset({NEW, WORK, ORPHAN}),
    "executor": frozenset({NEW, ORPHAN}),
    "subject": frozenset({ORPHAN}),
    "admin": frozenset({NEW, ORPHAN}),
    "subject admin": frozenset({NEW, ORPHAN}),
}
CATEGORY: Final[Lists] = {who: None if who in OPERATORS else seen for who, seen in SEES.items()}
EVERYTHING: Final[Lists] = {who: seen if who in ADMINS else None for who, seen in SEES.items()}
SEEN: Final[Lists] = dict(SEES)
# Without a scope: his own, what waits for him, all.
DEFAULT: Final[Lists] = {
    who: SEES[who] if who in OPERATORS | ADMINS else QUEUE[who] for who in SEES
}  # fmt: skip


def only(lists: Lists, *cases: str) -> Lists:
    """The same lists with a filter that these cases pass."""
    return {who: None if seen is None else seen & set(cases) for who, seen in lists.items()}


@dataclass
class Scene:
    """The people by their relation, the cases by their names, and the ids that stand in addresses."""

    desk: Desk
    browsers: dict[str, httpx.AsyncClient]
    cases: dict[str, dict[str, Any]]
    places: dict[str, str]

    async def ask(self, who: str, method: str, path: str, case: str = WORK, **request: Any) -> httpx.Response:
        """Ask in somebody's name; `path` may name `{id}`, `{number}`, `{file}` of the case, and what is in places."""
        told = self.cases[case]
        named = {
            **self.places,
            "id": told["id"],
            "number": told["public_id"],
            "file": self.places[f"file {case}"],
        }
        return await self.browsers[who].request(method, path.format(**named), **request)

    def named(self, text: str) -> frozenset[str]:
        """The cases whose number or id stands in an answer."""
        return frozenset(n for n, c in self.cases.items() if str(c["public_id"]) in text or c["id"] in text)

    async def another(self, case: str) -> dict[str, Any]:
        """One more case that stands as this one does, to be changed."""
        made = await self.registered(case)
        if case in {WORK, DONE}:
            await self._do("responsible", f"/api/cases/{made['id']}/take")
        if case == DONE:
            step = {"to_status": "DONE", "comment": WORDS}
            await self._do("responsible", f"/api/cases/{made['id']}/status", json=step)
        return made

    async def registered(self, case: str) -> dict[str, Any]:
        """A new case by the same person about the same doctor."""
        doctor = {NEW: "doctor", WORK: "doctor", DONE: "doctor admin"}.get(case)
        fields: dict[str, Any] = {"patient_id": self.places["patient"], "applicant_phone": PHONE}
        form = self.desk.form(**fields, **({"doctor_id": self.places[doctor]} if doctor else {}))
        who = "moved" if case == ORPHAN else "author"
        files = [("files", ("довідка.pdf", PDF, "application/pdf"))]
        answer = await self.browsers[who].post("/api/cases", data=form, files=files)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def _do(self, who: str, path: str, **request: Any) -> None:
        answer = await self.browsers[who].post(path, **request)
        assert answer.status_code in {200, 201}, answer.text

    async def set_up(self, former: Person, moved: Person) -> None:
        """Register the four cases and let them come to where they stand."""
        admin, category = self.desk.admin.client, str(self.desk.category)
        for case in CASES:
            made = self.cases[case] = await self.registered(case)
            self.places[f"file {case}"] = made["attachments"][0]["id"]
            for internal in (False, True):
                comment = {"text": f"Слово {internal}", "is_internal": internal}
                await self._do("executor", f"/api/cases/{made['id']}/comments", json=comment)
        await self._do("responsible", f"/api/cases/{self.cases[WORK]['id']}/take")
        await self._do("former", f"/api/cases/{self.cases[DONE]['id']}/take")
        step = {"to_status": "DONE", "comment": WORDS}
        await self._do("former", f"/api/cases/{self.cases[DONE]['id']}/status", json=step)
        gone = await admin.delete(f"/api/users/{former.id}/category-access/{category}")
        assert gone.status_code == 204, gone.text
        role = await admin.patch(
            f"/api/users/{moved.id}", json={"role": "EXECUTOR"}, headers={"If-Match": '"1"'}
        )
        assert role.status_code == 200, role.text
        other = {"category_ids": [str(self.desk.other_category)]}
        assert (await admin.put(f"/api/users/{moved.id}/category-access", json=other)).status_code == 200


async def scene_of(people: People, catalog: Catalog, stranger: httpx.AsyncClient) -> Scene:
    """Everybody and everything."""
    d = await desk(people, catalog)
    moved, former = await people.operator(), await people.executor([d.category])
    persons = {
        "author": d.operator,
        "colleague": await people.operator(),
        "responsible": await people.executor([d.category]),
        "executor": d.executor,
        "elsewhere": d.stranger,
        "former": former,
        "moved": moved,
        "subject": await people.executor([d.category]),
        "subject admin": await people.admin(),
        "admin": d.admin,
        "deactivated": await people.operator(is_active=False),
    }
    places = {name: str(person.id) for name, person in persons.items()}
    for doctor, user in (("doctor", "subject"), ("doctor admin", "subject admin")):
        body = {
            "full_name": "Лікар",
            "specialty": "Хірург",
            "department": "Хірургія",
            "user_id": places[user],
        }
        places[doctor] = (await d.admin.client.post("/api/doctors", json=body)).json()["id"]
    patient = await d.admin.client.post("/api/patients", json={"full_name": "Софія Їжак", "phone": PHONE})
    places["patient"] = patient.json()["id"]
    browsers = {name: person.client for name, person in persons.items()} | {"nobody": stranger}
    scene = Scene(d, browsers, {}, places)
    await scene.set_up(former, moved)
    return scene
