"""What administrators do to people and directories while the others work."""

from random import Random
from typing import TYPE_CHECKING

from tests.model.rules import Case, Worker
from tests.model.views import same

if TYPE_CHECKING:
    from tests.model.world import World


def _right(who: Worker) -> int:
    if not who.active:
        return 401
    return 200 if who.role == "ADMIN" else 403


async def set_access(world: "World", random: Random) -> Case | None:
    """Other categories for somebody, all at once; not away from cases he works on."""
    who, whom = world.worker(random, "ADMIN"), world.worker(random, "EXECUTOR")
    wanted = set(random.sample(world.categories, random.randint(0, 3)))
    path = f"/api/users/{whom.id}/category-access"
    answer = await world.ask(who, "PUT", path, json={"category_ids": sorted(wanted)})
    expected = _right(who)
    if expected == 200 and wanted and whom.role != "EXECUTOR":
        expected = 400
    elif expected == 200 and world.in_work(whom, whom.categories - wanted):
        expected = 409
    same(answer.status_code, expected, ("set access", wanted, who, whom, answer.text[:300]))
    if expected == 200:
        whom.version += wanted != whom.categories
        whom.categories = wanted
    return _some_case(world, random)


async def take_one_access(world: "World", random: Random) -> Case | None:
    """One category away."""
    who, whom = world.worker(random, "ADMIN"), world.worker(random, "EXECUTOR")
    category = random.choice(sorted(whom.categories) or world.categories)
    answer = await world.ask(who, "DELETE", f"/api/users/{whom.id}/category-access/{category}")
    expected = _right(who)
    if expected == 200:
        removed = category in whom.categories
        expected = 409 if removed and world.in_work(whom, {category}) else 200
    got = 200 if answer.status_code == 204 else answer.status_code
    same(got, expected, ("take access", category, who, whom, answer.text[:300]))
    if expected == 200:
        whom.version += category in whom.categories
        whom.categories.discard(category)
    return _some_case(world, random)


async def deactivate(world: "World", random: Random) -> Case | None:
    """Let somebody go; not the last administrator, not away from his cases."""
    who, whom = world.worker(random, "ADMIN"), random.choice(world.staff)
    answer = await world.ask(who, "POST", f"/api/users/{whom.id}/deactivate")
    expected = _right(who)
    if expected == 200 and whom.active and (world.active_admins() == [whom] or world.in_work(whom)):
        expected = 409
    same(answer.status_code, expected, ("deactivate", who, whom, answer.text[:300]))
    if expected == 200:
        whom.version += whom.active
        whom.active = False
    return _some_case(world, random)


async def activate(world: "World", random: Random) -> Case | None:
    """Let somebody in again; he has to sign in anew."""
    who = world.worker(random, "ADMIN")
    away = [one for one in world.staff if not one.active]
    whom = random.choice(away or world.staff)
    answer = await world.ask(who, "POST", f"/api/users/{whom.id}/activate")
    expected = _right(who)
    same(answer.status_code, expected, ("activate", who, whom, answer.text[:300]))
    if expected == 200 and not whom.active:
        old = await world.ask(whom, "GET", "/auth/me")
        same(old.status_code, 401, ("a session that ended stays ended", whom))
        whom.active = True
        whom.version += 1
        await world.sign_in(whom)
    return _some_case(world, random)


async def change_role(world: "World", random: Random) -> Case | None:
    """Another role; category access does not survive it."""
    who, whom = world.worker(random, "ADMIN"), random.choice(world.staff)
    role = random.choice(["OPERATOR", "EXECUTOR", "ADMIN"])
    match = {"If-Match": f'"{whom.version}"'}
    answer = await world.ask(who, "PATCH", f"/api/users/{whom.id}", json={"role": role}, headers=match)
    expected = _right(who)
    if expected == 403 and who is whom and role == whom.role:
        expected = 200  # nothing is asked for
    if expected == 200 and role != whom.role:
        last = world.active_admins() == [whom]
        expected = 409 if last or (role != "ADMIN" and world.in_work(whom)) else 200
    same(answer.status_code, expected, ("change role", role, who, whom, answer.text[:300]))
    if expected == 200 and role != whom.role:
        whom.role, whom.version = role, whom.version + 1
        whom.categories = set()
    return _some_case(world, random)


async def switch_category(world: "World", random: Random) -> Case | None:
    """A category is offered no more, or again; its old cases stay visible."""
    who, category = world.worker(random, "ADMIN"), random.choice(world.categories)
    off = category not in world.inactive and not world.inactive
    answer = await world.ask(who, "POST", f"/api/categories/{category}/{'deactivate' if off else 'activate'}")
    expected = _right(who)
    same(answer.status_code, expected, ("switch a category", who, answer.text[:300]))
    if expected == 200:
        world.inactive = world.inactive | {category} if off else world.inactive - {category}
        if off:
            in_it = [
                c
                for c in world.cases.values()
                if c.category == category and c.status not in {"DONE", "REJECTED"}
            ]
            same(answer.json()["open_cases"], len(in_it), ("open cases of a category", category))
    return _some_case(world, random)


def _some_case(world: "World", random: Random) -> Case | None:
    return world.case(random)
