"""Patients, guardians, doctors, merges that can be undone, and a timeline that can forget.

Revision ID: 20261122_people
Revises: 20261122_foundation
"""

from typing import Any

from alembic import op
from sqlalchemy.util import await_only

revision = "20261122_people"
down_revision = "20261122_foundation"
branch_labels = None
depends_on = None

PATIENTS = """
CREATE TABLE patients (
    id uuid PRIMARY KEY,
    full_name text NOT NULL CHECK (length(full_name) <= 200),
    full_name_sort text COLLATE "C" NOT NULL,
    birth_date date,
    record_number text CHECK (length(record_number) <= 50),
    record_key text COLLATE "C",
    phone text CHECK (length(phone) <= 50),
    phone_e164 text COLLATE "C",
    email text CHECK (length(email) <= 254),
    notes text CHECK (length(notes) <= 2000),
    -- Everything the person, the guardians and merged duplicates may be found by (people/keys.py).
    search_keys tsvector NOT NULL,
    merged_into_id uuid REFERENCES patients (id) CHECK (merged_into_id <> id),
    anonymised_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX patients_record_key ON patients (record_key) WHERE merged_into_id IS NULL;
CREATE INDEX patients_name_idx ON patients (full_name_sort, id)
    WHERE merged_into_id IS NULL AND anonymised_at IS NULL;
CREATE INDEX patients_created_idx ON patients (created_at, id)
    WHERE merged_into_id IS NULL AND anonymised_at IS NULL;
CREATE INDEX patients_merged_idx ON patients (merged_into_id) WHERE merged_into_id IS NOT NULL;
-- Without the pending list a search never pays for somebody else's bulk of writes.
CREATE INDEX patients_search_idx ON patients USING gin (search_keys) WITH (fastupdate = off);

CREATE TABLE guardians (
    id uuid PRIMARY KEY,
    patient_id uuid NOT NULL REFERENCES patients (id),
    full_name text NOT NULL CHECK (length(full_name) <= 200),
    relation text NOT NULL CHECK (length(relation) <= 100),
    phone text CHECK (length(phone) <= 50),
    phone_e164 text COLLATE "C",
    email text CHECK (length(email) <= 254),
    is_primary boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL
);
CREATE INDEX guardians_patient_idx ON guardians (patient_id, created_at, id);

CREATE TABLE patient_merges (
    id uuid PRIMARY KEY,
    source_id uuid NOT NULL REFERENCES patients (id),
    into_id uuid NOT NULL REFERENCES patients (id),
    -- What moved, so that it can move back; `adopted` names the empty fields the survivor took over.
    case_ids uuid[] NOT NULL,
    guardian_ids uuid[] NOT NULL,
    primary_guardian_id uuid,
    adopted text[] NOT NULL,
    merged_at timestamptz NOT NULL,
    merged_by_id uuid NOT NULL REFERENCES users (id),
    undone_at timestamptz,
    undone_by_id uuid REFERENCES users (id)
);
CREATE UNIQUE INDEX patient_merges_source_key ON patient_merges (source_id) WHERE undone_at IS NULL;
CREATE INDEX patient_merges_into_idx ON patient_merges (into_id);
CREATE INDEX patient_merges_merged_by_idx ON patient_merges (merged_by_id);
CREATE INDEX patient_merges_undone_by_idx ON patient_merges (undone_by_id) WHERE undone_by_id IS NOT NULL;

-- How many patients a list without a search has: writers append, `patient_count_fold` keeps it short.
CREATE TABLE patient_count (n bigint NOT NULL);
CREATE FUNCTION patient_count_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE change bigint := 0;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        SELECT change - count(*) INTO change FROM before_rows
        WHERE merged_into_id IS NULL AND anonymised_at IS NULL;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        SELECT change + count(*) INTO change FROM after_rows
        WHERE merged_into_id IS NULL AND anonymised_at IS NULL;
    END IF;
    IF change <> 0 THEN
        INSERT INTO patient_count VALUES (change);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER patient_count_insert AFTER INSERT ON patients
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION patient_count_change();
CREATE TRIGGER patient_count_update AFTER UPDATE ON patients
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION patient_count_change();
CREATE TRIGGER patient_count_delete AFTER DELETE ON patients
    REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION patient_count_change();
CREATE FUNCTION patient_count_fold() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF pg_try_advisory_xact_lock(731900013) THEN
        WITH moved AS (DELETE FROM patient_count RETURNING n)
        INSERT INTO patient_count SELECT sum(n) FROM moved HAVING count(*) > 0;
    END IF;
END $$;
"""

DOCTORS = """
CREATE TABLE doctors (
    id uuid PRIMARY KEY,
    full_name text NOT NULL CHECK (length(full_name) <= 200),
    full_name_sort text COLLATE "C" NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    specialty text NOT NULL CHECK (length(specialty) <= 100),
    specialty_key text COLLATE "C" NOT NULL,
    department text NOT NULL CHECK (length(department) <= 100),
    department_key text COLLATE "C" NOT NULL,
    phone text CHECK (length(phone) <= 50),
    phone_e164 text COLLATE "C",
    email text CHECK (length(email) <= 254),
    is_active boolean NOT NULL DEFAULT true,
    user_id uuid REFERENCES users (id),
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX doctors_user_id_key ON doctors (user_id);
CREATE INDEX doctors_name_idx ON doctors (full_name_sort, id);
"""

CASE_LINKS = """
ALTER TABLE cases
    ADD COLUMN patient_id uuid REFERENCES patients (id),
    ADD COLUMN doctor_id uuid REFERENCES doctors (id);
CREATE INDEX cases_patient_idx ON cases (patient_id, created_at, id) WHERE patient_id IS NOT NULL;
CREATE INDEX cases_doctor_idx ON cases (doctor_id, created_at, id) WHERE doctor_id IS NOT NULL;
"""

# docs/adr/0013-anonymise.md. The one change the timeline admits is forgetting: every text in an entry's payload
# becomes a mark, while what happened, when, by whom and between which statuses stays. Whoever holds UPDATE on the
# table can do no more than that either, because the trigger judges the new row by the old one.
FORGETTING = """
CREATE FUNCTION forgotten(value jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    CASE jsonb_typeof(value)
    WHEN 'object' THEN
        IF value ?& '{id,full_name}' AND value - '{id,full_name}'::text[] = '{}' THEN
            RETURN value; -- somebody who works here: who was responsible is no applicant's data
        END IF;
        RETURN (SELECT coalesce(jsonb_object_agg(key, forgotten(inner_value)), '{}')
                FROM jsonb_each(value) AS e (key, inner_value));
    WHEN 'array' THEN
        RETURN (SELECT coalesce(jsonb_agg(forgotten(item) ORDER BY place), '[]')
                FROM jsonb_array_elements(value) WITH ORDINALITY AS a (item, place));
    WHEN 'string' THEN
        RETURN CASE WHEN value #>> '{}' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN value
                    ELSE '"[знеособлено]"' END;
    ELSE
        RETURN value;
    END CASE;
END $$;

CREATE FUNCTION only_forgetting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - 'data') <> (to_jsonb(OLD) - 'data') OR NEW.data <> forgotten(OLD.data) THEN
        RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER case_events_append_only ON case_events;
CREATE TRIGGER case_events_append_only BEFORE DELETE OR TRUNCATE ON case_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER case_events_only_forgetting BEFORE UPDATE ON case_events
    FOR EACH ROW EXECUTE FUNCTION only_forgetting();

-- The application's role has no UPDATE on the timeline; this is its one door.
CREATE FUNCTION forget_case_events(of_cases uuid[]) RETURNS bigint LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    WITH changed AS (
        UPDATE case_events SET data = forgotten(data)
        WHERE case_id = ANY (of_cases) AND data <> forgotten(data) RETURNING 1
    )
    SELECT count(*) FROM changed
$$;
REVOKE ALL ON FUNCTION forget_case_events FROM PUBLIC;
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'ohmatdyt_app') THEN
        GRANT EXECUTE ON FUNCTION forget_case_events TO ohmatdyt_app;
    END IF;
END $$;
"""


def upgrade() -> None:
    driver: Any = op.get_bind().connection.driver_connection
    for statements in (PATIENTS, DOCTORS, CASE_LINKS, FORGETTING):
        await_only(driver.execute(statements))
