"""Settings about signing in: how long it lasts, and how wrong passwords slow it down."""

from pydantic import BaseModel, Field


class SigningIn(BaseModel):
    """A part of `core.settings.Settings`."""

    access_token_minutes: int = Field(30, ge=1, le=24 * 60, description="скільки живе токен доступу")
    refresh_token_days: int = Field(7, ge=1, le=90, description="скільки живе сеанс без входу")
    login_max_failures: int = Field(
        10, ge=3, le=1000, description="невдалих входів поспіль для одного облікового запису до паузи"
    )
    login_network_max_failures: int = Field(
        100, ge=10, le=100_000, description="невдалих входів з однієї мережі до паузи"
    )
    login_pause_seconds: int = Field(30, ge=1, le=3600, description="перша пауза; далі подвоюється")
    login_pause_max_seconds: int = Field(900, ge=1, le=86_400, description="найдовша пауза")
    temp_password_hours: int = Field(24, ge=1, le=24, description="скільки діє тимчасовий пароль")
    registration_open: bool = Field(default=True, description="чи можна самому подати заявку на доступ")
