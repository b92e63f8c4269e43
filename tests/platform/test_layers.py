"""What .importlinter says of file names, said of every file whose name ends that way, and who reads what."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "ohmatdyt"
DOMAINS = ("audit", "accounts", "catalog", "people", "notifications", "cases", "insights", "alarms")


def imports(path: Path) -> Iterator[str]:
    """Full names of everything a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def role(path: Path) -> str:
    """What a file of a domain is: the end of its name, or of the package it lies in."""
    inside = path.relative_to(PACKAGE).parts[1:] or (path.name,)
    name = inside[0] if len(inside) > 1 else path.stem
    return name.rsplit("_", 1)[-1]


FILES = [path for domain in DOMAINS for path in sorted((PACKAGE / domain).rglob("*.py"))]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_each_kind_of_file_imports_only_what_it_may(path: Path) -> None:
    kind, found = role(path), list(imports(path))
    if kind in {"service", "queries", "policy", "models", "errors", "notices"}:
        assert [name for name in found if name.startswith(("fastapi", "starlette"))] == []
    if kind in {"router", "policy", "schemas"}:
        assert [name for name in found if name.startswith(("sqlalchemy", "asyncpg"))] == []


def test_only_the_application_and_routers_of_the_same_domain_open_routers() -> None:
    for path in PACKAGE.rglob("*.py"):
        where = path.relative_to(PACKAGE)
        for name in imports(path):
            parts = name.split(".")
            opens = parts[0] == "ohmatdyt" and any(part.endswith("router") for part in parts[2:])
            own = role(path) == "router" and parts[1] == where.parts[0] if opens else False
            assert not opens or own or where.name == "app.py", f"{where} imports {name}"


def test_environment_and_clock_have_one_reader_each() -> None:
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(PACKAGE).as_posix()
        assert "os.environ" not in text or name == "core/settings.py", name
        assert "datetime.now(" not in text or name == "core/clock.py", name
