"""What every answer must be, whatever was asked."""

import importlib
import json
import pkgutil
import re
from collections import Counter
from typing import Any, Final

import ohmatdyt
from ohmatdyt.core.errors import DomainError
from ohmatdyt.core.problems import CODES
from tests.edge.hostile.asking import Ask
from tests.edge.hostile.wire import Answer

# The framework's own failures besides those `problems` names.
_MORE_CODES: Final = {"malformed", "error"}
_HEADERS: Final = {
    "x-content-type-options": re.compile("nosniff"),
    "referrer-policy": re.compile("same-origin"),
    "content-security-policy": re.compile(".*frame-ancestors 'none'|.*sandbox"),
    "cache-control": re.compile("."),
    "x-request-id": re.compile(r"[A-Za-z0-9._-]{1,64}"),
}
# What betrays the inside. None of it is among the words we send.
_INSIDE: Final = re.compile(
    rb'Traceback|File "|site-packages|sqlalchemy|asyncpg|psycopg|pydantic|SELECT |INSERT INTO|UPDATE \w+ SET'
    rb"|relation \\?\"|/ohmatdyt/|argon2|password_hash|token_version",
    re.IGNORECASE,
)
# A health that is not well says so by its status: on a machine busy with other things the database may be late.
_HEALTH: Final = {"GET /healthz", "GET /readyz"}
_METHODS_OF_OURS: Final = {"GET", "POST", "PUT", "PATCH", "DELETE"}


def stable_codes() -> set[str]:
    """Every code the product's failures can carry."""
    for module in pkgutil.walk_packages(ohmatdyt.__path__, "ohmatdyt."):
        if module.name.endswith(".errors"):
            importlib.import_module(module.name)

    def of(kind: type[DomainError]) -> set[str]:
        return {kind.code}.union(*(of(below) for below in kind.__subclasses__()))

    return of(DomainError) | set(CODES.values()) | _MORE_CODES


class Judge:
    """Looks at every answer and counts; `faults` is empty when the promise holds."""

    def __init__(self, contract: dict[str, Any]) -> None:
        self.codes = stable_codes()
        self.statuses: Counter[int] = Counter()
        self.reached: Counter[str] = Counter()
        self.busy: Counter[str] = Counter()
        self.faults: list[str] = []
        self._told: Counter[str] = Counter()
        self.listed = {
            f"{method.upper()} {path}": {int(status) for status in operation["responses"]}
            for path, operations in contract["paths"].items()
            for method, operation in operations.items()
        }

    def look(self, ask: Ask, answer: Answer) -> None:
        """Judge one answer."""
        status = answer.status
        self.statuses[status] += 1
        if status < 300 and ask.usual:
            self.reached[ask.route] += 1
        for name, wanted in _HEADERS.items():
            if not wanted.match(answer.headers.get(name, "")):
                self.fault(ask, answer, f"{name}: {answer.headers.get(name)!r}")
        if status == 503 and (answer.headers.get("retry-after", "").isdigit() or ask.route in _HEALTH):
            self.busy[ask.route] += 1
        elif status >= 500:
            self.fault(ask, answer, f"{status}")
        if ask.usual and status not in self.listed[ask.route]:
            self.fault(ask, answer, f"{status} is not in the contract")
        if status >= 400 and ask.method in _METHODS_OF_OURS:
            self._problem(ask, answer)

    def fault(self, ask: Ask, answer: Answer | None, what: str) -> None:
        """Something that must not be; the same thing at the same route is told once."""
        kind = f"{ask.route}: {what}"
        self._told[kind] += 1
        if self._told[kind] == 1:
            said = f"{answer.status} {answer.body[:500]!r}" if answer else "no answer"
            self.faults.append(f"{kind}\n  {ask.told()}\n  → {said}")

    def _problem(self, ask: Ask, answer: Answer) -> None:
        if answer.headers.get("content-type") != "application/problem+json":
            # Health tells what is down in its own form.
            if answer.status != 503 or "/api/" in ask.route:
                self.fault(ask, answer, f"an error as {answer.headers.get('content-type')}")
            return
        told = json.loads(answer.body)
        if told["status"] != answer.status or told["code"] not in self.codes:
            self.fault(ask, answer, f"code {told['code']!r}, status {told['status']}")
        if told["request_id"] != answer.headers.get("x-request-id"):
            self.fault(ask, answer, "another request id")
        if inside := _INSIDE.search(answer.body):
            self.fault(ask, answer, f"tells {inside[0]!r}")
