"""The baseline's answers to the very same questions: the product's own statement for each, and nothing around it.

A list says its exact total, and a registration stores all that has to be there (the case, the first entry of its
timeline, the journal's entry, what it is found by, who is told): one statement each, written by the product's code when
the baseline starts. Per request there is no sign-in, no validation and no analysis of words.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.accounts.models import Role
from ohmatdyt.audit import service as audit
from ohmatdyt.cases import notices, policy
from ohmatdyt.cases.queries.criteria import build
from ohmatdyt.cases.queries.listing import ListStatement
from ohmatdyt.cases.queries.pages import page_json, wanted_page
from ohmatdyt.cases.schemas import CaseForm, CaseListQuery
from ohmatdyt.cases.service import registering
from ohmatdyt.cases.service.indexing import index_entry
from ohmatdyt.core import light, outbox, together

Driver = Any
_EVENT = 1_234_567_890


def _admin(user_id: UUID) -> Actor:
    return Actor(
        user_id=user_id,
        session_id=UUID(int=0),
        username="bench",
        full_name="Вимірювач",
        role=Role.ADMIN,
        must_change_password=False,
        category_ids=(),
    )


def _stale_before() -> datetime:
    return policy.overdue_before(datetime.now(UTC), 3)  # noqa: TID251 — no product code


class SameList:
    """A page of cases with its exact total."""

    def __init__(self, user_id: UUID, asked: Mapping[str, Any]) -> None:
        self._query = CaseListQuery.model_validate(asked)
        criteria = build(
            self._query, _admin(user_id), stale_before=_stale_before(), zone=ZoneInfo("Europe/Kyiv")
        )
        statement = ListStatement(criteria, wanted_page(self._query))
        self._sql, self._values = statement.sql, statement.values
        self._age = self._values.index(criteria.stale_before)

    async def answer(self, pool: Driver) -> bytes:
        """The page as JSON."""
        values: list[Any] = list(self._values)
        values[self._age] = _stale_before()
        row = await pool.fetchrow(self._sql, *values)
        return page_json(self._query, row["n"], row["rows"], row["last"])


class SameCreation:
    """A registration like any other of the run: only its ids, its number and its times are new."""

    def __init__(self, user_id: UUID, executors: list[UUID], fields: Mapping[str, str]) -> None:
        outbox.expect_mail(is_configured=False)
        form, who, number = CaseForm.model_validate(fields), _admin(user_id), 123456
        case = notices.NewCase(uuid4(), number, form.category_id)
        now = datetime.now(UTC) - timedelta(seconds=1)  # noqa: TID251
        rows = registering.rows_of_case(who, form, case, (), subcategory=None, event_id=_EVENT, now=now)
        parts = {
            **rows,
            "found_by": index_entry(rows["registered"].values),
            "noted": audit.entry(who, "case.registered", object_type="case", object_id=case.id),
            "told": outbox.part(
                outbox.Type.NEW_CASE,
                executors,
                actor_id=who.user_id,
                case_id=case.id,
                public_id=number,
                payload={"category_id": str(form.category_id)},
            ),
        }
        whole, values = together.joined(parts)
        self._sql, names = light.compiled(whole)
        self._values = [values[name] for name in names]
        self._old: dict[Any, str] = {
            case.id: "id",
            str(case.id): "id_text",
            number: "number",
            _EVENT: "event",
        }

    async def store(self, pool: Driver, number: int) -> None:
        """Store one more such case."""
        now, case_id = datetime.now(UTC), uuid4()  # noqa: TID251
        new: dict[str, Any] = {"id": case_id, "id_text": str(case_id), "number": number, "event": -number}
        await pool.fetchrow(
            self._sql,
            *(
                now
                if isinstance(value, datetime)
                else value
                if isinstance(value, list)
                else new.get(self._old.get(value, ""), value)
                for value in self._values
            ),
        )
