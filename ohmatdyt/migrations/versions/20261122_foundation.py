"""Accounts, directories, cases, the audit journal and the exact counts behind case lists.

Revision ID: 20261122_foundation
Revises:
"""

import secrets
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.util import await_only

revision = "20261122_foundation"
down_revision = None
branch_labels = None
depends_on = None

ACCOUNTS = """
-- One row: what makes this installation itself. The key may never change: it decides every case number.
CREATE TABLE installation (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    public_id_key bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE users (
    id uuid PRIMARY KEY,
    username text NOT NULL CHECK (username ~ '^[a-z0-9_-]{3,50}$'),
    email text NOT NULL CHECK (length(email) <= 254),
    full_name text NOT NULL CHECK (length(full_name) <= 200),
    full_name_sort text COLLATE "C" NOT NULL,
    role text NOT NULL CHECK (role IN ('OPERATOR', 'EXECUTOR', 'ADMIN')),
    is_active boolean NOT NULL,
    is_pending boolean NOT NULL DEFAULT false,
    password_hash text,
    must_change_password boolean NOT NULL DEFAULT false,
    temporary_password_expires_at timestamptz,
    token_version integer NOT NULL DEFAULT 1,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    last_password_change_at timestamptz,
    last_login_at timestamptz
);
CREATE UNIQUE INDEX users_username_key ON users (username);
CREATE UNIQUE INDEX users_email_key ON users (lower(email));

CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_reason text,
    user_agent text NOT NULL DEFAULT '',
    ip text NOT NULL DEFAULT ''
);
CREATE INDEX sessions_user_id_idx ON sessions (user_id) WHERE ended_at IS NULL;
CREATE INDEX sessions_expires_at_idx ON sessions (expires_at);

-- A session is a family of refresh tokens (RFC 9700, 4.14.2): each is used once and names its successor by parentage.
CREATE TABLE refresh_tokens (
    token_hash bytea PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    parent_hash bytea,
    issued_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX refresh_tokens_session_id_idx ON refresh_tokens (session_id);

CREATE TABLE login_failures (
    key text PRIMARY KEY,
    failures integer NOT NULL,
    last_failed_at timestamptz NOT NULL,
    blocked_until timestamptz
);
CREATE INDEX login_failures_last_failed_at_idx ON login_failures (last_failed_at);

CREATE TABLE idempotency_keys (
    user_id uuid NOT NULL,
    key text NOT NULL CHECK (length(key) <= 255),
    fingerprint bytea NOT NULL,
    status_code integer,
    body bytea,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_keys_created_at_idx ON idempotency_keys (created_at);

CREATE TABLE job_runs (
    name text PRIMARY KEY,
    last_started_at timestamptz,
    last_finished_at timestamptz,
    last_outcome text,
    last_error text
);
"""

AUDIT = """
CREATE TABLE audit_log (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    actor_id uuid,
    action text NOT NULL,
    object_type text,
    object_id text,
    outcome text NOT NULL CHECK (outcome IN ('done', 'refused')),
    details jsonb NOT NULL DEFAULT '{}',
    request_id text,
    ip text
);
CREATE INDEX audit_log_actor_idx ON audit_log (actor_id, id);
CREATE INDEX audit_log_object_idx ON audit_log (object_type, object_id, id);
CREATE INDEX audit_log_action_idx ON audit_log (action, id);
CREATE INDEX audit_log_at_idx ON audit_log (at);

-- Entries are chained a moment after their commit, by one sealer at a time: a chain written inside every transaction
-- would make all writers of the hospital wait for each other's commit.
CREATE TABLE audit_pending (audit_id bigint PRIMARY KEY);
CREATE TABLE audit_chain (
    position bigint PRIMARY KEY,
    audit_id bigint NOT NULL UNIQUE REFERENCES audit_log (id),
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL
);

CREATE FUNCTION audit_log_queue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_pending SELECT id FROM added;
    RETURN NULL;
END $$;
CREATE TRIGGER audit_log_queue AFTER INSERT ON audit_log
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION audit_log_queue();

CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER audit_chain_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_chain
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
"""

CATALOG = """
CREATE TABLE categories (
    id uuid PRIMARY KEY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    name_key text COLLATE "C" NOT NULL UNIQUE,
    name_sort text COLLATE "C" NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE TABLE channels (
    id uuid PRIMARY KEY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    name_key text COLLATE "C" NOT NULL UNIQUE,
    name_sort text COLLATE "C" NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE TABLE subcategories (
    id uuid PRIMARY KEY,
    category_id uuid NOT NULL REFERENCES categories (id),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    name_key text COLLATE "C" NOT NULL,
    name_sort text COLLATE "C" NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    UNIQUE (category_id, name_key)
);
CREATE TABLE category_access (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    category_id uuid NOT NULL REFERENCES categories (id),
    granted_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, category_id)
);
CREATE INDEX category_access_category_id_idx ON category_access (category_id);
"""

CASES = """
CREATE SEQUENCE case_number AS integer MINVALUE 1 MAXVALUE 900000 NO CYCLE;

CREATE TABLE cases (
    id uuid PRIMARY KEY,
    public_id integer NOT NULL CHECK (public_id BETWEEN 100000 AND 999999),
    category_id uuid NOT NULL REFERENCES categories (id),
    channel_id uuid NOT NULL REFERENCES channels (id),
    author_id uuid NOT NULL REFERENCES users (id),
    responsible_id uuid REFERENCES users (id),
    status text COLLATE "C" NOT NULL CHECK (status IN ('NEW', 'IN_PROGRESS', 'NEEDS_INFO', 'REJECTED', 'DONE')),
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    last_status_change_at timestamptz NOT NULL,
    subcategory text CHECK (length(subcategory) <= 200),
    applicant_name text NOT NULL CHECK (length(applicant_name) <= 200),
    applicant_name_sort text COLLATE "C" NOT NULL,
    applicant_phone text CHECK (length(applicant_phone) <= 50),
    applicant_phone_e164 text COLLATE "C",
    applicant_email text CHECK (length(applicant_email) <= 254),
    summary text NOT NULL CHECK (length(summary) <= 20000),
    -- A case nobody took has nobody responsible, and the other way round: the queue and «мої» never overlap.
    CHECK ((status = 'NEW') = (responsible_id IS NULL))
) WITH (fillfactor = 90);
CREATE UNIQUE INDEX cases_public_id_key ON cases (public_id) INCLUDE (id);
CREATE INDEX cases_created_idx ON cases (created_at, id);
CREATE INDEX cases_updated_idx ON cases (updated_at, id);
CREATE INDEX cases_status_change_idx ON cases (last_status_change_at, id);
CREATE INDEX cases_applicant_name_idx ON cases (applicant_name_sort, id);
CREATE INDEX cases_status_idx ON cases (status, created_at, id);
CREATE INDEX cases_category_idx ON cases (category_id, created_at, id);
CREATE INDEX cases_channel_idx ON cases (channel_id, created_at, id);
CREATE INDEX cases_responsible_idx ON cases (responsible_id, created_at, id);
CREATE INDEX cases_author_idx ON cases (author_id, created_at, id);
CREATE INDEX cases_category_status_idx ON cases (category_id, status, created_at, id);
CREATE INDEX cases_subcategory_idx ON cases (subcategory, created_at, id) WHERE subcategory IS NOT NULL;
-- Overdue and stale: everything still open, by how long it has been standing.
CREATE INDEX cases_open_idx ON cases (status, last_status_change_at, id)
    WHERE status IN ('NEW', 'IN_PROGRESS', 'NEEDS_INFO');
CREATE INDEX cases_phone_idx ON cases (applicant_phone_e164) WHERE applicant_phone_e164 IS NOT NULL;
CREATE INDEX cases_email_idx ON cases (lower(applicant_email)) WHERE applicant_email IS NOT NULL;

CREATE TABLE case_comments (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES cases (id),
    author_id uuid NOT NULL REFERENCES users (id),
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 5000),
    is_internal boolean NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX case_comments_case_idx ON case_comments (case_id, created_at, id);
CREATE INDEX case_comments_author_idx ON case_comments (author_id);

CREATE TABLE attachments (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES cases (id),
    original_name text NOT NULL CHECK (length(original_name) BETWEEN 1 AND 250),
    storage_key text NOT NULL UNIQUE,
    size_bytes bigint NOT NULL CHECK (size_bytes > 0),
    mime_type text NOT NULL,
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    uploaded_by_id uuid NOT NULL REFERENCES users (id),
    created_at timestamptz NOT NULL
);
CREATE INDEX attachments_case_idx ON attachments (case_id, created_at, id);
CREATE INDEX attachments_uploaded_by_idx ON attachments (uploaded_by_id);

-- The timeline. kind: created, taken, assigned, status_changed, edited, commented, file_added, file_deleted.
CREATE TABLE case_events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES cases (id),
    at timestamptz NOT NULL,
    actor_id uuid REFERENCES users (id),
    kind text NOT NULL,
    from_status text COLLATE "C",
    to_status text COLLATE "C",
    is_internal boolean NOT NULL DEFAULT false,
    data jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX case_events_case_idx ON case_events (case_id, id);
CREATE INDEX case_events_actor_idx ON case_events (actor_id);
CREATE TRIGGER case_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON case_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
"""

# Exact totals at the cost of one index probe (docs/adr/0006). Writers only append what they changed to the delta;
# one folder at a time moves it into the totals. A reader adds both in one statement, so in one snapshot: exact.
TALLY = """
CREATE TABLE case_tally_delta (
    status text COLLATE "C" NOT NULL,
    category_id uuid NOT NULL,
    channel_id uuid NOT NULL,
    responsible_id uuid,
    author_id uuid NOT NULL,
    day date NOT NULL,
    n integer NOT NULL
) WITH (autovacuum_vacuum_threshold = 200, autovacuum_vacuum_scale_factor = 0);

CREATE TABLE case_tally (
    facet text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    n bigint NOT NULL,
    PRIMARY KEY (facet, value)
) WITH (fillfactor = 50, autovacuum_vacuum_threshold = 200, autovacuum_vacuum_scale_factor = 0);

CREATE TABLE case_tally_daily (
    facet text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    day date NOT NULL,
    n bigint NOT NULL,
    PRIMARY KEY (facet, value, day) INCLUDE (n)
) WITH (fillfactor = 80, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0.01);

CREATE FUNCTION utc_day(moment timestamptz) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (moment AT TIME ZONE 'UTC')::date;

CREATE FUNCTION case_tally_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO case_tally_delta
        SELECT status, category_id, channel_id, responsible_id, author_id, utc_day(created_at), count(*)
        FROM after_rows GROUP BY 1, 2, 3, 4, 5, 6;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO case_tally_delta
        SELECT status, category_id, channel_id, responsible_id, author_id, utc_day(created_at), -count(*)
        FROM before_rows GROUP BY 1, 2, 3, 4, 5, 6;
    ELSE
        INSERT INTO case_tally_delta
        SELECT status, category_id, channel_id, responsible_id, author_id, utc_day(created_at), sum(sign)
        FROM (SELECT *, 1 AS sign FROM after_rows UNION ALL SELECT *, -1 FROM before_rows) AS both_rows
        GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(sign) <> 0;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER case_tally_insert AFTER INSERT ON cases
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION case_tally_change();
CREATE TRIGGER case_tally_update AFTER UPDATE ON cases
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION case_tally_change();
CREATE TRIGGER case_tally_delete AFTER DELETE ON cases
    REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION case_tally_change();

-- Moves the delta into the totals; returns how many rows it moved, or -1 when another node is at it.
CREATE FUNCTION case_tally_fold() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE moved_rows bigint;
BEGIN
    IF NOT pg_try_advisory_xact_lock(731900001) THEN
        RETURN -1;
    END IF;
    WITH moved AS (
        DELETE FROM case_tally_delta RETURNING *
    ), summed AS (
        SELECT status, category_id, channel_id, coalesce(responsible_id::text, 'none') AS responsible, author_id, day,
               sum(n) AS n
        FROM moved GROUP BY 1, 2, 3, 4, 5, 6
    ), facets AS (
        SELECT f.facet, f.value, f.daily, m.day, m.n
        FROM summed m CROSS JOIN LATERAL (VALUES
            ('all', '', true),
            ('status', m.status, true),
            ('category', m.category_id::text, true),
            ('channel', m.channel_id::text, true),
            ('responsible', m.responsible, true),
            ('author', m.author_id::text, true),
            ('status,category', m.status || ',' || m.category_id, true),
            ('status,channel', m.status || ',' || m.channel_id, false),
            ('status,responsible', m.status || ',' || m.responsible, false),
            ('status,author', m.status || ',' || m.author_id, true),
            ('category,channel', m.category_id || ',' || m.channel_id, false),
            ('category,responsible', m.category_id || ',' || m.responsible, true),
            ('category,author', m.category_id || ',' || m.author_id, false),
            ('channel,responsible', m.channel_id || ',' || m.responsible, false),
            ('channel,author', m.channel_id || ',' || m.author_id, false),
            ('responsible,author', m.responsible || ',' || m.author_id, false),
            ('status,category,channel', m.status || ',' || m.category_id || ',' || m.channel_id, false),
            ('status,category,responsible', m.status || ',' || m.category_id || ',' || m.responsible, false),
            ('status,category,author', m.status || ',' || m.category_id || ',' || m.author_id, false),
            ('status,channel,responsible', m.status || ',' || m.channel_id || ',' || m.responsible, false),
            ('status,channel,author', m.status || ',' || m.channel_id || ',' || m.author_id, false),
            ('status,responsible,author', m.status || ',' || m.responsible || ',' || m.author_id, false),
            ('category,channel,responsible', m.category_id || ',' || m.channel_id || ',' || m.responsible, false),
            ('category,channel,author', m.category_id || ',' || m.channel_id || ',' || m.author_id, false),
            ('category,responsible,author', m.category_id || ',' || m.responsible || ',' || m.author_id, false),
            ('channel,responsible,author', m.channel_id || ',' || m.responsible || ',' || m.author_id, false)
        ) AS f (facet, value, daily)
    ), by_day AS (
        INSERT INTO case_tally_daily AS t (facet, value, day, n)
        SELECT facet, value, day, sum(n) FROM facets WHERE daily GROUP BY 1, 2, 3 HAVING sum(n) <> 0
        ON CONFLICT (facet, value, day) DO UPDATE SET n = t.n + excluded.n
    ), totals AS (
        INSERT INTO case_tally AS t (facet, value, n)
        SELECT facet, value, sum(n) FROM facets GROUP BY 1, 2 HAVING sum(n) <> 0
        ON CONFLICT (facet, value) DO UPDATE SET n = t.n + excluded.n
    )
    SELECT count(*) INTO moved_rows FROM moved;
    RETURN moved_rows;
END $$;

-- Counts everything anew; for bulk loading with triggers off and for repair. Call it alone, in one transaction.
CREATE FUNCTION case_tally_rebuild() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    LOCK TABLE cases IN SHARE MODE;
    PERFORM pg_advisory_xact_lock(731900001);
    DELETE FROM case_tally_delta;
    DELETE FROM case_tally;
    DELETE FROM case_tally_daily;
    INSERT INTO case_tally_delta
    SELECT status, category_id, channel_id, responsible_id, author_id, utc_day(created_at), count(*)
    FROM cases GROUP BY 1, 2, 3, 4, 5, 6;
    RETURN case_tally_fold();
END $$;
"""

# The application works as a role that cannot rewrite history. Where the database's owner may not create roles, the
# append-only triggers still stand, and `ohmatdyt doctor` says what to ask the database administrator for.
ROLE = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ohmatdyt_app') THEN
        CREATE ROLE ohmatdyt_app NOLOGIN;
    END IF;
    IF NOT pg_has_role(current_user, 'ohmatdyt_app', 'MEMBER') THEN
        EXECUTE format('GRANT ohmatdyt_app TO %I', current_user);
    END IF;
    GRANT USAGE ON SCHEMA public TO ohmatdyt_app;
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ohmatdyt_app;
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO ohmatdyt_app;
    REVOKE UPDATE, DELETE ON audit_log, audit_chain, case_events, installation FROM ohmatdyt_app;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ohmatdyt_app;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO ohmatdyt_app;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE WARNING 'role ohmatdyt_app could not be created or granted: %', SQLERRM;
END $$;
"""


def upgrade() -> None:
    driver: Any = op.get_bind().connection.driver_connection
    for statements in (ACCOUNTS, AUDIT, CATALOG, CASES, TALLY, ROLE):
        # Many statements at once go through the driver itself, inside the transaction Alembic has begun.
        await_only(driver.execute(statements))
    op.get_bind().execute(
        sa.text("INSERT INTO installation (public_id_key) VALUES (:key)"), {"key": secrets.token_bytes(32)}
    )
