"""What people type comes out clean, or is refused with a stable reason."""

import unicodedata
from typing import Annotated

import pytest
from fastapi import FastAPI
from fastapi import Form as FormField
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from ohmatdyt.core.text import MESSAGES, Line, Text, TextError, clean, is_blank

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=[]), max_size=60)


class Form(BaseModel):
    name: Annotated[str, Line(5)] = "x"
    note: Annotated[str, Text(10, 3)] = "xxx"
    extra: Annotated[str, Line(5, 0)] = ""


def error_of(**fields: str) -> str:
    with pytest.raises(ValidationError) as caught:
        Form(**fields)
    return caught.value.errors()[0]["type"]


@given(ANY_TEXT, st.booleans())
def test_cleaning_gives_clean_text_or_a_known_reason(raw: str, multiline: bool) -> None:
    try:
        text = clean(raw, multiline=multiline)
    except TextError as error:
        seen = error.code
    else:
        seen = "blank"
    assert seen in MESSAGES
    if seen != "blank":
        return
    assert clean(text, multiline=multiline) == text
    assert unicodedata.is_normalized("NFC", text)
    assert text == text.strip()
    assert not any(unicodedata.category(c) in {"Cc", "Cs"} for c in text if c not in "\n\t")
    assert "\r" not in text
    if not multiline:
        assert "\n" not in text
        assert "\t" not in text
    text.encode()


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("a\x00b", "control_character"),
        ("a\x1bb", "control_character"),
        ("a\x85b", "control_character"),
        ("a\u202eb", "bidi_character"),
        ("a\u2066b", "bidi_character"),
        ("a\ud800b", "surrogate"),
    ],
)
def test_deceiving_characters_are_refused(raw: str, code: str) -> None:
    with pytest.raises(TextError) as caught:
        clean(raw, multiline=True)
    assert caught.value.code == code


def test_line_ends_are_unified_and_lines_folded() -> None:
    assert clean(" a\r\nb\rc ", multiline=True) == "a\nb\nc"
    assert clean("a\r\n\t b\u00a0 c", multiline=False) == "a b c"
    assert clean("и\u0306од", multiline=False) == "йод"
    assert clean("\u200b ім'я \ufeff", multiline=False) == "ім'я"
    assert clean("❤️", multiline=False) == "❤️"


@pytest.mark.parametrize(
    "raw", ["", "  ", "\u200b", "\u2060 \ufeff", "\u3164", "\u00ad", "\u2800\u034f", None]
)
def test_what_shows_nothing_is_blank(raw: str | None) -> None:
    assert is_blank(raw)


@pytest.mark.parametrize("raw", ["а", " . ", "❤️", "0"])
def test_what_shows_something_is_not_blank(raw: str) -> None:
    assert not is_blank(raw)


def test_limits_count_after_cleaning_and_name_their_type() -> None:
    assert Form(name="  12345  ").name == "12345"
    assert Form(extra="\u200b").extra == ""
    assert error_of(name="123456") == "text_too_long"
    assert error_of(name=" \u200b ") == "blank"
    assert error_of(note="ab") == "text_too_short"
    assert error_of(note="a\u202eb") == "bidi_character"
    assert {"blank", "text_too_long", "text_too_short"} <= MESSAGES.keys()


def test_messages_fill_from_the_error_context() -> None:
    with pytest.raises(ValidationError) as caught:
        Form(name="123456")
    error = caught.value.errors()[0]
    assert MESSAGES[error["type"]][0].format(**error["ctx"]) == "Не більше 5 символів."


def test_limits_are_in_openapi_for_json_and_forms() -> None:
    app = FastAPI()

    @app.post("/json")
    def _json(body: Form) -> None: ...

    @app.post("/form")
    def _form(name: Annotated[str, Line(7), FormField()]) -> None: ...

    schemas = app.openapi()["components"]["schemas"]
    assert schemas["Form"]["properties"]["name"] | {"default": "x"} == {
        "type": "string",
        "minLength": 1,
        "maxLength": 5,
        "title": "Name",
        "default": "x",
    }
    form = next(schema for name, schema in schemas.items() if name.startswith("Body_"))
    assert (form["properties"]["name"]["minLength"], form["properties"]["name"]["maxLength"]) == (1, 7)
