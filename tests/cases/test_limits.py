"""The limits of files are settings: the server keeps to them, and says them to the browser."""

import pytest

from ohmatdyt.core.settings import Settings
from tests.cases.makers import PDF, desk
from tests.factories import Catalog, People

MIB = 1024 * 1024


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """An installation that is stingy with files and patient with cases."""
    return settings.model_copy(
        update={"max_upload_mb": 1, "max_files_per_request": 2, "escalation_after_days": 7}
    )


async def test_what_the_settings_allow_is_said_and_kept_to(people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    said = (await d.operator.client.get("/api/limits")).json()
    assert said == {"max_file_bytes": MIB, "max_files": 2, "overdue_after_days": 7}

    def files(*sizes: int) -> list[tuple[str, tuple[str, bytes, str]]]:
        return [("files", (f"{n}.pdf", PDF.ljust(size), "application/pdf")) for n, size in enumerate(sizes)]

    post = d.operator.client.post
    answer = await post("/api/cases", data=d.form(), files=files(*[len(PDF)] * said["max_files"]))
    assert answer.status_code == 201, answer.text
    many = await post("/api/cases", data=d.form(), files=files(*[len(PDF)] * (said["max_files"] + 1)))
    assert (many.status_code, many.json()["errors"][0]["field"]) == (422, "files")
    large = await post("/api/cases", data=d.form(), files=files(said["max_file_bytes"] + 1))
    assert (large.status_code, large.json()["code"]) == (413, "file_too_large")
    assert (await d.operator.client.get("/api/cases")).json()["total"] == 1
