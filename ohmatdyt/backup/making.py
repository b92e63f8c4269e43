"""Making a backup while people work."""

import asyncio
import contextlib
import hashlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

from ohmatdyt.backup import census, manifest
from ohmatdyt.backup.census import Connection
from ohmatdyt.backup.manifest import BackupError, Manifest
from ohmatdyt.backup.tools import Tools, tools_for
from ohmatdyt.core import clock
from ohmatdyt.core.disk import claim, fsync_directory
from ohmatdyt.core.embedded.cluster import reason
from ohmatdyt.core.settings import Settings

Say = Callable[[str], None]

_PROGRESS_S = 5.0
_ROUNDS = 3
_ABANDONED_S = 24 * 3600.0
_LIST = "SELECT storage_key, size_bytes, encode(sha256, 'hex') FROM attachments"


def _silent(_: str) -> None:
    pass


async def make(settings: Settings, target: Path, *, keep: int | None = None, say: Say = _silent) -> Path:
    """Back the product up into a new folder in `target`; returns that folder.

    With `keep` only so many newest backups stay. Raises `BackupError`, and leaves nothing behind then.
    """
    try:
        await asyncio.to_thread(_ready, target)
        with _alone(target):
            await asyncio.to_thread(_clear, target, settings.media)
            made = await _make(settings, target, say)
            for old in manifest.all_in(target)[:-keep] if keep else ():
                say(f"Вилучаю стару копію {old.name}")
                await asyncio.to_thread(shutil.rmtree, old)
            return made
    except OSError as error:
        raise BackupError(f"Копію не записано: {error.strerror} ({error.filename or target}).") from error


def _ready(target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True, mode=0o700)


def _clear(target: Path, media: Path) -> None:
    """Remove what backups that were killed have left: half a copy, and second names of files."""
    for leftover in target.glob(".ohmatdyt-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    for leftover in media.glob(".backup-*"):
        if time.time() - leftover.stat().st_mtime > _ABANDONED_S:
            shutil.rmtree(leftover, ignore_errors=True)


@contextlib.contextmanager
def _alone(target: Path) -> Iterator[None]:
    with (target / ".lock").open("w") as lock:
        if not claim(lock.fileno()):
            raise BackupError(f"У {target} саме пишеться інша копія: зачекайте на її кінець.")
        yield


async def _make(settings: Settings, target: Path, say: Say) -> Path:
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
        tools = tools_for(url, number)
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
            sums, lost = await asyncio.to_thread(_copy_files, wanted, held, draft, target, say)
            note = Manifest(
                format=1,
                product=version("ohmatdyt"),
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
        raise BackupError(f"База не віддала копії: {reason(complaint)}")


def _copy_files(
    wanted: list[tuple[str, int, str]], held: Path, draft: Path, target: Path, say: Say
) -> tuple[dict[str, str], set[str]]:
    """Copy every file and compare it with its row; returns digests by path, and the keys that are lost or altered."""
    previous = manifest.newest(target)
    sums: dict[str, str] = {}
    lost: set[str] = set()
    told = time.monotonic()
    (draft / manifest.FILES).mkdir(mode=0o700)
    for done, (key, size, digest) in enumerate(wanted):
        copy = draft / manifest.FILES / key
        copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not _same_as_before(previous, key, size, copy) and not _copied(held / key, copy, size, digest):
            lost.add(key)
            continue
        sums[f"{manifest.FILES}/{key}"] = digest
        if time.monotonic() - told > _PROGRESS_S:
            told = time.monotonic()
            say(f"Файли: {done + 1} з {len(wanted)}…")
    say(f"Файли: {len(sums)} з {len(wanted)}")
    if lost:
        say(
            f"Увага: {len(lost)} файлів на диску втрачено або змінено ще до копії; вони названі в manifest.json."
        )
    return sums, lost


def _same_as_before(previous: Path | None, key: str, size: int, copy: Path) -> bool:
    """Files never change, so one that the last backup has is named a second time, not copied."""
    if previous is None:
        return False
    before = previous / manifest.FILES / key
    with contextlib.suppress(OSError):
        if before.stat().st_size == size:
            copy.hardlink_to(before)
            return True
    return False


def _copied(source: Path, copy: Path, size: int, digest: str) -> bool:
    found = hashlib.sha256()
    try:
        with source.open("rb") as reading, copy.open("xb") as writing:
            while piece := reading.read(1 << 20):
                found.update(piece)
                writing.write(piece)
            writing.flush()
            os.fsync(writing.fileno())
            whole = writing.tell() == size and found.hexdigest() == digest
    except FileNotFoundError:
        whole = False
    if not whole:
        copy.unlink(missing_ok=True)
    return whole


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
