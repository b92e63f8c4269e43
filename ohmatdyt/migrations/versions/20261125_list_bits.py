"""Every filter of the list has bitmaps: parts of names and addresses, subcategories, days of change.

Revision ID: 20261125_list_bits
Revises: 20261122_search
"""

from typing import Any

from alembic import op
from sqlalchemy.util import await_only

revision = "20261125_list_bits"
down_revision = "20261122_search"
branch_labels = None
depends_on = None

LOCKS = "LOCK TABLE cases, search_state IN ACCESS EXCLUSIVE MODE"

# docs/adr/0018-list-by-bits.md tells why it is so. Bits of the new kinds are complete when every text has been read
# anew, which the schedule does: `search_state.analyser` says so, and until then nobody relies on them.
STATE = """
-- disorder: no case was registered by more than this later than a case with a higher `doc`; of those with bits.
-- latest_at: when the last of them was registered.
ALTER TABLE search_state ADD COLUMN disorder interval NOT NULL DEFAULT '0', ADD COLUMN latest_at timestamptz;

CREATE FUNCTION case_order_rebuild() RETURNS void LANGUAGE sql AS $$
    UPDATE search_state SET (latest_at, disorder) = (
        SELECT max(at), greatest(max(before - at), '0')
        FROM (SELECT c.created_at AS at, max(c.created_at) OVER (
                  ORDER BY s.doc ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
              FROM case_search s JOIN cases c ON c.id = s.case_id) AS one)
$$;
SELECT case_order_rebuild();
UPDATE search_state SET analyser = 2 WHERE NOT EXISTS (SELECT FROM cases);

-- Nobody moves a case in time; who does it all the same makes lists forget in which order cases stand.
CREATE FUNCTION case_moved_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE search_state SET disorder = '1000 years';
    INSERT INTO search_dirty SELECT doc FROM case_search WHERE case_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER case_moved_in_time AFTER UPDATE ON cases FOR EACH ROW
    WHEN (OLD.created_at IS DISTINCT FROM NEW.created_at) EXECUTE FUNCTION case_moved_in_time();

DROP TRIGGER case_facets_changed ON cases;
CREATE TRIGGER case_facets_changed AFTER UPDATE ON cases FOR EACH ROW
    WHEN ((OLD.status, OLD.category_id, OLD.channel_id, OLD.responsible_id, OLD.author_id, OLD.subcategory,
            OLD.updated_at, OLD.last_status_change_at)
        IS DISTINCT FROM (NEW.status, NEW.category_id, NEW.channel_id, NEW.responsible_id, NEW.author_id,
            NEW.subcategory, NEW.updated_at, NEW.last_status_change_at))
    EXECUTE FUNCTION case_facets_changed();

-- What a case is found by besides its words. Days are those of UTC; their months spare reading every day of a year.
CREATE FUNCTION case_facets(c cases) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE RETURN array_remove(ARRAY[
    '!status:' || c.status, '!category:' || c.category_id, '!channel:' || c.channel_id, '!author:' || c.author_id,
    '!responsible:' || c.responsible_id, '!sub:' || c.subcategory,
    '!day:' || utc_day(c.created_at), '!daym:' || left(utc_day(c.created_at)::text, 7),
    '!upd:' || utc_day(c.updated_at), '!updm:' || left(utc_day(c.updated_at)::text, 7),
    '!chg:' || utc_day(c.last_status_change_at), '!chgm:' || left(utc_day(c.last_status_change_at)::text, 7)], NULL);

-- Its words with their weights (0 to 3), and its facets with 0.
CREATE OR REPLACE FUNCTION case_search_keys(docs integer[])
    RETURNS TABLE (doc integer, word text, weight integer) LANGUAGE sql STABLE AS $$
    SELECT s.doc, u.lexeme, ascii(w) - 65
    FROM case_search s, unnest(s.words) AS u, unnest(u.weights) AS w
    WHERE s.doc = ANY (docs) AND u.lexeme !~ '^([#+@]|[0-9]{5})'
    UNION ALL
    SELECT s.doc, f.word, 0
    FROM case_search s JOIN cases c ON c.id = s.case_id CROSS JOIN LATERAL unnest(case_facets(c)) AS f (word)
    WHERE s.doc = ANY (docs)
$$;
"""

FOLD = """
-- What the state must say of cases that get their bits: how far they are out of order, and whether an older
-- analyser has read them, as a node that has not been replaced yet does.
CREATE FUNCTION case_search_note(changed integer[], new_docs integer[]) RETURNS void LANGUAGE plpgsql AS $$
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
                SELECT s.doc, s.doc = ANY (new_docs) AS is_new, c.created_at AS at
                FROM case_search s JOIN cases c ON c.id = s.case_id
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
    SELECT frequent_from INTO enough FROM search_state;
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
        UPDATE search_words SET is_frequent = true
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
    INSERT INTO search_bits (key, chunk, bits)
    SELECT key, doc >> 14, bit_or(set_bit(repeat('0', 16384)::bit(16384), doc & 16383, 1))
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
    )
    INSERT INTO search_bits AS b (key, chunk, bits) SELECT key, chunk, add FROM masks
    ON CONFLICT (key, chunk) DO UPDATE
        SET bits = (b.bits | excluded.bits) & ~(SELECT remove FROM masks m WHERE (m.key, m.chunk) = (b.key, b.chunk));

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
    await_only(driver.execute(LOCKS))
    await_only(driver.execute(STATE))
    await_only(driver.execute(FOLD))
