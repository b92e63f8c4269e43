"""What people write: the believable texts of the demonstration, varied so that no two cases are quite alike."""

import json
import random
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

_AGES: Final = (
    "3 місяці",
    "8 місяців",
    *(f"{n} роки" for n in (2, 3, 4)),
    *(f"{n} років" for n in range(5, 18)),
)
_TAILS: Final = (
    "Дитині {age}, відділення: {department}.",
    "Були {day} числа, відділення: {department}.",
    "Прошу відповісти до {day} числа.",
    "Дитині {age}. Телефонувати після {hour}:00.",
    "Звертаємося вже вдруге, перший раз {day} числа.",
    "Кабінет {room}, відділення: {department}.",
    "Місто проживання: {city}. Дитині {age}.",
)
_CITIES: Final = [
    "Біла",
    "Церква",
    "Бровари",
    "Вінниця",
    "Дніпро",
    "Житомир",
    "Запоріжжя",
    "Івано-Франківськ",
    "Кропивницький",
    "Луцьк",
    "Львів",
    "Миколаїв",
    "Одеса",
    "Полтава",
    "Рівне",
    "Суми",
    "Тернопіль",
    "Ужгород",
    "Умань",
    "Харків",
    "Херсон",
    "Хмельницький",
    "Черкаси",
    "Чернівці",
    "Чернігів",
]


@dataclass(frozen=True, slots=True)
class Subject:
    """One believable request: its category and subcategory, its words, and how it was answered."""

    category: str
    subcategory: str | None
    summary: str
    answer: str


@dataclass(frozen=True, slots=True)
class Texts:
    """Everything that is said in cases."""

    subjects: dict[str, list[Subject]]
    rejected: list[str]
    needs_info: list[str]
    internal: list[str]
    public: list[str]


@cache
def texts() -> Texts:
    """Return the texts shipped with the package, the subjects by category."""
    raw = json.loads(resources.files("ohmatdyt.demo").joinpath("texts.json").read_text("utf-8"))
    subjects = {
        category: [Subject(category, *one) for one in several] for category, several in raw["cases"].items()
    }
    return Texts(subjects, raw["rejected"], raw["needs_info"], raw["internal"], raw["public"])


def vary(chance: random.Random, summary: str, departments: list[str]) -> str:
    """Return the request with a detail of its own at the end."""
    tail = chance.choice(_TAILS).format(
        age=chance.choice(_AGES),
        department=chance.choice(departments),
        day=chance.randrange(1, 29),
        hour=chance.randrange(9, 20),
        room=chance.randrange(101, 520),
        city=chance.choice(_CITIES),
    )
    return f"{summary} {tail}"
