"""The program's version, and which of them may work on a schema; the number stands in pyproject.toml alone."""

import re
from importlib.metadata import version

PROGRAM = version("ohmatdyt")


def number(text: str) -> tuple[int, ...]:
    """A version as something to compare: "0.2.0" is (0, 2, 0); what follows the digits does not count."""
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])


def may_run(since: str, program: str = PROGRAM) -> bool:
    """Whether the program may work on a schema that programs since that version understand."""
    return number(program) >= number(since)
