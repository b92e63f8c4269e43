"""Invented children and those who speak for them. They come into being as their first request needs them."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from ohmatdyt.core.ukrainian import sort_key
from ohmatdyt.data import Connection
from ohmatdyt.people import keys
from ohmatdyt.seed import people
from ohmatdyt.seed.people import SURNAMES, Applicant, Number
from ohmatdyt.seed.texts import About

_GIRLS: Final = (
    "Анна", "Вероніка", "Дарина", "Ева", "Єлизавета", "Злата", "Іванна", "Катерина", "Квітослава", "Марія", "Мілана",
    "Поліна", "Соломія", "Софія", "Уляна", "Юстина", "Ярина",
)  # fmt: skip
_BOYS: Final = (
    "Артем", "Богдан", "Гордій", "Давид", "Данило", "Захар", "Іван", "Лука", "Макар", "Максим", "Марко", "Матвій",
    "Назар", "Остап", "Святослав", "Тимофій", "Ярема",
)  # fmt: skip
# Fathers whose names give their children a patronymic: for a son, for a daughter.
_FATHERS: Final = {
    "Андрій": ("Андрійович", "Андріївна"), "Богдан": ("Богданович", "Богданівна"),
    "Віктор": ("Вікторович", "Вікторівна"), "Володимир": ("Володимирович", "Володимирівна"),
    "Дмитро": ("Дмитрович", "Дмитрівна"), "Іван": ("Іванович", "Іванівна"), "Ігор": ("Ігорович", "Ігорівна"),
    "Максим": ("Максимович", "Максимівна"), "Олег": ("Олегович", "Олегівна"), "Петро": ("Петрович", "Петрівна"),
    "Роман": ("Романович", "Романівна"), "Сергій": ("Сергійович", "Сергіївна"), "Тарас": ("Тарасович", "Тарасівна"),
    "Юрій": ("Юрійович", "Юріївна"), "Ярослав": ("Ярославович", "Ярославівна"),
}  # fmt: skip
_NOTES: Final = (
    "Телефонувати після 16:00, мама працює позмінно.",
    "На час лікування родина живе в готелі для батьків, кімната 7.",
    "Мати не чує: писати повідомлення, не телефонувати.",
    "Тато на службі, зв'язок із ним увечері.",
    "Просять надсилати відповіді на електронну пошту.",
)
_AGAIN, _SIBLING, _WITH_FATHER, _WITH_GRANDMOTHER, _WITH_NOTES = 0.55, 0.12, 0.6, 0.15, 0.2


@dataclass(frozen=True, slots=True)
class Guardian:
    """Somebody who speaks for a child."""

    full_name: str
    relation: str
    sex: str
    number: Number
    phone: str
    email: str | None

    def as_applicant(self, chance: random.Random) -> Applicant:
        """Who turns to the hospital: the name as said on the phone, the number in today's spelling."""
        surname, first, *_ = self.full_name.split()
        return Applicant(f"{first} {surname}", self.number.spelled(chance), self.number.e164, self.email)


@dataclass(slots=True)
class Child:
    """A patient; `author_id` is the operator who knows the family."""

    id: UUID
    full_name: str
    sex: str
    birth_date: date | None
    guardians: list[Guardian]
    created_at: datetime
    author_id: UUID
    record: str | None = None
    notes: str | None = None
    visits: int = field(default=0)

    def months(self, on: date) -> int | None:
        """How old, in whole months; None when nobody has written down the birthday."""
        if (born := self.birth_date) is None:
            return None
        return (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)

    def age_in_words(self, on: date) -> str | None:
        """«7 місяців», «1 рік», «4 роки», «12 років»."""
        if (months := self.months(on)) is None:
            return None
        years = months // 12
        number, forms = (
            (years, ("рік", "роки", "років")) if years else (months, ("місяць", "місяці", "місяців"))
        )
        return f"{number} {forms[0] if number == 1 else forms[1] if 2 <= number <= 4 else forms[2]}"

    def fits(self, about: About, on: date) -> bool:
        months = self.months(on)
        return (
            months is not None
            and about.child in {None, self.sex}
            and about.age in {None, months // 12}
            and (about.by is None or any(one.sex == about.by for one in self.guardians))
        )


class Families:
    """Finds or makes the child whom a request concerns."""

    def __init__(self, chance: random.Random) -> None:
        self.children: list[Child] = []
        self._known: Child | None = None
        self._chance = chance

    def known(self, at: datetime, author_id: UUID) -> Child:
        """The family that every demonstration has, so that one can be told about it: 067 000 12 34."""
        number = Number("67", "1234")
        mother = Guardian(
            "Бондаренко Ольга Михайлівна", "мати", "f", number, "067 000-12-34", "olga.bondarenko@example.org"
        )
        born = (at - timedelta(days=7 * 365 + 40)).date()
        daughter = Child(
            uuid4(), "Бондаренко Софія Андріївна", "f", born, [mother], at, author_id, self._record(at)
        )
        self.children.append(daughter)
        self._known = daughter
        return daughter

    def twice(self, child: Child, at: datetime, author_id: UUID) -> Child:
        """A second card of the same child, made in a hurry: something to merge."""
        surname = child.full_name.split()[0]
        again = Child(uuid4(), f"{surname} Соня", child.sex, None, child.guardians[:1], at, author_id)
        self.children.append(again)
        return again

    def concerned(self, about: About, at: datetime, author_id: UUID) -> Child:
        """Somebody the request fits; often a child one has heard of before."""
        fitting = [one for one in self.children if one.visits < 5 and one.fits(about, at.date())]
        if fitting and self._chance.random() < _AGAIN:
            return self._chance.choice(fitting)
        return self._born(about, at, author_id)

    def _born(self, about: About, at: datetime, author_id: UUID) -> Child:
        chance = self._chance
        sex = about.child or chance.choice("fm")
        years = (
            about.age if about.age is not None else chance.choice((0, 1, 2, 3, 4, 5, 6, 7, 9, 11, 13, 15, 16))
        )
        born = (at - timedelta(days=years * 365.25 + chance.uniform(45, 350))).date()
        fathers_name = chance.choice(list(_FATHERS))
        surname = chance.choice(SURNAMES)
        elders = [one for one in self.children if one.birth_date and one is not self._known]
        if elders and chance.random() < _SIBLING:
            elder = chance.choice(elders)
            guardians, surname = elder.guardians, elder.full_name.split()[0]
            patronymic = elder.full_name.split()[-1]
            fathers_name = next((name for name, both in _FATHERS.items() if patronymic in both), fathers_name)
        else:
            guardians = self._guardians(surname, fathers_name, about.by)
        patronymic = _FATHERS[fathers_name][sex == "f"]
        name = chance.choice(_GIRLS if sex == "f" else _BOYS)
        child = Child(
            uuid4(), f"{surname} {name} {patronymic}", sex, born, guardians, at - timedelta(minutes=3), author_id,
            self._record(at) if chance.random() < 0.85 else None,
            chance.choice(_NOTES) if chance.random() < _WITH_NOTES else None,
        )  # fmt: skip
        self.children.append(child)
        return child

    def _guardians(self, surname: str, father: str, speaker: str | None) -> list[Guardian]:
        chance = self._chance
        mother = self._guardian(
            f"{surname} {chance.choice(people.WOMEN)} {self._patronymic('f')}", "мати", "f"
        )
        both = [mother]
        if speaker == "m" or chance.random() < _WITH_FATHER:
            both.append(self._guardian(f"{surname} {father} {self._patronymic('m')}", "батько", "m"))
        if chance.random() < _WITH_GRANDMOTHER:
            name = f"{chance.choice(SURNAMES)} {chance.choice(people.WOMEN)} {self._patronymic('f')}"
            both.append(self._guardian(name, "бабуся", "f"))
        return both

    def _guardian(self, full_name: str, relation: str, sex: str) -> Guardian:
        number = people.number(self._chance)
        email = (
            f"family{self._chance.randrange(10_000):04}@example.org" if self._chance.random() < 0.5 else None
        )
        return Guardian(full_name, relation, sex, number, number.spelled(self._chance), email)

    def _patronymic(self, sex: str) -> str:
        return self._chance.choice(list(_FATHERS.values()))[sex == "f"]

    def _record(self, at: datetime) -> str:
        return f"{at.year % 100}-{len(self.children) * 37 + 1204:05}"


_PATIENT: Final = """
INSERT INTO patients (id, full_name, full_name_sort, birth_date, record_number, record_key, notes, search_keys,
                      created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, array_to_tsvector($8::text[]), $9, $9)
"""
_GUARDIAN_COLUMNS: Final = (
    "id", "patient_id", "full_name", "relation", "phone", "phone_e164", "email", "is_primary", "created_at",
)  # fmt: skip


async def insert(connection: Connection, children: list[Child]) -> None:
    """Write the cards with the keys they are found by."""
    cards, guardians = [], []
    for one in children:
        found_by = keys.keys_of(
            names=[one.full_name, *(each.full_name for each in one.guardians)],
            phones_e164=[each.number.e164 for each in one.guardians],
            emails=[each.email for each in one.guardians],
            records=[one.record],
        )
        cards.append(
            (
                one.id, one.full_name, sort_key(one.full_name), one.birth_date, one.record, keys.record_key(one.record),
                one.notes, found_by, one.created_at,
            )
        )  # fmt: skip
        guardians += [
            (
                uuid4(), one.id, each.full_name, each.relation, each.phone, each.number.e164, each.email, place == 0,
                one.created_at + timedelta(microseconds=place),
            )
            for place, each in enumerate(one.guardians)
        ]  # fmt: skip
    await connection.executemany(_PATIENT, cards)
    await connection.copy_records_to_table("guardians", records=guardians, columns=_GUARDIAN_COLUMNS)
