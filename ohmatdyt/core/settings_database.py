"""The settings about PostgreSQL: where it is, as whom, how many connections, how long to wait."""

from pydantic import BaseModel, Field, field_validator

from ohmatdyt.core import settings_text


class DatabaseSettings(BaseModel):
    """A part of `core.settings.Settings`."""

    database_url: str | None = Field(
        None, repr=False, description="PostgreSQL 15+; порожньо: вбудований PostgreSQL у DATA_DIR"
    )
    migration_database_url: str | None = Field(
        None, repr=False, description="адреса власника бази для migrate і restore; порожньо: DATABASE_URL"
    )
    database_pool_size: int = Field(10, ge=1, le=200, description="з'єднань з базою на один процес")
    database_pool_timeout_s: float = Field(
        1.5, ge=0.05, le=60, description="скільки запит чекає на вільне з'єднання, потім 503, секунд"
    )
    statement_timeout_ms: int = Field(
        10_000, ge=100, le=600_000, description="найдовше виконання одного SQL-запиту"
    )
    lock_timeout_ms: int = Field(
        2000, ge=50, le=60_000, description="скільки чекати на рядок, зайнятий кимось іншим"
    )

    @field_validator("database_url", "migration_database_url")
    @classmethod
    def _database(cls, value: str | None) -> str | None:
        return settings_text.database_url(value) if value else None

    @property
    def owner_url(self) -> str:
        """The address with which the schema may be changed."""
        return str(self.migration_database_url or self.database_url)
