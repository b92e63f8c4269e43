"""Subcategories live under their category."""

from tests.factories import Catalog, People


async def test_a_subcategory_belongs_to_its_category(people: People, catalog: Catalog) -> None:
    admin, operator = await people.admin(), await people.operator()
    care, service = await catalog.category("Медична допомога"), await catalog.category("Сервіс")
    path = f"/api/categories/{care}/subcategories"
    made = await admin.client.post(path, json={"name": "Діагностика"})
    assert made.status_code == 201
    one = made.json()
    assert one["category_id"] == str(care)
    assert (await operator.client.get(path)).json() == {"subcategories": [one], "total": 1}
    assert (await operator.client.get(f"{path}/{one['id']}")).json() == one
    elsewhere = f"/api/categories/{service}/subcategories"
    assert (await operator.client.get(elsewhere)).json()["total"] == 0
    assert (await admin.client.get(f"{elsewhere}/{one['id']}")).status_code == 404
    assert (await admin.client.put(f"{elsewhere}/{one['id']}", json={"name": "Х"})).status_code == 404

    again = await admin.client.post(path, json={"name": "ДІАГНОСТИКА"})
    assert again.status_code == 409
    same_name_elsewhere = await admin.client.post(elsewhere, json={"name": "Діагностика"})
    assert same_name_elsewhere.status_code == 201

    renamed = await admin.client.put(f"{path}/{one['id']}", json={"name": "Лікування"})
    assert renamed.json()["name"] == "Лікування"
    off = await admin.client.post(f"{path}/{one['id']}/deactivate")
    assert (off.json()["is_active"], off.json()["open_cases"]) == (False, 0)
    assert (await operator.client.get(path)).json()["total"] == 0
    assert (await operator.client.get(f"{path}?include_inactive=true")).status_code == 403
    assert (await admin.client.get(f"{path}?include_inactive=true")).json()["total"] == 1
    assert (await admin.client.post(f"{path}/{one['id']}/activate")).json()["is_active"] is True


async def test_only_an_admin_changes_subcategories(people: People, catalog: Catalog) -> None:
    admin = await people.admin()
    care = await catalog.category()
    path = f"/api/categories/{care}/subcategories"
    one = (await admin.client.post(path, json={"name": "Санітарія"})).json()
    for person in (await people.operator(), await people.executor([care])):
        for method, where in (("POST", path), ("PUT", f"{path}/{one['id']}")):
            refused = await person.client.request(method, where, json={"name": "Інше"})
            assert refused.status_code == 403
        for action in ("activate", "deactivate"):
            assert (await person.client.post(f"{path}/{one['id']}/{action}")).status_code == 403
    assert (await admin.client.get(path)).json()["subcategories"] == [one]


async def test_no_category_no_subcategories(people: People) -> None:
    admin = await people.admin()
    path = "/api/categories/00000000-0000-4000-8000-000000000000/subcategories"
    assert (await admin.client.get(path)).status_code == 404
    assert (await admin.client.post(path, json={"name": "Х"})).status_code == 404
