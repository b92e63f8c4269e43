"""A letter's Message-ID is made of its row's id, so nothing has to watch that no other has it.

Revision ID: 20261126_message_ids
Revises: 20261126_kept_bits
"""

from typing import Any

from alembic import op
from sqlalchemy.util import await_only

revision = "20261126_message_ids"
down_revision = "20261126_kept_bits"
branch_labels = None
depends_on = None

LOCKS = "LOCK TABLE notifications IN ACCESS EXCLUSIVE MODE"

# Every notification had an entry in this index, and a new case tells a dozen people.
MESSAGE_IDS = """
-- squawk-ignore ban-drop-constraint
ALTER TABLE notifications DROP CONSTRAINT notifications_message_id_key; -- nobody relies on it, see above
"""


def upgrade() -> None:
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute(LOCKS))
    await_only(driver.execute(MESSAGE_IDS))
