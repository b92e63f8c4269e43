"""Keeping what cases are found by: in the transaction that changes a case, and for all cases at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.core import clock
from ohmatdyt.core.db import raw
from ohmatdyt.core.finding import stems
from ohmatdyt.core.finding.parts import address_terms, name_terms
from ohmatdyt.core.finding.texts import vector
from ohmatdyt.core.threads import WORDS
from ohmatdyt.core.together import Part

_BATCH = 500
_ENOUGH_AT_ONCE = 2000
# Characters and cases whose words are found in about a millisecond.
_SHORT = 10_000
_FEW = 5
_BEGINNING = (datetime(1900, 1, 1, tzinfo=UTC), UUID(int=0))

_PUT = """
INSERT INTO case_search (case_id, analyser, words)
SELECT i, $3::integer, w::tsvector FROM unnest($1::uuid[], $2::text[]) AS n (i, w)
ON CONFLICT (case_id) DO UPDATE SET words = excluded.words, analyser = excluded.analyser
WHERE (case_search.words, case_search.analyser) IS DISTINCT FROM (excluded.words, excluded.analyser)
"""
_PUT_NEW = sa.text("""
INSERT INTO case_search (case_id, analyser, words)
VALUES (CAST(:case_id AS uuid), :analyser, CAST(CAST(:found_by AS text) AS tsvector))
""")
_SAID = sa.text("""
SELECT c.id, c.public_id, c.applicant_name, c.applicant_phone, c.applicant_phone_e164, c.applicant_email,
       c.subcategory, c.summary,
       ARRAY(SELECT m.text FROM case_comments m WHERE m.case_id = c.id AND NOT m.is_internal
             UNION ALL SELECT e.data ->> 'comment' FROM case_events e
             WHERE e.case_id = c.id AND NOT e.is_internal AND e.data ->> 'comment' IS NOT NULL) AS public,
       ARRAY(SELECT m.text FROM case_comments m WHERE m.case_id = c.id AND m.is_internal
             UNION ALL SELECT e.data ->> 'comment' FROM case_events e
             WHERE e.case_id = c.id AND e.is_internal AND e.data ->> 'comment' IS NOT NULL) AS internal
FROM cases c WHERE c.id = ANY (:ids)
""").bindparams(sa.bindparam("ids", type_=ARRAY(sa.Uuid())))
_STALE = sa.text("""
SELECT c.id, c.created_at FROM cases c LEFT JOIN case_search s ON s.case_id = c.id
WHERE (c.created_at, c.id) > (:at, :id) AND (s.case_id IS NULL OR s.analyser <> :analyser)
ORDER BY c.created_at, c.id LIMIT :most
""").bindparams(sa.bindparam("id", type_=sa.Uuid()), sa.bindparam("at", type_=sa.DateTime(timezone=True)))
_CURRENT = sa.text("SELECT analyser = :analyser FROM search_state")
_NOW_CURRENT = sa.text("UPDATE search_state SET analyser = :analyser")
_FOLD = sa.text("SELECT case_search_fold(:most)")


def words_of(
    *,
    public_id: int,
    name: str,
    phone: str | None,
    email: str | None,
    subcategory: str | None,
    summary: str,
    public: Iterable[str] = (),
    internal: Iterable[str] = (),
) -> str:
    """What a case is found by, as text of a tsvector. `public` and `internal` are the words of its thread."""
    parts = {"A": (str(public_id), name, email), "B": (subcategory, summary), "C": public, "D": internal}
    pieces = (*name_terms(name), *(address_terms(email) if email else ()))
    return vector(parts, phone, pieces)


def index_entry(case: Mapping[str, Any]) -> Part:
    """What a case is found by, to be stored together with it when it is registered; `case` are its columns."""
    found_by = words_of(
        public_id=case["public_id"],
        name=case["applicant_name"],
        phone=case["applicant_phone_e164"] or case["applicant_phone"],
        email=case["applicant_email"],
        subcategory=case["subcategory"],
        summary=case["summary"],
    )
    return Part(_PUT_NEW, {"case_id": case["case_id"], "analyser": stems.VERSION, "found_by": found_by})


async def index_cases(session: AsyncSession, ids: Sequence[UUID]) -> None:
    """Write anew what these cases are found by, from what they hold in this transaction."""
    rows = (await session.execute(_SAID, {"ids": list(ids)})).all()
    if rows:
        # A long thread, or many cases, takes long enough to keep others waiting.
        is_long = len(rows) > _FEW or sum(map(_length, rows)) > _SHORT
        words = await WORDS.run(_words_of_all, rows) if is_long else _words_of_all(rows)
        driver = await raw(await session.connection())
        await driver.execute(_PUT, [row.id for row in rows], words, stems.VERSION)


def _length(row: Any) -> int:
    return len(row.summary) + sum(map(len, row.public)) + sum(map(len, row.internal))


def _words_of_all(rows: Sequence[Any]) -> list[str]:
    return [_words(row) for row in rows]


def _words(row: Any) -> str:
    return words_of(
        public_id=row.public_id,
        name=row.applicant_name,
        phone=row.applicant_phone_e164 or row.applicant_phone,
        email=row.applicant_email,
        subcategory=row.subcategory,
        summary=row.summary,
        public=row.public,
        internal=row.internal,
    )


_SLOTS = 30
_WORDS_AT_ONCE = 1000
# A fold adds the words of changed cases: one that read them before they changed must not do so afterwards.
_HOLD_FOLD = sa.text("SELECT pg_advisory_xact_lock(731900003)")
_HELD = sa.text("""
SELECT u.lexeme FROM case_search s, unnest(s.words) AS u WHERE s.case_id = ANY (CAST(:ids AS uuid[]))
UNION
SELECT '!sub:' || subcategory FROM cases WHERE id = ANY (CAST(:ids AS uuid[])) AND subcategory IS NOT NULL
""")
# Words that very many cases have stay, and so do facets, but for subcategories: those may be somebody's own words.
_FORGET_WORDS = sa.text("""
WITH gone AS (
    DELETE FROM search_words w USING unnest(CAST(:words AS text[])) AS asked (word)
    WHERE w.word = asked.word COLLATE "C" AND CASE WHEN starts_with(w.word, '!sub:')
        THEN NOT EXISTS (SELECT FROM cases c WHERE c.subcategory = substr(w.word, 6))
        ELSE NOT w.is_frequent AND NOT EXISTS (SELECT FROM case_search s WHERE s.words @@ to_search_query(w.word)) END
    RETURNING w.id, w.word
), bits AS (
    DELETE FROM search_bits b USING gone WHERE b.key BETWEEN gone.id * 4 AND gone.id * 4 + 3
)
SELECT word FROM gone
""")
_SOME_WORDS = sa.text("""
SELECT word FROM search_words
WHERE (NOT is_frequent OR starts_with(word, '!sub:')) AND id % :slots = :slot AND word > :last
ORDER BY word LIMIT :most
""")


class StaleReader:
    """Reads cases that this version of the analyser has not read, oldest first, some at a time.

    It remembers how far it came: several of them, or one that begins anew, only do some work twice.
    """

    def __init__(self) -> None:
        self._behind = _BEGINNING

    async def step(self, session: AsyncSession, most: int = _BATCH) -> int:
        """Read at most `most` cases; returns how many. When a whole pass finds none, the index is current."""
        version = {"analyser": stems.VERSION}
        if await session.scalar(_CURRENT, version):
            return 0
        at, case_id = self._behind
        rows = (await session.execute(_STALE, {**version, "at": at, "id": case_id, "most": most})).all()
        await index_cases(session, [row.id for row in rows])
        if rows:
            self._behind = rows[-1].created_at, rows[-1].id
        elif self._behind == _BEGINNING:
            await session.execute(_NOW_CURRENT, version)
        else:
            self._behind = _BEGINNING
        return len(rows)


async def fold_search(session: AsyncSession, most: int = _ENOUGH_AT_ONCE) -> int:
    """Bring the bitmaps of frequent words up to date with the cases changed since; a job calls it every second.

    Returns how many cases it folded, -1 when another node is folding. Searches are exact before and after.
    """
    return int(await session.scalar(_FOLD, {"most": most}) or 0)


async def words_held(session: AsyncSession, ids: Sequence[UUID]) -> list[str]:
    """The words these cases are found by. Until the transaction ends, nobody folds: see `forget_words`."""
    await session.execute(_HOLD_FOLD)
    return list((await session.scalars(_HELD, {"ids": list(ids)})).all())


async def forget_words(session: AsyncSession, words: Sequence[str]) -> int:
    """Delete those of the words that no case has any more from the vocabulary; returns how many."""
    return len((await session.scalars(_FORGET_WORDS, {"words": list(words)})).all())


async def forget_unused_words(session: AsyncSession) -> None:
    """Look through a thirtieth of the vocabulary for words that no case has any more: every day another, so each is
    looked at once a month. A daily job calls this."""
    slot, last = clock.now().toordinal() % _SLOTS, ""
    while True:
        given = {"slots": _SLOTS, "slot": slot, "last": last, "most": _WORDS_AT_ONCE}
        words = (await session.scalars(_SOME_WORDS, given)).all()
        if not words:
            return
        await session.execute(_HOLD_FOLD)
        await forget_words(session, words)
        await session.commit()
        last = words[-1]
