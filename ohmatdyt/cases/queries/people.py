"""Who may be calling, and what a doctor's cases add up to. Cases only as far as the viewer sees them."""

from typing import Any
from uuid import UUID

import orjson

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.cases.queries.card import seen
from ohmatdyt.cases.queries.sql import Args
from ohmatdyt.cases.schemas.people import LookupQuery
from ohmatdyt.core.finding.parts import name_weights
from ohmatdyt.people import keys
from ohmatdyt.people.errors import DoctorNotFound, PatientNotFound

_MOST_PEOPLE = 10
_SHORTEST_WORD = 3
# So many digits of a number as typed leave a hundred people of half a million; fewer leave half a city.
_SHORTEST_PREFIX = 7
# The first character behind every digit in COLLATE "C".
_BEHIND_DIGITS = ":"

_LATEST = """
(SELECT coalesce(jsonb_agg(jsonb_build_object('id', l.id, 'public_id', l.public_id, 'status', l.status,
    'category', jsonb_build_object('id', k.id, 'name', k.name), 'created_at', l.created_at,
    'summary', (SELECT left(s.summary, 160) FROM cases s WHERE s.id = l.id))
    ORDER BY l.created_at DESC, l.id DESC), '[]')
 FROM {latest} AS l JOIN categories k ON k.id = l.category_id)
"""

# A name alone may fit tens of thousands; whoever types it goes on typing, and needs no more than the first ones.
_PATIENTS = """
WITH found AS MATERIALIZED (
    SELECT p.id, p.full_name_sort, p.search_keys FROM patients p
    WHERE p.search_keys @@ {any}::tsquery AND p.merged_into_id IS NULL AND p.anonymised_at IS NULL LIMIT 2000
), best AS MATERIALIZED (
    SELECT f.id, f.full_name_sort, {phone} AS by_phone, {email} AS by_email, {name} AS by_name FROM found f
    ORDER BY {phone}::int * 4 + {email}::int * 2 + {name}::int DESC, f.full_name_sort, f.id LIMIT {limit}
)
SELECT coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'full_name', p.full_name, 'birth_date', p.birth_date,
    'record_number', p.record_number, 'phone', p.phone, 'email', p.email,
    'guardians', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'full_name', g.full_name,
        'relation', g.relation, 'phone', g.phone, 'phone_e164', g.phone_e164, 'email', g.email,
        'is_primary', g.is_primary) ORDER BY g.is_primary DESC, g.created_at, g.id), '[]')
        FROM guardians g WHERE g.patient_id = p.id),
    'matched_by', array_remove(ARRAY[CASE WHEN b.by_phone THEN 'phone' END, CASE WHEN b.by_email THEN 'email' END,
        CASE WHEN b.by_name THEN 'name' END], NULL),
    'cases_total', (SELECT count(*) FROM cases c WHERE c.patient_id = p.id AND {visible}),
    'cases', {latest})
    ORDER BY b.by_phone::int * 4 + b.by_email::int * 2 + b.by_name::int DESC, b.full_name_sort, b.id), '[]')::text
FROM best b JOIN patients p ON p.id = b.id
"""

_APPLICANTS = """
WITH found AS MATERIALIZED (
    SELECT c.id, c.public_id, c.status, c.category_id, c.created_at, c.applicant_name, c.applicant_phone,
           c.applicant_phone_e164, c.applicant_email
    FROM cases c WHERE ({matching}) AND {visible} LIMIT 500
), people AS (
    SELECT applicant_name, applicant_phone_e164, lower(applicant_email) AS address, count(*) AS n,
           max(created_at) AS latest_at, max(applicant_phone) AS phone, max(applicant_email) AS email
    FROM found GROUP BY 1, 2, 3 ORDER BY latest_at DESC LIMIT {limit}
)
SELECT coalesce(jsonb_agg(jsonb_build_object('applicant_name', p.applicant_name, 'applicant_phone', p.phone,
    'applicant_email', p.email, 'cases_total', p.n, 'cases', {latest}) ORDER BY p.latest_at DESC), '[]')::text
FROM people p
"""


async def require_patient(driver: Any, patient_id: UUID) -> None:
    """Raise PatientNotFound unless there is such a card."""
    if not await driver.fetchval("SELECT EXISTS (SELECT FROM patients WHERE id = $1)", patient_id):
        raise PatientNotFound


async def require_doctor(driver: Any, doctor_id: UUID) -> None:
    """Raise DoctorNotFound unless there is such a doctor."""
    if not await driver.fetchval("SELECT EXISTS (SELECT FROM doctors WHERE id = $1)", doctor_id):
        raise DoctorNotFound


async def possible_patients(driver: Any, actor: Actor, asked: LookupQuery) -> list[dict[str, Any]]:
    """Living cards that fit what was said, the best first."""
    conditions = {
        "phone": keys.phone_query(asked.phone) if asked.phone else None,
        "email": keys.email_query(asked.email) if len(asked.email) >= _SHORTEST_WORD else None,
        "name": keys.name_query(asked.name) if len(asked.name) >= _SHORTEST_WORD else None,
    }
    given = [condition for condition in conditions.values() if condition]
    if not given:
        return []
    args = Args()
    tests = {
        name: f"f.search_keys @@ {args.add(condition)}::tsquery" if condition else "false"
        for name, condition in conditions.items()
    }
    visible = seen(actor, args)
    latest = (
        f"(SELECT c.* FROM cases c WHERE c.patient_id = p.id AND {visible}"
        " ORDER BY created_at DESC, id DESC LIMIT 3)"
    )
    statement = _PATIENTS.format(
        any=args.add(" | ".join(f"({condition})" for condition in given)),
        **{name: f"({test})" for name, test in tests.items()},
        visible=visible,
        latest=_LATEST.format(latest=latest),
        limit=_MOST_PEOPLE,
    )
    found: list[dict[str, Any]] = orjson.loads(await driver.fetchval(statement, *args.values))
    return found


async def possible_applicants(driver: Any, actor: Actor, asked: LookupQuery) -> list[dict[str, Any]]:
    """Applicants of cases the viewer sees, the latest first."""
    args = Args()
    matching = []
    for prefix in keys.phone_prefixes(asked.phone) if asked.phone else []:
        if len(prefix) >= _SHORTEST_PREFIX:
            low, high = args.add("+" + prefix), args.add("+" + prefix + _BEHIND_DIGITS)
            matching.append(
                f"c.applicant_phone_e164 >= {low}::text AND c.applicant_phone_e164 < {high}::text"
            )
    if "@" in asked.email:
        matching.append(f"lower(c.applicant_email) = {args.add(keys.email_key(asked.email))}::text")
    weights = name_weights(asked.name)
    if len(weights) >= _SHORTEST_WORD:
        low, high = args.add(weights), args.add(weights + "\U0010ffff")
        matching.append(f"c.applicant_name_sort >= {low}::text AND c.applicant_name_sort < {high}::text")
    if not matching:
        return []
    latest = (
        "(SELECT f.* FROM found f WHERE f.applicant_name = p.applicant_name"
        " AND f.applicant_phone_e164 IS NOT DISTINCT FROM p.applicant_phone_e164"
        " AND lower(f.applicant_email) IS NOT DISTINCT FROM p.address ORDER BY created_at DESC, id DESC LIMIT 3)"
    )
    statement = _APPLICANTS.format(
        matching=" OR ".join(f"({one})" for one in matching),
        visible=seen(actor, args),
        latest=_LATEST.format(latest=latest),
        limit=_MOST_PEOPLE,
    )
    found: list[dict[str, Any]] = orjson.loads(await driver.fetchval(statement, *args.values))
    return found


_STATISTICS = """
SELECT count(*) AS total,
       (SELECT coalesce(jsonb_object_agg(status, n), '{{}}') FROM (
           SELECT status, count(*) AS n FROM about GROUP BY 1) AS s)::text AS by_status,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('category', jsonb_build_object('id', k.id, 'name', k.name),
           'count', n) ORDER BY n DESC, k.name_sort), '[]') FROM (
           SELECT category_id, count(*) AS n FROM about GROUP BY 1) AS s JOIN categories k ON k.id = s.category_id
       )::text AS by_category,
       count(*) FILTER (WHERE status IN ('DONE', 'REJECTED')) AS closed,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY seconds_between(created_at, last_status_change_at))
           FILTER (WHERE status IN ('DONE', 'REJECTED')) AS median
FROM about
"""


async def doctor_statistics(driver: Any, actor: Actor, doctor_id: UUID) -> dict[str, Any]:
    """What the cases about a doctor add up to."""
    args = Args()
    about = f"SELECT c.* FROM cases c WHERE c.doctor_id = {args.add(doctor_id)}::uuid AND {seen(actor, args)}"
    row = await driver.fetchrow(f"WITH about AS MATERIALIZED ({about}) {_STATISTICS.format()}", *args.values)
    return {
        "total": row["total"],
        "by_status": orjson.loads(row["by_status"]),
        "by_category": orjson.loads(row["by_category"]),
        "closed": row["closed"],
        "median_seconds_to_close": row["median"],
    }
