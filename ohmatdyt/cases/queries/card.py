"""The card of one case in one statement: everything the viewer may see, as JSON made by PostgreSQL."""

from typing import Any

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.cases import policy
from ohmatdyt.cases.queries.criteria import visible_to
from ohmatdyt.cases.queries.json_sql import (
    CASE_JOINS,
    array,
    bare,
    case_members,
    moment,
    or_null,
    person,
    person_or_null,
    plain,
    record,
    string,
    string_or_null,
    truth,
)
from ohmatdyt.cases.queries.sql import Args, branch_conditions

ATTACHMENT = record(
    id=plain("f.id"),
    case_id=plain("f.case_id"),
    original_name=string("f.original_name"),
    size_bytes=bare("f.size_bytes"),
    mime_type=string("f.mime_type"),
    sha256=plain("encode(f.sha256, 'hex')"),
    uploaded_by=person("u"),
    created_at=moment("f.created_at"),
)
COMMENT = record(
    id=plain("m.id"),
    author=person("u"),
    text=string("m.text"),
    is_internal=truth("m.is_internal"),
    created_at=moment("m.created_at"),
)
_EVENT = record(
    id=bare("e.id"),
    kind=plain("e.kind"),
    at=moment("e.at"),
    actor=person_or_null("u"),
    data=bare(
        "CASE WHEN e.to_status IS NULL THEN e.data"
        " ELSE e.data || jsonb_build_object('from_status', e.from_status, 'to_status', e.to_status) END"
    ),
)
_HISTORY = record(
    from_status=plain("e.from_status"),
    to_status=plain("e.to_status"),
    comment=string_or_null("e.data ->> 'comment'"),
    changed_by=person_or_null("u"),
    changed_at=moment("e.at"),
)


def seen(actor: Actor, args: Args) -> str:
    """Whether the viewer sees the case `c`, as an SQL condition."""
    branch = visible_to(actor)
    return "false" if branch is None else " AND ".join(branch_conditions(branch, args)) or "true"


def by_reference(reference: Any, args: Args) -> str:
    """`c` is the case that a path names by UUID or public_id."""
    if isinstance(reference, int):
        return f"c.public_id = {args.add(reference)}::int"
    return f"c.id = {args.add(reference)}::uuid"


COMMENTS_ON_CARD = 50


def comments_sql(*, with_internal: bool, way: str, limit: str, offset: str = "0", shown: str = "ASC") -> str:
    """Comments of `c` as a scalar subquery: `limit` of them after `offset`, counted from the oldest (`way` ASC) or the
    newest (DESC), shown in the order `shown`."""
    hidden = "" if with_internal else " AND NOT is_internal"
    return (
        f"(SELECT {array(COMMENT, f'm.created_at {shown}, m.id {shown}')} FROM ("
        f"SELECT * FROM case_comments WHERE case_id = c.id{hidden}"
        f" ORDER BY created_at {way}, id {way} LIMIT {limit} OFFSET {offset}"
        ") AS m JOIN users u ON u.id = m.author_id)"
    )


def comments_total_sql(*, with_internal: bool) -> str:
    """How many comments of `c` the viewer may see, as a scalar subquery."""
    hidden = "" if with_internal else " AND NOT is_internal"
    return f"(SELECT count(*) FROM case_comments WHERE case_id = c.id{hidden})"


def attachments_sql() -> str:
    """The files of `c` as a scalar subquery."""
    return (
        f"(SELECT {array(ATTACHMENT, 'f.created_at, f.id')} FROM attachments f"
        " JOIN users u ON u.id = f.uploaded_by_id WHERE f.case_id = c.id)"
    )


def card_statement(actor: Actor, reference: Any, stale_before: Any) -> tuple[str, list[Any]]:
    """Columns: visible, card (JSON bytes without the closing brace; NULL when not visible), and what the policy and
    the ETag need: category_id, author_id, responsible_id, doctor_id, status, version."""
    args = Args()
    internal = policy.sees_internal(actor)
    found = by_reference(reference, args)
    visible = seen(actor, args)
    members = {
        **case_members(f"{args.add(stale_before)}::timestamptz"),
        "applicant_phone_e164": string_or_null("c.applicant_phone_e164"),
        "patient": or_null("p.id", person("p")),
        "doctor": or_null("d.id", person("d")),
        "status_history": "events.history",
        "summary": string("c.summary"),
        "comments": comments_sql(with_internal=internal, way="DESC", limit=str(COMMENTS_ON_CARD)),
        "comments_total": bare(comments_total_sql(with_internal=internal)),
        "attachments": attachments_sql(),
        "timeline": "events.timeline",
    }
    card = record(**members).removesuffix(" || '}'")
    changed = "e.from_status IS NOT NULL AND e.to_status <> e.from_status"
    hidden = "" if internal else " AND NOT e.is_internal"
    return (
        f"SELECT {visible} AS visible, c.category_id, c.author_id, c.responsible_id, c.doctor_id, c.status, c.version,"
        f" CASE WHEN {visible} THEN convert_to({card}, 'UTF8') END AS card"
        f" FROM cases c {CASE_JOINS} LEFT JOIN patients p ON p.id = c.patient_id"
        " LEFT JOIN doctors d ON d.id = c.doctor_id CROSS JOIN LATERAL ("
        f"SELECT {array(_EVENT, 'e.id')} AS timeline, {array(_HISTORY, 'e.id', where=changed)} AS history"
        f" FROM case_events e LEFT JOIN users u ON u.id = e.actor_id WHERE e.case_id = c.id{hidden}"
        f") AS events WHERE {found}"
    ), args.values
