"""One step back: a program on the schema of a newer one works, or is refused in words that help."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ohmatdyt.core import driver, migrate
from ohmatdyt.core.embedded import EmbeddedPostgres
from ohmatdyt.core.version import may_run
from tests.platform.processes import free_port
from tests.platform.test_command_line import admin, run

NEWER = "20991231_of_the_future"


@pytest.mark.parametrize(
    ("since", "program", "expected"),
    [
        ("0.2.0", "0.2.0", True),
        ("0.2.0", "0.10.0", True),
        ("0.3.0", "0.2.9", False),
        ("0.3.0", "0.3.0.dev1", True),
        ("1.0", "0.9.9", False),
    ],
)
def test_versions_are_compared_as_numbers(since: str, program: str, *, expected: bool) -> None:
    assert may_run(since, program) is expected


@contextmanager
def _newer(folder: Path, since: str) -> Iterator[None]:
    """Within the block the database is as a newer program leaves it."""

    async def tell(url: str, revision: str, compatible: str) -> str:
        connection = await driver.direct(url)
        was = await connection.fetchval("SELECT version_num FROM alembic_version")
        await connection.execute("UPDATE alembic_version SET version_num = $1", revision)
        await connection.execute("UPDATE installation SET compatible_since = $1", compatible)
        await connection.close()
        return str(was)

    def write(revision: str, compatible: str) -> str:
        with EmbeddedPostgres(folder, sync=False) as server:
            return asyncio.run(tell(server.url(), revision, compatible))

    was = write(NEWER, since)
    yield
    write(was, "0.2.0")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("step") / "var"
    assert admin_and_schema(path)
    return path


def admin_and_schema(path: Path) -> bool:
    return run("migrate", "--data-dir", str(path)).returncode == 0 and admin(path, "golova").returncode == 0


def test_a_schema_that_still_knows_us_is_worked_on_and_left_alone(folder: Path) -> None:
    with _newer(folder, "0.2.0"):
        done = run("migrate", "--data-dir", str(folder))
        assert done.returncode == 0, done.stderr
        assert "може з нею працювати" in done.stderr
        assert admin(folder, "druhyi").returncode == 0
        examined = run("doctor", "--data-dir", str(folder))
        assert examined.returncode == 0, examined.stdout
        assert NEWER in examined.stdout


@pytest.mark.parametrize("name", ["serve", "migrate", "doctor", "create-admin"])
def test_a_schema_that_does_not_is_refused_with_what_to_do(folder: Path, name: str) -> None:
    command = (name, "--port", str(free_port())) if name == "serve" else (name,)
    with _newer(folder, "9.0.0"):
        done = admin(folder, "tretii") if name == "create-admin" else run(*command, "--data-dir", str(folder))
    assert done.returncode == 1
    said = done.stdout + done.stderr
    assert "від 9.0.0" in said
    assert "ohmatdyt restore" in said
    assert "Can't locate" not in said
    assert "виконайте: ohmatdyt migrate" not in said


async def test_our_own_revisions_are_known(database_url: str) -> None:
    assert (await migrate.look(database_url)).state == "current"
