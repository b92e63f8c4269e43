"""The settings of files people add: how large, how many, and how much of the disk."""

from pydantic import BaseModel, Field


class Uploads(BaseModel):
    """A part of `core.settings.Settings`."""

    max_upload_mb: int = Field(10, ge=1, le=1024, description="найбільший розмір одного файлу, МіБ")
    max_files_per_request: int = Field(20, ge=1, le=100, description="найбільше файлів в одному запиті")
    disk_floor_mb: int = Field(
        2048,
        ge=0,
        le=1_048_576,
        description="місце на диску файлів, лишене базі (щонайменше 5%); 0: не лишати",
    )
    upload_quota_mb: int = Field(
        2048, ge=10, le=1_048_576, description="скільки МіБ файлів одна людина може додати за добу"
    )

    @property
    def max_upload_bytes(self) -> int:
        return self.max_upload_mb * 1024 * 1024
