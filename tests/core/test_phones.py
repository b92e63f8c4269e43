"""Every spelling of a phone number finds the same person."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from ohmatdyt.core.phones import MESSAGES, Phone, PhoneError, normalise, read


@pytest.mark.parametrize(
    "spelling",
    [
        "0671234567",
        "067 123-45-67",
        "(067) 123 45 67",
        "067.123.45.67",
        "380671234567",
        "+380671234567",
        "+38 (067) 123-45-67",
        "+38 067 123 45 67",
        "8-067-123-45-67",
        "80671234567",
        "671234567",
        "00380671234567",
        "067–123–45–67",
        "067 123 45 67 дод. 12",
        "067\u00a0123\u00a045\u00a067",
        " ０６７1234567 ",
        "\u200b0671234567",
    ],
)
def test_one_number_in_all_its_spellings(spelling: str) -> None:
    assert normalise(spelling) == "+380671234567"


@pytest.mark.parametrize(
    ("spelling", "e164"),
    [
        ("+48 22 123 45 67", "+48221234567"),
        ("+1 (650) 253-0000", "+16502530000"),
        ("00 49 30 901820", "+4930901820"),
        ("044 236 61 21", "+380442366121"),
        ("0800 123 456", "+380800123456"),
        ("012 345 67 89", "+380123456789"),  # in no plan, and yet somebody said it
        ("+999 123 456 789", "+999123456789"),
        ("000 000 000", None),
        ("", None),
        ("  \u200b ", None),
        (None, None),
    ],
)
def test_foreign_strange_and_absent_numbers(spelling: str | None, e164: str | None) -> None:
    assert normalise(spelling) == e164


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("12345678", "phone_too_short"),
        ("+1234567", "phone_too_short"),
        ("1" * 16, "phone_too_long"),
        ("не має", "phone_characters"),
        ("067123456a", "phone_characters"),
        ("067+1234567", "phone_characters"),
        ("0671234567; DROP", "phone_characters"),
    ],
)
def test_what_is_no_number_is_refused_with_a_reason(text: str, code: str) -> None:
    with pytest.raises(PhoneError) as caught:
        normalise(text)
    assert caught.value.code == code
    assert code in MESSAGES


@settings(max_examples=300)
@given(st.text(alphabet="0123456789", min_size=9, max_size=15), st.sampled_from(["", "+"]))
def test_nine_to_fifteen_digits_never_stop_the_desk(digits: str, plus: str) -> None:
    e164 = normalise(plus + digits)
    if e164 is not None:
        assert e164.startswith("+")
        assert e164[1:].isdecimal()
        assert 7 <= len(e164) - 1 <= 15  # some islands have numbers of seven digits, country code included
        assert len(e164) <= 9 or normalise(e164) == e164


@given(
    st.integers(min_value=0, max_value=9_999_999),
    st.sampled_from(["39", "50", "63", "66", "67", "68", "73", "93", "95", "98"]),
)
def test_ukrainian_mobiles_agree_in_every_spelling(number: int, code: str) -> None:
    local = f"{number:07}"
    spellings = [
        f"0{code}{local}",
        f"+380{code}{local}",
        f"380 {code} {local}",
        f"8(0{code}){local[:3]}-{local[3:]}",
    ]
    assert {normalise(spelling) for spelling in spellings} == {f"+380{code}{local}"}


@given(st.text(max_size=40))
def test_any_text_gives_a_number_or_a_known_reason(text: str) -> None:
    reason = None
    try:
        normalise(text)
    except PhoneError as error:
        reason = error.code
    assert reason is None or reason in MESSAGES


def test_a_field_keeps_what_was_entered() -> None:
    field = TypeAdapter[str](Phone)
    assert field.validate_python(" 067 123-45-67 ") == "067 123-45-67"
    number = read("067 123-45-67")
    assert number is not None
    assert number == ("067 123-45-67", "+380671234567")
    assert read(" ") is None
    with pytest.raises(ValidationError) as caught:
        field.validate_python("12")
    assert caught.value.errors()[0]["type"] == "phone_too_short"
    assert field.json_schema()["maxLength"] == 50
