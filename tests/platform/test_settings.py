"""A wrong setting stops the start with a sentence that names it; a right one is understood."""

import re
import secrets
import stat
from pathlib import Path
from typing import Any

import pytest

from ohmatdyt.core.settings import Settings, SettingsError, load_settings

GOOD_SECRET = secrets.token_urlsafe(48)
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)  # no .env of the developer
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("APP_ENV", "staging", "production"),
        ("PORT", "http", "числом"),
        ("PORT", "70000", "65535"),
        ("WORKERS", "0", "1"),
        ("PUBLIC_URL", "crm.example.org", "https://"),
        ("PUBLIC_URL", "https://crm.example.org/path", "https://"),
        ("CORS_ORIGINS", "https://a.example.org,*", "«*»"),
        ("TRUSTED_PROXIES", "10.0.0.0/8,proxy", "«proxy»"),
        ("DATABASE_URL", "mysql://root@localhost/db", "postgresql://"),
        ("DATABASE_URL", "postgresql://localhost", "postgresql://"),
        ("DATABASE_POOL_TIMEOUT_S", "soon", "числом"),
        ("SECRET_KEY", "short", "закороткий"),
        ("SECRET_KEY", "change-me-please-change-me-please-change-me", "заглушка"),
        ("SECRET_KEY", "abababababababababababababababababababab", "одноманітний"),
        ("MAX_UPLOAD_MB", "-1", "1"),
        ("ESCALATION_AT", "25:99", "09:00"),
        ("TIME_ZONE", "Europe/Atlantis", "Europe/Kyiv"),
        ("REGISTRATION_OPEN", "perhaps", "true"),
        ("MAIL_FROM", "nobody", "MAIL_FROM"),
        ("SMTP_HOST", "mail.example.org", "MAIL_FROM"),
        ("SMTP_TLS", "maybe", "starttls"),
        ("LOG_LEVEL", "loud", "warning"),
        ("S3_URL", "s3://bucket", "порожнім"),
        ("CLAMD_URL", "tcp://clamd", "порожнім"),
        ("REDIS_URL", "localhost:6379", "redis://"),
        ("LOGIN_PAUSE_MAX_SECONDS", "5", "LOGIN_PAUSE_SECONDS"),
    ],
)
def test_wrong_value_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, word: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refusal:
        load_settings()
    said = str(refusal.value)
    assert name in said or "MAIL_FROM" in said
    assert word in said
    assert re.search("[а-яіїєґ]", said), "an administrator reads Ukrainian"
    if name == "SECRET_KEY":
        assert value not in said


def test_every_wrong_value_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as refusal:
        load_settings(port=0, time_zone="Nowhere")
    assert {line.split(":")[0] for line in str(refusal.value).splitlines()} == {"PORT", "TIME_ZONE"}


class TestSecret:
    def test_made_once_and_kept_private(self, tmp_path: Path) -> None:
        first = load_settings(data_dir=tmp_path / "data")
        second = load_settings(data_dir=tmp_path / "data")
        assert first.secret_key == second.secret_key
        assert len(first.secret_key.get_secret_value()) >= 32
        file = tmp_path / "data" / "secret.key"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700

    def test_opened_to_others_is_closed_again(self, tmp_path: Path) -> None:
        load_settings(data_dir=tmp_path)
        (tmp_path / "secret.key").chmod(0o644)
        load_settings(data_dir=tmp_path)
        assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600

    def test_empty_file_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "secret.key").touch()
        with pytest.raises(SettingsError, match=r"secret\.key"):
            load_settings(data_dir=tmp_path)

    def test_required_in_production_with_a_database(self, tmp_path: Path) -> None:
        url = "postgresql://crm:Vx7pQm2tRk@db/crm"
        with pytest.raises(SettingsError, match="SECRET_KEY"):
            load_settings(app_env="production", database_url=url, data_dir=tmp_path)
        settings = load_settings(app_env="production", database_url=url, secret_key=GOOD_SECRET)
        assert settings.secret_key.get_secret_value() == GOOD_SECRET
        assert not (tmp_path / "secret.key").exists()

    @pytest.mark.parametrize("password", ["", "postgres", "changeme", "%3Cyour%20password%3E"])
    @pytest.mark.parametrize("which", ["database_url", "migration_database_url"])
    def test_placeholder_database_password_is_refused(self, which: str, password: str) -> None:
        given: dict[str, Any] = {"database_url": "postgresql://crm:Vx7pQm2tRk@db/crm"}
        given |= {which: f"postgresql://crm:{password}@db/crm"}
        with pytest.raises(SettingsError, match=f"^{which.upper()}:"):
            load_settings(app_env="production", secret_key=GOOD_SECRET, **given)

    def test_never_printed(self) -> None:
        settings = load_settings(
            app_env="test", secret_key=GOOD_SECRET, database_url="postgresql://u:hush@db/crm"
        )
        assert GOOD_SECRET not in repr(settings)
        assert "hush" not in repr(settings)


class TestMeaning:
    def test_production_is_closed_and_logs_for_machines(self, tmp_path: Path) -> None:
        settings = load_settings(
            app_env="production", data_dir=tmp_path, public_url="https://crm.example.org"
        )
        assert not settings.docs
        assert settings.json_logs
        assert settings.secure
        assert settings.embedded

    def test_database_address_keeps_the_words_of_libpq(self) -> None:
        settings = load_settings(app_env="test", database_url="postgres://u:p@db:5433/crm?sslmode=require")
        assert settings.database_url == "postgresql://u:p@db:5433/crm?sslmode=require"
        assert not settings.embedded

    def test_lists_are_split_and_empty_means_default(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TRUSTED_PROXIES", " 10.0.0.1, 192.168.0.0/16 ,")
        monkeypatch.setenv("PORT", "")
        settings = load_settings(app_env="test")
        assert settings.trusted_proxies == ("10.0.0.1", "192.168.0.0/16")
        assert settings.port == 8000

    def test_file_in_the_folder_is_read(self, tmp_path: Path) -> None:
        (tmp_path / ".env").write_text("PORT=8123\n", encoding="utf-8")
        assert load_settings(app_env="test").port == 8123


class TestExample:
    def lines(self) -> list[str]:
        return (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()

    def test_every_setting_stands_in_it_once_with_its_default_and_an_explanation(
        self, tmp_path: Path
    ) -> None:
        lines = self.lines()
        names = [line.split("=", 1)[0] for line in lines if re.match(r"[A-Z0-9_]+=", line)]
        of_compose = names[names.index("POSTGRES_PASSWORD") :]  # tests/deploy looks after those
        assert sorted(set(names) - set(of_compose)) == sorted(name.upper() for name in Settings.model_fields)
        assert len(names) == len(set(names))
        for number, line in enumerate(lines):
            if re.match(r"[A-Z0-9_]+=", line):
                assert lines[number - 1].startswith("# "), f"{line} is not explained"
        # As it stands it is the defaults, nothing else.
        (tmp_path / ".env").write_text("\n".join(lines), encoding="utf-8")
        secret = {"secret_key": GOOD_SECRET}
        assert load_settings(**secret) == Settings(_env_file=None, **secret)  # type: ignore[arg-type]

    def test_every_setting_is_described_in_code(self) -> None:
        assert [name for name, field in Settings.model_fields.items() if not field.description] == []

    def test_production_example_starts_once_filled_in(self, tmp_path: Path) -> None:
        text = (ROOT / ".env.prod.example").read_text(encoding="utf-8")
        names = set(re.findall(r"^([A-Z0-9_]+)=", text, re.MULTILINE))
        assert names <= set(re.findall(r"^([A-Z0-9_]+)=", "\n".join(self.lines()), re.MULTILINE))
        (tmp_path / ".env").write_text(text, encoding="utf-8")
        assert load_settings(secret_key=GOOD_SECRET).production
