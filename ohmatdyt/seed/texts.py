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
# What any request may end with, and what only one about a child whose age it has not told yet.
_TAILS: Final = (
    "Прошу відповісти до {day} числа.",
    "Телефонувати після {hour}:00.",
    "Звертаємося вже вдруге, перший раз {day} числа.",
    "Місто проживання: {city}.",
)
_TAILS_OF_A_CHILD: Final = (
    "Дитині {age}, відділення: {department}.",
    "Були {day} числа, відділення: {department}.",
    "Дитині {age}. Телефонувати після {hour}:00.",
    "Кабінет {room}, відділення: {department}.",
    "Місто проживання: {city}. Дитині {age}.",
)
_CITIES: Final = [
    "Біла Церква",
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
class About:
    """Whom a request concerns, as its words give away.

    `child` and `by` are "f" or "m": the patient, and who speaks. `age` is in whole years. `doctor` is a specialty
    or the beginning of a doctor's name. `office`: an authority writes, no private person.
    """

    patient: bool = False
    child: str | None = None
    age: int | None = None
    by: str | None = None
    doctor: str | None = None
    office: bool = False

    @property
    def concerns_patient(self) -> bool:
        return self.patient or self.child is not None or self.age is not None


@dataclass(frozen=True, slots=True)
class Subject:
    """One believable request: its category and subcategory, its words, how it was answered, whom it concerns."""

    category: str
    subcategory: str | None
    summary: str
    answer: str
    about: About = About()


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
        category: [
            Subject(category, subcategory, summary, answer, About(**dict(*hints)))
            for subcategory, summary, answer, *hints in several
        ]
        for category, several in raw["cases"].items()
    }
    return Texts(subjects, raw["rejected"], raw["needs_info"], raw["internal"], raw["public"])


def vary(chance: random.Random, subject: Subject, departments: list[str], *, age: str | None = None) -> str:
    """Return the request with a detail of its own at the end; `age` is the child's, when it is known."""
    about = subject.about
    tails = _TAILS + _TAILS_OF_A_CHILD if about.concerns_patient and about.age is None else _TAILS
    tail = chance.choice(tails).format(
        age=age or chance.choice(_AGES),
        department=chance.choice(departments),
        day=chance.randrange(1, 29),
        hour=chance.randrange(9, 20),
        room=chance.randrange(101, 520),
        city=chance.choice(_CITIES),
    )
    return f"{subject.summary} {tail}"
