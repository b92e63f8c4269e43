"""Requests drawn from the contract: some as they should be, most with something wrong."""

import json
import re
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final
from urllib.parse import quote, urlencode

from tests.edge.hostile import parcels, words
from tests.edge.hostile.shapes import Shapes, Things

_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PROPFIND")
_LIST = {"categories": "category_id", "channels": "channel_id"}
# How often a route is asked: where most code is, most often; a sign-in costs a tenth of a second of hashing.
_OFTEN, _SELDOM = (
    ("/api/cases", "/api/attachments", "/api/patients"),
    ("/auth/login", "/metrics", "/api/events"),
)


@dataclass
class Ask:
    """One request. `route` is its name in the contract; `usual` while method and path are that route's own."""

    route: str
    method: str
    target: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes | None = None
    usual: bool = True
    signed: bool = True
    chunked: bool = False

    def told(self) -> str:
        """The request in one line, to be asked again by hand."""
        return f"{self.method} {self.target[:600]} {self.headers} {(self.body or b'')[:600]!r}"


class Asker:
    """Draws requests for one contract."""

    def __init__(self, contract: dict[str, Any], things: Things) -> None:
        self.things, self.shapes = things, Shapes(contract, things)
        self.operations: list[tuple[str, dict[str, Any]]] = [
            (f"{method.upper()} {path}", operation)
            for path, operations in contract["paths"].items()
            for method, operation in operations.items()
        ]
        self.weights = [
            4 if path.startswith(_OFTEN) else 0.4 if path in _SELDOM else 1
            for path in (route.split(" ")[1] for route, _ in self.operations)
        ]

    def draw(self, random: Random) -> Ask:
        """The next request: a third as it should be, a third with one thing wrong, a third with anything wrong."""
        ((route, operation),) = random.choices(self.operations, self.weights)
        return self.ask_for(random, route, operation, random.choice((0.0, 0.15, 0.5)))

    def ask_for(self, random: Random, route: str, operation: dict[str, Any], share: float = 0.0) -> Ask:
        """A request to one route; `share` of it is wrong."""
        method, path = route.split(" ")
        ask = Ask(route, method, path)
        parameters = operation.get("parameters", [])
        self._path(random, ask, [one for one in parameters if one["in"] == "path"], share)
        self._query(random, ask, [one for one in parameters if one["in"] == "query"], share)
        self._headers(
            random, ask, {one["name"].lower() for one in parameters if one["in"] == "header"}, share
        )
        if content := operation.get("requestBody", {}).get("content"):
            self._body(random, ask, content, share)
        if random.random() < share * 0.06:
            ask.method, ask.usual = random.choice(_METHODS), False
        if random.random() < share * 0.1 and ask.body is None:
            ask.body = random.choice(words.BODIES)
        ask.chunked = ask.body is not None and random.random() < 0.05
        return ask

    def _path(self, random: Random, ask: Ask, parameters: list[dict[str, Any]], share: float) -> None:
        for one in parameters:
            name = one["name"]
            kind = _LIST[ask.route.split("/")[2]] if name == "entry_id" else name
            value = self.shapes.good(random, one["schema"], kind)
            if random.random() < share * 0.5:
                value, ask.usual = self.shapes.bad(random, one["schema"], name, plain=True), False
            ask.target = ask.target.replace(f"{{{name}}}", _quoted(str(value)[:3000], safe=""))

    def _query(self, random: Random, ask: Ask, parameters: list[dict[str, Any]], share: float) -> None:
        pairs: list[tuple[str, Any]] = []
        wanted = random.choice((0.0, 0.1, 0.25, 0.6))
        for one in parameters:
            if random.random() >= wanted and not one.get("required"):
                continue
            name, schema = one["name"], one["schema"]
            wrong = random.random() < share
            value = (
                self.shapes.bad(random, schema, name, plain=True)
                if wrong
                else self.shapes.good(random, schema, name)
            )
            pairs += [(name, each) for each in (value if isinstance(value, list) else [value])]
        if pairs and random.random() < share * 0.2:
            pairs.append(random.choice(pairs))
        if random.random() < share * 0.1:
            pairs.append((words.text(random, 20)[:500], words.text(random, 20)[:500]))
        written = [(_written(name), _written(value)[:8000]) for name, value in pairs if value is not None]
        query = urlencode([(n.encode("utf-8", "replace"), v.encode("utf-8", "replace")) for n, v in written])
        if random.random() < share * 0.05:
            query += random.choice(
                ("&", "&&=", "%", "%zz", "%ff=%fe", "&a[]=1", ";x=1", "?", "&=", "%00=%00")
            )
        if query:
            ask.target = f"{ask.target}?{query}"[:40_000]

    def _headers(self, random: Random, ask: Ask, own: set[str], share: float) -> None:
        if "if-match" in own and random.random() < 0.9:
            ask.headers.append(("If-Match", f'"{random.choice((1, 1, 1, 2, 2, 3, 4))}"'))
        if "idempotency-key" in own and random.random() < 0.4:
            keys = self.things.keys
            key = random.choice(keys) if keys and random.random() < 0.3 else f"key-{random.getrandbits(64):x}"
            keys[:] = [*keys[-50:], key]
            ask.headers.append(("Idempotency-Key", key))
        for _ in range(random.choice((0, 0, 1, 1, 3)) if random.random() < share else 0):
            name = random.choice(list(words.HEADERS))
            if name == "Authorization":
                ask.signed = False
            if name not in {"Content-Encoding", "Host"} or random.random() < 0.3:
                ask.headers.append((name, random.choice(words.HEADERS[name])))

    def _body(self, random: Random, ask: Ask, content: dict[str, Any], share: float) -> None:
        kind = random.choice(list(content))
        schema = self.shapes.resolved(content[kind]["schema"])
        if random.random() < share * 0.15:
            ask.body = random.choice(words.BODIES)
        elif kind == "multipart/form-data":
            kind, ask.body = parcels.parcel(random, self._fields(random, schema, share, form=True), share)
        elif kind == "application/json":
            given = self._fields(random, schema, share, form=False)
            # An empty body where all is optional: nothing is sent at all.
            ask.body = json.dumps(given, ensure_ascii=random.random() < 0.5 or _halved(given)).encode()
        else:
            fields = self._fields(random, schema, share, form=True)
            ask.body = urlencode([(n, _written(v).encode("utf-8", "replace")) for n, v in fields]).encode()
        if random.random() < share * 0.08:
            kind = random.choice(words.CONTENT_TYPES)
        if random.random() >= share * 0.03:
            ask.headers.append(("Content-Type", kind))

    def _fields(self, random: Random, schema: dict[str, Any], share: float, *, form: bool) -> Any:
        """The fields of a body: pairs for a form, an object for JSON."""
        given = self.shapes.good(random, schema)
        if not isinstance(given, dict):
            return [] if form else given
        parts = schema.get("properties", {})
        for name in list(parts):
            if name in {"files", "files[]", "file"}:
                continue
            if random.random() < share * 0.5:
                given[name] = self.shapes.bad(random, parts[name], name, plain=form)
            elif random.random() < share * 0.1:
                given.pop(name, None)
        if random.random() < share * 0.15:
            foreign = random.choice(
                ("id", "public_id", "author_id", "role", "status", "version", "is_admin", "\x00")
            )
            given[foreign] = words.for_json(random, 20)
        if not form:
            return given
        pairs = [(n, v) for n, v in given.items() if v is not None]
        return [*pairs, random.choice(pairs)] if pairs and random.random() < share * 0.1 else pairs


def _halved(given: Any) -> bool:
    return bool(re.search(r"\\ud[89a-f]", json.dumps(given)))


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _quoted(value: str, *, safe: str) -> str:
    return quote(value.encode("utf-8", "surrogatepass"), safe=safe)
