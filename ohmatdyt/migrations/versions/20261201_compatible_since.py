"""The schema says which program may still work on it, so that an update can be taken back a step.

Revision ID: 20261201_compatible_since
Revises: 20261201_alarms
"""

from typing import Any

from alembic import op
from sqlalchemy.util import await_only

revision = "20261201_compatible_since"
down_revision = "20261201_alarms"
branch_labels = None
depends_on = None

# Written by migrations alone: one that the program before it cannot live with raises it to its own program's version.
COMPATIBLE_SINCE = "ALTER TABLE installation ADD COLUMN compatible_since text NOT NULL DEFAULT '0.2.0'"


def upgrade() -> None:
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute(COMPATIBLE_SINCE))
