"""Everything somebody can look at, compared with what the model says he must see."""

from random import Random
from typing import TYPE_CHECKING, Any

from tests.model import rules
from tests.model.rules import Case, Worker

if TYPE_CHECKING:
    from tests.model.world import World

NAMES = ["Ганна Ткаченко", "Єва Ґалаґан", "Відмова назвати", "Smith 100%", "Ірина П_як"]
PHONES = [None, "067 123 45 67", "+380501112233"]
ORDERS = ["-created_at", "created_at", "public_id", "-public_id"]
SCOPES = [None, "mine", "queue", "category", "all"]


def same(got: object, wanted: object, about: object) -> None:
    """Both must be equal; the message says about what."""
    assert got == wanted, f"{about}\n  product: {got}\n  model:   {wanted}"


def _digits(text: str | None) -> str:
    return "".join(c for c in text or "" if c.isdigit())[-9:]


def _passes(who: Worker, case: Case, name: str, value: Any) -> bool:
    fields = case.fields
    people = {"me": who.id, "none": None}
    answers: dict[str, Any] = {
        "status": lambda: case.status in value,
        "category_id": lambda: fields["category_id"] == value,
        "channel_id": lambda: fields["channel_id"] == value,
        "author_id": lambda: case.author == value,
        "responsible_id": lambda: case.responsible in [people.get(one, one) for one in value],
        "public_id": lambda: case.public_id == value,
        "subcategory": lambda: fields["subcategory"] == value,
        "applicant_name": lambda: value.casefold() in (fields["applicant_name"] or "").casefold(),
        "applicant_phone": lambda: _digits(value) == _digits(fields["applicant_phone"]),
        "overdue": lambda: value is False,  # the walk takes minutes, not days
    }
    return bool(answers[name]())


def some_filters(world: "World", random: Random) -> dict[str, Any]:
    """Up to three filters that mean something here."""
    case = random.choice(list(world.cases.values())) if world.cases else None
    offers: dict[str, Any] = {
        "status": random.sample(rules.STATUSES, random.randint(1, 3)),
        "category_id": random.choice(world.categories),
        "channel_id": random.choice(world.channels),
        "author_id": random.choice(world.staff).id,
        "responsible_id": random.sample(["me", "none", *(w.id for w in world.staff)], random.randint(1, 2)),
        "public_id": case.public_id if case else 123_456,
        "subcategory": random.choice(["Діагностика", "Лікування"]),
        "applicant_name": random.choice(["ганна", "ЄВА Ґ", "0%", "п_", "немає"]),
        "applicant_phone": random.choice(["0671234567", "+38 050 111-22-33"]),
        "overdue": random.choice([True, False]),
    }
    return {name: offers[name] for name in random.sample(list(offers), random.choice([0, 1, 1, 2, 3]))}


async def check_list(
    world: "World", who: Worker, scope: str | None, filters: dict[str, Any], random: Random
) -> None:
    """One page and its total."""
    order, size = random.choice(ORDERS), random.choice([1, 5, 20, 100])
    wanted = [
        case
        for case in world.cases.values()
        if rules.in_scope(who, scope, case) and all(_passes(who, case, *one) for one in filters.items())
    ]
    if "public_id" in order:
        wanted.sort(key=lambda case: case.public_id)
    if order.startswith("-"):
        wanted.reverse()
    page = random.randint(1, len(wanted) // size + 1)
    asked = {**filters, "order_by": order, "page": page, "page_size": size}
    if scope is not None:
        asked["scope"] = scope
    about = (who.role, who.id, asked)
    answer = await world.ask(who, "GET", "/api/cases", params=asked)
    expected = rules.scope_answer(who, scope) if who.active else 401
    same(answer.status_code, expected, (about, answer.text[:300]))
    if expected != 200:
        return
    got = answer.json()
    same(got["total"], len(wanted), about)
    shown = wanted[(page - 1) * size : page * size]
    same([row["id"] for row in got["cases"]], [case.id for case in shown], about)
    for row, case in zip(got["cases"], shown, strict=True):
        _same_row(row, case, about)


def _same_row(row: dict[str, Any], case: Case, about: object) -> None:
    got = {
        "public_id": row["public_id"],
        "status": row["status"],
        "responsible": row["responsible"] and row["responsible"]["id"],
        "author": row["author"]["id"],
        "version": row["version"],
        "category_id": row["category"]["id"],
        "channel_id": row["channel"]["id"],
        **{n: row[n] for n in ("applicant_name", "applicant_phone", "summary", "subcategory")},
    }
    wanted = {
        "public_id": case.public_id,
        "status": case.status,
        "responsible": case.responsible,
        "author": case.author,
        "version": case.version,
        **case.fields,
    }
    same(got, wanted, about)


async def check_card(world: "World", who: Worker, case: Case, random: Random) -> None:
    """The card by either name, then its children: they answer as the card does."""
    reference = random.choice([case.id, str(case.public_id)])
    about = (who.role, who.id, "card", case.id)
    expected = 401 if not who.active else 200 if rules.sees(who, case) else 403
    answer = await world.ask(who, "GET", f"/api/cases/{reference}")
    same(answer.status_code, expected, (about, answer.text[:300]))
    comments, files = f"/api/cases/{reference}/comments", f"/api/attachments/cases/{reference}"
    child = random.choice([comments, files])
    told = await world.ask(who, "GET", child)
    same(told.status_code, expected, (about, child))
    if case.files and random.random() < 0.3:
        file = random.choice(list(case.files.values()))
        download = await world.ask(who, "GET", f"/api/attachments/{file.id}")
        same(download.status_code, expected, (about, "download"))
        if expected == 200:
            same(download.content, file.content, (about, "download"))
    if expected != 200:
        return
    card = answer.json()
    _same_row(card, case, about)
    same(set(card["allowed_actions"]), rules.actions(who, case), (about, "allowed_actions", case.status))
    same(card["allowed_statuses"], rules.steps(who, case), (about, "allowed_statuses", case.status))
    history = [(h["from_status"], h["to_status"], h["changed_by"]["id"]) for h in card["status_history"]]
    same(history, case.history, (about, "status_history"))
    stream = [(event["kind"], event["actor"]["id"]) for event in card["timeline"]]
    same(stream, rules.timeline_for(who, case), (about, "timeline"))
    thread = [(c["id"], c["author"]["id"], c["text"], c["is_internal"]) for c in card["comments"]]
    wanted = [(c.id, c.author, c.text, c.internal) for c in rules.comments_for(who, case)]
    same(thread, wanted, (about, "comments"))
    attached = {(f["id"], f["original_name"], f["uploaded_by"]["id"]) for f in card["attachments"]}
    same(attached, {(f.id, f.name, f.by) for f in case.files.values()}, (about, "attachments"))
    alone = (
        {"comments": card["comments"], "total": len(wanted), "page": 1, "page_size": 100}
        if child == comments
        else {"attachments": card["attachments"], "total": len(attached)}
    )
    same(told.json(), alone, (about, child))


async def check_absent(world: "World", who: Worker) -> None:
    """A case that does not exist is missing for everybody alike, and so are its children."""
    nobody = "5f2b7c9e-0000-4000-8000-000000000000"
    paths = [f"/api/cases/{nobody}", f"/api/cases/{nobody}/comments", f"/api/attachments/cases/{nobody}"]
    codes = [(await world.ask(who, "GET", path)).status_code for path in paths]
    same(codes, [404 if who.active else 401] * 3, (who.role, "no such case"))


async def check_everything(world: "World", random: Random) -> None:
    """Every actor looks at every part of the list, at some filtered lists and at some cards."""
    for who in world.staff:
        for scope in SCOPES:
            await check_list(world, who, scope, {}, random)
        for _ in range(2):
            await check_list(world, who, random.choice(SCOPES), some_filters(world, random), random)
        cases = list(world.cases.values())
        for case in random.sample(cases, min(2, len(cases))):
            await check_card(world, who, case, random)
        await check_absent(world, who)
