"""Every setting of the product, read once from the environment; the only file that knows of it.

A wrong value stops the start with `SettingsError`, whose text names the variable and says what to do.
"""

import ipaddress
import os
import secrets
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    Field,
    PrivateAttr,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from ohmatdyt.core import secret_key as secret_keys
from ohmatdyt.core import settings_file, settings_text
from ohmatdyt.core.embedded import as_application
from ohmatdyt.core.settings_database import DatabaseSettings
from ohmatdyt.core.settings_delivery import Delivery
from ohmatdyt.core.settings_limits import Limits
from ohmatdyt.core.settings_signing_in import SigningIn
from ohmatdyt.core.settings_uploads import Uploads

Words = Annotated[tuple[str, ...], NoDecode]
# prometheus_client chooses how values are kept when it is imported, and knows no other way to be told.
_FIGURES = "PROMETHEUS_MULTIPROC_DIR"


class SettingsError(Exception):
    """A setting is missing or wrong; the text is one sentence per variable, in Ukrainian."""


class Settings(DatabaseSettings, Limits, SigningIn, Uploads, Delivery, BaseSettings):
    """What the environment says, checked. Field `x_y` is the variable `X_Y`."""

    model_config = SettingsConfigDict(
        env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore", frozen=True
    )

    _inside: bool = PrivateAttr(default=False)

    app_env: Literal["development", "production", "test"] = Field(
        "development", description="development, production або test"
    )
    host: str = Field("127.0.0.1", description="адреса, на якій слухає сервер")
    port: int = Field(8000, ge=1, le=65535, description="порт сервера")
    workers: int = Field(1, ge=1, le=64, description="скільки процесів відповідають на запити")
    public_url: str = Field("http://localhost:8000", description="адреса, яку відкривають працівники")
    cors_origins: Words = Field((), description="сторонні джерела, яким браузер дозволяє звертатися до API")
    trusted_proxies: Words = Field(
        (), description="адреси проксі, чиїм заголовкам X-Forwarded-* можна вірити"
    )
    docs_enabled: bool | None = Field(None, description="чи показувати /docs; порожньо: так, крім production")
    secret_key: SecretStr = Field(
        SecretStr(""), description="ключ підпису; без DATABASE_URL створюється сам у DATA_DIR/secret.key"
    )

    data_dir: Path = Field(Path("var"), description="тека вбудованої бази, ключа та файлів")
    media_root: Path | None = Field(None, description="тека вкладень; порожньо: DATA_DIR/media")
    s3_url: str | None = Field(None, description="S3-сховище замість MEDIA_ROOT (у цій версії ще немає)")
    redis_url: str | None = Field(
        None,
        repr=False,
        description="Redis для Celery; з ним листи й розклад ведуть `ohmatdyt worker` і `ohmatdyt beat`",
    )

    clamd_url: str | None = Field(None, description="антивірус ClamAV (у цій версії ще немає)")

    event_streams: int = Field(
        300, ge=1, le=10_000, description="скільки вікон одного процесу оновлюються наживо; решта без цього"
    )
    event_heartbeat_s: float = Field(
        20, ge=0.1, le=25, description="пауза між перевірками живого оновлення, секунд"
    )

    escalation_after_days: int = Field(3, ge=1, le=365, description="за скільки діб звернення прострочене")
    escalation_at: time = Field(time(9, 0), description="коли щодня нагадувати про прострочені")
    time_zone: str = Field("Europe/Kyiv", description="часовий пояс лікарні")

    backup_dir: Path | None = Field(
        None, description="куди щодня писати резервну копію; порожньо: не писати самому"
    )
    backup_at: time = Field(time(2, 30), description="коли щодня робити копію, за часом лікарні")
    backup_keep: int = Field(14, ge=1, le=3650, description="скільки останніх копій зберігати")
    backup_wal: bool = Field(default=False, description="чи архівувати журнал бази (WAL) у BACKUP_DIR")

    metrics_from: Words = Field(
        ("127.0.0.1", "::1"), description="з яких адрес і мереж видно /metrics (Prometheus)"
    )
    metrics_token: SecretStr | None = Field(
        None, description="або за яким токеном: Authorization: Bearer …; порожньо: лише за адресою"
    )

    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="докладність журналу")
    log_format: Literal["json", "text"] | None = Field(
        None, description="json або text; порожньо: json у production, інакше text"
    )

    @field_validator("cors_origins", "trusted_proxies", "metrics_from", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(filter(None, (v.strip() for v in value.split(",")))) if isinstance(value, str) else value

    @field_validator("app_env", "log_level", "log_format", "smtp_tls", mode="before")
    @classmethod
    def _fold(cls, value: object) -> object:
        return value.strip().lower() if isinstance(value, str) else value

    @field_validator("public_url")
    @classmethod
    def _address(cls, value: str) -> str:
        return settings_text.web_origin(value.rstrip("/"), "https://crm.example.org")

    @field_validator("cors_origins")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(settings_text.web_origin(v, "https://site.example.org,https://other.org") for v in value)

    @field_validator("trusted_proxies", "metrics_from")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for address in value:
            try:
                ipaddress.ip_network(address, strict=False)
            except ValueError:
                raise ValueError(f"«{address}» не є IP-адресою чи мережею (приклад: 10.0.0.0/8)") from None
        return value

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (OSError, ValueError, LookupError):
            raise ValueError(f"немає часового поясу «{value}» (приклад: Europe/Kyiv)") from None
        return value

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: str | None) -> str | None:
        return settings_text.redis_url(value) if value else None

    @field_validator("s3_url", "clamd_url")
    @classmethod
    def _not_yet(cls, value: str | None) -> str | None:
        # Accepting it silently would let an administrator believe in a scan or a store that is not there.
        if value:
            raise ValueError("ця версія такого ще не вміє; залиште значення порожнім")
        return None

    @field_validator("metrics_token")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value and len(value.get_secret_value()) < 16:
            raise ValueError("токен закороткий: треба щонайменше 16 символів")
        return value

    @field_validator("secret_key")
    @classmethod
    def _strong(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and (problem := secret_keys.weakness(value.get_secret_value())):
            raise ValueError(f"{problem}; створіть новий: {settings_text.HOW_TO_MAKE_KEY}")
        return value

    @model_validator(mode="after")
    def _together(self) -> Self:
        if self.app_env == "production" and self.database_url is not None:
            if not self.secret_key.get_secret_value():
                how = settings_text.HOW_TO_MAKE_KEY
                raise ValueError(f"SECRET_KEY: не задано, а з DATABASE_URL потрібен; створіть: {how}")
            settings_text.refuse_placeholder_password("DATABASE_URL", self.database_url)
            if self.migration_database_url is not None:
                settings_text.refuse_placeholder_password(
                    "MIGRATION_DATABASE_URL", self.migration_database_url
                )
        if self.smtp_host and not self.mail_from:
            raise ValueError("MAIL_FROM: не задано, а з SMTP_HOST потрібна адреса, від якої йдуть листи")
        if (
            self.smtp_user
            and self.smtp_tls == "none"
            and self.smtp_host not in {"127.0.0.1", "::1", "localhost"}
        ):
            raise ValueError("SMTP_TLS: none передає пароль пошти відкрито; задайте starttls або tls")
        if self.backup_wal and self.backup_dir is None:
            raise ValueError("BACKUP_DIR: не задано, а з BACKUP_WAL треба тека, куди писати архів")
        if self.login_pause_max_seconds < self.login_pause_seconds:
            raise ValueError("LOGIN_PAUSE_MAX_SECONDS: має бути не меншим за LOGIN_PAUSE_SECONDS")
        return self

    @property
    def embedded(self) -> bool:
        """True when PostgreSQL is ours to start in `data_dir`."""
        return self.database_url is None

    @property
    def production(self) -> bool:
        return self.app_env == "production"

    @property
    def media(self) -> Path:
        """The folder of attachments."""
        return self.media_root or self.data_dir / "media"

    @property
    def docs(self) -> bool:
        """Whether `/docs` and `/openapi.json` answer."""
        return not self.production if self.docs_enabled is None else self.docs_enabled

    @property
    def secure(self) -> bool:
        """Whether people come over HTTPS: cookies are then Secure and HSTS is sent."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def json_logs(self) -> bool:
        return self.production if self.log_format is None else self.log_format == "json"

    @property
    def database_inside(self) -> bool:
        """True when the database is the one in `data_dir`, also once it answers at an address."""
        return self.embedded or self._inside

    def connected(self, owner: str) -> Self:
        """The same settings with the addresses that the embedded PostgreSQL answers on."""
        app = as_application(owner)
        copy = self.model_copy(update={"database_url": app, "migration_database_url": owner})
        copy._inside = True  # noqa: SLF001 — a copy of ourselves
        return copy


def share_figures(folder: Path) -> None:
    """Let the processes started from here on keep their figures in a folder, where they can be added up."""
    os.environ[_FIGURES] = str(folder)


def figures_folder() -> Path | None:
    """Where this process keeps its figures beside its siblings'; None when it is alone."""
    found = os.environ.get(_FIGURES)
    return Path(found) if found else None


def found_file() -> Path | None:
    """The file of settings that is read here: see `core.settings_file.find`. Raises `SettingsError`."""
    try:
        return settings_file.find(os.environ)
    except settings_file.SettingsFileError as error:
        raise SettingsError(str(error)) from None


def misspelt_names() -> dict[str, str]:
    """Variables that nobody reads and that are nearly one of ours, with the name that was probably meant."""
    return settings_file.misspelt(found_file(), os.environ, (name.upper() for name in Settings.model_fields))


def load_settings(*, make_key: bool = True, **overrides: Any) -> Settings:
    """Read the environment and the file of settings, with `overrides` (field names) on top; give back what was checked.

    Where no SECRET_KEY is required it is made: for tests in memory, else once into DATA_DIR/secret.key, unless
    `make_key` is False; then one that is not there is made up for this process.
    Raises `SettingsError` with one sentence for each wrong variable.
    """
    file = found_file()
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        settings = Settings(_env_file=file, **given)
    except ValidationError as error:
        raise SettingsError(settings_text.sentences(error)) from None
    except (OSError, ValueError) as error:
        raise SettingsError(f"Файл налаштувань {file} не читається ({error}).") from None
    if not settings.secret_key.get_secret_value():
        settings = settings.model_copy(update={"secret_key": SecretStr(_own_secret(settings, make=make_key))})
    return settings


def _own_secret(settings: Settings, *, make: bool) -> str:
    path = settings.data_dir / "secret.key"
    try:
        if settings.app_env == "test" or not (make or path.exists()):
            return secrets.token_urlsafe(48)
        return secret_keys.read_or_create(path)
    except (OSError, ValueError) as error:
        raise SettingsError(f"DATA_DIR: не вдалося прочитати чи створити ключ ({error})") from None
