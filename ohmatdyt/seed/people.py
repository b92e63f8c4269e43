"""Invented applicants. No name, number or address here belongs to anybody."""

import random
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ohmatdyt.core.ukrainian import sort_key

REFUSED: Final = "Відмова назвати"

# Surnames with one form for women and men.
SURNAMES: Final = [
    "Бабенко",
    "Безсмертна-Лис",
    "Білик",
    "Бойко",
    "Бондаренко",
    "Борисенко",
    "Василенко",
    "Вдовиченко",
    "Гаврилюк",
    "Гнатюк",
    "Гончар",
    "Гончаренко",
    "Горобець",
    "Григоренко",
    "Гриценко",
    "Ґудзь",
    "Демченко",
    "Дяченко",
    "Євтушенко",
    "Єременко",
    "Жук",
    "Завгородній-Хмара",
    "Захарчук",
    "Зінченко",
    "Іваненко",
    "Іващенко",
    "Їжакевич",
    "Кириленко",
    "Климчук",
    "Коваленко",
    "Ковальчук",
    "Козак",
    "Коломієць",
    "Корнієнко",
    "Костенко",
    "Кравчук",
    "Кузьменко",
    "Кушнір",
    "Лисенко",
    "Литвиненко",
    "Лук'яненко",
    "Мазур",
    "Макаренко",
    "Марченко",
    "Мартинюк",
    "Мельник",
    "Мельничук",
    "Мороз",
    "Назаренко",
    "Нестеренко",
    "Оліфіренко",
    "Олійник",
    "Онищенко",
    "Остапчук",
    "Павленко",
    "Панасюк",
    "Панченко",
    "Петренко",
    "Пилипенко",
    "Поліщук",
    "Пономаренко",
    "Приходько",
    "Прокопенко",
    "Романюк",
    "Руденко",
    "Савченко",
    "Сидоренко",
    "Скрипник",
    "Сорока",
    "Ткаченко",
    "Ткачук",
    "Федоренко",
    "Харченко",
    "Хоменко",
    "Цимбалюк",
    "Черненко",
    "Чумак",
    "Шаповал",
    "Шевчук",
    "Щербак",
    "Юрченко",
    "Яковенко",
    "Яремчук",
    "Ящук",
]
WOMEN: Final = [
    "Алла",
    "Анастасія",
    "Ангеліна",
    "Богдана",
    "Валентина",
    "Валерія",
    "Вікторія",
    "Віта",
    "Галина",
    "Ганна",
    "Дарина",
    "Діана",
    "Євгенія",
    "Жанна",
    "Зоряна",
    "Інна",
    "Ірина",
    "Каріна",
    "Катерина",
    "Леся",
    "Лідія",
    "Любов",
    "Людмила",
    "Мар'яна",
    "Марина",
    "Марія",
    "Надія",
    "Наталія",
    "Оксана",
    "Олена",
    "Ольга",
    "Поліна",
    "Раїса",
    "Роксолана",
    "Світлана",
    "Соломія",
    "Софія",
    "Тамара",
    "Тетяна",
    "Уляна",
    "Христина",
    "Юлія",
    "Яна",
    "Ярина",
]
MEN: Final = [
    "Андрій",
    "Антон",
    "Арсен",
    "Богдан",
    "Борис",
    "Вадим",
    "Василь",
    "Віктор",
    "Віталій",
    "Володимир",
    "Гліб",
    "Григорій",
    "Данило",
    "Денис",
    "Дмитро",
    "Євген",
    "Захар",
    "Іван",
    "Ігор",
    "Кирило",
    "Костянтин",
    "Леонід",
    "Максим",
    "Микола",
    "Михайло",
    "Назар",
    "Олег",
    "Олександр",
    "Остап",
    "Павло",
    "Петро",
    "Роман",
    "Руслан",
    "Сергій",
    "Степан",
    "Тарас",
    "Юрій",
    "Ярослав",
]
_OFFICES: Final = (
    "Міністерство охорони здоров'я України",
    "Департамент охорони здоров'я обласної військової адміністрації",
    "Служба у справах дітей районної ради",
    "Громадська організація «Батьки поруч»",
    "Виконавчий комітет міської ради",
    "Уповноважений з прав людини, регіональний офіс",
)
_OPERATORS: Final = ("50", "63", "66", "67", "68", "73", "93", "95", "96", "97", "98", "99")
_MAILBOXES: Final = ("example.org", "example.com")
_SPELLINGS: Final = (
    "0{c} 000-{a}-{b}",
    "+380 {c} 000 {a} {b}",
    "0{c}000{a}{b}",
    "(0{c}) 000 {a} {b}",
    "380{c}000{a}{b}",
)


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who turned to the hospital; the phone as entered and in E.164."""

    name: str
    phone: str | None
    phone_e164: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class Number:
    """A mobile number nobody has: no subscriber has 000 after the operator's code."""

    code: str
    last: str

    @property
    def e164(self) -> str:
        return f"+380{self.code}000{self.last}"

    def spelled(self, chance: random.Random) -> str:
        """One of the ways in which people say it."""
        return chance.choice(_SPELLINGS).format(c=self.code, a=self.last[:2], b=self.last[2:])


def number(chance: random.Random) -> Number:
    """Draw a number."""
    return Number(chance.choice(_OPERATORS), f"{chance.randrange(10_000):04}")


name_sort = lru_cache(maxsize=20_000)(sort_key)


def applicant(chance: random.Random, *, written: bool, office: bool, sex: str | None = None) -> Applicant:
    """Draw somebody. `written` requests rather leave an e-mail, others a phone; an `office` writes by name.

    `sex` is "f" or "m" when the words of the request give it away.
    """
    if office:
        return Applicant(
            chance.choice(_OFFICES), None, None, f"office{chance.randrange(90) + 10}@example.org"
        )
    if chance.random() < 0.06:
        return Applicant(REFUSED, None, None, None)
    is_woman = chance.random() < 0.72
    first = chance.choice(WOMEN if (is_woman if sex is None else sex == "f") else MEN)
    name = f"{first} {chance.choice(SURNAMES)}"
    phone = e164 = email = None
    if chance.random() < (0.45 if written else 0.93):
        drawn = number(chance)
        phone, e164 = drawn.spelled(chance), drawn.e164
    if chance.random() < (0.8 if written else 0.2):
        email = f"applicant{chance.randrange(40_000)}@{chance.choice(_MAILBOXES)}"
    return Applicant(name, phone, e164, email)
