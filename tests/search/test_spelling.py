"""However a word is written, it is found: forms, apostrophes, alphabets, keyboard layouts, unfinished words, phones."""

from typing import Any

import httpx
import pytest

from tests.cases.makers import Desk, desk
from tests.factories import Catalog, People

TEXT: dict[str, Any] = {
    "applicant_name": "Дем’яненко Олена",
    "applicant_phone": "067 123-45-67",
    "applicant_email": "Olena.Demyanenko@Example.org",
    "subcategory": "Діагностика",
    "summary": "Звернення: скарга на лікарню, дитині зробили MРТ. Привіт; здоровʼя, п'ять довідок.",
}


async def total(client: httpx.AsyncClient, search: str, **more: Any) -> int:
    answer = await client.get("/api/cases", params={"search": search, **more})
    assert answer.status_code == 200, answer.text
    found: int = answer.json()["total"]
    assert len(answer.json()["cases"]) == min(found, 20)
    return found


@pytest.fixture
async def here(people: People, catalog: Catalog) -> Desk:
    place = await desk(people, catalog)
    await place.case(**TEXT)
    await place.case(applicant_name="Інший Заявник", summary="Подяка медсестрам.")
    return place


@pytest.mark.parametrize(
    "search",
    [
        *("звернень", "скарзі", "скаргою", "лікарень", "діти", "довідка", "діагностиці", "дем'яненкові"),
        *("здоров'ю", "здоров’я", "здоровʼям", "здоровя", "Демяненко", "п’ять", "ПЯТЬ"),
        *("МРТ", "MPT", "мрt", "cкарга", "CKAPГA"),
        *("ghbdsn", "crfhuf", "GHBDSN", "ltv`zytyrj", "crfhue"),
        *("звер", "скар", "дем'ян", "діагн", "олен", "скарга на лік", "olena.dem"),
        *("067 123-45-67", "+380671234567", "0671234567", "380 (67) 123 45 67", "80671234567", "4567"),
        *("1234567", "123-45-67", "067 123-4", "0671234", "олена 067 123 45 67"),
        *(
            "olena.demyanenko@example.org",
            "OLENA.DEMYANENKO@EXAMPLE.ORG",
            "olena.demyanenko@ex",
            "example.org",
        ),
        *("Олена Дем’яненко", "лікарня скарга дитина", "на скарга", "скарга!"),
    ],
)
async def test_it_is_found(here: Desk, search: str) -> None:
    assert await total(here.operator.client, search) == 1


@pytest.mark.parametrize(
    "search",
    [
        *("скарб", "зверх", "лікарка", "олеся", "380671234560", "9999", "скарга подяка", "%", "_", "'", "\\"),
        *("на", "сок", "@", "скарга & подяка | x", "а:*", "!скарга подяка", "x" * 200, "😀", "...", "<b>"),
    ],
)
async def test_it_is_not_found(here: Desk, search: str) -> None:
    assert await total(here.operator.client, search) == 0


async def test_a_number_is_found_whole_and_by_its_beginning(here: Desk) -> None:
    case = await here.case()
    assert await total(here.operator.client, str(case["public_id"])) == 1
    found = (
        await here.operator.client.get("/api/cases", params={"search": str(case["public_id"])[:5]})
    ).json()
    assert case["public_id"] in [one["public_id"] for one in found["cases"]]


async def test_a_sign_alone_is_no_word(here: Desk) -> None:
    """It has no term, which PostgreSQL would not take: neither from a case nor from a query."""
    await here.case(summary="Замість літери ь написано Ъ; скаржиться заявниця.", applicant_name="Ь Ъ")
    assert await total(here.operator.client, "ь") == 0
    assert await total(here.operator.client, "ъ скаржиться") == 1


async def test_the_last_word_only_may_be_unfinished(here: Desk) -> None:
    assert await total(here.operator.client, "олена скар") == 1
    assert await total(here.operator.client, "скар олена") == 0
