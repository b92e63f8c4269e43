"""Ukrainian order and sameness of names, without the help of any locale."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmatdyt.core.ukrainian import name_key, search_keys, sort_key

ALPHABET = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"
NAMES = st.text(alphabet=ALPHABET + ALPHABET.upper() + "'’ -abcxyzABCXYZ019", max_size=15)
ANY_TEXT = st.text(max_size=30)


def in_order(words: list[str]) -> list[str]:
    return sorted(words, key=lambda word: sort_key(word).encode())


def test_the_alphabet_is_in_its_order() -> None:
    assert "".join(in_order(sorted(ALPHABET))) == ALPHABET
    assert "".join(in_order(sorted(ALPHABET.upper()))) == ALPHABET.upper()


@pytest.mark.parametrize(
    "words",
    [
        ["Гусак", "Ґава", "Дім"],
        ["Ель", "Єва", "Жук"],
        ["Ив", "Ігор", "Їжак", "Йод", "Кіт"],
        ["знак", "зябра", "зʼявитися"],  # the apostrophe counts for nothing
        ["кон", "конь", "коня"],
        ["інше", "Інше"],
        ["мова", "Мова", "мовчання"],
        ["3D", "Аптека", "Яблуко", "Email", "QR"],
        ["Ан", "Ан на", "Анна"],
        ["Кий", "Кім"],
        ["Ана", "Анна"],
        ["ель", "ёлка", "ємний"],
    ],
)
def test_words_stand_where_a_dictionary_has_them(words: list[str]) -> None:
    assert in_order(list(reversed(words))) == words


@given(NAMES, NAMES)
def test_letters_decide_before_case_and_apostrophes(one: str, other: str) -> None:
    def letters(text: str) -> list[int]:
        order = "!" + " " + "-" + "019" + ALPHABET + "abcxyz"
        return [order.index(c) for c in text.lower() if c not in "'’"]

    if letters(one) != letters(other):
        assert (sort_key(one).encode() < sort_key(other).encode()) == (letters(one) < letters(other))


@given(ANY_TEXT, ANY_TEXT)
def test_different_texts_have_different_keys_and_the_order_is_total(one: str, other: str) -> None:
    same = unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)
    assert (sort_key(one) == sort_key(other)) == same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Медична  допомога", " медична допомога "),
        ("Здоров'я", "здоров’я"),
        ("Здоровʼя", "ЗДОРОВ`Я"),
        ("Здоров′я", "здоров´я"),
        ("Онлайн-запис", "онлайн‑запис"),
        ("Онлайн–запис", "Онлайн—запис"),
        ("Сер\u200bвіс", "Сервіс"),
        ("Ін\u00adше", "Інше"),
        ("Йод", "И\u0306од"),
        ("Cервіс", "Сервіс"),  # Latin C
        ("Cepвіc", "Сервіс"),
        ("Подяки i пропозиції", "Подяки і пропозиції"),
        ("ï\u0457жак", "їїжак"),
        ("ＱＲ", "qr"),
        ("Email", "EMAIL"),
        ("Телефон №１", "Телефон №1"),
    ],
)
def test_names_that_look_the_same_are_the_same(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Гава", "Ґава"),
        ("Рік", "Рік 2"),
        ("Кіт", "Кит"),
        ("Їжа", "Іжа"),
        ("Йод", "Иод"),
        ("Email", "Gmail"),
        ("МОЗ", "МОЗ-2"),
    ],
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize("part", ["7e0b4d8b", "A4", "ace", "x", "Формат", "email", "12-B"])
@pytest.mark.parametrize("whole", ["Формат {}", "Format {}", "{} email Формат"])
def test_a_part_of_a_name_is_found_in_it(part: str, whole: str) -> None:
    assert any(key in name_key(whole.format(part)) for key in search_keys(part))


def test_nothing_is_part_of_no_name() -> None:
    assert search_keys(" \u200b") == ()


@given(ANY_TEXT)
def test_a_key_is_its_own_key_and_ignores_case_form_and_spacing(text: str) -> None:
    key = name_key(text)
    assert name_key(key) == key
    assert name_key(f"  {text}\n") == key
    assert name_key(unicodedata.normalize("NFD", text)) == key


@given(NAMES)
def test_case_never_matters(text: str) -> None:
    assert name_key(text.upper()) == name_key(text.lower()) == name_key(text)
