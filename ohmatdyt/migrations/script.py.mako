"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
"""

import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None

# What it locks against people at work (a test compares), `cases` first: taken at once, or let go at once.
LOCKS = "LOCK TABLE … IN ACCESS EXCLUSIVE MODE"


def upgrade() -> None:
    op.execute(LOCKS)
    ${upgrades if upgrades else "pass"}
