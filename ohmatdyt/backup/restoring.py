"""Bringing a backup back into an empty place, and proving that it is the same."""

import asyncio
import hashlib
import os
import shutil
import tempfile
import time
from pathlib import Path

import asyncpg

from ohmatdyt.backup import census, manifest
from ohmatdyt.backup.checking import Checked, named, refuse_older_server
from ohmatdyt.backup.files import Say
from ohmatdyt.backup.manifest import BackupError
from ohmatdyt.backup.tools import Tools, tools_for
from ohmatdyt.core.db import APP_ROLE
from ohmatdyt.core.settings import Settings

_PROGRESS_S = 5.0
_DRAFT = ".restoring"


async def bring_back(settings: Settings, checked: Checked, *, say: Say) -> None:
    """Put a checked backup into the empty database and media folder of the settings, then compare rows and sums.

    Damaged files stay away: whether that is acceptable is for the caller to ask before. Raises `BackupError` when the
    place is not empty, when the database refuses (nothing is left in it then), or when the result differs: what came
    out is then not to be used.
    """
    media, note = settings.media, checked.note
    if (media / "cases").exists():
        raise BackupError(f"Тека файлів {media} не порожня: відновлюйте в порожню.")
    url = settings.owner_url
    connection = await census.connect(url)
    try:
        if await census.tables(connection):
            raise BackupError("База не порожня: відновлюйте в порожню (нову) базу.")
        number = int(await connection.fetchval("SHOW server_version_num"))
        refuse_older_server(note, number // 10_000)
        await asyncio.to_thread(_copy_files, checked, media, say)
        say("База даних: відновлюю…")
        rights = await _role(connection)
        tools = tools_for(url, connection.server, number)
        await asyncio.to_thread(_pour, tools, checked.folder / manifest.DUMP, rights)
        if rights:
            await _default_rights(connection)
        # Statistics do not travel in a dump; without them the first hours would be slow.
        await connection.execute("ANALYZE")
        say("Порівнюю з описом копії…")
        await _compare(connection, checked)
        if (media / _DRAFT / "cases").exists():
            (media / _DRAFT / "cases").rename(media / "cases")
    finally:
        await connection.close()
        shutil.rmtree(media / _DRAFT, ignore_errors=True)


def _copy_files(checked: Checked, media: Path, say: Say) -> None:
    shutil.rmtree(media / _DRAFT, ignore_errors=True)
    told = time.monotonic()
    for done, (key, (source, digest)) in enumerate(checked.sources.items()):
        copy = media / _DRAFT / key
        copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        found = hashlib.sha256()
        with source.open("rb") as reading, copy.open("xb") as writing:
            copy.chmod(0o600)
            while piece := reading.read(1 << 20):
                found.update(piece)
                writing.write(piece)
            writing.flush()
            os.fsync(writing.fileno())
        if found.hexdigest() != digest:
            raise BackupError(f"Файл {key} відновився інакшим, ніж був: перевірте диск.")
        if time.monotonic() - told > _PROGRESS_S:
            told = time.monotonic()
            say(f"Файли: {done + 1} з {len(checked.sources)}…")
    say(f"Файли: {len(checked.sources)}")


async def _role(connection: census.Connection) -> bool:
    """Have the role to which the rights in the dump belong; False where we may not make it."""
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", APP_ROLE):
            await connection.execute(f"CREATE ROLE {APP_ROLE} NOLOGIN")
        if not await connection.fetchval("SELECT pg_has_role(current_user, $1, 'MEMBER')", APP_ROLE):
            user = await connection.fetchval("SELECT quote_ident(current_user)")
            await connection.execute(f"GRANT {APP_ROLE} TO {user}")
    except asyncpg.InsufficientPrivilegeError:
        return False
    return True


async def _default_rights(connection: census.Connection) -> None:
    await connection.execute(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ohmatdyt_app;"
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO ohmatdyt_app"
    )


def _pour(tools: Tools, dump: Path, rights: bool) -> None:
    # Default rights name the role that owned the original; here it may have another name, so they are set anew.
    wanted = [line for line in tools.contents(dump) if " DEFAULT ACL " not in line]
    with tempfile.NamedTemporaryFile("w", suffix=".list") as contents:
        contents.writelines(wanted)
        contents.flush()
        tools.pour(dump, Path(contents.name), rights=rights)


async def _compare(connection: census.Connection, checked: Checked) -> None:
    note = checked.note
    found = await census.take(connection)
    same_server = (
        str(await connection.fetchval("SHOW server_version")).split(".")[0] == note.postgres.split(".")[0]
    )
    for table, wanted in note.tables.items():
        got = found.get(table)
        if got is None or got.rows != wanted.rows:
            raise BackupError(
                f"Таблиця {table}: у копії {wanted.rows} рядків, відновилося {got.rows if got else 0}."
            )
        # Another major version may write the same value in other words.
        if same_server and got.content != wanted.content:
            raise BackupError(f"Таблиця {table}: вміст відновився не таким, яким був.")
    if await census.key_digest(connection) != note.public_id_key_sha256:
        raise BackupError("Ключ номерів звернень відновився не таким, яким був.")
    known = {row[0] for row in await connection.fetch("SELECT storage_key FROM attachments")}
    if missing := known - checked.sources.keys() - set(note.lost) - set(checked.damaged):
        raise BackupError(
            f"У копії немає файлів, які знає її база: {len(missing)}.\n{named(sorted(missing))}"
        )
