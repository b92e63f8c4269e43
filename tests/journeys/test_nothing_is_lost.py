"""Two people at one case, a lost connection, a reload: what was typed stays."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import desk as desks
from tests.journeys.conftest import Hospital, SignIn, Staff

pytestmark = pytest.mark.browser

ADMIN = Staff(desks.ADMIN[0], "Марія Головна", desks.ADMIN[1])


def test_the_second_of_two_editors_keeps_his_text_and_sees_what_changed(
    hospital: Hospital, sign_in: SignIn
) -> None:
    category_id, _ = hospital.category()
    operator = hospital.staff("OPERATOR")
    number = hospital.register_as(operator, category_id, "Перший опис.")
    mine, theirs = sign_in(ADMIN), sign_in(operator)
    for page in (mine, theirs):
        page.goto(f"/cases/{number}")
        page.get_by_role("button", name="Редагувати").click()
    mine.get_by_role("dialog").get_by_label("Суть звернення").fill("Опис адміністратора.")

    panel = theirs.get_by_role("dialog")
    panel.get_by_label("Суть звернення").fill("Опис оператора.")
    panel.get_by_label("Заявник", exact=True).fill("Олена Ґалаґан")
    panel.get_by_role("button", name="Зберегти зміни").click()
    expect(panel).to_have_count(0)

    panel = mine.get_by_role("dialog")
    panel.get_by_role("button", name="Зберегти зміни").click()
    conflict = panel.get_by_role("group", name="змінив хтось інший")
    expect(conflict).to_contain_text("Опис оператора.")
    expect(conflict).to_contain_text("Опис адміністратора.")
    expect(conflict).to_contain_text("Враховано зміни колег: заявник")
    expect(panel.get_by_label("Суть звернення")).to_have_value("Опис адміністратора.")
    expect(panel.get_by_label("Заявник", exact=True)).to_have_value("Олена Ґалаґан")
    panel.get_by_role("button", name="Залишити своє").click()
    panel.get_by_role("button", name="Зберегти зміни").click()
    expect(panel).to_have_count(0)
    expect(mine.get_by_text("Опис адміністратора.").first).to_be_visible()
    # The colleague's open window follows by itself.
    expect(theirs.get_by_text("Опис адміністратора.").first).to_be_visible()


def test_without_a_connection_a_call_is_kept_and_sent_once_by_ones_own_click(
    hospital: Hospital, sign_in: SignIn
) -> None:
    _, category = hospital.category()
    hospital.channel()
    page = sign_in(hospital.staff("OPERATOR"))
    page.get_by_role("link", name="Нове звернення").first.click()
    page.get_by_label("Заявник", exact=True).fill("Дмитро Щур")
    page.get_by_label("Категорія", exact=True).fill(category)
    page.keyboard.press("Enter")
    page.get_by_label("Суть звернення").fill("Зв’язок зникне саме зараз.")
    # Scripts of other pages may be on their way just now; only the server's answers are to be missing.
    calls = re.compile(r"/(api|auth|healthz)\b")
    page.context.route(calls, lambda route: route.abort())
    page.get_by_role("button", name="Зареєструвати").click()
    expect(page.get_by_text("Немає зв’язку із сервером").first).to_be_visible()
    expect(page.get_by_text("друге звернення не створиться")).to_be_visible()
    expect(page.get_by_label("Суть звернення")).to_have_value("Зв’язок зникне саме зараз.")
    expect(page.get_by_text(re.compile(r"Чернетку збережено \d\d:\d\d"))).to_be_visible()

    page.context.unroute(calls)
    expect(page.get_by_text("Введене залишається на екрані")).to_have_count(0)
    # Nothing was sent behind the person's back.
    expect(page.get_by_role("region", name="Звернення зареєстровано")).to_have_count(0)
    page.get_by_role("button", name="Зареєструвати").click()
    expect(page.get_by_role("region", name="Звернення зареєстровано")).to_be_visible()
    page.goto("/cases")
    expect(page.get_by_text("Знайдено: 1 звернення")).to_be_visible()


def test_a_comment_survives_a_reload_and_an_expired_session(hospital: Hospital, sign_in: SignIn) -> None:
    category_id, _ = hospital.category()
    operator = hospital.staff("OPERATOR")
    number = hospital.register_as(operator, category_id, "Чекають на відповідь.")
    page = sign_in(operator)
    page.goto(f"/cases/{number}")
    box = page.get_by_role("region", name="Ваш коментар").get_by_role("textbox")
    box.fill("Передзвонити після обіду.")
    expect(page.get_by_text(re.compile(r"Збережено \d\d:\d\d"))).to_be_visible()
    page.reload()
    expect(box).to_have_value("Передзвонити після обіду.")
    # The administrator ends all sessions: the next click asks to sign in over the same page.
    hospital.end_sessions(operator)
    page.get_by_role("button", name="Додати коментар").or_(
        page.get_by_role("button", name="Додати публічний коментар")
    ).click()
    again = page.get_by_role("dialog")
    again.get_by_label("Пароль", exact=True).fill(operator.password)
    page.keyboard.press("Enter")
    expect(again).to_have_count(0)
    expect(box).to_have_value("Передзвонити після обіду.")
    page.get_by_role("button", name="Додати публічний коментар").click()
    expect(page.get_by_role("list").get_by_text("Передзвонити після обіду.")).to_be_visible()
