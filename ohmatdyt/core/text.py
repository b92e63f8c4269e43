"""What people type, made clean: one normal form, nothing invisible that could deceive a reader.

Use the markers in annotations, in JSON models and in forms alike::

    applicant_name: Annotated[str, Line(200)]
    summary: Annotated[str, Text(10_000)]
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "blank": ("Заповніть це поле.", "Please fill in this field."),
    "control_character": (
        "Текст містить недопустимий службовий символ.",
        "The text contains a control character that is not allowed.",
    ),
    "bidi_character": (
        "Текст містить прихований символ зміни напрямку письма.",
        "The text contains a hidden character that changes the direction of writing.",
    ),
    "combining_marks": (
        "Текст містить забагато діакритичних знаків поспіль.",
        "The text has too many combining marks in a row.",
    ),
    "surrogate": ("Текст пошкоджено: у ньому є половина символу.", "The text is damaged: half a character."),
    "text_too_short": (
        "Потрібно щонайменше {min_length} символів.",
        "At least {min_length} characters are needed.",
    ),
    "text_too_long": ("Не більше {max_length} символів.", "At most {max_length} characters."),
}
"""Every error type of this module with its Ukrainian and English text."""

# Overrides, embeddings and isolates reorder what stands after them ("Trojan Source", CVE-2021-42574).
# The plain marks U+200E, U+200F and U+061C only help mixed text and stay allowed.
_BIDI: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_LINE_BREAK: Final = re.compile("\r\n?|[\u2028\u2029]")
# All of Unicode's whitespace, and what shows nothing at the edge of a text: one set, so that one pass takes both off.
_EDGES: Final = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\u200b\u2060\ufeff"
)
# Putting a run of combining marks into canonical order takes time that grows with the square of its length. No
# language needs more than thirty in a row (Unicode, UAX 15, section 13, Stream-Safe Text Format).
_MOST_MARKS: Final = 30
_MAYBE_MARKS: Final = re.compile(rf"[^\w\s\x00-\x7f]{{{_MOST_MARKS + 1},}}")
# Cleaning may take characters away, so a text is judged before it at this many times its limit.
_RAW_FACTOR: Final = 4
# Characters that are neither space nor format characters by category, and yet show nothing.
_INVISIBLE: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


class TextError(ValueError):
    """Text that cannot be accepted; `code` is a key of `MESSAGES`."""

    def __init__(self, code: str) -> None:
        super().__init__(MESSAGES[code][1])
        self.code = code


def clean(text: str, *, multiline: bool) -> str:
    """Return `text` in NFC without outer whitespace; line ends become LF.

    In a single line, every run of whitespace (line ends and tabs too) becomes one space.
    Raises `TextError` for control characters, bidi overrides or isolates, lone surrogates, and more than 30
    combining marks in a row. Takes time in proportion to the length, whatever the text: callers judge that first.
    """
    if _SURROGATE.search(text):
        raise TextError("surrogate")
    if _BIDI.search(text):
        raise TextError("bidi_character")
    text = _LINE_BREAK.sub("\n", text)
    if _CONTROL.search(text):
        raise TextError("control_character")
    if _has_too_many_marks(text):
        raise TextError("combining_marks")
    text = unicodedata.normalize("NFC", text)
    if not multiline:
        text = " ".join(text.split())
    return text.strip(_EDGES)


def _has_too_many_marks(text: str) -> bool:
    for run in _MAYBE_MARKS.finditer(text):
        marks = 0
        for character in run.group():
            marks = marks + 1 if unicodedata.combining(character) else 0
            if marks > _MOST_MARKS:
                return True
    return False


def is_invisible(character: str) -> bool:
    """Tell whether one character shows nothing: whitespace, zero-width, fillers, variation selectors."""
    return (
        character.isspace()
        or character in _INVISIBLE
        or unicodedata.category(character) in {"Cf", "Cc"}
        or "\ufe00" <= character <= "\ufe0f"
        or "\U000e0100" <= character <= "\U000e01ef"
    )


def is_blank(text: str | None) -> bool:
    """Tell whether a reader would see nothing at all; zero-width characters count as nothing."""
    return not text or all(is_invisible(character) for character in set(text))


@dataclass(frozen=True, slots=True)
class _Limits:
    """Pydantic marker; limits count characters after cleaning and are shown in OpenAPI."""

    max_length: int
    min_length: int = 1
    multiline: bool = False

    def validate(self, value: str) -> str:
        """Return the cleaned value, or raise the Pydantic error whose type is a key of `MESSAGES`.

        Nothing is done with a text much longer than its limit: normalising is work that a stranger would order.
        """
        if len(value) > _RAW_FACTOR * self.max_length:
            raise self._too_long()
        try:
            value = clean(value, multiline=self.multiline)
        except TextError as error:
            raise PydanticCustomError(error.code, "{reason}", {"reason": str(error)}) from None
        if is_blank(value):
            value = ""
            if self.min_length > 0:
                raise PydanticCustomError("blank", "Please fill in this field.")
        if len(value) < self.min_length:
            raise PydanticCustomError(
                "text_too_short",
                "At least {min_length} characters are needed.",
                {"min_length": self.min_length},
            )
        if len(value) > self.max_length:
            raise self._too_long()
        return value

    def _too_long(self) -> PydanticCustomError:
        return PydanticCustomError(
            "text_too_long", "At most {max_length} characters.", {"max_length": self.max_length}
        )

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.validate, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        shape = handler(schema)
        handler.resolve_ref_schema(shape).update(minLength=self.min_length, maxLength=self.max_length)
        return shape


class Line(_Limits):
    """`Annotated[str, Line(200)]`: one line of at most 200 characters, at least `min_length` (1)."""

    def __init__(self, max_length: int, min_length: int = 1) -> None:
        super().__init__(max_length, min_length, multiline=False)


class Text(_Limits):
    """`Annotated[str, Text(2000, 10)]`: text with line ends, at most 2000 characters, at least 10."""

    def __init__(self, max_length: int, min_length: int = 1) -> None:
        super().__init__(max_length, min_length, multiline=True)
