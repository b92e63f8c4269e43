"""Making a backup while people work."""

import asyncio
import contextlib
import errno
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from ohmatdyt.backup import belonging, census, manifest, removals
from ohmatdyt.backup.census import Connection
from ohmatdyt.backup.files import Say, copy_files, not_ours
from ohmatdyt.backup.manifest import BackupError, Manifest
from ohmatdyt.backup.tools import Tools, tools_for
from ohmatdyt.core import clock, installation
from ohmatdyt.core.disk import claim, fsync_directory, words
from ohmatdyt.core.embedded.cluster import reason
from ohmatdyt.core.settings import Settings
from ohmatdyt.core.version import PROGRAM

_PROGRESS_S = 5.0
_ROUNDS = 3
_FULL = "No space left on device"
_ABANDONED_S = 24 * 3600.0
_LIST = "SELECT storage_key, size_bytes, encode(sha256, 'hex') FROM attachments"


def _silent(_: str) -> None:
    pass


async def make(settings: Settings, target: Path, *, keep: int | None = None, say: Say = _silent) -> Path:
    """Back the product up into a new folder in `target`; returns that folder.

    With `keep` only so many newest backups of this installation stay. Raises `BackupError`, and leaves nothing behind
    then; `NotOurFolderError` when the files or the target belong to another installation.
    """
    try:
        await asyncio.to_thread(_refuse_unwritable, target)
        own = await _installation(settings)
        await asyncio.to_thread(installation.require, settings.media, own, "MEDIA_ROOT")
        await asyncio.to_thread(_ready, target, own)
        with _alone(target):
            await asyncio.to_thread(_clear, target, settings.media)
            await note_removals(settings, target)
            made = await make_from(settings, target, say, earlier=belonging.ours(target, own)[::-1])
            for old in belonging.ours(target, own)[:-keep] if keep else ():
                say(f"Вилучаю стару копію {old.name}")
                await asyncio.to_thread(shutil.rmtree, old)
            return made
    except (ConnectionError, TimeoutError):
        raise  # the database's, not the disk's
    except PermissionError as error:
        raise BackupError(f"Копію не записано: {not_ours(target)}") from error
    except OSError as error:
        raise BackupError(f"Копію не записано: {words(error)} ({error.filename or target}).") from error


def _refuse_unwritable(target: Path) -> None:
    if target.is_dir() and not os.access(
        target, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids
    ):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))


async def _installation(settings: Settings) -> UUID:
    connection = await census.connect(str(settings.database_url))
    try:
        return installation.from_key_digest(await census.key_digest(connection))
    finally:
        await connection.close()


async def note_removals(settings: Settings, target: Path) -> None:
    """Write down beside the backups whom none of them may bring back. Raises `NotOurFolderError`."""
    connection = await census.connect(str(settings.database_url))
    try:
        own = installation.from_key_digest(await census.key_digest(connection))
        await asyncio.to_thread(_ready, target, own)
        await removals.note(connection, target)
    finally:
        await connection.close()


def _ready(target: Path, own: UUID) -> None:
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    belonging.claim(target, own)


def _clear(target: Path, media: Path) -> None:
    """Remove what was left by those that were killed: half a copy, second names of files, a database or a packed
    backup laid open for a restore."""
    for leftover in target.glob(".ohmatdyt-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    for leftover in (*media.glob(".backup-*"), *target.glob(".at-*"), *target.glob(".unpacked-*")):
        if time.time() - leftover.stat().st_mtime > _ABANDONED_S:
            shutil.rmtree(leftover, ignore_errors=True)


@contextlib.contextmanager
def _alone(target: Path) -> Iterator[None]:
    with (target / ".lock").open("w") as lock:
        if not claim(lock.fileno()):
            raise BackupError(f"У {target} саме пишеться інша копія: зачекайте на її кінець.")
        yield


async def make_from(settings: Settings, target: Path, say: Say, *, earlier: list[Path]) -> Path:
    """One backup in `target`, whatever else lies there; `earlier` ones, newest first, have most of its files."""
    url = str(settings.database_url)
    begun, started = clock.now(), time.monotonic()
    final = target / manifest.name_of(begun)
    if final.exists():
        raise BackupError(f"Копія {final} уже є.")
    draft = target / f".{final.name}.partial"
    draft.mkdir(mode=0o700)
    held = settings.media / f".backup-{os.getpid()}"
    connection = await census.connect(url)
    try:
        number = int(await connection.fetchval("SHOW server_version_num"))
        tools = tools_for(url, connection.server, number)
        wanted = await _hold_files(connection, settings.media, held)
        try:
            snapshot = await connection.fetchval("SELECT pg_export_snapshot()")
            say("База даних: записую…")
            dumping = asyncio.create_task(
                asyncio.to_thread(_dump, tools, snapshot, draft / manifest.DUMP, say)
            )
            try:
                counted = await census.take(connection)
            finally:
                await dumping
            sums, lost = await asyncio.to_thread(copy_files, wanted, held, draft, earlier, say)
            note = Manifest(
                format=1,
                product=PROGRAM,
                schema=str(await connection.fetchval("SELECT version_num FROM alembic_version")),
                postgres=str(await connection.fetchval("SHOW server_version")),
                created_at=begun.isoformat(),
                seconds=round(time.monotonic() - started, 1),
                tables=counted,
                public_id_key_sha256=await census.key_digest(connection),
                files=len(sums),
                files_bytes=sum(size for key, size, _ in wanted if key not in lost),
                lost=sorted(lost),
            )
        finally:
            await connection.execute("ROLLBACK")
        await asyncio.to_thread(_finish, note, sums, draft, final, settings)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    finally:
        shutil.rmtree(held, ignore_errors=True)
        await connection.close()
    return final


async def _hold_files(connection: Connection, media: Path, held: Path) -> list[tuple[str, int, str]]:
    """Begin the transaction whose snapshot counts, and see to it that every file it knows stays until copied.

    Files never change, they only come and go. So each gets a second name before the snapshot and the few newer ones
    after it. One deleted in the instant between is no longer in the next snapshot: then it is done again.
    """
    for attempt in range(_ROUNDS):
        await asyncio.to_thread(_link, media, held, [row[0] for row in await connection.fetch(_LIST)])
        await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        wanted = [(row[0], row[1], row[2]) for row in await connection.fetch(_LIST)]
        missing = await asyncio.to_thread(_link, media, held, [key for key, _, _ in wanted])
        if not missing or attempt == _ROUNDS - 1:
            break
        await connection.execute("ROLLBACK")
    return wanted


def _link(media: Path, held: Path, keys: list[str]) -> list[str]:
    """Give the files a second name under `held`; returns the keys that are on neither side."""
    missing = []
    for key in keys:
        second = held / key
        if second.exists():
            continue
        second.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            second.hardlink_to(media / key)
        except FileNotFoundError:
            missing.append(key)
        except OSError:  # a file system without second names
            shutil.copyfile(media / key, second)
    return missing


def _dump(tools: Tools, snapshot: str, into: Path, say: Say) -> None:
    process = tools.dump(snapshot, into)
    assert process.stderr is not None
    try:
        while True:
            try:
                process.wait(_PROGRESS_S)
                break
            except subprocess.TimeoutExpired:
                say(
                    f"База даних: {into.stat().st_size / 1e6:.0f} МБ…"
                    if into.exists()
                    else "База даних: чекаю…"
                )
        complaint = process.stderr.read().decode(errors="replace")
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        process.stderr.close()
    if process.returncode != 0:
        if _FULL in complaint:
            raise BackupError(
                f"Копію не записано: {words(OSError(errno.ENOSPC, ''))} ({into.parent.parent})."
            )
        raise BackupError(f"База не віддала копії: {reason(complaint)}")


def _finish(note: Manifest, sums: dict[str, str], draft: Path, final: Path, settings: Settings) -> None:
    own_key = settings.data_dir / "secret.key"
    secret = settings.secret_key.get_secret_value()
    if own_key.is_file() and own_key.read_text(encoding="ascii").strip() == secret:
        shutil.copyfile(own_key, draft / manifest.SECRET)
        (draft / manifest.SECRET).chmod(0o600)
    note.write(draft)
    for name in (manifest.DUMP, manifest.SECRET, manifest.MANIFEST):
        if (draft / name).exists():
            sums[name] = manifest.digest_of(draft / name)
            _sync(draft / name)
    manifest.write_sums(draft, sums)
    _sync(draft / manifest.SUMS)
    for folder, _, _ in os.walk(draft):
        fsync_directory(Path(folder))
    draft.rename(final)
    fsync_directory(final.parent)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
