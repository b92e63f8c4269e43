"""A cursor is given back unread; whatever else stands in its place is refused."""

import base64
import json
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from tests.factories import People

ID = str(uuid4())
NOT_OURS: list[Any] = [
    *(["abc", ID], ["", ID], [None, None], [1, 2], [True, True], {}, [], "a", None, ["a\x00", ID], ["infinity", ID]),
    # Times no zone fits around, and one that says no zone.
    *(["0001-01-01T00:00:00+23:59", "5"], ["9999-12-31T23:59:59-23:59", "5"], ["2026-11-25T10:00:00", "5"]),
    *(["0001-01-01T00:00:00+23:59", ID], ["9999-12-31T23:59:59-23:59", ID], ["2026-11-25T10:00:00+00:00", "x"]),
    *(["2026-11-25T10:00:00+00:00", 10**30], ["2026-11-25T10:00:00+00:00", -1]),
]  # fmt: skip
LISTS = [
    *("/api/patients?order_by=created_at", "/api/patients?order_by=-created_at", "/api/audit?order_by=at"),
    *("/api/audit?order_by=-at", "/api/cases?order_by=created_at", "/api/cases?order_by=-updated_at"),
    *("/api/cases?search=a", "/api/cases/my?order_by=created_at"),
]


@pytest.mark.parametrize("path", LISTS)
async def test_a_cursor_that_is_none_of_ours_is_refused(people: People, path: str) -> None:
    admin = await people.admin()
    made_up = [base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in NOT_OURS]
    for after in [*made_up, "junk", "=", "%00", "W", "\u0430"]:
        answer = await admin.client.get(f"{path}&after={quote(after)}")
        assert answer.status_code == 422, (after, answer.text)
        assert answer.json()["errors"][0]["field"] == "after"
