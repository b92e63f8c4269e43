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
-- Brings the bits of changed cases up to date, at most `most` of them; returns how many, -1 when another is at it.
CREATE OR REPLACE FUNCTION case_search_fold(most integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    changed integer[];
    new_docs integer[];
    enough integer;
    moment timestamptz;
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
    INSERT INTO search_words AS w (word, n, is_frequent)
    SELECT word, count(DISTINCT doc) FILTER (WHERE doc = ANY (new_docs)), word LIKE '!%'
    FROM search_new GROUP BY word ORDER BY word
    ON CONFLICT (word) DO UPDATE SET n = w.n + excluded.n WHERE excluded.n > 0;

    -- Words that have become frequent: bits for every case that has them and is not being folded just now.
    WITH promoted AS (
        UPDATE search_words SET is_frequent = true, changed_at = moment
        WHERE n >= enough AND NOT is_frequent AND word IN (SELECT word FROM search_new)
        RETURNING id, word
    ), found AS (
        SELECT p.id * 4 + ascii(w) - 65 AS key, s.doc
        FROM promoted p
        JOIN case_search s ON s.words @@ to_search_query(p.word)
        JOIN search_folded f ON f.doc = s.doc
        CROSS JOIN LATERAL unnest(s.words) AS u CROSS JOIN LATERAL unnest(u.weights) AS w
        WHERE u.lexeme = p.word AND s.doc <> ALL (changed)
    ), noted AS (
        UPDATE search_folded f SET keys = f.keys || more.keys
        FROM (SELECT doc, array_agg(key) AS keys FROM found GROUP BY doc) AS more WHERE more.doc = f.doc
    )
    INSERT INTO search_bits (key, chunk, bits, changed_at)
    SELECT key, doc >> 14, bit_or(set_bit(repeat('0', 16384)::bit(16384), doc & 16383, 1)), moment
    FROM found GROUP BY 1, 2;

    WITH wanted AS (
        SELECT DISTINCT t.doc, w.id * 4 + t.weight AS key
        FROM search_new t JOIN search_words w ON w.word = t.word AND w.is_frequent
    ), present AS (
        SELECT f.doc, unnest(f.keys) AS key FROM search_folded f WHERE f.doc = ANY (changed)
    ), difference AS (
        SELECT doc, key, w.doc IS NOT NULL AS is_set
        FROM wanted w FULL JOIN present p USING (doc, key) WHERE w.doc IS NULL OR p.doc IS NULL
    ), masks AS (
        SELECT key, doc >> 14 AS chunk,
               coalesce(bit_or(set_bit(repeat('0', 16384)::bit(16384), doc & 16383, 1)) FILTER (WHERE is_set),
                        repeat('0', 16384)::bit(16384)) AS add,
               coalesce(bit_or(set_bit(repeat('0', 16384)::bit(16384), doc & 16383, 1)) FILTER (WHERE NOT is_set),
                        repeat('0', 16384)::bit(16384)) AS remove
        FROM difference GROUP BY 1, 2
    ), noted AS (
        UPDATE search_words SET changed_at = moment WHERE id IN (SELECT key / 4 FROM masks)
    )
    INSERT INTO search_bits AS b (key, chunk, bits, changed_at) SELECT key, chunk, add, moment FROM masks
    ON CONFLICT (key, chunk) DO UPDATE
        SET bits = (b.bits | excluded.bits) & ~(SELECT remove FROM masks m WHERE (m.key, m.chunk) = (b.key, b.chunk)),
            changed_at = excluded.changed_at;

    PERFORM case_search_note(changed, new_docs);
    INSERT INTO search_folded AS f (doc, keys)
    SELECT c.doc, coalesce(array_agg(DISTINCT w.id * 4 + t.weight) FILTER (WHERE w.id IS NOT NULL), '{}')
    FROM unnest(changed) AS c (doc)
    LEFT JOIN search_new t ON t.doc = c.doc
    LEFT JOIN search_words w ON w.word = t.word AND w.is_frequent
    GROUP BY c.doc
    ON CONFLICT (doc) DO UPDATE SET keys = excluded.keys;
    RETURN cardinality(changed);
END $$;
"""


def upgrade() -> None:
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute(COLUMNS))
    await_only(driver.execute(FOLD))
