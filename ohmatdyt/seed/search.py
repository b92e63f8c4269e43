"""What the bulk-loaded cases are found by."""

from collections import defaultdict
from typing import Any, Final
from uuid import UUID

import asyncpg
import orjson

from ohmatdyt.cases.service.indexing import words_of
from ohmatdyt.core.finding import stems
from ohmatdyt.seed.story import CASE_COLUMNS, COMMENT_COLUMNS, EVENT_COLUMNS, Rows

_CHUNK: Final = 16384
_COLUMN: Final = {name: place for place, name in enumerate(CASE_COLUMNS)}
_COMMENT: Final = {name: place for place, name in enumerate(COMMENT_COLUMNS)}
_EVENT: Final = {name: place for place, name in enumerate(EVENT_COLUMNS)}

_COUNT = """
INSERT INTO search_words (word, n, is_frequent)
SELECT word, count(*), count(*) >= (SELECT frequent_from FROM search_state)
FROM (SELECT u.lexeme AS word FROM case_search s, unnest(s.words) AS u) AS every_word
WHERE word !~ '^([#+@]|[0-9]{5})' GROUP BY word
"""
_FACETS = """
INSERT INTO search_words (word, n, is_frequent)
SELECT f.word, count(*), true FROM cases c CROSS JOIN LATERAL unnest(case_facets(c)) AS f (word) GROUP BY f.word
"""
_KEYS = """
INSERT INTO chunk_keys
SELECT s.doc, w.id * 4 + ascii(weight) - 65
FROM case_search s CROSS JOIN LATERAL unnest(s.words) AS u JOIN search_words w ON w.word = u.lexeme
CROSS JOIN LATERAL unnest(u.weights) AS weight
WHERE w.is_frequent AND s.doc BETWEEN $1 * 16384 AND $1 * 16384 + 16383
UNION ALL
SELECT s.doc, w.id * 4
FROM case_search s JOIN cases c ON c.id = s.case_id CROSS JOIN LATERAL unnest(case_facets(c)) AS f (word)
JOIN search_words w ON w.word = f.word
WHERE s.doc BETWEEN $1 * 16384 AND $1 * 16384 + 16383
"""
_ALL_READ = """
UPDATE search_state SET analyser = $1 WHERE NOT EXISTS (SELECT FROM case_search s WHERE s.analyser <> $1)
"""


def found_by(rows: Rows) -> list[tuple[UUID, str]]:
    """The terms of each case, as text of a tsvector."""
    public: dict[UUID, list[str]] = defaultdict(list)
    internal: dict[UUID, list[str]] = defaultdict(list)
    for comment in rows.comments:
        said = internal if comment[_COMMENT["is_internal"]] else public
        said[comment[_COMMENT["case_id"]]].append(comment[_COMMENT["text"]])
    for event in rows.events:
        if '"comment":' in event[_EVENT["data"]]:
            text = orjson.loads(event[_EVENT["data"]]).get("comment")
            if text:
                public[event[_EVENT["case_id"]]].append(text)
    return [(row[0], _words(row, public[row[0]], internal[row[0]])) for row in rows.cases]


def _words(row: tuple[Any, ...], public: list[str], internal: list[str]) -> str:
    def value(name: str) -> Any:
        return row[_COLUMN[name]]

    return words_of(
        public_id=value("public_id"),
        name=value("applicant_name"),
        phone=value("applicant_phone_e164") or value("applicant_phone"),
        email=value("applicant_email"),
        subcategory=value("subcategory"),
        summary=value("summary"),
        public=public,
        internal=internal,
    )


async def index(connection: "asyncpg.Connection[asyncpg.Record]", rows: Rows) -> None:
    """Write what these cases are found by; within the transaction that writes them."""
    await connection.execute(
        "CREATE TEMP TABLE IF NOT EXISTS incoming_words (case_id uuid, words text, place serial) ON COMMIT DROP"
    )
    await connection.copy_records_to_table(
        "incoming_words", records=found_by(rows), columns=("case_id", "words")
    )
    await connection.execute(
        "INSERT INTO case_search (case_id, analyser, words)"
        " SELECT case_id, $1, words::tsvector FROM incoming_words ORDER BY place",
        stems.VERSION,
    )


async def rebuild(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Count words and set all bits anew, after loading with triggers asleep. Searches are exact when it is done."""
    async with connection.transaction():
        await connection.execute(
            "SELECT pg_advisory_xact_lock(731900003);"
            "TRUNCATE search_dirty, search_words, search_bits, search_folded;"
            "CREATE TEMP TABLE chunk_keys (doc integer, key integer) ON COMMIT DROP"
        )
        await connection.execute(_COUNT)
        await connection.execute(_FACETS)
        chunks = await connection.fetch("SELECT DISTINCT doc >> 14 AS chunk FROM case_search ORDER BY 1")
        for row in chunks:
            await _set_bits(connection, row["chunk"])
        await connection.execute("SELECT case_order_rebuild()")
        await connection.execute(_ALL_READ, stems.VERSION)


async def _set_bits(connection: "asyncpg.Connection[asyncpg.Record]", chunk: int) -> None:
    await connection.execute("TRUNCATE chunk_keys")
    await connection.execute(_KEYS, chunk)
    await connection.execute(
        "INSERT INTO search_folded SELECT doc, array_agg(key) FROM chunk_keys GROUP BY doc"
    )
    rows = await connection.fetch("SELECT key, array_agg(doc & 16383) AS places FROM chunk_keys GROUP BY key")
    records = []
    for row in rows:
        bits = bytearray(_CHUNK // 8)
        for place in row["places"]:
            bits[place >> 3] |= 128 >> (place & 7)
        records.append((row["key"], chunk, asyncpg.BitString.frombytes(bytes(bits), bitlength=_CHUNK)))
    await connection.copy_records_to_table("search_bits", records=records, columns=("key", "chunk", "bits"))
