"""Small real files for the demonstration's cases, stored the way an upload is."""

import random
from collections.abc import Sequence
from datetime import timedelta
from importlib import resources
from typing import Final
from uuid import uuid4

import orjson

from ohmatdyt.core import filetypes
from ohmatdyt.core.storage import LocalStorage, case_key
from ohmatdyt.data import Connection
from ohmatdyt.demo.cases import Made
from ohmatdyt.seed.story import Row

_SHARE: Final = 0.22
_COLUMNS: Final = (
    "id", "case_id", "original_name", "storage_key", "size_bytes", "mime_type", "sha256", "uploaded_by_id",
    "created_at",
)  # fmt: skip


class _Packaged:
    """A file of the package, read like an upload."""

    def __init__(self, name: str) -> None:
        self._left = resources.files("ohmatdyt.demo").joinpath("files", name).read_bytes()

    async def read(self, size: int = -1, /) -> bytes:
        piece = self._left if size < 0 else self._left[:size]
        self._left = self._left[len(piece) :]
        return piece


async def store(
    storage: LocalStorage, made: Sequence[Made], files: Sequence[Sequence[str]], chance: random.Random
) -> tuple[list[Row], list[Row]]:
    """Store one or two files for about a fifth of the cases; returns the rows of the files and of their events."""
    await storage.prepare()
    rows: list[Row] = []
    events: list[Row] = []
    for case in made:
        if chance.random() >= _SHARE:
            continue
        for number, (source, name) in enumerate(chance.sample(list(files), chance.choice((1, 1, 1, 2)))):
            row = await _store(storage, case, source, name)
            at = case.created_at + timedelta(milliseconds=200 + number)
            rows.append((*row, at))
            said = orjson.dumps({"attachment_id": str(row[0]), "original_name": name}).decode()
            events.append((case.id, at, case.author_id, "file_added", None, None, False, said))
    return rows, events


async def _store(storage: LocalStorage, case: Made, source: str, name: str) -> Row:
    file_id = uuid4()
    incoming = await storage.receive(_Packaged(source), max_bytes=1 << 20, name=name)
    try:
        kind = filetypes.inspect(incoming.file, name)
        key = case_key(case.public_id, file_id, name, kind.extension)
        await storage.save(incoming, key)
    finally:
        incoming.discard()
    return (file_id, case.id, name, key, incoming.size, kind.mime, incoming.sha256, case.author_id)


async def insert(connection: Connection, rows: list[Row]) -> None:
    """Write the rows of the stored files; their cases must be there."""
    await connection.copy_records_to_table("attachments", records=rows, columns=_COLUMNS)
