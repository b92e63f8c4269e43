"""Whatever a stranger repeats, our work on it grows no faster than the text.

Canonical ordering of combining marks, stripping a layer a turn, and patterns that try each beginning were quadratic:
eighty kilobytes stopped the process for seconds.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Annotated

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from pydantic import BaseModel, ValidationError

from ohmatdyt.core import phones, text
from ohmatdyt.core.filetypes import InvalidName, original_name
from ohmatdyt.core.text import Line, Text
from tests.core.linear import MOST, growth, repeated

PIECES = [
    *(
        "a",
        " ",
        "\n",
        "\r",
        "\r\n",
        "\t",
        "1",
        "1 ",
        "x1",
        "@",
        "a@",
        "a.",
        "a@b.",
        ".",
        "-",
        "_",
        "'",
        "+1",
        ",",
        ";",
    ),
    *(
        "\u0301",
        "\u0316",
        "\u0301\u0316",
        "a\u0301",
        "\u0345\u0301",
        "\u200b",
        "\u200b ",
        "\ufeff\n",
        "\u2060\u3000",
    ),
    *("ﷺ", "ß", "İ", "ґ", "дод", "дод 1", "ext. ", "(", "#", "/", "\\", "..", "/..", "%22", "😀", "\u202e"),
    *("«", "a'", "a_", "про", "ться", "ості", "\u1100\u1161", "\u0f71\u0f72", "=", "~@", "!", "а-", "a1"),
]


def quietly(work: Callable[[str], object], *known: type[Exception]) -> Callable[[str], None]:
    """The work, whose refusal is an answer as good as any."""

    def quiet(value: str) -> None:
        with suppress(*known):
            work(value)

    return quiet


WORK: dict[str, Callable[[str], object]] = {
    "clean a line": quietly(lambda value: text.clean(value, multiline=False), text.TextError),
    "clean a text": quietly(lambda value: text.clean(value, multiline=True), text.TextError),
    "is blank": text.is_blank,
    "a field": quietly(Line(1 << 22).validate, ValueError),
    "a phone": quietly(phones.normalise, phones.PhoneError),
    "a name of a file": quietly(original_name, InvalidName),
}


@pytest.mark.parametrize("name", WORK)
def test_time_grows_linearly(name: str) -> None:
    work = WORK[name]
    # Half of the marks are in the order in which they come out, half must be exchanged with each of the others.
    shapes = [(piece, repeated(piece)) for piece in PIECES]
    shapes += [(f"x…{piece}…x", repeated(piece, before="x", after="x")) for piece in PIECES]
    shapes.append(("marks in reverse", lambda size: "a" + "\u0301" * (size // 2) + "\u0316" * (size // 2)))
    slow = {piece: ratio for piece, make in shapes if (ratio := growth(work, make)) >= MOST}
    assert not slow


class Form(BaseModel):
    name: Annotated[str, Line(50)] = "x"
    note: Annotated[str, Text(100)] = "x"


@pytest.mark.parametrize("field", ["name", "note"])
def test_what_is_far_too_long_is_refused_before_any_work_on_it(
    field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked: list[int] = []
    clean = text.clean

    def counted(value: str, *, multiline: bool) -> str:
        worked.append(len(value))
        return clean(value, multiline=multiline)

    monkeypatch.setattr(text, "clean", counted)
    limit = {"name": 50, "note": 100}[field]
    for sent in ("a\u0301" * 4 * limit, "\u200b " * 4 * limit, "\x00" * (4 * limit + 1)):
        with pytest.raises(ValidationError) as caught:
            Form(**{field: sent})
        assert caught.value.errors()[0]["type"] == "text_too_long"
    assert worked == []
    assert getattr(Form(**{field: " " * 3 * limit + "а" * limit}), field) == "а" * limit


def test_thirty_marks_in_a_row_are_enough_for_any_language() -> None:
    assert text.clean("a" + "\u0316" * 30, multiline=False) == "a" + "\u0316" * 30
    for marks in ("\u0316" * 31, "\u0301\u0316" * 16, "\u0345" * 40):
        with pytest.raises(text.TextError) as caught:
            text.clean("a" + marks, multiline=False)
        assert caught.value.code == "combining_marks"
    # Thirty each on many letters is strange and no work; Thai, Tibetan and Hebrew have their marks.
    assert text.clean(("a" + "\u0316" * 30) * 50, multiline=False)
    assert text.clean("שָׁלוֹם ภาษาไทย བོད་སྐད།", multiline=False)


async def test_a_field_of_many_marks_is_told_in_words() -> None:
    app = FastAPI()

    @app.post("/")
    def _take(body: Form) -> None: ...

    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        answer = await client.post("/", json={"name": "a" + "\u0301" * 40})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["type"] == "combining_marks"
    assert all(text.MESSAGES["combining_marks"])
