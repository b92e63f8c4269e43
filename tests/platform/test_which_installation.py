"""Every command says which installation it speaks to, and none but a few ever makes one."""

import os
import pty
import re
import subprocess
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

from ohmatdyt.core import settings_file
from ohmatdyt.core.settings import SettingsError, load_settings, misspelt_names
from tests.platform.processes import OHMATDYT, environment
from tests.platform.test_command_line import run

ROOT = Path(__file__).resolve().parents[2]
WHO = ("--username", "golova", "--email", "golova@example.org", "--full-name", "Ганна Їжак")
PASSWORD = "Довгий-пароль-77"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a migrated database."""
    path = tmp_path_factory.mktemp("which") / "var"
    assert run("migrate", "--data-dir", str(path)).returncode == 0
    return path


@pytest.mark.parametrize(
    "arguments",
    [
        ("doctor",),
        ("backup", "copies", "--keep", "2"),
        ("create-admin", *WHO, "--password-stdin"),
        ("adopt", "."),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_command_in_the_wrong_folder_makes_nothing(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = run(*arguments, given=PASSWORD + "\n", cwd=tmp_path)
    assert done.returncode == 1
    introduction, refusal = done.stderr.splitlines()
    assert str(tmp_path / "var") in introduction
    assert f"{tmp_path / 'var'} бази немає" in refusal
    assert list(tmp_path.iterdir()) == []


def test_a_new_installation_is_announced_and_an_old_one_named(folder: Path, tmp_path: Path) -> None:
    new = run("migrate", "--data-dir", str(tmp_path / "new"))
    assert "створено нову установку" in new.stderr
    assert "ще без номера" in new.stderr.splitlines()[0]
    again = run("migrate", "--data-dir", str(folder))
    first = again.stderr.splitlines()[0]
    assert re.search(
        rf"Ohmatdyt CRM {re.escape(version('ohmatdyt'))}, установка [0-9a-f]{{8}}: дані в ", first
    )
    assert str(folder) in first
    assert "створено" not in again.stderr


class TestFileOfSettings:
    @pytest.fixture
    def places(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
        """The three places, none of them there yet; the system's is moved into the test's folder."""
        monkeypatch.chdir(tmp_path)
        for name in ("PORT", settings_file.NAME):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setattr(settings_file, "OF_THE_SYSTEM", tmp_path / "system.env")
        return {
            "named": tmp_path / "named.env",
            "system": tmp_path / "system.env",
            "folder": tmp_path / ".env",
        }

    def test_the_first_of_three_places_is_read(
        self, places: dict[str, Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for port, path in enumerate(reversed(places.values()), 8001):
            path.write_text(f"PORT={port}\n", encoding="utf-8")
            if path == places["named"]:
                monkeypatch.setenv(settings_file.NAME, str(path))
            assert load_settings(app_env="test").port == port

    def test_a_named_one_that_is_missing_is_said(
        self, places: dict[str, Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        places["folder"].write_text("PORT=8001\n", encoding="utf-8")
        monkeypatch.setenv(settings_file.NAME, str(places["named"]))
        with pytest.raises(SettingsError, match=r"OHMATDYT_ENV.*named\.env"):
            load_settings(app_env="test")

    def test_one_that_cannot_be_read_is_said(self, places: dict[str, Path]) -> None:
        places["folder"].mkdir()  # root may read every file, but nobody a folder
        with pytest.raises(SettingsError, match=r"файл налаштувань .*/\.env не читається"):
            load_settings(app_env="test")

    def test_names_nearly_ours_are_warned_of(
        self, places: dict[str, Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        places["folder"].write_text("BACKUP_DIRR=/mnt\nPOSTGRES_PASSWORD=x\n", encoding="utf-8")
        monkeypatch.setenv("SMTP_PASWORD", "x")
        monkeypatch.setenv("HOSTNAME", "x")
        assert misspelt_names() == {"BACKUP_DIRR": "BACKUP_DIR", "SMTP_PASWORD": "SMTP_PASSWORD"}

    @pytest.mark.parametrize("name", [".env.example", ".env.prod.example"])
    def test_our_own_examples_are_spelt_right(
        self, places: dict[str, Path], monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        monkeypatch.setenv(settings_file.NAME, str(ROOT / name))
        assert misspelt_names() == {}


def test_a_misspelt_variable_is_said_by_the_command(folder: Path) -> None:
    done = run("migrate", "--data-dir", str(folder), BACKUP_DIRR="/mnt")
    assert "BACKUP_DIRR" in done.stderr.splitlines()[1]
    assert "BACKUP_DIR." in done.stderr.splitlines()[1]


class TestVersion:
    """One number, in pyproject.toml; whatever else bears it is compared with it here."""

    def test_is_the_same_everywhere(self) -> None:
        number = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
        assert run("--version").stdout == f"ohmatdyt {number}\n"
        for file in ("package.json", "package-lock.json", "openapi.json"):
            text = (ROOT / "frontend" / file).read_text(encoding="utf-8")
            found = re.search(r'"version": "([^"]+)"', text)
            assert found, file
            assert found[1] == number, file


class TestPasswordAtATerminal:
    """It is asked for twice and never shown."""

    def ask(self, folder: Path, first: str, second: str, username: str) -> tuple[int, str]:
        ours, theirs = pty.openpty()
        who = ("--username", username, "--email", f"{username}@example.org", "--full-name", "Ганна Їжак")
        arguments = [*OHMATDYT, "create-admin", *who, "--data-dir", str(folder)]
        shown = ""
        with subprocess.Popen(
            arguments, stdin=theirs, stdout=theirs, stderr=theirs, env=environment(), start_new_session=True
        ) as process:
            os.close(theirs)
            for prompt, answer in (("Пароль: ", first), ("Ще раз: ", second)):
                while prompt not in shown:
                    shown += os.read(ours, 4096).decode(errors="replace")
                os.write(ours, f"{answer}\n".encode())
            try:
                while piece := os.read(ours, 4096):
                    shown += piece.decode(errors="replace")
            except OSError:  # the other end is closed
                pass
        os.close(ours)
        return process.returncode, shown

    def test_asked_twice_without_echo(self, folder: Path) -> None:
        code, shown = self.ask(folder, "Parol-vidno-2026", "Parol-vidno-2026", "golova")
        assert code == 0, shown
        assert "vidno" not in shown

    def test_two_that_differ_are_refused(self, folder: Path) -> None:
        code, shown = self.ask(folder, "Parol-vidno-2026", "Parol-inshyi-2026", "inshyi")
        assert code == 1
        assert "Паролі різні" in shown

    def test_without_a_terminal_the_option_is_named(self, folder: Path) -> None:
        done = run("create-admin", *WHO, "--data-dir", str(folder), given=PASSWORD + "\n")
        assert done.returncode == 1
        assert "--password-stdin" in done.stderr


def test_a_value_in_single_quotes_is_taken_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Docker Compose and systemd read it too."""
    (tmp_path / "own.env").write_text("SMTP_PASSWORD='pa$word#1 x'\n", encoding="utf-8")
    monkeypatch.setenv(settings_file.NAME, str(tmp_path / "own.env"))
    password = load_settings(app_env="test").smtp_password
    assert password is not None
    assert password.get_secret_value() == "pa$word#1 x"
