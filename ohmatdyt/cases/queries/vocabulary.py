"""The pieces of all names and addresses, kept by each process: which of them contain a part is told at once."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, Final
from weakref import WeakKeyDictionary

from ohmatdyt.core.finding.parts import DOMAIN, NAME, RUN, Piece

Driver = Any

# A part that more pieces contain tells cases apart so badly that reading all of them is as good.
_MOST: Final = 2000
_BLOCKS: Final = 20

_WHOSE = """
SELECT md5(public_id_key) || current_database() AS whose, (SELECT max(id) FROM search_words) AS newest
FROM installation
"""
_MORE = """
SELECT word, id FROM search_words
WHERE id > $1 AND (word >= '=' AND word < '>' OR word >= '~' AND word < U&'\\007F') ORDER BY id
"""


@dataclass(slots=True)
class _Pieces:
    """Blocks of lines, one piece each; the later ones are small."""

    blocks: list[str] = field(default_factory=list)

    def add(self, pieces: list[str]) -> None:
        if len(self.blocks) >= _BLOCKS:
            pieces = [*filter(None, "".join(self.blocks).split("\n")), *pieces]
            self.blocks.clear()
        self.blocks.append("\n" + "\n".join(pieces) + "\n")

    def containing(self, wanted: str) -> list[str] | None:
        """The lines that contain a text, which may begin or end with a line's end; None when they are too many."""
        found: list[str] = []
        for block in self.blocks:
            at = block.find(wanted)
            while 0 <= at < len(block) - 1:
                begin = at if wanted[0] == "\n" else block.rindex("\n", 0, at + 1)
                end = block.index("\n", begin + 1)
                found.append(block[begin + 1 : end])
                if len(found) > _MOST:
                    return None
                at = block.find(wanted, end)
        return found


@dataclass(slots=True)
class Vocabulary:
    """The pieces of one database; words that it has no longer do no harm."""

    newest: int = 0
    _by_mark: dict[str, _Pieces] = field(
        default_factory=lambda: {mark: _Pieces() for mark in (NAME, RUN, DOMAIN)}
    )

    async def refresh(self, driver: Driver, newest: int) -> None:
        """Learn the words met since, up to the newest that the reader's snapshot has."""
        rows = await driver.fetch(_MORE, self.newest)
        for mark, pieces in self._by_mark.items():
            # A domain begins with the mark of a run as well.
            new = [
                row["word"][len(mark) :]
                for row in rows
                if row["word"].startswith(mark) and not (mark == RUN and row["word"].startswith(DOMAIN))
            ]
            if new:
                pieces.add(new)
        self.newest = max(newest, self.newest)

    def terms(self, piece: Piece) -> list[str] | None:
        """The terms that are such a piece; None when they are too many."""
        if piece.how == "whole":
            return [piece.mark + piece.text]
        begin = "\n" if piece.how == "beginning" else ""
        end = "\n" if piece.how == "ending" else ""
        found = self._by_mark[piece.mark].containing(begin + piece.text + end)
        return None if found is None else [piece.mark + one for one in found]


_known: dict[str, Vocabulary] = {}
# Whoever comes while the pieces are being read waits for them instead of reading them as well: the first fifty who ask
# a server that has just started would keep it busy for seconds. A lock belongs to one loop.
_reading: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


async def vocabulary(driver: Driver) -> Vocabulary:
    """What is known of the driver's database, as of the snapshot of its transaction."""
    row = await driver.fetchrow(_WHOSE)
    known = _known.setdefault(row["whose"], Vocabulary())
    newest = row["newest"] or 0
    if known.newest < newest:
        async with _reading.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
            if known.newest < newest:
                await known.refresh(driver, newest)
    return known
