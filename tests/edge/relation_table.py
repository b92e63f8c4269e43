"""Every route about cases: what it shows to whom, or whose it is to use. Written from product.md §2 and §3."""

from typing import Any

from tests.edge.relations import (
    ADMINS,
    CATEGORY,
    DEFAULT,
    DONE,
    EVERYTHING,
    MINE,
    NEW,
    ORPHAN,
    QUEUE,
    SEEN,
    SEES,
    WORDS,
    WORK,
    Lists,
    only,
)

# What shows one case: 200 to whom the card opens, 403 to all others.
CARDS: dict[str, list[str]] = {
    "GET /api/cases/{case}": ["/api/cases/{id}", "/api/cases/{number}"],
    "GET /api/cases/{case}/comments": ["/api/cases/{id}/comments", "/api/cases/{number}/comments"],
    "GET /api/attachments/cases/{case}": ["/api/attachments/cases/{id}", "/api/attachments/cases/{number}"],
    "GET /api/attachments/{attachment_id}": [
        "/api/attachments/{file}",
        "/api/attachments/{file}?inline=true",
    ],
}
_ADMINS_ONLY: Lists = {who: seen if who in ADMINS else None for who, seen in SEES.items()}
# What shows many: exactly these. None is a 403.
LISTS: dict[str, dict[str, Lists]] = {
    "GET /api/cases": {
        "/api/cases": DEFAULT,
        "/api/cases?scope=mine": MINE,
        "/api/cases?scope=queue": QUEUE,
        "/api/cases?scope=category": CATEGORY,
        "/api/cases?scope=all": EVERYTHING,
        "/api/cases?order_by=public_id&page_size=100": DEFAULT,
        "/api/cases?search=додзвонитися": DEFAULT,
        "/api/cases?search=0671112233&scope=all": EVERYTHING,
        "/api/cases?status=NEW": only(DEFAULT, NEW, ORPHAN),
        "/api/cases?status=DONE&scope=category": only(CATEGORY, DONE),
        "/api/cases?doctor_id={doctor}": only(DEFAULT, NEW, WORK),
        "/api/cases?patient_id={patient}": DEFAULT,
        "/api/cases?author_id={author}&scope=category": only(CATEGORY, NEW, WORK, DONE),
        "/api/cases?responsible_id={responsible}": only(DEFAULT, WORK),
        "/api/cases?responsible_id=none": only(DEFAULT, NEW, ORPHAN),
        "/api/cases?public_id={number}": only(DEFAULT, WORK),
        "/api/cases?applicant_name=Ганна": DEFAULT,
    },
    "GET /api/cases/my": {"/api/cases/my": MINE},
    "GET /api/cases/assigned": {"/api/cases/assigned": QUEUE},
    "GET /api/cases/export": {
        "/api/cases/export?format=csv": DEFAULT,
        "/api/cases/export?format=csv&scope=category": CATEGORY,
        "/api/cases/export?format=csv&search=додзвонитися": DEFAULT,
    },
    "GET /api/patients/{patient_id}/cases": {"/api/patients/{patient}/cases": SEEN},
    "GET /api/doctors/{doctor_id}/cases": {
        "/api/doctors/{doctor}/cases": only(SEEN, NEW, WORK),
        "/api/doctors/{doctor admin}/cases": only(SEEN, DONE),
    },
    "GET /api/users/{user_id}/active-cases": {
        "/api/users/{responsible}/active-cases": only(_ADMINS_ONLY, WORK)
    },
    # A copy is whole or it is another administrator's to make.
    "GET /api/patients/{patient_id}/export": {
        "/api/patients/{patient}/export": {**_ADMINS_ONLY, "subject admin": None}
    },
    "GET /api/dashboard/overdue-cases": {
        "/api/dashboard/overdue-cases": only(_ADMINS_ONLY, NEW, ORPHAN),
    },
}
# Figures: how many cases are told to whom.
FIGURES: dict[str, dict[str, Lists]] = {
    "GET /api/doctors/{doctor_id}/statistics": {
        "/api/doctors/{doctor}/statistics": only(SEEN, NEW, WORK),
        "/api/doctors/{doctor admin}/statistics": only(SEEN, DONE),
    },
    "GET /api/patients/lookup": {"/api/patients/lookup?phone=0671112233": SEEN},
}
# To administrators alone; the figures of all cases the viewer may see together, of which no single one can be told.
ADMINISTRATORS = {
    *("GET /api/dashboard", "GET /api/dashboard/summary", "GET /api/dashboard/status-distribution"),
    *(
        "GET /api/dashboard/executors-efficiency",
        "GET /api/dashboard/categories-top",
        "GET /api/dashboard/timing",
    ),
    *("GET /api/dashboard/channels", "GET /api/dashboard/load"),
    *("GET /api/notifications/log", "GET /api/audit", "GET /api/audit/actions", "GET /api/audit/chain"),
}
# What changes a case: the path, what is sent, the case it is tried on, and to whom it is open.
_IN_CATEGORY = frozenset({"responsible", "executor"})
WRITES: dict[str, list[tuple[str, dict[str, Any], str, frozenset[str]]]] = {
    "POST /api/cases/{case}/take": [
        ("/api/cases/{id}/take", {}, NEW, _IN_CATEGORY | ADMINS),
        ("/api/cases/{id}/take", {}, ORPHAN, _IN_CATEGORY | ADMINS | {"subject"}),
    ],
    "POST /api/cases/{case}/status": [
        (
            "/api/cases/{id}/status",
            {"json": {"to_status": "NEEDS_INFO", "comment": WORDS}},
            WORK,
            ADMINS | {"responsible"},
        ),
        (
            "/api/cases/{id}/status",
            {"json": {"to_status": "IN_PROGRESS", "comment": WORDS}},
            DONE,
            frozenset({"admin"}),
        ),
        ("/api/cases/{id}/status", {"json": {"to_status": "NEW", "comment": WORDS}}, WORK, ADMINS),
    ],
    "POST /api/cases/{case}/assign": [
        ("/api/cases/{id}/assign", {"json": {"responsible_id": "{responsible}"}}, NEW, ADMINS),
    ],
    "PATCH /api/cases/{case}": [
        ("/api/cases/{id}", {"json": {"summary": "Інше"}}, NEW, ADMINS | {"author"}),
        ("/api/cases/{id}", {"json": {"summary": "Інше"}}, WORK, ADMINS),
    ],
    "POST /api/cases/{case}/comments": [
        (
            "/api/cases/{id}/comments",
            {"json": {"text": "Так", "is_internal": False}},
            WORK,
            _IN_CATEGORY | ADMINS | {"author"},
        ),
        (
            "/api/cases/{id}/comments",
            {"json": {"text": "Так", "is_internal": True}},
            WORK,
            _IN_CATEGORY | ADMINS,
        ),
        (
            "/api/cases/{id}/comments",
            {"json": {"text": "Так", "is_internal": True}},
            ORPHAN,
            _IN_CATEGORY | ADMINS | {"subject"},
        ),
    ],
    "POST /api/attachments/cases/{case}/upload": [
        ("/api/attachments/cases/{id}/upload", {"files": True}, WORK, _IN_CATEGORY | ADMINS | {"author"}),
    ],
    "DELETE /api/attachments/{attachment_id}": [
        ("/api/attachments/{file}", {}, WORK, ADMINS | {"author"}),
    ],
}
# What the right would allow and the state does not: an operator edits what he registered only while it is NEW.
TOO_LATE = {("PATCH /api/cases/{case}", WORK, "author")}
# Of cases, but each person's own: what he was told, what he did, what he registers.
OWN = {
    *("POST /api/cases", "GET /api/notifications", "GET /api/insights/mine"),
    "GET /api/events",  # the stream shows what the list of notifications does; tests/notifications/test_live.py
}
