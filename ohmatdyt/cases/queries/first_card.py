"""The card of a case that has just been registered, without asking for it: everything in it is known already.

Reading it back took a fifth of the time of a registration. A test compares it with what the card says afterwards.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.cases import policy
from ohmatdyt.cases.models import EventKind, Status


def first_card(actor: Actor, case: Mapping[str, Any], *, category: str, channel: str) -> bytes:
    """A `CaseCard` as JSON. `case` are the columns of a case without files, patient and doctor, and `event_id` of its
    registration; the names are those of its category and channel."""
    author = {"id": str(actor.user_id), "full_name": actor.full_name}
    at = _moment(case["now"])
    facts = policy.Facts(case["category_id"], actor.user_id, None, Status.NEW)
    return orjson.dumps(
        {
            "id": str(case["case_id"]),
            "public_id": case["public_id"],
            "category": {"id": str(case["category_id"]), "name": category},
            "subcategory": case["subcategory"],
            "channel": {"id": str(case["channel_id"]), "name": channel},
            "applicant_name": case["applicant_name"],
            "applicant_phone": case["applicant_phone"],
            "applicant_email": case["applicant_email"],
            "summary": case["summary"],
            "status": Status.NEW,
            "author": author,
            "responsible": None,
            "created_at": at,
            "updated_at": at,
            "last_status_change_at": at,
            "is_overdue": False,
            "is_stale": False,
            "version": 1,
            "applicant_phone_e164": case["applicant_phone_e164"],
            "patient": None,
            "doctor": None,
            "status_history": [],
            "comments": [],
            "comments_total": 0,
            "attachments": [],
            "timeline": [
                {
                    "id": case["event_id"],
                    "kind": EventKind.CREATED,
                    "at": at,
                    "actor": author,
                    "data": {"to_status": Status.NEW, "from_status": None},
                }
            ],
            "allowed_actions": policy.allowed_actions(actor, facts),
            "allowed_statuses": policy.allowed_statuses(actor, facts),
        }
    )


def _moment(at: datetime) -> str:
    # As PostgreSQL writes it: without zeros at the end.
    written = at.strftime("%Y-%m-%dT%H:%M:%S.%f").rstrip("0").rstrip(".")
    return written + "Z"
