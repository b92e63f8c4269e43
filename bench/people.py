"""Half a million made-up patients with guardians, linked with every third case."""

import random
import sys
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from ohmatdyt.core.ukrainian import sort_key
from ohmatdyt.people.keys import keys_of
from ohmatdyt.seed.people import SURNAMES

_FIRST = [
    "Софія",
    "Анна",
    "Вікторія",
    "Соломія",
    "Єва",
    "Злата",
    "Марія",
    "Дарина",
    "Поліна",
    "Емілія",
    "Мілана",
    "Вероніка",
    "Максим",
    "Артем",
    "Матвій",
    "Марко",
    "Назар",
    "Давид",
    "Тимофій",
    "Олександр",
    "Іван",
    "Богдан",
    "Ярослав",
    "Їжак",
    "Ґеорг",
]
_FATHERS = [
    "Андріївна",
    "Олегівна",
    "Іванівна",
    "Петрівна",
    "Сергіївна",
    "Іванович",
    "Олегович",
    "Петрович",
    "Андрійович",
    "Ігорович",
]
_BATCH = 20_000


async def fill_patients(url: str, count: int) -> None:
    """Add patients until there are `count`, with one guardian each, and give the cases patients and doctors."""
    chance = random.Random(count)
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SET statement_timeout = 0; SET synchronous_commit = off")
        there = await connection.fetchval("SELECT count(*) FROM patients")
        now = await connection.fetchval("SELECT now()")
        await connection.execute(
            f"CREATE TEMP TABLE incoming AS SELECT {_PATIENT}, '{{}}'::text[] AS keys FROM patients LIMIT 0"
        )
        while there < count:
            size = min(_BATCH, count - there)
            people, guardians = _people(chance, size, now, there)
            # COPY knows no tsvector: the keys come as an array and are turned on the way.
            await connection.copy_records_to_table("incoming", records=people)
            await connection.execute(_TAKE_IN)
            await connection.copy_records_to_table("guardians", records=guardians, columns=_GUARDIAN)
            there += size
        await connection.execute("VACUUM (ANALYZE) patients, guardians")
        await connection.execute("SELECT patient_count_fold()")
    finally:
        await connection.close()


_PATIENT = (
    "id, full_name, full_name_sort, birth_date, record_number, record_key, phone, phone_e164, email, created_at"
    ", updated_at"
)
_TAKE_IN = f"""
INSERT INTO patients ({_PATIENT}, search_keys) SELECT {_PATIENT}, array_to_tsvector(keys) FROM incoming;
TRUNCATE incoming
"""
_GUARDIAN = (
    "id",
    "patient_id",
    "full_name",
    "relation",
    "phone",
    "phone_e164",
    "email",
    "is_primary",
    "created_at",
)


def _name(chance: random.Random) -> str:
    # Surnames beyond the list, so that half a million people are not a hundred families.
    surname = chance.choice(SURNAMES)
    if chance.random() < 0.7:
        surname = (
            surname[: len(surname) - 2]
            + chance.choice(("ян", "ук", "ич", "ар", "ик"))
            + chance.choice("аеиоу")
            + "нко"
        )
    return f"{surname} {chance.choice(_FIRST)} {chance.choice(_FATHERS)}"


def _phone(chance: random.Random) -> str:
    return f"+380{chance.choice((50, 63, 66, 67, 68, 73, 93, 96, 97, 98, 99))}{chance.randrange(10**7):07d}"


def _people(chance: random.Random, size: int, now: Any, first: int) -> tuple[list[Any], list[Any]]:
    people, guardians = [], []
    for number in range(first, first + size):
        patient_id, name, mother = UUID(int=chance.getrandbits(128), version=4), _name(chance), _name(chance)
        phone = _phone(chance) if chance.random() < 0.2 else None
        hers = _phone(chance)
        email = f"p{number}@example.org" if chance.random() < 0.3 else None
        record = f"{number:06d}"
        keys = keys_of(names=[name, mother], phones_e164=[phone, hers], emails=[email], records=[record])
        born = date(2026, 1, 1) - timedelta(days=chance.randrange(18 * 365))
        people.append(
            (patient_id, name, sort_key(name), born, record, record, phone, phone, email, now, now, keys)
        )
        guardians.append(
            (
                UUID(int=chance.getrandbits(128), version=4),
                patient_id,
                mother,
                "мати",
                hers,
                hers,
                None,
                True,
                now,
            )
        )
    return people, guardians


if __name__ == "__main__":
    import asyncio

    asyncio.run(fill_patients(sys.argv[1], int(sys.argv[2])))
