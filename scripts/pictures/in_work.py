"""What executors see: the queue, a case in work, what happens when two meet, the bell."""

from typing import Any

from playwright.sync_api import Page

from scripts.pictures.studio import Studio, settle, take

MINE = "executor2"  # serves two categories and is nobody's doctor


def photograph(studio: Studio) -> None:
    """All pictures of the executor's guide."""
    studio.picture("executor-list", MINE, "/cases")
    new = studio.ask(MINE, "/api/cases", status="NEW", order_by="created_at")["cases"]
    studio.picture("case-new", MINE, f"/cases/{new[0]['public_id']}")
    _in_work(studio)
    _taken_by_another(studio, new[1]["public_id"])
    studio.picture("my-figures", MINE, "/dashboard?period=month")
    page = studio.visit(MINE, "/cases")
    page.get_by_role("button", name="Сповіщення").first.click()
    page.wait_for_timeout(1200)
    take(page, "bell")
    page = studio.visit(MINE, "/cases")
    page.keyboard.press("Shift+Slash")
    page.get_by_role("dialog").wait_for()
    page.wait_for_timeout(800)
    take(page, "keys")
    _people(studio)
    other = studio.ask("admin1", "/api/cases", page_size="100")["cases"]
    seen = {row["category"]["name"] for row in studio.ask(MINE, "/api/cases", scope="category")["cases"]}
    foreign = next(row for row in other if row["category"]["name"] not in seen)
    studio.picture("forbidden", MINE, f"/cases/{foreign['public_id']}")


def richest(studio: Studio, username: str, **asked: str) -> dict[str, Any]:
    """The case with the most to see among this person's own."""
    rows = studio.ask(username, "/api/cases", page_size="40", **asked)["cases"]
    cards = [studio.ask(username, f"/api/cases/{row['public_id']}") for row in rows]

    def worth(card: dict[str, Any]) -> int:
        kinds = {one["is_internal"] for one in card["comments"]}
        return (
            len(kinds) * 3 + bool(card["attachments"]) * 2 + bool(card["patient"]) + bool(card["doctor"]) * 2
        )

    return max(cards, key=worth)


def _in_work(studio: Studio) -> None:
    number = richest(studio, MINE, responsible_id="me", status="IN_PROGRESS")["public_id"]
    page = studio.visit(MINE, f"/cases/{number}")
    take(page, "case-card")
    composer = page.get_by_role("region", name="Ваш коментар")
    page.get_by_role("tab", name="Внутрішній коментар").click()
    composer.get_by_role("textbox").fill("Завідувач обіцяв відповідь до середи, нагадаю йому вранці.")
    page.wait_for_timeout(1200)
    take(page, "internal-comment", of=composer)
    composer.get_by_role("textbox").fill("")
    page.get_by_role("tab", name="Публічний коментар").click()
    page.get_by_role("button", name="Змінити статус").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name="Завершено").check()
    dialog.get_by_label("Пояснення").fill("Лікарка прийняла дитину в п’ятницю, висновок видано на руки.")
    page.wait_for_timeout(800)
    take(page, "change-status")
    page.keyboard.press("Escape")


def _taken_by_another(studio: Studio, number: int) -> None:
    page = studio.visit(MINE, f"/cases/{number}")
    button = page.get_by_role("button", name="Взяти в роботу").first
    button.wait_for()
    # The page must not hear of it before the click, as when two people press within the same second.
    page.route("**/api/events**", lambda route: route.abort())
    page.reload()
    settle(page)
    studio.api("admin2").post(f"/api/cases/{number}/take")
    button.click()
    page.get_by_text("вже взято в роботу").first.wait_for()
    page.wait_for_timeout(400)
    take(page, "taken-by-another")
    page.unroute("**/api/events**")


def _people(studio: Studio) -> None:
    page: Page = studio.visit(MINE, "/patients")
    take(page, "patients")
    found = studio.ask(MINE, "/api/patients", search="Бондаренко Софія")["patients"]
    studio.picture("patient", MINE, f"/patients/{found[0]['id']}")
    studio.picture("doctors", "admin1", "/doctors")
    doctors = studio.ask("admin1", "/api/doctors", page_size="100")["doctors"]
    totals = {
        one["id"]: studio.ask("admin1", f"/api/doctors/{one['id']}/statistics")["total"] for one in doctors
    }
    studio.picture("doctor", "admin1", f"/doctors/{max(totals, key=lambda one: totals[one])}")
