"""Who must be told what: the outbox, which is at once everybody's list of notifications; reminders by day.

Revision ID: 20261122_notifications
Revises: 20261122_insights
"""

from typing import Any

from alembic import op
from sqlalchemy.util import await_only

revision = "20261122_notifications"
down_revision = "20261122_insights"
branch_labels = None
depends_on = None

NOTIFICATIONS = """
-- One row for each event and person. It stands in his list at once; the letter follows by `mail_status`.
CREATE TABLE notifications (
    id uuid PRIMARY KEY,
    recipient_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    type text COLLATE "C" NOT NULL CHECK (type IN (
        'NEW_CASE', 'CASE_TAKEN', 'STATUS_CHANGED', 'COMMENT_PUBLIC', 'COMMENT_INTERNAL', 'REASSIGNED',
        'ESCALATION', 'ACCOUNT_CREATED', 'PASSWORD_RESET')),
    case_id uuid REFERENCES cases (id) ON DELETE CASCADE,
    public_id integer,
    -- Who did it; no foreign key, as in the journal: it must not keep an account from being deleted.
    actor_id uuid,
    -- Ids and words of our own (a status, a part played), never an applicant's data.
    payload jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL,
    read_at timestamptz,
    mail_status text COLLATE "C" NOT NULL DEFAULT 'PENDING' CHECK (mail_status IN (
        'PENDING', 'SENDING', 'SENT', 'FAILED', 'NOT_CONFIGURED', 'SKIPPED')),
    attempts integer NOT NULL DEFAULT 0,
    -- When the letter is to be tried next; while SENDING, until when its sender has it. NULL: nothing left to do.
    due_at timestamptz,
    last_error text,
    message_id text UNIQUE,
    sent_at timestamptz,
    -- A temporary password, encrypted; wiped when the letter has left, has failed, or a day has passed.
    secret bytea,
    CHECK ((due_at IS NOT NULL) = (mail_status IN ('PENDING', 'SENDING')))
) WITH (fillfactor = 80);
CREATE INDEX notifications_due_idx ON notifications (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX notifications_recipient_idx ON notifications (recipient_id, created_at, id);
CREATE INDEX notifications_unread_idx ON notifications (recipient_id) WHERE read_at IS NULL;
CREATE INDEX notifications_case_idx ON notifications (case_id, created_at, id);
CREATE INDEX notifications_created_idx ON notifications (created_at, id);
CREATE INDEX notifications_unsent_idx ON notifications (mail_status, created_at, id) WHERE mail_status <> 'SENT';
CREATE INDEX notifications_secret_idx ON notifications (created_at) WHERE secret IS NOT NULL;

-- A reminder about a waiting case leaves once a local day, on however many nodes the clock strikes.
CREATE TABLE case_reminders (
    case_id uuid NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    day date NOT NULL,
    PRIMARY KEY (case_id, day)
);
CREATE INDEX case_reminders_day_idx ON case_reminders (day);
"""


def upgrade() -> None:
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute(NOTIFICATIONS))
