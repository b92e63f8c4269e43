"""What is marked in a text, against a plain model that looks at every word of every text anew."""

import random
from collections.abc import Iterator
from itertools import pairwise

import pytest

from ohmatdyt.core.finding.asking import Asked, read
from ohmatdyt.core.finding.marking import Marker
from ohmatdyt.core.finding.texts import ADDRESS, dialled, digits, phone_terms, terms_of_word
from ohmatdyt.core.finding.words import EMAIL, NUMBER_RUN, WORD

PIECES = [
    *("Скарга", "скаргою,", "«лікарю»", "м’яч", "м'яча.", "(дитина)", "діти/лікарі", "Ковальчук-Мельник"),
    *("на", "й", "МРТ", "MPT", "12", "2026", "№4567", "cкарга", "здоро\u0301в’я", "лікар_черга", "x²", "..."),
    *("067", "123-45-67", "+380671234567", "(067) 123 45 67", "0501112233;", "00380671234567", "ь", "’", "_"),
    *("44-236-12-34-567", "<olena.d@example.org>", "Olena.D@Example.org,", "a@b", "x.1234567890@ya.ua"),
    *("\u00a0", "\n", "\x1c", "\u2003"),
]
QUERIES = [
    *("скарга", "скарг", "лікареві", "crfhuf", "дитина м'яч", "здоров'я", "мрт", "ковальчука мельник", "12"),
    *("4567", "34567", "1234567", "+380671234567", "050 111 22", "067 123-45-67", "2026", "2361234567"),
    *("olena.d@example.org", "olena.d@ex", "example.org", "OLENA.D@EXAMPLE.ORG скарга"),
]


def _found(text: str, asked: Asked) -> Iterator[tuple[int, int]]:
    for token in WORD.finditer(text):
        if any(word.fits(term) for term in terms_of_word(token.group()) for word in asked.words):
            yield token.span()
    for address in EMAIL.finditer(text):
        if any(word.fits(ADDRESS + address.group().lower()) for word in asked.words):
            yield address.span()
    for run in NUMBER_RUN.finditer(text):
        number = digits(run.group())
        if len(number) < 9:
            continue
        backwards, forwards = phone_terms(dialled(number))
        begins = [begin for word in asked.words for begin in word.prefixes]
        ends = [len(begin) - 1 for begin in begins if begin[0] == "#" and backwards.startswith(begin)]
        places = [place for place in range(*run.span()) if text[place].isdecimal()]
        if any(forwards.startswith(begin) for begin in begins):
            yield places[0], places[-1] + 1
        elif ends:
            yield places[-min(ends[0], len(places))], places[-1] + 1


def _places(spans: Iterator[tuple[int, int]] | list[tuple[int, int]]) -> set[int]:
    return {place for begin, end in spans for place in range(begin, end)}


@pytest.mark.parametrize("query", QUERIES)
def test_the_same_is_marked_as_by_looking_at_each_word(query: str) -> None:
    chance = random.Random(query)
    asked = read(query)
    marker = Marker(asked)
    marked = 0
    for _ in range(300):
        text = chance.choice([" ", " ", ", ", "-"]).join(chance.choices(PIECES, k=chance.randrange(1, 12)))
        spans = marker.spans(text)
        assert _places(spans) == _places(_found(text, asked)), text
        assert all(end < begin for (_, end), (begin, _) in pairwise(spans)), text
        marked += bool(spans)
    assert marked


def test_what_was_marked_before_is_marked_again_after_many_other_words() -> None:
    marker = Marker(read("скарга"))
    first = marker.spans("скарга на чергу")
    for number in range(3000):
        assert marker.spans(f"слово{number} {'довге' * 20}{number}") == []
    assert marker.spans("скарга на чергу") == first == [(0, 6)]
