"""What share of the forms of a word the search finds without any dictionary; the figures are in docs/adr/0016."""

import csv
from pathlib import Path

import pytest

from ohmatdyt.core.finding import forms, lemmas
from ohmatdyt.core.finding.asking import read
from ohmatdyt.core.finding.stems import term
from ohmatdyt.core.finding.texts import terms_of_text
from ohmatdyt.core.finding.words import normal

LIST = Path(__file__).parents[1] / "data" / "word_forms.tsv"


def pairs() -> list[tuple[str, str]]:
    with LIST.open(encoding="utf-8", newline="") as lines:
        return [(row["form"], row["base"]) for row in csv.DictReader(lines, delimiter="\t")]


def share(asked_by: int) -> float:
    """The share of pairs in which one word, asked for whole, finds the other."""
    every = pairs()
    found = [
        pair
        for pair in every
        if {term(word) for word in normal(pair[1 - asked_by])}
        & {one for word in normal(pair[asked_by]) for one in forms.terms(word)}
    ]
    return len(found) / len(every)


def test_there_are_three_hundred_of_them() -> None:
    assert len(set(pairs())) >= 300


def test_the_base_finds_its_forms() -> None:
    assert share(asked_by=1) >= 0.98


def test_a_form_finds_the_base() -> None:
    assert share(asked_by=0) >= 0.98


@pytest.mark.parametrize(
    "pair", [("лікар", "ліки"), ("дім", "дума"), ("рік", "річка"), ("сестра", "сесія"), ("мати", "мета")]
)
def test_other_words_are_not_taken_for_forms(pair: tuple[str, str]) -> None:
    assert not read(f"{pair[0]} щось").words[0].fits(next(iter(terms_of_text(pair[1]))))


def test_without_the_dictionary_nothing_is_missed_but_its_own_knowledge() -> None:
    # A text is reduced alike with and without it, so an index never has to be written anew when it comes or goes.
    assert terms_of_text("звернення") == {"звернен"}
    assert lemmas.terms("звернення") == frozenset() or "звернен" in lemmas.terms("звернення")
