"""Files of a case: in, out, gone, locked, and never altered on the way."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from fastapi import FastAPI

from ohmatdyt.core.storage import LocalStorage, StoredFile
from tests.cases.makers import PDF, PNG, Desk, desk, stored_files
from tests.factories import Catalog, People, Person

NAME = 'Виписка «Ганна» 100% 🙂; "a".pdf'


async def upload(
    person: Person, case: dict[str, Any], name: str = NAME, content: bytes = PDF
) -> dict[str, Any]:
    answer = await person.client.post(
        f"/api/attachments/cases/{case['public_id']}/upload", files={"file": (name, content)}
    )
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def only_file(app: FastAPI) -> Path:
    (found,) = stored_files(app)
    assert isinstance(found, Path)
    return found


async def close(d: Desk, case: dict[str, Any]) -> None:
    await d.executor.client.post(f"/api/cases/{case['id']}/take")
    done = await d.executor.client.post(
        f"/api/cases/{case['id']}/status", json={"to_status": "DONE", "comment": "Відповідь надано письмово."}
    )
    assert done.status_code == 200, done.text


async def test_a_file_comes_back_whole(people: People, catalog: Catalog, app: FastAPI) -> None:
    d = await desk(people, catalog)
    case = await d.case()
    made = await upload(d.executor, case)
    assert made["original_name"] == NAME
    assert (made["size_bytes"], made["mime_type"]) == (len(PDF), "application/pdf")
    assert made["uploaded_by"]["id"] == str(d.executor.id)
    listed = (await d.operator.client.get(f"/api/attachments/cases/{case['id']}")).json()
    (same,) = listed["attachments"]
    assert datetime.fromisoformat(same["created_at"]) == datetime.fromisoformat(made["created_at"])
    assert {**same, "created_at": made["created_at"]} == made
    card = (await d.operator.client.get(f"/api/cases/{case['id']}")).json()
    assert card["attachments"] == [same]
    assert card["timeline"][-1]["data"] == {"attachment_id": made["id"], "original_name": NAME}
    assert card["version"] == 1, "a new file makes nobody's edit stale"

    answer = await d.operator.client.get(f"/api/attachments/{made['id']}")
    assert answer.content == PDF
    headers = answer.headers
    assert headers["content-type"] == "application/pdf"
    assert headers["content-length"] == str(len(PDF))
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("sandbox;")
    assert headers["cache-control"] == "no-store"
    disposition = headers["content-disposition"]
    assert disposition.startswith('attachment; filename="')
    assert disposition.isascii()
    assert unquote(disposition.partition("filename*=UTF-8''")[2]) == NAME
    shown = await d.operator.client.get(f"/api/attachments/{made['id']}?inline=1")
    assert shown.headers["content-disposition"].startswith("inline;")
    stored = only_file(app)
    assert stored.parent.name == str(case["public_id"])
    assert stored.stat().st_mode & 0o777 == 0o600


async def test_word_is_never_shown_inline(people: People, catalog: Catalog) -> None:
    from tests.core.files import docx

    d = await desk(people, catalog)
    made = await upload(d.operator, await d.case(), "лист.docx", docx())
    answer = await d.operator.client.get(f"/api/attachments/{made['id']}?inline=1")
    assert answer.headers["content-disposition"].startswith("attachment;")


@pytest.mark.parametrize(("change", "code"), [("alter", "file_damaged"), ("remove", "file_damaged")])
async def test_a_damaged_file_is_refused(
    people: People, catalog: Catalog, app: FastAPI, change: str, code: str
) -> None:
    d = await desk(people, catalog)
    made = await upload(d.operator, await d.case())
    stored = only_file(app)
    if change == "alter":
        stored.write_bytes(PDF[:-1] + b"X")
    else:
        stored.unlink()
    refused = await d.operator.client.get(f"/api/attachments/{made['id']}")
    assert (refused.status_code, refused.json()["code"]) == (409, code)


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.exe", b"MZ"), ("a.pdf", b""), ("a.pdf", PNG), ("a.png", PDF), ("", PDF), ("я" * 251, PDF)],
)
async def test_a_wrong_file_leaves_nothing(
    people: People, catalog: Catalog, app: FastAPI, name: str, content: bytes
) -> None:
    d = await desk(people, catalog)
    case = await d.case()
    refused = await d.operator.client.post(
        f"/api/attachments/cases/{case['id']}/upload", files={"file": (name, content)}
    )
    assert refused.status_code in {400, 422}, refused.text
    assert (await d.operator.client.get(f"/api/attachments/cases/{case['id']}")).json()["total"] == 0
    assert stored_files(app) == []


async def test_ten_mebibytes_and_one_byte(people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    case = await d.case()
    limit = 10 * 1024 * 1024
    too_large = await d.operator.client.post(
        f"/api/attachments/cases/{case['id']}/upload", files={"file": ("a.pdf", PDF.ljust(limit + 1, b"\n"))}
    )
    assert too_large.status_code == 413, too_large.text
    assert too_large.json()["file"] == "a.pdf"


async def test_who_deletes(people: People, catalog: Catalog, app: FastAPI) -> None:
    d = await desk(people, catalog)
    case = await d.case()
    path = f"/api/attachments/{(await upload(d.executor, case))['id']}"
    refused = await d.executor.client.delete(path)
    assert (refused.status_code, refused.json()["code"]) == (403, "action_not_allowed")
    assert (await d.stranger.client.delete(path)).json()["code"] == "case_not_visible"
    assert (await d.operator.client.get(path)).status_code == 200
    assert (await d.operator.client.delete(path)).status_code == 204
    assert stored_files(app) == []
    assert (await d.operator.client.get(path)).status_code == 404
    assert (await d.operator.client.delete(path)).status_code == 404
    card = (await d.operator.client.get(f"/api/cases/{case['id']}")).json()
    assert [event["kind"] for event in card["timeline"]] == ["created", "file_added", "file_deleted"]


async def test_a_closed_case_locks_its_files(people: People, catalog: Catalog, app: FastAPI) -> None:
    d = await desk(people, catalog)
    case = await d.case()
    path = f"/api/attachments/{(await upload(d.operator, case))['id']}"
    await close(d, case)
    for person in (d.operator, d.executor, d.admin):
        refused = await person.client.post(
            f"/api/attachments/cases/{case['id']}/upload", files={"file": ("b.pdf", PDF)}
        )
        assert (refused.status_code, refused.json()["code"]) == (409, "case_closed")
    for person in (d.operator, d.admin):
        assert (await person.client.delete(path)).json()["code"] == "case_closed"
    assert (await d.operator.client.get(path)).status_code == 200
    assert only_file(app).exists()


async def test_strangers_and_forms(people: People, catalog: Catalog, app: FastAPI) -> None:
    d = await desk(people, catalog)
    case = await d.case()
    path = f"/api/attachments/cases/{case['id']}/upload"
    refused = await d.stranger.client.post(path, files={"file": ("b.pdf", PDF)})
    assert refused.json()["code"] == "case_not_visible"
    twice = await d.operator.client.post(path, files=[("file", ("b.pdf", PDF)), ("file", ("c.pdf", PDF))])
    assert twice.status_code == 422
    unknown = await d.operator.client.post(path, data={"case_id": case["id"]}, files={"file": ("b.pdf", PDF)})
    assert unknown.status_code == 422
    assert (await d.operator.client.post(path, data={"file": "text"})).status_code == 422
    headers = {"Idempotency-Key": "file-1"}
    answers = [
        await d.operator.client.post(path, files={"file": ("b.pdf", PDF)}, headers=headers) for _ in range(2)
    ]
    assert answers[0].status_code == 201
    assert answers[0].content == answers[1].content
    assert only_file(app).exists()


class SlowStorage(LocalStorage):
    """Files on a disk so slow that something happens on the way to each."""

    def __init__(self, root: Path, meanwhile: Callable[[], Awaitable[Any]]) -> None:
        super().__init__(root)
        self.meanwhile = meanwhile

    async def open(self, key: str, *, size: int, sha256: bytes) -> StoredFile:
        await self.meanwhile()
        return await super().open(key, size=size, sha256=sha256)


async def test_a_file_deleted_under_its_reader_is_gone_and_not_damaged(
    people: People, catalog: Catalog, app: FastAPI
) -> None:
    d = await desk(people, catalog)
    made = await upload(d.operator, await d.case())
    path = f"/api/attachments/{made['id']}"
    app.state.storage = SlowStorage(app.state.settings.media, lambda: d.admin.client.delete(path))
    gone = await d.operator.client.get(path)
    assert (gone.status_code, gone.json()["code"]) == (404, "attachment_not_found")
