"""Settings about letters: the mail server, and how patiently it is asked."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, EmailStr, Field, SecretStr


class Delivery(BaseModel):
    """A part of `core.settings.Settings`."""

    smtp_host: str | None = Field(None, description="поштовий сервер; порожньо: листи не надсилаються")
    smtp_port: int = Field(587, ge=1, le=65535, description="порт поштового сервера")
    smtp_user: str | None = Field(None, description="ім'я користувача пошти")
    smtp_password: SecretStr | None = Field(None, description="пароль пошти")
    smtp_tls: Literal["starttls", "tls", "none"] = Field("starttls", description="starttls, tls або none")
    smtp_timeout_s: float = Field(30, ge=0.1, le=30, description="найдовше на один лист, секунд")
    smtp_ca_file: Path | None = Field(
        None, description="свій кореневий сертифікат пошти (PEM); порожньо: системні"
    )
    mail_from: EmailStr | None = Field(None, description="від кого листи")
    mail_connections: int = Field(4, ge=1, le=32, description="скільки листів надсилати одночасно")
    mail_retry_s: float = Field(
        150, ge=0.01, le=3600, description="пауза перед першим повтором листа; далі подвоюється, повторів 5"
    )
    delivery_sweep_s: float = Field(
        5, ge=0.1, le=60, description="як часто перевіряти, чи нікого не забуто, секунд"
    )
