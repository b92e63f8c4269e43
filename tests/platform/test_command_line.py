"""The commands as an administrator types them: exit codes, one sentence, joining a running server."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.platform.processes import HOLDER, OHMATDYT, environment, postgres_of, started


def run(
    *arguments: str, given: str = "", cwd: Path | None = None, **env: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*OHMATDYT, *arguments],
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=cwd,
        env=environment(**env),
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder with a migrated database."""
    path = tmp_path_factory.mktemp("desk") / "var"
    done = run("migrate", "--data-dir", str(path))
    assert done.returncode == 0, done.stderr
    yield path
    assert postgres_of(path) == []


def admin(
    folder: Path, username: str, password: str = "Довгий-пароль-77"
) -> "subprocess.CompletedProcess[str]":
    return run(
        *(
            "create-admin",
            "--username",
            username,
            "--email",
            f"{username}@example.org",
            "--full-name",
            "Ганна Їжак",
        ),
        *("--password-stdin", "--data-dir", str(folder)),
        given=password + "\n",
    )


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("fly",),
        ("serve", "--port", "x"),
        ("seed",),
        ("seed", "--cases", "0"),
        ("create-admin", "--username", "u"),
    ],
)
def test_wrong_usage_is_2(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert "usage:" in done.stderr


@pytest.mark.parametrize("command", ["serve", "demo", "create-admin", "seed", "migrate", "doctor", "openapi"])
def test_every_command_explains_itself(command: str) -> None:
    done = run(command, "--help")
    assert done.returncode == 0
    assert "--" in done.stdout


def test_wrong_setting_is_1_with_its_name(tmp_path: Path) -> None:
    done = run("serve", "--data-dir", str(tmp_path), TIME_ZONE="Atlantis")
    assert done.returncode == 1
    assert done.stderr.startswith("TIME_ZONE:")
    assert len(done.stderr.splitlines()) == 1


def test_database_that_does_not_answer_is_1_with_a_sentence(tmp_path: Path) -> None:
    url = "postgresql://crm:Vx7pQm2tRk@127.0.0.1:1/crm"
    done = run("migrate", "--data-dir", str(tmp_path), DATABASE_URL=url)
    assert done.returncode == 1
    introduction, refusal = done.stderr.splitlines()
    assert "база crm на 127.0.0.1" in introduction
    assert "DATABASE_URL" in refusal
    assert "Vx7pQm2tRk" not in done.stderr


def test_folder_that_cannot_be_written_is_1_with_a_sentence() -> None:
    done = run("migrate", "--data-dir", "/proc/nowhere")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) <= 2


class TestCreateAdmin:
    def test_created_once(self, folder: Path) -> None:
        assert admin(folder, "hanna").returncode == 0
        again = admin(folder, "hanna")
        assert again.returncode == 1
        assert len(again.stderr.splitlines()) == 2

    @pytest.mark.parametrize("password", ["", "short1", "password1"])
    def test_weak_password_is_refused_like_over_http(self, folder: Path, password: str) -> None:
        done = admin(folder, "weak", password)
        assert done.returncode == 1
        assert done.stderr

    def test_while_a_server_runs_on_the_folder(self, folder: Path) -> None:
        import sys

        with started([sys.executable, "-c", HOLDER, str(folder)]) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline().startswith("up:")
            assert admin(folder, "second").returncode == 0
            assert holder.poll() is None, "the running server was left alone"
            holder.terminate()
            holder.wait(20)


def test_migrate_twice_changes_nothing(folder: Path) -> None:
    assert run("migrate", "--data-dir", str(folder)).returncode == 0


class TestDoctor:
    def test_new_desk_needs_an_administrator(self, tmp_path: Path) -> None:
        run("migrate", "--data-dir", str(tmp_path / "var"))
        done = run("doctor", "--data-dir", str(tmp_path / "var"))
        assert done.returncode == 1
        assert "create-admin" in done.stdout

    def test_healthy_desk(self, folder: Path) -> None:
        admin(folder, "doctor")
        done = run("doctor", "--data-dir", str(folder))
        assert done.returncode == 0, done.stdout + done.stderr
        for subject in (
            "Налаштування",
            "База",
            "Схема",
            "Диск",
            "Установка",
            "Журнал дій",
            "Адміністратори",
            "Пошта",
        ):
            assert subject in done.stdout

    def test_silent_mail_server_is_found(self, folder: Path) -> None:
        done = run(
            "doctor",
            "--data-dir",
            str(folder),
            SMTP_HOST="127.0.0.1",
            SMTP_PORT="1",
            MAIL_FROM="crm@example.org",
        )
        assert done.returncode == 1
        assert "SMTP_HOST" in done.stdout


def test_contract_is_written_the_same_each_time(tmp_path: Path) -> None:
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    assert run("openapi", "--out", str(first), cwd=tmp_path).returncode == 0
    assert run("openapi", "--out", str(second), cwd=tmp_path).returncode == 0
    assert first.read_bytes() == second.read_bytes()
    assert json.loads(first.read_text(encoding="utf-8"))["openapi"].startswith("3.")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "b.json"], "nothing else was left"
