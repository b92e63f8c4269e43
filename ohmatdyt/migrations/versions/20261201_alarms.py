"""Alarms: what is wrong with the installation, and who was told when.

Revision ID: 20261201_alarms
Revises: 20261201_upload_quota
"""

from typing import Any

from alembic import op
from sqlalchemy.util import await_only

revision = "20261201_alarms"
down_revision = "20261201_upload_quota"
branch_labels = None
depends_on = None

ALARMS = """
CREATE TABLE alarms (
    kind text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    level text COLLATE "C" NOT NULL CHECK (level IN ('WARNING', 'CRITICAL')),
    details jsonb NOT NULL DEFAULT '{}',
    since timestamptz NOT NULL,
    told_at timestamptz,
    cleared_at timestamptz,
    PRIMARY KEY (kind, subject)
);

-- NOT VALID: the rows there are fulfil the narrower rule it replaces, so none has to be read under the lock.
-- squawk-ignore ban-drop-constraint
ALTER TABLE notifications DROP CONSTRAINT notifications_type_check;
ALTER TABLE notifications ADD CONSTRAINT notifications_type_check CHECK (type IN (
    'NEW_CASE', 'CASE_TAKEN', 'STATUS_CHANGED', 'COMMENT_PUBLIC', 'COMMENT_INTERNAL', 'REASSIGNED',
    'ESCALATION', 'ACCOUNT_CREATED', 'PASSWORD_RESET', 'ALARM')) NOT VALID;
"""


def upgrade() -> None:
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute(ALARMS))
