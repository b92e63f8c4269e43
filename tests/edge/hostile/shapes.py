"""Values for the schemas of the contract: as they should be, or not at all."""

import string
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from tests.edge.hostile import words

_NAMES = (
    "Ганна Ткаченко",
    "Олена Їжак",
    "Марія-Соломія Ґудзь",
    "Іван Петренко",
    "О'Коннор",
    "Відмова назвати",
)
_WORDS = (
    "Не можу додзвонитися до відділення.",
    "Дякую лікарям за увагу!",
    "Скарга на чергу до хірурга, 3 години.",
)
_PHONES = ("+380671112233", "067 111 22 33", "(044) 236-61-65", "0501234567")


@dataclass
class Things:
    """What there is to be named: ids by the name of the field or parameter that wants one."""

    ids: dict[str, list[str]] = field(default_factory=dict)
    cursors: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    passwords: tuple[str, ...] = ()

    def one(self, random: Random, name: str) -> str | None:
        """An id that such a field may hold, or None for a field that holds none."""
        known = self.ids.get(name)
        return random.choice(known) if known else None


class Shapes:
    """Draws values for the schemas of one contract."""

    def __init__(self, contract: dict[str, Any], things: Things) -> None:
        self.schemas: dict[str, Any] = contract["components"]["schemas"]
        self.things = things

    def resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The schema itself, where it only refers to one."""
        while "$ref" in schema:
            schema = self.schemas[schema["$ref"].rsplit("/", 1)[1]]
        return schema

    def good(self, random: Random, schema: dict[str, Any], name: str = "") -> Any:
        """A value the contract allows, mostly one that means something here."""
        schema = self.resolved(schema)
        if (choices := schema.get("anyOf")) is not None:
            kinds = [one for one in choices if one.get("type") != "null"]
            if len(kinds) < len(choices) and random.random() < 0.15:
                return None
            return self.good(random, random.choice(kinds), name)
        if named := [schema["const"]] if "const" in schema else schema.get("enum"):
            return random.choice(named)
        if schema.get("type") == "object" or "properties" in schema:
            return self._object(random, schema)
        match schema.get("type"):
            case "array":
                most = min(schema.get("maxItems", 3), 3)
                return [self.good(random, schema["items"], name) for _ in range(random.randint(0, most))]
            case "boolean":
                return random.random() < 0.5
            case "integer" | "number":
                least, most = int(schema.get("minimum", 0)), int(schema.get("maximum", 200_000))
                return random.choice(
                    (least, most, least + 1, random.randint(least, most), min(most, least + 19))
                )
        return self._text(random, schema, name)

    def bad(self, random: Random, schema: dict[str, Any], name: str = "", *, plain: bool = False) -> Any:
        """A value nobody expects there; `plain` for what travels as text and not as JSON."""
        schema = self.resolved(schema)
        kinds = [self.resolved(one) for one in schema.get("anyOf", [schema])]
        longest = next((one["maxLength"] for one in kinds if "maxLength" in one), None)
        formats = {one.get("format") for one in kinds}
        chance = random.random()
        if chance < 0.6:
            if formats & {"date", "date-time", "time"}:
                return random.choice(words.TIMES)
            if "uuid" in formats or name.endswith("_id") or name == "case":
                return random.choice(words.IDS)
            if name == "after":
                return self._cursor(random)
            if any(one.get("type") in {"integer", "number"} for one in kinds):
                return random.choice(words.INTEGERS)
            if not plain and any(one.get("type") == "array" for one in kinds):
                return [self.bad(random, {}, name) for _ in range(random.choice((1, 2, 30, 300)))]
            if not plain and any("properties" in one for one in kinds):
                return {one: self.bad(random, {}, one) for one in random.choice(kinds).get("properties", {})}
        return words.text(random, longest) if plain else words.for_json(random, longest)

    def _object(self, random: Random, schema: dict[str, Any]) -> dict[str, Any]:
        required = schema.get("required", [])
        wanted = random.random()  # of the others, now few and now many
        return {
            name: self.good(random, part, name)
            for name, part in schema.get("properties", {}).items()
            if name in required or random.random() < wanted
        }

    def _cursor(self, random: Random) -> str:
        if not self.things.cursors or random.random() < 0.3:
            return random.choice(words.CURSORS)
        whole = random.choice(self.things.cursors)
        place = random.randrange(len(whole))
        letter = random.choice(string.ascii_letters + string.digits + "-_=")
        return random.choice((whole, whole[:place], whole[:place] + letter + whole[place + 1 :], whole * 2))

    def _text(self, random: Random, schema: dict[str, Any], name: str) -> str:
        known = self.things.one(random, name)
        if known is not None:
            return known
        number = random.randrange(10**9)
        past = datetime.now(UTC) - timedelta(days=random.randrange(90))
        of_format = {
            "uuid": random.choice(words.IDS),
            "date": str((past - timedelta(days=random.randrange(8000))).date()),
            "date-time": past.isoformat(),
            "time": "09:00:00",
            "email": f"person{number}@example.org",
            "password": self._password(random),
        }
        if (fitting := of_format.get(schema.get("format", ""))) is not None:
            return fitting
        if name == "after" and self.things.cursors:
            return random.choice(self.things.cursors)
        return self._meant(random, schema, name, number)

    def _password(self, random: Random) -> str:
        return random.choice(self.things.passwords) if self.things.passwords else "Ромашка-2026"

    def _meant(self, random: Random, schema: dict[str, Any], name: str, number: int) -> str:
        if "password" in name:
            return self._password(random)
        if "phone" in name:
            return random.choice(_PHONES)
        if "email" in name:
            return f"person{number}@example.org"
        if name in {"username", "refresh_token"} and (known := self.things.one(random, f"known_{name}")):
            return known if random.random() < 0.5 else f"person{number}"
        if name in {"summary", "text", "comment", "notes"}:
            return f"{random.choice(_WORDS)} № {number}"
        if name == "search":
            return random.choice((*_PHONES, *_NAMES, "черга", "хірурга 3", "person"))
        longest = schema.get("maxLength", 200)
        return f"{random.choice(_NAMES)} {number}"[:longest] if name != "order_by" else "-created_at"
