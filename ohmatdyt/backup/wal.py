"""Archiving the write-ahead log: what PostgreSQL writes is in BACKUP_DIR seconds later, so a lost server costs seconds.

`pg_receivewal` does it, over the replication protocol: the same for the embedded database, the one in a container and
an own server, and no other account has to be let into BACKUP_DIR (docs/adr/0024-wal-archive.md).
"""

import asyncio
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import asyncpg
import structlog

from ohmatdyt.backup import archive, belonging, census
from ohmatdyt.backup.archive import Archive, Source
from ohmatdyt.backup.manifest import BackupError
from ohmatdyt.backup.tools import Tools, tools_for
from ohmatdyt.core import clock, installation
from ohmatdyt.core.embedded import leash
from ohmatdyt.core.embedded.cluster import VERSION, reason
from ohmatdyt.core.errors import OperationError
from ohmatdyt.core.settings import Settings

log = structlog.get_logger(__name__)

SLOT = "ohmatdyt_wal"

_BASE_EVERY = timedelta(days=6, hours=12)
_BEHIND_BYTES = 4 * archive.SEGMENT_BYTES
_PAUSE_S = 5.0
_STOP_PATIENCE_S = 10.0
_PATIENCE_S = 20.0
_GAP = "has already been removed"
_STATE = """
SELECT active, wal_status, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint AS behind
FROM pg_replication_slots WHERE slot_name = $1
"""


async def identify(url: str) -> tuple[Source, Tools]:
    """Which database is archived, and the programs for it. Raises `BackupError` when it cannot be."""
    connection = await census.connect(url)
    try:
        number = int(await connection.fetchval("SHOW server_version_num"))
        if number // 10_000 != int(VERSION):
            raise BackupError(
                f"Архів WAL пишеться лише з PostgreSQL {VERSION}, а тут {number // 10_000}: "
                "оновіть сервер бази або задайте BACKUP_WAL=false."
            )
        may = await connection.fetchval(
            "SELECT rolreplication OR rolsuper FROM pg_roles WHERE rolname = current_user"
        )
        role = str(await connection.fetchval("SELECT current_user"))
        if not may:
            raise BackupError(
                f"Роль {role} не має права читати WAL. Виконайте в базі: ALTER ROLE {role} REPLICATION"
            )
        source = Source(
            system=str(await connection.fetchval("SELECT system_identifier FROM pg_control_system()")),
            key=await census.key_digest(connection),
            role=role,
            database=str(await connection.fetchval("SELECT current_database()")),
        )
        tools = tools_for(url, connection.server, number)
    finally:
        await connection.close()
    return source, tools


class Receiver:
    """Keeps `pg_receivewal` running, as a child that never outlives us; what goes wrong is logged and tried again."""

    def __init__(self, url: str, target: Path) -> None:
        self._url, self._target = url, target
        self._stopping = threading.Event()
        self._process: subprocess.Popen[str] | None = None
        # The kernel ends the child when the thread ends that started it, so that thread waits for it.
        self._thread = threading.Thread(target=self._run, name="wal", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def leave(self) -> None:
        """Have it write out what it has and end; returns at once."""
        self._stopping.set()
        if self._process:
            self._process.send_signal(signal.SIGINT)

    def stop(self) -> None:
        """The same, and return when it has ended."""
        self.leave()
        self._thread.join(_STOP_PATIENCE_S)
        if self._thread.is_alive() and self._process:
            self._process.kill()

    def wait(self) -> None:
        """Return when it has been stopped."""
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._receive()
            except (
                BackupError,
                OSError,
                asyncpg.PostgresError,
                asyncpg.InterfaceError,
                TimeoutError,
            ) as error:
                words = str(error) if isinstance(error, OperationError) else type(error).__name__
                log.warning("wal_not_archived", reason=words)
            self._stopping.wait(_PAUSE_S)

    def _receive(self) -> None:
        source, tools = asyncio.run(identify(self._url))
        belonging.claim(self._target, installation.from_key_digest(source.key))
        into = archive.current(self._target, source) or archive.begin(self._target, source)
        _slot(tools, "--create-slot", "--if-not-exists")
        command = tools.command(
            "pg_receivewal", f"--directory={into.segments}", f"--slot={SLOT}", "--no-password"
        )
        # Written out as soon as it is received: a segment takes an hour to fill on a quiet day.
        command += ["--synchronous", "--compress=gzip:1", "--no-loop"]
        with subprocess.Popen(
            command,
            env=tools.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=leash.preexec(),
        ) as self._process:
            if self._stopping.is_set():
                self._process.send_signal(signal.SIGINT)
            _, said = self._process.communicate()
        if self._stopping.is_set():
            return
        log.warning("wal_receiver_ended", reason=reason(said))
        if _GAP in said:
            log.error(
                "wal_gap", reason="PostgreSQL has dropped what was not archived yet; a new archive is begun"
            )
            _slot(tools, "--drop-slot")
            archive.begin(self._target, source)


def _slot(tools: Tools, *action: str) -> None:
    done = subprocess.run(
        tools.command("pg_receivewal", f"--slot={SLOT}", "--no-password", *action),
        env=tools.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BackupError(f"База не дає читати WAL: {reason(done.stderr)}")


@contextmanager
def archiving(settings: Settings) -> Iterator[None]:
    """Archive the log of our own PostgreSQL for as long as the block lasts, if that is wanted; if not, have it keep
    nothing for an archive."""
    url = settings.owner_url
    if not settings.backup_wal or settings.backup_dir is None:
        asyncio.run(_forget_slot(url))
        yield
        return
    receiver = Receiver(url, settings.backup_dir)
    receiver.start()
    try:
        yield
    finally:
        receiver.stop()


async def _forget_slot(url: str) -> None:
    connection = await census.connect(url)
    try:
        await connection.execute(
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1 AND NOT active",
            SLOT,
        )
    finally:
        await connection.close()


async def require_archived(connection: census.Connection) -> None:
    """Raise `BackupError` unless the log is being received, and without delay."""
    state = await connection.fetchrow(_STATE, SLOT)
    if state is None or not state["active"]:
        raise BackupError(
            "Архів WAL не пишеться: не працює процес, що його приймає "
            "(`ohmatdyt archive-wal`, для вбудованої бази сам сервер)."
        )
    if state["wal_status"] == "lost" or (state["behind"] or 0) > _BEHIND_BYTES:
        megabytes = (state["behind"] or 0) / 1e6
        raise BackupError(
            f"Архів WAL відстає на {megabytes:.0f} МБ: перевірте диск у BACKUP_DIR і зв'язок з базою."
        )


async def check(settings: Settings) -> None:
    """Raise `BackupError` unless the archive is up to date; a server that has just started gets a moment."""
    connection = await census.connect(str(settings.database_url))
    until = time.monotonic() + _PATIENCE_S
    try:
        while True:
            try:
                await require_archived(connection)
            except BackupError:
                if time.monotonic() > until:
                    raise
                await asyncio.sleep(0.5)
            else:
                return
    finally:
        await connection.close()


async def keep_base(settings: Settings) -> None:
    """See to it that there is a copy of the database's files of the last week, and drop what is older than two.

    Raises `BackupError`.
    """
    if settings.backup_dir is None:
        return
    source, tools = await identify(settings.owner_url)
    await check(settings)
    into = archive.current(settings.backup_dir, source)
    if into is None:
        raise BackupError("Архів WAL ще не почато.")
    bases = into.bases()
    if not bases or clock.now() - archive.moment_of(bases[-1]) > _BASE_EVERY:
        await asyncio.to_thread(_copy_base, tools, into)
    await asyncio.to_thread(into.prune)
    await asyncio.to_thread(archive.forget_old, settings.backup_dir, source, days=settings.backup_keep)


def _copy_base(tools: Tools, into: Archive) -> None:
    draft = into.folder / ".base.partial"
    shutil.rmtree(draft, ignore_errors=True)
    command = tools.command("pg_basebackup", f"--pgdata={draft}", "--format=tar", "--compress=gzip:1")
    command += ["--wal-method=none", "--checkpoint=fast", "--manifest-checksums=SHA256", "--no-password"]
    done = subprocess.run(
        command,
        env=tools.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=leash.preexec(),
    )
    if done.returncode != 0:
        shutil.rmtree(draft, ignore_errors=True)
        raise BackupError(f"Копію файлів бази не зроблено: {reason(done.stderr)}")
    draft.rename(into.folder / f"base-{archive.stamp()}")
