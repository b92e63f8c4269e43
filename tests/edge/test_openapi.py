"""The contract is complete: every field with its type, limits and an example, every answer's code."""

from collections.abc import Iterator
from typing import Any

import pytest

from ohmatdyt.app import openapi
from tests.edge.test_access_matrix import MATRIX, PUBLIC, STILL_OPEN

Schema = dict[str, Any]
CONTRACT = openapi()
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, operations in CONTRACT["paths"].items()
    for method, operation in operations.items()
}
# The kinds of values whose look the type alone tells.
SPEAKING_FORMATS = {"uuid", "date-time", "date", "binary"}
SCHEMAS: dict[str, Schema] = CONTRACT["components"]["schemas"]
# What the framework adds; no answer of ours has that shape.
FOREIGN = {"HTTPValidationError", "ValidationError"}


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if "$ref" in part:
            yield part["$ref"].rsplit("/", 1)[1]
        for value in part.values():
            yield from _references(value)
    elif isinstance(part, list):
        for value in part:
            yield from _references(value)


def _incoming() -> set[str]:
    waiting = [name for one in OPERATIONS.values() for name in _references(one.get("requestBody", {}))]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _references(SCHEMAS[name])
    return found


def _fields() -> Iterator[tuple[str, Schema, bool]]:
    """Every field there is: where it stands, what is told of it, whether a client sends it."""
    incoming = _incoming()
    for where, operation in OPERATIONS.items():
        for one in operation.get("parameters", []):
            yield f"{where}?{one['name']}", one["schema"], True
        for content in operation.get("requestBody", {}).get("content", {}).values():
            for name, schema in content["schema"].get("properties", {}).items():
                yield f"{where} {name}", schema, True
    for model, schema in SCHEMAS.items():
        if model not in FOREIGN:
            for name, told in schema.get("properties", {}).items():
                yield f"{model}.{name}", told, model in incoming


FIELDS = {where: (schema, is_sent) for where, schema, is_sent in _fields()}


def _forms(schema: Schema) -> list[Schema]:
    """The types a value may have, without null and without those described where they stand."""
    every = schema.get("anyOf", [schema])
    return [one for one in every if one.get("type") != "null" and "$ref" not in one and "allOf" not in one]


def _faults(schema: Schema, *, is_sent: bool) -> Iterator[str]:
    for form in _forms(schema):
        kind = form.get("type")
        chosen = "enum" in form or "const" in form
        is_file = "contentMediaType" in form
        speaks = chosen or kind == "boolean" or is_file or form.get("format") in SPEAKING_FORMATS
        if not (kind or chosen or "anyOf" in form):
            yield "no type"
        if kind == "string" and not (speaks or "format" in form or "pattern" in form):
            yield from () if "maxLength" in form else ("no maxLength",)
        if kind in {"integer", "number"}:
            yield from () if {"minimum", "exclusiveMinimum"} & form.keys() else ("no minimum",)
            yield from () if "maximum" in form or not is_sent else ("no maximum",)
        if kind == "array" and is_sent and "maxItems" not in form:
            yield "no maxItems"
        if kind == "array":
            item = form.get("items", {})
            speaks = "$ref" in item or "enum" in item or item.get("format") in SPEAKING_FORMATS
        shown = {"examples", "example"} & (schema.keys() | form.keys())
        if not (speaks or shown or schema.get("default") not in (None, "", [])):
            yield "no example"


@pytest.mark.parametrize("where", FIELDS)
def test_a_field_tells_its_type_limits_and_an_example(where: str) -> None:
    schema, is_sent = FIELDS[where]
    assert list(_faults(schema, is_sent=is_sent)) == [], schema


@pytest.mark.parametrize(
    ("schema", "fault"),
    [
        ({}, "no type"),
        ({"type": "string", "examples": ["a"]}, "no maxLength"),
        ({"anyOf": [{"type": "string", "maxLength": 5}, {"type": "null"}]}, "no example"),
        ({"type": "integer", "minimum": 1, "default": 1}, "no maximum"),
        ({"type": "array", "items": {"type": "string"}, "examples": [["a"]]}, "no maxItems"),
    ],
)
def test_an_incomplete_field_would_be_seen(schema: Schema, fault: str) -> None:
    assert fault in list(_faults(schema, is_sent=True))


@pytest.mark.parametrize("where", OPERATIONS)
def test_an_operation_tells_what_it_does_and_every_answer(where: str) -> None:
    operation = OPERATIONS[where]
    assert operation["summary"]
    parameters = {one["name"].lower() for one in operation.get("parameters", [])}
    answers = {int(code) for code in operation["responses"]}
    expected = {413, 422, 503}
    if MATRIX[where] != PUBLIC:
        expected.add(401)
        if where not in STILL_OPEN:
            expected.add(403)  # at least while a temporary password waits to be changed
    if "{" in where and "category-access/" not in where:
        expected.add(404)
    if "if-match" in parameters:
        expected.add(412)
    assert expected <= answers
    assert answers & {200, 201, 202, 204}, "and one answer when all is well"
    for code, answer in operation["responses"].items():
        assert answer["description"]
        if int(code) >= 400 and "health" not in where and "readyz" not in where:
            assert "application/problem+json" in answer["content"], code
        elif code not in {"202", "204"}:
            assert answer["content"], code
