"""What people do with cases. Each deed foretells the answer, asks, compares, and tells the model."""

from random import Random
from typing import TYPE_CHECKING, Any

from tests.cases.makers import PDF, PNG
from tests.model import rules
from tests.model.rules import Case, Comment, File, Worker
from tests.model.views import NAMES, PHONES, same

if TYPE_CHECKING:
    from tests.model.world import World

WORDS = "Пояснення: відповідь надано письмово."


def _fields(world: "World", random: Random) -> dict[str, str | None]:
    return {
        "category_id": random.choice(world.categories),
        "channel_id": random.choice(world.channels),
        "applicant_name": random.choice(NAMES),
        "applicant_phone": random.choice(PHONES),
        "summary": random.choice(["Не можу додзвонитися.", "Дякую лікарям!", "Скарга на чергу."]),
        "subcategory": random.choice([None, "Діагностика", "Лікування"]),
    }


def _files(random: Random, count: int) -> list[tuple[str, bytes]]:
    offers = [("довідка.pdf", PDF), ("фото.png", PNG), ("скан 100%.pdf", PDF)]
    return [random.choice(offers) for _ in range(count)]


def keep_files(case: Case, who: Worker, told: list[dict[str, Any]], sent: list[tuple[str, bytes]]) -> None:
    """The ids come from the product, names and contents from what was sent."""
    contents = dict(sent)
    same(sorted(f["original_name"] for f in told), sorted(name for name, _ in sent), "names of files")
    for one in told:
        name = one["original_name"]
        case.files[one["id"]] = File(one["id"], name, who.id, contents[name])
        case.timeline.append(("file_added", who.id, False))


async def _post_case(
    world: "World",
    who: Worker,
    fields: dict[str, str | None],
    sent: list[tuple[str, bytes]],
    key: str | None = None,
) -> Any:
    return await world.ask(
        who,
        "POST",
        "/api/cases",
        data={name: value for name, value in fields.items() if value is not None},
        files=[("files", (name, content)) for name, content in sent] or None,
        headers={"Idempotency-Key": key} if key else {},
    )


def _expected_registration(world: "World", who: Worker, fields: dict[str, str | None]) -> int:
    if not who.active:
        return 401
    return 400 if fields["category_id"] in world.inactive else 201


def _keep_case(
    world: "World",
    who: Worker,
    fields: dict[str, str | None],
    sent: list[tuple[str, bytes]],
    told: dict[str, Any],
) -> Case:
    case = Case(told["id"], told["public_id"], who.id, fields)
    case.timeline.append(("created", who.id, False))
    keep_files(case, who, told["attachments"], sent)
    world.cases[case.id] = case
    return case


async def register(world: "World", random: Random) -> Case | None:
    """A new case, with up to two files."""
    who, fields = world.worker(random), _fields(world, random)
    sent = _files(random, random.choice([0, 0, 0, 1, 2]))
    answer = await _post_case(world, who, fields, sent)
    same(answer.status_code, _expected_registration(world, who, fields), ("register", who, answer.text))
    return _keep_case(world, who, fields, sent, answer.json()) if answer.status_code == 201 else None


async def register_again(world: "World", random: Random) -> Case | None:
    """The same creation sent twice."""
    who, fields, sent = world.worker(random), _fields(world, random), _files(random, random.choice([0, 1]))
    key = f"again-{len(world.cases)}-{random.random()}"
    first = await _post_case(world, who, fields, sent, key)
    second = await _post_case(world, who, fields, sent, key)
    expected = _expected_registration(world, who, fields)
    same([first.status_code, second.status_code], [expected] * 2, ("register twice", who))
    if expected != 201:
        return None
    same(second.content, first.content, "the same answer to the same creation")
    return _keep_case(world, who, fields, sent, first.json())


async def take(world: "World", random: Random) -> Case | None:
    """Become responsible."""
    case = world.case(random, "NEW") if random.random() < 0.8 else world.case(random)
    if case is None:
        return None
    who = world.worker(random, "EXECUTOR", "ADMIN")
    answer = await world.ask(who, "POST", f"/api/cases/{random.choice([case.id, case.public_id])}/take")
    expected = rules.may_take(who, case) if who.active else 401
    same(answer.status_code, expected, ("take", who, case, answer.text[:300]))
    if expected == 200:
        case.move("IN_PROGRESS", who, who.id)
        case.timeline.append(("taken", who.id, False))
    elif expected == 409:
        winner = answer.json()["winner"]
        same(winner and winner["id"], case.responsible, ("who has it", case))
    return case


async def step(world: "World", random: Random) -> Case | None:
    """A change of status by hand, mostly by somebody who may."""
    case = world.case(random, *random.choice([rules.WORKED_ON, rules.WORKED_ON, rules.CLOSED, ("NEW",)]))
    if case is None:
        return None
    responsible = world.person(case.responsible)
    who = responsible if responsible and random.random() < 0.5 else world.worker(random, "ADMIN", "EXECUTOR")
    allowed = rules.steps(who, case)
    to = random.choice(allowed if allowed and random.random() < 0.8 else rules.STATUSES)
    comment = random.choice([WORDS, WORDS, WORDS, "коротко", " " * 20, "я" * 2001])
    body = {"to_status": to, "comment": comment}
    answer = await world.ask(who, "POST", f"/api/cases/{case.id}/status", json=body)
    expected = rules.may_step(who, case, to) if comment == WORDS else 422
    expected = expected if who.active else 401
    same(answer.status_code, expected, ("step", to, who, case, answer.text[:300]))
    if expected == 409:
        same(answer.json()["allowed"], allowed, ("what is allowed", who, case))
    if expected != 200:
        return case
    now_responsible = case.responsible
    if to == "NEW":
        now_responsible = None
    elif case.status in rules.CLOSED and not (responsible and rules.serves(responsible, case.category)):
        now_responsible = who.id  # whoever closed it may not have it any more
    case.move(to, who, now_responsible)
    case.timeline.append(("status_changed", who.id, False))
    return case


async def assign(world: "World", random: Random) -> Case | None:
    """Assign, reassign, give back."""
    case = world.case(random, *rules.OPEN)
    if case is None:
        return None
    who = world.worker(random, "ADMIN")
    entitled = [one for one in world.staff if rules.serves(one, case.category)]
    whom = random.choice([None, random.choice(world.staff), random.choice(entitled or world.staff)])
    chosen = whom.id if whom else None
    body = {"responsible_id": chosen, "comment": WORDS}
    answer = await world.ask(who, "POST", f"/api/cases/{case.id}/assign", json=body)
    expected = rules.may_assign(who, case, whom) if who.active else 401
    same(answer.status_code, expected, ("assign", whom, who, case, answer.text[:300]))
    if expected == 200 and chosen != case.responsible:
        to = "NEW" if whom is None else "IN_PROGRESS" if case.status == "NEW" else case.status
        case.move(to, who, chosen)
        case.timeline.append(("assigned", who.id, False))
    return case


async def comment(world: "World", random: Random) -> Case | None:
    """A word, public or internal."""
    case = world.case(random)
    if case is None:
        return None
    seeing = [who for who in world.staff if rules.sees(who, case) and who.active]
    who = random.choice(seeing) if seeing and random.random() < 0.7 else world.worker(random)
    internal, text = (
        random.random() < 0.5,
        random.choice(["Так", "Передзвонили.\nЧекаємо.", "я" * 5000, "\u200b"]),
    )
    body = {"text": text, "is_internal": internal}
    answer = await world.ask(who, "POST", f"/api/cases/{case.id}/comments", json=body)
    expected = (
        401
        if not who.active
        else 422
        if text == "\u200b"
        else rules.may_comment(who, case, internal=internal)
    )
    same(answer.status_code, expected, ("comment", internal, who, case, answer.text[:300]))
    if expected == 201:
        case.comments.append(Comment(answer.json()["id"], who.id, text, internal))
        case.timeline.append(("commented", who.id, internal))
    return case


def _expected_edit(
    world: "World", who: Worker, case: Case, asked: dict[str, str | None], version: int
) -> int:
    expected = rules.may_edit(who, case) if who.active else 401
    if expected != 200:
        return expected
    if version != case.version:
        return 412
    if asked.get("category_id", case.category) == case.category:
        return 200
    if asked["category_id"] in world.inactive:
        return 400
    responsible = world.person(case.responsible)
    return 409 if responsible and not rules.serves(responsible, asked["category_id"]) else 200


async def edit(world: "World", random: Random) -> Case | None:
    """Other fields, sometimes over an older version."""
    case = world.case(random, *random.choice([("NEW",), rules.WORKED_ON, rules.STATUSES]))
    if case is None:
        return None
    author = world.person(case.author)
    who = author if author and random.random() < 0.5 else world.worker(random, "ADMIN")
    fields = _fields(world, random)
    asked = {name: fields[name] for name in random.sample(list(fields), random.randint(1, 3))}
    version = case.version if random.random() < 0.8 or case.version == 1 else case.version - 1
    match = {"If-Match": f'"{version}"'}
    answer = await world.ask(who, "PATCH", f"/api/cases/{case.id}", json=asked, headers=match)
    expected = _expected_edit(world, who, case, asked, version)
    same(answer.status_code, expected, ("edit", asked, version, who, case, answer.text[:300]))
    if expected == 412:
        same(answer.json()["case"]["version"], case.version, ("the newer version", case))
    if expected == 200:
        if asked.get("category_id", case.category) != case.category:
            asked.setdefault("subcategory", None)  # it means something within its category only
        after = {**case.fields, **asked}
        if after != case.fields:
            case.fields = after
            case.version += 1
            case.timeline.append(("edited", who.id, False))
    return case


async def attach(world: "World", random: Random) -> Case | None:
    """One more file; now and then one that lies about itself."""
    case = world.case(random)
    if case is None:
        return None
    seeing = [who for who in world.staff if rules.sees(who, case) and who.active]
    who = random.choice(seeing) if seeing and random.random() < 0.7 else world.worker(random)
    lies = random.random() < 0.15
    ((name, content),) = [("брехня.png", PDF)] if lies else _files(random, 1)
    path = f"/api/attachments/cases/{case.id}/upload"
    answer = await world.ask(who, "POST", path, files={"file": (name, content)})
    right = rules.may_attach(who, case)
    about = ("attach", name, who, case, answer.text[:300])
    if lies and who.active:  # either reason may be told first
        assert answer.status_code in {400, right} - {201}, about
    else:
        same(answer.status_code, right if who.active else 401, about)
    if answer.status_code == 201:
        keep_files(case, who, [answer.json()], [(name, content)])
    return case


async def delete_file(world: "World", random: Random) -> Case | None:
    """A file taken away."""
    having = [case for case in world.cases.values() if case.files]
    if not having:
        return None
    case = random.choice(having)
    file = random.choice(list(case.files))
    author = world.person(case.author)
    who = author if author and random.random() < 0.4 else world.worker(random, "ADMIN")
    answer = await world.ask(who, "DELETE", f"/api/attachments/{file}")
    expected = rules.may_delete_file(who, case) if who.active else 401
    same(answer.status_code, expected, ("delete a file", who, case, answer.text[:300]))
    if expected == 204:
        del case.files[file]
        case.timeline.append(("file_deleted", who.id, False))
        gone = await world.ask(who, "GET", f"/api/attachments/{file}")
        same(gone.status_code, 404, ("deleted", who, case))
    return case
