"""The journal numbers and dates its entries itself, and only sealing takes an entry off the list of those that wait.

Revision ID: 20261201_journal_rights
Revises: 20261201_compatible_since
"""

from typing import Any

from alembic import op
from sqlalchemy.util import await_only

revision = "20261201_journal_rights"
down_revision = "20261201_compatible_since"
branch_labels = None
depends_on = None

LOCKS = "LOCK TABLE audit_log IN ACCESS EXCLUSIVE MODE"

# Whoever got hold of the application's session could store an entry with a time and a number of the past. The sequence
# is not the application's either: numbers drawn in advance would be as good as old ones.
STAMP = """
-- squawk-ignore ban-alter-identity
ALTER TABLE audit_log ALTER COLUMN id DROP IDENTITY; -- a trigger numbers the entries, older programs' too
CREATE SEQUENCE audit_log_number OWNED BY audit_log.id;
SELECT setval('audit_log_number', coalesce((SELECT max(id) FROM audit_log), 0) + 1, false);

CREATE FUNCTION audit_log_stamp() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.id := nextval('public.audit_log_number');
    NEW.at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER audit_log_stamp BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_log_stamp();

CREATE OR REPLACE FUNCTION audit_log_queue() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO audit_pending SELECT id FROM added;
    RETURN NULL;
END $$;
"""

SEAL = """
-- Chains entries that wait, in this order, each with its hash, and takes them off the list: both or neither. The
-- application computes the hashes; `ohmatdyt doctor` computes them again.
CREATE FUNCTION audit_seal(ids bigint[], hashes bytea[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    reached bigint;
    previous bytea;
    gone bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(731900002);
    SELECT position, hash INTO reached, previous FROM audit_chain ORDER BY position DESC LIMIT 1;
    DELETE FROM audit_pending WHERE audit_id = ANY (ids);
    GET DIAGNOSTICS gone = ROW_COUNT;
    IF gone <> cardinality(ids) OR gone <> cardinality(hashes) THEN
        RAISE EXCEPTION 'only entries that wait can be sealed, each once' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO audit_chain (position, audit_id, previous_hash, hash)
    SELECT coalesce(reached, 0) + n, ids[n],
           CASE WHEN n = 1 THEN coalesce(previous, decode(repeat('00', 32), 'hex')) ELSE hashes[n - 1] END, hashes[n]
    FROM generate_series(1, cardinality(ids)) AS n;
END $$;
"""

# What runs with its owner's rights must not find a table of the caller's, and is nobody's but the application's.
DEFINERS = """
ALTER FUNCTION case_search_settle() SET search_path = pg_catalog, public, pg_temp;
ALTER FUNCTION case_flow_use_zone(text) SET search_path = pg_catalog, public, pg_temp;
ALTER FUNCTION forget_case_events(uuid[]) SET search_path = pg_catalog, public, pg_temp;
REVOKE ALL ON FUNCTION audit_seal(bigint[], bytea[]), case_search_settle(), case_flow_use_zone(text),
    forget_case_events(uuid[]) FROM PUBLIC;
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'ohmatdyt_app') THEN
        GRANT EXECUTE ON FUNCTION audit_seal(bigint[], bytea[]), case_search_settle(), case_flow_use_zone(text),
            forget_case_events(uuid[]) TO ohmatdyt_app;
    END IF;
END $$;
"""


def upgrade() -> None:
    driver: Any = op.get_bind().connection.driver_connection
    for statements in (LOCKS, STAMP, SEAL, DEFINERS):
        await_only(driver.execute(statements))
