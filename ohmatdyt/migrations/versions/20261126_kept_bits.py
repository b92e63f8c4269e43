"""Bitmaps say when they last changed, so that a process may keep those it has read.

Revision ID: 20261126_kept_bits
Revises: 20261125_list_bits
"""

from typing import Any

from alembic import op
from sqlalchemy.util import await_only

revision = "20261126_kept_bits"
down_revision = "20261125_list_bits"
branch_labels = None
depends_on = None

LOCKS = "LOCK TABLE search_state, search_words, search_bits IN ACCESS EXCLUSIVE MODE"

# docs/adr/0019-kept-bits.md tells why it is so. A moment instead of a count: after a restore or a failover a count
# would come again with other bits behind it.
COLUMNS = """
-- changed_at: the moment of the fold that last changed any bits of the word, or these bits. Folds have their moments
-- in the order in which they are committed.
ALTER TABLE search_words ADD COLUMN changed_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE search_bits ADD COLUMN changed_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE search_state ADD COLUMN folded_at timestamptz NOT NULL DEFAULT now();
"""

FOLD = """
-- What the state must say of cases that get their bits: how far they are out of order, and whether an older
-- analyser has read them, as a node that has not been replaced yet does. The time of a case is asked for one by one:
-- joined, PostgreSQL expects a sixth of all cases to be new, and reads an index of all of them.
CREATE OR REPLACE FUNCTION case_search_note(changed integer[], new_docs integer[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE search_state SET analyser = 0
    WHERE EXISTS (SELECT FROM case_search s WHERE s.doc = ANY (changed) AND s.analyser < search_state.analyser);
    UPDATE search_state t
    SET latest_at = greatest(t.latest_at, n.latest_at), disorder = greatest(t.disorder, n.late)
    FROM (
        SELECT max(at) FILTER (WHERE is_new) AS latest_at,
               max(CASE WHEN is_new THEN greatest(before, (SELECT latest_at FROM search_state)) ELSE before END - at)
                   AS late
        FROM (
            SELECT is_new, at, max(at) OVER (ORDER BY doc ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
            FROM (
                SELECT s.doc, s.doc = ANY (new_docs) AS is_new,
                       (SELECT c.created_at FROM cases c WHERE c.id = s.case_id) AS at
                FROM case_search s
                WHERE s.doc >= (SELECT min(d) FROM unnest(new_docs) AS d)
            ) AS near
            WHERE is_new OR EXISTS (SELECT FROM search_folded f WHERE f.doc = near.doc)
        ) AS told
    ) AS n WHERE n.latest_at IS NOT NULL;
END $$;

-- Brings the bits of changed cases up to date, at most `most` of them; returns how many, -1 when another is at it.
CREATE OR REPLACE FUNCTION case_search_fold(most integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    changed integer[];
    new_docs integer[];
    enough integer;
    moment timestamptz;
    promoted record;
BEGIN
    IF NOT pg_try_advisory_xact_lock(731900003) THEN
        RETURN -1;
    END IF;
    WITH picked AS (SELECT DISTINCT doc FROM search_dirty ORDER BY doc LIMIT most),
    gone AS (DELETE FROM search_dirty d USING picked WHERE d.doc = picked.doc)
    SELECT coalesce(array_agg(doc), '{}') INTO changed FROM picked;
    IF changed = '{}' THEN
        RETURN 0;
    END IF;
    UPDATE search_state SET folded_at = greatest(folded_at + interval '1 microsecond', clock_timestamp())
    RETURNING frequent_from, folded_at INTO enough, moment;
    SELECT coalesce(array_agg(doc), '{}') INTO new_docs
    FROM unnest(changed) AS t (doc) WHERE NOT EXISTS (SELECT FROM search_folded f WHERE f.doc = t.doc);

    CREATE TEMP TABLE IF NOT EXISTS search_new (doc integer, word text COLLATE "C", weight integer) ON COMMIT DROP;
    TRUNCATE search_new;
    INSERT INTO search_new SELECT * FROM case_search_keys(changed);
    -- How many cases have a word need only be known roughly: of changed cases only words never seen are counted.
    INSERT INTO search_words AS w (word, n, is_frequent, changed_at)
    SELECT word, count(DISTINCT doc) FILTER (WHERE doc = ANY (new_docs)), word LIKE '!%', moment
    FROM search_new GROUP BY word ORDER BY word
    ON CONFLICT (word) DO UPDATE SET n = w.n + excluded.n, changed_at = excluded.changed_at WHERE excluded.n > 0;

    -- Words that have become frequent: bits for every case that has them and is not being folded just now. One by one,
    -- each through the index of words: joined, PostgreSQL reads the words of all cases to find those of a few hundred.
    FOR promoted IN
        UPDATE search_words SET is_frequent = true, changed_at = moment
        WHERE n >= enough AND NOT is_frequent AND word IN (SELECT word FROM search_new)
        RETURNING id, word
    LOOP
        WITH found AS MATERIALIZED (
            SELECT promoted.id * 4 + ascii(w) - 65 AS key, s.doc
            FROM (SELECT * FROM case_search WHERE words @@ to_search_query(promoted.word) OFFSET 0) AS s
            CROSS JOIN LATERAL unnest(s.words) AS u CROSS JOIN LATERAL unnest(u.weights) AS w
            WHERE u.lexeme = promoted.word AND s.doc <> ALL (changed)
        ), noted AS (
            UPDATE search_folded f SET keys = f.keys || ARRAY(SELECT key FROM found WHERE found.doc = f.doc)
            WHERE f.doc = ANY (ARRAY(SELECT doc FROM found))
            RETURNING f.doc
        )
        INSERT INTO search_bits (key, chunk, bits, changed_at)
        SELECT key, doc >> 14, bit_or(set_bit(repeat('0', 16384)::bit(16384), doc & 16383, 1)), moment
        FROM found JOIN noted USING (doc) GROUP BY 1, 2;
    END LOOP;

    CREATE TEMP TABLE IF NOT EXISTS search_wanted (doc integer, key integer) ON COMMIT DROP;
    TRUNCATE search_wanted;
    INSERT INTO search_wanted
    SELECT DISTINCT t.doc, w.id * 4 + t.weight
    FROM search_new t JOIN search_words w ON w.word = t.word AND w.is_frequent;
    WITH present AS (
        SELECT f.doc, unnest(f.keys) AS key FROM search_folded f WHERE f.doc = ANY (changed)
    ), difference AS (
        SELECT doc, key, w.doc IS NOT NULL AS is_set
        FROM search_wanted w FULL JOIN present p USING (doc, key) WHERE w.doc IS NULL OR p.doc IS NULL
    ), masks AS (
        SELECT key, doc >> 14 AS chunk,
               coalesce(bit_or(set_bit(repeat('0', 16384)::bit(16384), doc & 16383, 1)) FILTER (WHERE is_set),
                        repeat('0', 16384)::bit(16384)) AS add,
               coalesce(bit_or(set_bit(repeat('0', 16384)::bit(16384), doc & 16383, 1)) FILTER (WHERE NOT is_set),
                        repeat('0', 16384)::bit(16384)) AS remove
        FROM difference GROUP BY 1, 2
    ), noted AS (
        UPDATE search_words SET changed_at = moment
        WHERE id IN (SELECT key / 4 FROM masks) AND changed_at IS DISTINCT FROM moment
    )
    INSERT INTO search_bits AS b (key, chunk, bits, changed_at) SELECT key, chunk, add, moment FROM masks
    ON CONFLICT (key, chunk) DO UPDATE
        SET bits = (b.bits | excluded.bits) & ~(SELECT remove FROM masks m WHERE (m.key, m.chunk) = (b.key, b.chunk)),
            changed_at = excluded.changed_at;

    PERFORM case_search_note(changed, new_docs);
    INSERT INTO search_folded AS f (doc, keys)
    SELECT c.doc, coalesce(array_agg(w.key) FILTER (WHERE w.key IS NOT NULL), '{}')
    FROM unnest(changed) AS c (doc) LEFT JOIN search_wanted w ON w.doc = c.doc
    GROUP BY c.doc
    ON CONFLICT (doc) DO UPDATE SET keys = excluded.keys;
    RETURN cardinality(changed);
END $$;
"""


def upgrade() -> None:
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute(LOCKS))
    await_only(driver.execute(COLUMNS))
    await_only(driver.execute(FOLD))
