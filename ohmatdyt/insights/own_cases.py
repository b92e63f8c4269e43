"""Cases about whoever looks: they are in no list that he opens, so they count in no figure that he sees."""

from typing import Any
from uuid import UUID

BUT_HIS = "/* but his */"

# What each case counts for, as in `case_flow`; narrowed to one doctor's cases, this is what to take away from its sums.
COUNTED = """cases c CROSS JOIN LATERAL case_flow_facets(hospital_zone(), c.status, c.category_id, c.channel_id,
    c.responsible_id, c.created_at, c.first_taken_at, c.last_status_change_at) AS f"""


def but_his(doctor_id: UUID | None, statement: str, *arguments: Any) -> tuple[Any, ...]:
    """The statement over `cases c` and its arguments, for the driver; BUT_HIS in it leaves out cases about this doctor.

    For everybody else the condition is not there at all: reading a column that no index holds would cost them the
    index-only scans.
    """
    if doctor_id is None:
        return statement.replace(BUT_HIS, ""), *arguments
    condition = f"AND c.doctor_id IS DISTINCT FROM ${len(arguments) + 1}::uuid"
    return statement.replace(BUT_HIS, condition), *arguments, doctor_id
