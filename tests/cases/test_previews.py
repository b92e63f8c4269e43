"""What a browser shows was judged by today's rules, whenever it came in."""

import hashlib

import sqlalchemy as sa
from fastapi import FastAPI

from ohmatdyt.core.db import Database
from tests.cases.makers import desk
from tests.cases.test_attachments import only_file, upload
from tests.core import files
from tests.factories import Catalog, People


async def test_a_file_from_before_a_check_is_saved_but_not_shown(
    people: People, catalog: Catalog, app: FastAPI, database: Database
) -> None:
    d = await desk(people, catalog)
    made = await upload(d.operator, await d.case(), "скан.pdf", files.pdf())
    # As an older version of the product may have taken it: the word `endobj` hid the script from a search.
    hostile = files.pdf_with(b"<< /A (endobj) /S /JavaScript /JS (app.alert(1)) >>")
    only_file(app).write_bytes(hostile)
    async with database.unit_of_work() as session:
        await session.execute(
            sa.text("UPDATE attachments SET sha256 = :sha256, size_bytes = :size WHERE id = :id"),
            {"sha256": hashlib.sha256(hostile).digest(), "size": len(hostile), "id": made["id"]},
        )
    for _ in range(2):  # a refusal is not remembered as a pass
        shown = await d.operator.client.get(f"/api/attachments/{made['id']}?inline=1")
        assert (shown.status_code, shown.json()["code"]) == (400, "unsafe_content")
        assert "скрипт (JavaScript)" in shown.json()["detail"]
    saved = await d.operator.client.get(f"/api/attachments/{made['id']}")
    assert saved.status_code == 200
    assert saved.headers["content-disposition"].startswith("attachment;")
    assert saved.content == hostile
