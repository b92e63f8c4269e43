"""Search: time grows linearly with whatever is repeated, and nothing long stays in memory."""

import unicodedata
from collections.abc import Callable

import pytest

from ohmatdyt.core import caching, ukrainian
from ohmatdyt.core.finding import asking, forms, lemmas, parts, showing, stems, texts, words
from ohmatdyt.core.finding.marking import marker
from ohmatdyt.people import keys
from tests.core.linear import MOST, growth, repeated
from tests.core.test_linear_texts import PIECES

ASKED = marker(asking.read("олена koval@ukr.net 0671234567 аб"))
CASE = dict.fromkeys(("applicant_name", "subcategory", "applicant_phone", "applicant_email"), "")
WORK: dict[str, Callable[[str], object]] = {
    "terms of a text": texts.terms_of_text,
    "a vector": lambda value: texts.vector({"A": (value,)}, value, ()),
    "a query": asking.read,
    "pieces of a name": parts.name_terms,
    "pieces of an address": lambda value: list(parts.address_terms(value)),
    "a part of an address": lambda value: parts.part_of_address(value.lower()),
    "sorting": ukrainian.sort_key,
    "sameness": ukrainian.name_key,
    "where it was found": ASKED.spans,
    "what is shown of it": lambda value: showing.highlights(
        {**CASE, "public_id": 1, "summary": value}, [value], ASKED
    ),
    "a search for people": keys.search_query,
}
MORE = [
    "a@a",
    "олена ",
    "0671234567 ",
    "1.",
    "k@k.k",
    "@a.",
    "олена@",
    "ааа",
    "'а",
    "а.а",
    "+380 ",
    "(0",
    "a@b.c1.",
]


@pytest.mark.parametrize("name", WORK)
def test_time_grows_linearly(name: str) -> None:
    # Combining marks in long runs come no further than `text.clean`.
    shapes = [(piece, repeated(piece)) for piece in (*PIECES, *MORE) if not unicodedata.combining(piece[0])]
    shapes.append(("a…@a…", lambda size: "a" * (size // 2) + "@" + "a" * (size // 2)))
    shapes.append(("a.a.a…@", lambda size: "a." * (size // 2) + "@"))
    slow = {piece: ratio for piece, make in shapes if (ratio := growth(WORK[name], make, size=1500)) >= MOST}
    assert not slow


def test_addresses_are_found_as_before() -> None:
    text = "Пишіть на Olena.Koval@ukr.net, або <info@ohmatdyt.com.ua>; «а@приклад.укр». Не x@y і не a@b.c1."
    assert words.EMAIL.findall(text) == ["Olena.Koval@ukr.net", "info@ohmatdyt.com.ua", "а@приклад.укр"]
    assert words.EMAIL.findall("a" * 65 + "@ukr.net " + "a" * 64 + "@ukr.net") == ["a" * 64 + "@ukr.net"]


@pytest.mark.parametrize(
    "work", [texts.terms_of_word, words.normal, stems.term, forms.terms, lemmas.terms, parts.name_terms]
)
def test_nothing_long_is_remembered(work: Callable[[str], object]) -> None:
    info = work.cache_info  # type: ignore[attr-defined]
    before = info().currsize
    for number in range(50):
        work("щ" * (caching.LONGEST + 1) + str(number))
    assert info().currsize == before
    work("щось" + "ж" * 36)
    assert info().currsize <= before + 1
