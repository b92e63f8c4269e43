"""Invented doctors of the hospital's real departments; two of them work at this desk too."""

import json
import random
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Final
from uuid import UUID, uuid4

from ohmatdyt.core import phones
from ohmatdyt.core.ukrainian import sort_key
from ohmatdyt.data import Connection
from ohmatdyt.people.doctors_queries import searchable

_COLUMNS: Final = (
    "id", "full_name", "full_name_sort", "name_key", "specialty", "specialty_key", "department", "department_key",
    "phone", "phone_e164", "email", "is_active", "user_id", "created_at", "updated_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Doctor:
    """A doctor whom a case may concern; `user_id` when he is somebody of the demonstration's staff."""

    id: UUID
    full_name: str
    specialty: str
    department: str
    user_id: UUID | None


class Doctors:
    """All who see patients; `hint` of a text is a specialty or the beginning of a name."""

    def __init__(self, everybody: list[Doctor]) -> None:
        self._everybody = everybody

    def one(self, chance: random.Random, hint: str | None) -> Doctor | None:
        """Somebody the hint fits; None without a hint."""
        if hint is None:
            return None
        return chance.choice(
            [one for one in self._everybody if one.specialty == hint or one.full_name.startswith(hint)]
        )


async def hire(connection: Connection, users: dict[str, UUID], at: datetime) -> Doctors:
    """Write the directory of doctors and return those who still work here."""
    content = json.loads(resources.files("ohmatdyt.demo").joinpath("doctors.json").read_text("utf-8"))
    working = [
        Doctor(uuid4(), full_name, specialty, department, users[username] if username else None)
        for full_name, specialty, department, username in content["doctors"]
    ]
    full_name, specialty, department = content["left"]
    left = Doctor(uuid4(), full_name, specialty, department, None)
    rows = []
    for number, one in enumerate([*working, left], start=101):
        phone = f"044 000 {number // 100:02} {number % 100:02}"
        rows.append(
            (
                one.id, one.full_name, sort_key(one.full_name), searchable(one.full_name),
                one.specialty, searchable(one.specialty), one.department, searchable(one.department),
                phone, phones.normalise(phone), f"doctor{number}@example.org", one is not left, one.user_id, at, at,
            )
        )  # fmt: skip
    await connection.copy_records_to_table("doctors", records=rows, columns=_COLUMNS)
    return Doctors(working)
