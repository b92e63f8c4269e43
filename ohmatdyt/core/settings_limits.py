"""Settings of how much a stranger, a person and everybody together may hold at once."""

from pydantic import BaseModel, Field


class Limits(BaseModel):
    """A part of `core.settings.Settings`; all counts are for one process."""

    max_in_flight: int = Field(
        500, ge=10, le=10_000, description="скільки запитів одночасно бере один процес; решта дістає 503"
    )
    head_max_s: float = Field(
        10, ge=0.2, le=60, description="за скільки секунд має прийти заголовок запиту, інакше 408"
    )
    idle_sockets_per_address: int = Field(
        200,
        ge=10,
        le=100_000,
        description="скільки з'єднань без запиту тримати для однієї адреси; найдавніше поступається новому",
    )
    body_grace_s: float = Field(
        10, ge=0.2, le=60, description="стільки секунд тіло запиту може йти як завгодно повільно"
    )
    body_min_kb_s: int = Field(8, ge=1, le=1000, description="далі не повільніше стількох КБ/с, інакше 408")
    body_max_s: float = Field(900, ge=1, le=86_400, description="найдовше на тіло запиту, секунд")
    uploads_at_once: int = Field(
        100, ge=1, le=10_000, description="скільки запитів із файлами приймати одночасно; решта дістає 503"
    )
    uploads_per_person: int = Field(
        4, ge=1, le=1000, description="скільки з них від однієї людини; решта дістає 429"
    )
    uploads_per_address: int = Field(
        40, ge=1, le=10_000, description="скільки з них з однієї адреси; решта дістає 429"
    )
    upload_space_mb: int = Field(
        2048, ge=1, le=1_000_000, description="скільки МіБ разом займають файли, що саме надходять"
    )
    upload_space_per_person_mb: int = Field(
        512, ge=1, le=1_000_000, description="скільки з них від однієї людини; один запит приймають завжди"
    )

    @property
    def most_sockets(self) -> int:
        """Connections of one process: ten times too many people still get our own answer, and health beside them."""
        return self.max_in_flight * 20 + 1000
