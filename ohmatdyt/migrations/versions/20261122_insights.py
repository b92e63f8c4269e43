"""What managers see, counted as it happens: per local day and month, with histograms of waiting times.

Revision ID: 20261122_insights
Revises: 20261122_people
"""

from typing import Any

from alembic import op
from sqlalchemy.util import await_only

revision = "20261122_insights"
down_revision = "20261122_people"
branch_labels = None
depends_on = None

# Upper edges of the histogram's bins, in seconds: from a minute to three years, each about 5% above the one before.
EDGES = sorted({round(60 * 1.05**step) for step in range(292)})

# The journal is read newest first, whatever it is filtered by.
JOURNAL = """
DROP INDEX audit_log_actor_idx, audit_log_object_idx, audit_log_action_idx, audit_log_at_idx;
CREATE INDEX audit_log_actor_idx ON audit_log (actor_id, at, id);
CREATE INDEX audit_log_object_idx ON audit_log (object_type, object_id, at, id);
CREATE INDEX audit_log_action_idx ON audit_log (action, at, id);
CREATE INDEX audit_log_at_idx ON audit_log (at, id);
"""

FIRST_TAKEN = """
ALTER TABLE installation ADD COLUMN time_zone text NOT NULL DEFAULT 'Europe/Kyiv';

-- When a case left NEW for the first time: kept by the database, so that no path of the program can forget it.
ALTER TABLE cases ADD COLUMN first_taken_at timestamptz;
UPDATE cases SET first_taken_at = coalesce(
    (SELECT min(e.at) FROM case_events e WHERE e.case_id = cases.id AND e.from_status = 'NEW' AND e.to_status <> 'NEW'),
    last_status_change_at) WHERE status <> 'NEW';
UPDATE cases SET first_taken_at = e.at FROM (
    SELECT case_id, min(at) AS at FROM case_events WHERE from_status = 'NEW' AND to_status <> 'NEW' GROUP BY 1) AS e
    WHERE e.case_id = cases.id AND cases.status = 'NEW';
CREATE FUNCTION case_first_taken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.first_taken_at := NEW.last_status_change_at;
    RETURN NEW;
END $$;
CREATE TRIGGER case_first_taken BEFORE INSERT OR UPDATE OF status ON cases FOR EACH ROW
    WHEN (NEW.status <> 'NEW' AND NEW.first_taken_at IS NULL) EXECUTE FUNCTION case_first_taken();

-- Whole seconds from one moment to another, never negative: a clock set back is no negative wait.
CREATE FUNCTION seconds_between(earlier timestamptz, later timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE
    PARALLEL SAFE RETURN greatest(0, floor(extract(epoch FROM later - earlier)))::bigint;
CREATE FUNCTION duration_bin(seconds bigint) RETURNS integer LANGUAGE sql IMMUTABLE
    PARALLEL SAFE RETURN width_bucket(seconds, '{%(edges)s}'::bigint[]);

-- A bin of the histogram leads to the few cases among which the exact median is.
CREATE INDEX cases_take_bin_idx ON cases (duration_bin(seconds_between(created_at, first_taken_at)), first_taken_at)
    INCLUDE (created_at) WHERE first_taken_at IS NOT NULL;
CREATE INDEX cases_close_bin_idx
    ON cases (duration_bin(seconds_between(created_at, last_status_change_at)), last_status_change_at)
    INCLUDE (created_at) WHERE status IN ('DONE', 'REJECTED');
CREATE INDEX cases_handle_bin_idx
    ON cases (responsible_id, (duration_bin(seconds_between(first_taken_at, last_status_change_at)) / 4),
              last_status_change_at)
    INCLUDE (first_taken_at) WHERE status IN ('DONE', 'REJECTED');
CREATE INDEX cases_working_idx ON cases (responsible_id, last_status_change_at) INCLUDE (status)
    WHERE status IN ('IN_PROGRESS', 'NEEDS_INFO');
"""

# Every figure is a sum over cases as they are now, so a change is the old row taken away and the new one added.
# Writers append both; one folder at a time moves them into the sums; a reader adds both in one snapshot: exact.
FLOW = """
CREATE TABLE case_flow_delta (
    id bigint GENERATED ALWAYS AS IDENTITY,
    sign smallint NOT NULL,
    status text COLLATE "C" NOT NULL,
    category_id uuid NOT NULL,
    channel_id uuid NOT NULL,
    responsible_id uuid,
    created_at timestamptz NOT NULL,
    first_taken_at timestamptz,
    last_status_change_at timestamptz NOT NULL
) WITH (autovacuum_vacuum_threshold = 200, autovacuum_vacuum_scale_factor = 0);

-- grain d: a local day; m: a local month, under its first day.
CREATE TABLE case_flow (
    facet text COLLATE "C" NOT NULL,
    grain "char" NOT NULL,
    day date NOT NULL,
    value text COLLATE "C" NOT NULL,
    n bigint NOT NULL,
    seconds bigint NOT NULL,
    PRIMARY KEY (facet, grain, day, value) INCLUDE (n, seconds)
) WITH (fillfactor = 80, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0.01);

-- Raised by every fold. Together with which changes are pending it names the state of all cases: as long as it is the
-- same, no case has changed.
CREATE TABLE case_flow_epoch (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), epoch bigint NOT NULL);

CREATE FUNCTION hospital_zone() RETURNS text LANGUAGE sql STABLE RETURN (SELECT time_zone FROM installation);

-- What one case counts for: facet, value, the local day it counts on, and the seconds it adds.
CREATE FUNCTION case_flow_facets(
    zone text, status text, category_id uuid, channel_id uuid, responsible_id uuid,
    created_at timestamptz, first_taken_at timestamptz, changed_at timestamptz
) RETURNS TABLE (facet text, value text, day date, seconds bigint) LANGUAGE sql STABLE AS $$
    SELECT f.facet, f.value, f.day, f.seconds FROM (VALUES
        ('all', '', (created_at AT TIME ZONE zone)::date, 0::bigint),
        ('status', status, (created_at AT TIME ZONE zone)::date, 0),
        ('category', category_id::text, (created_at AT TIME ZONE zone)::date, 0),
        ('channel', channel_id::text, (created_at AT TIME ZONE zone)::date, 0),
        ('hour', to_char(created_at AT TIME ZONE zone, 'ID,FMHH24'), (created_at AT TIME ZONE zone)::date, 0),
        -- How many times 24 hours the case waited, begun ones counted whole: 1 is within 24 hours, exactly.
        ('waited', ceil(extract(epoch FROM greatest(first_taken_at - created_at, interval '1 second')) / 86400)::text,
            CASE WHEN first_taken_at IS NOT NULL THEN (created_at AT TIME ZONE zone)::date END, 0),
        ('take', duration_bin(seconds_between(created_at, first_taken_at))::text,
            (first_taken_at AT TIME ZONE zone)::date, seconds_between(created_at, first_taken_at)),
        ('close', duration_bin(seconds_between(created_at, changed_at))::text,
            CASE WHEN status IN ('DONE', 'REJECTED') THEN (changed_at AT TIME ZONE zone)::date END,
            seconds_between(created_at, changed_at)),
        ('closed', status,
            CASE WHEN status IN ('DONE', 'REJECTED') THEN (changed_at AT TIME ZONE zone)::date END, 0),
        ('closed_by', responsible_id || ',' || status,
            CASE WHEN status IN ('DONE', 'REJECTED') THEN (changed_at AT TIME ZONE zone)::date END, 0),
        ('handle', responsible_id || ',' || duration_bin(seconds_between(first_taken_at, changed_at)) / 4,
            CASE WHEN status IN ('DONE', 'REJECTED') THEN (changed_at AT TIME ZONE zone)::date END,
            seconds_between(first_taken_at, changed_at))
    ) AS f (facet, value, day, seconds) WHERE f.day IS NOT NULL AND f.value IS NOT NULL
$$;

CREATE FUNCTION case_flow_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO case_flow_delta (%(columns)s)
        SELECT -1, status, category_id, channel_id, responsible_id, created_at, first_taken_at, last_status_change_at
        FROM before_rows;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO case_flow_delta (%(columns)s)
        SELECT 1, status, category_id, channel_id, responsible_id, created_at, first_taken_at, last_status_change_at
        FROM after_rows;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER case_flow_insert AFTER INSERT ON cases
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION case_flow_change();
CREATE TRIGGER case_flow_update AFTER UPDATE ON cases
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION case_flow_change();
CREATE TRIGGER case_flow_delete AFTER DELETE ON cases
    REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION case_flow_change();

-- The daily sums of whatever is not folded yet.
CREATE VIEW case_flow_pending AS
    SELECT f.facet, f.day, f.value, sum(d.sign)::bigint AS n, sum(d.sign * f.seconds)::bigint AS seconds
    FROM case_flow_delta d
    CROSS JOIN LATERAL case_flow_facets(hospital_zone(), d.status, d.category_id, d.channel_id, d.responsible_id,
        d.created_at, d.first_taken_at, d.last_status_change_at) AS f
    GROUP BY 1, 2, 3 HAVING sum(d.sign) <> 0 OR sum(d.sign * f.seconds) <> 0;

-- Moves what is pending into the sums; returns how many changes, or -1 when another node is at it.
CREATE FUNCTION case_flow_fold() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    moved_rows bigint;
    zone text := hospital_zone();
BEGIN
    IF NOT pg_try_advisory_xact_lock(731900004) THEN
        RETURN -1;
    END IF;
    WITH moved AS (
        DELETE FROM case_flow_delta RETURNING *
    ), by_day AS (
        SELECT f.facet, f.day, f.value, sum(m.sign) AS n, sum(m.sign * f.seconds) AS seconds
        FROM moved m CROSS JOIN LATERAL case_flow_facets(zone, m.status, m.category_id, m.channel_id, m.responsible_id,
            m.created_at, m.first_taken_at, m.last_status_change_at) AS f
        GROUP BY 1, 2, 3
    ), sums AS (
        SELECT facet, 'd'::"char" AS grain, day, value, n, seconds FROM by_day WHERE n <> 0 OR seconds <> 0
        UNION ALL
        SELECT facet, 'm', date_trunc('month', day)::date, value, sum(n), sum(seconds)
        FROM by_day GROUP BY 1, 3, 4 HAVING sum(n) <> 0 OR sum(seconds) <> 0
    ), written AS (
        INSERT INTO case_flow AS t (facet, grain, day, value, n, seconds)
        SELECT facet, grain, day, value, n, seconds FROM sums
        ON CONFLICT (facet, grain, day, value)
            DO UPDATE SET n = t.n + excluded.n, seconds = t.seconds + excluded.seconds
    )
    SELECT count(*) INTO moved_rows FROM moved;
    IF moved_rows > 0 THEN
        INSERT INTO case_flow_epoch AS e (epoch) VALUES (1) ON CONFLICT (only_row) DO UPDATE SET epoch = e.epoch + 1;
    END IF;
    RETURN moved_rows;
END $$;

-- Counts everything anew: after bulk loading with triggers off, for repair, and for another time zone.
CREATE FUNCTION case_flow_rebuild() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    LOCK TABLE cases IN SHARE MODE;
    PERFORM pg_advisory_xact_lock(731900004);
    DELETE FROM case_flow_delta;
    DELETE FROM case_flow;
    INSERT INTO case_flow_delta (%(columns)s)
    SELECT 1, status, category_id, channel_id, responsible_id, created_at, first_taken_at, last_status_change_at
    FROM cases;
    RETURN case_flow_fold();
END $$;

-- The application may not write into `installation`; this is its one door to the zone in which days are counted.
CREATE FUNCTION case_flow_use_zone(zone text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF zone = hospital_zone() THEN
        RETURN false;
    END IF;
    UPDATE installation SET time_zone = zone;
    PERFORM case_flow_rebuild();
    RETURN true;
END $$;

INSERT INTO case_flow_delta (%(columns)s)
SELECT 1, status, category_id, channel_id, responsible_id, created_at, first_taken_at, last_status_change_at FROM cases;
SELECT case_flow_fold();
"""


def upgrade() -> None:
    driver: Any = op.get_bind().connection.driver_connection
    edges = ",".join(map(str, EDGES))
    columns = "sign, status, category_id, channel_id, responsible_id, created_at, first_taken_at, last_status_change_at"
    for statements in (JOURNAL, FIRST_TAKEN % {"edges": edges}, FLOW % {"columns": columns}):
        await_only(driver.execute(statements))
