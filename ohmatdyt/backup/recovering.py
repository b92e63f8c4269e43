"""The desk as it was at a moment: a base is unpacked beside, the log is replayed onto it, and an ordinary backup is
made of what comes out. That backup is then restored like any other, with the same checks."""

import asyncio
import re
import shutil
import signal
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from ohmatdyt.backup import archive, manifest
from ohmatdyt.backup.archive import Archive
from ohmatdyt.backup.checking import readable
from ohmatdyt.backup.files import Say
from ohmatdyt.backup.making import make_from
from ohmatdyt.backup.manifest import BackupError
from ohmatdyt.core.embedded import cluster as clusters
from ohmatdyt.core.embedded import identity, leash, postmaster
from ohmatdyt.core.settings import Settings

_START_LIMIT_S = 3600.0
_PROGRESS_S = 5.0
_TOO_LATE = "recovery ended before configured recovery target was reached"
_TOO_EARLY = "before consistent recovery point"
_LAST = re.compile(r"last completed transaction was at log time (\S+ \S+)")


def parse(text: str, settings: Settings) -> datetime | None:
    """The moment meant by «2026-12-01 09:00» in the hospital's time zone; None for `latest`. Raises `BackupError`."""
    if text == "latest":
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BackupError(
            f'--at: «{text}» не є моментом (приклад: "2026-12-01 09:00", або latest).'
        ) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=settings.zone)).astimezone(UTC)


@contextmanager
def recovered(
    settings: Settings, source: Path, moment: datetime | None, *, files_from: Path | None, say: Say
) -> Iterator[Path]:
    """An ordinary backup of the desk as it was then, for as long as the block lasts.

    `moment` None: as late as the archive reaches. Files are taken from the backups, and from `files_from` when the
    disk with the files has survived. Needs as much space in `source` (or the system's folder for temporary files) as
    the database and its log. Raises `BackupError`.
    """
    with readable(source):
        found, base = _base_for(source, moment)
    scratch = _scratch(source)
    try:
        say(
            f"База: беру стан на {archive.moment_of(base).astimezone(settings.zone):%d.%m.%Y %H:%M} і журнал відтоді…"
        )
        with readable(source):
            _unpack(found, base, scratch, say)
        with _server(found, scratch, moment, settings, say) as url:
            there = settings.model_copy(
                update={
                    "database_url": url,
                    "migration_database_url": None,
                    "data_dir": scratch,
                    "media_root": files_from or scratch / "media",
                }
            )
            (scratch / "media").mkdir()
            earlier = manifest.all_in(source)[::-1]
            made = asyncio.run(make_from(there, scratch, say, earlier=earlier))
        _bring_key(earlier, made)
        yield made
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _base_for(source: Path, moment: datetime | None) -> tuple[Archive, Path]:
    """The latest base from which the moment can be reached."""
    bases = [(archive.moment_of(base), base, one) for one in archive.all_in(source) for base in one.bases()]
    fitting = [one for one in bases if moment is None or one[0] <= moment]
    if not bases:
        raise BackupError(f"У {source} немає архіву WAL (BACKUP_WAL): відновіть добову копію, без --at.")
    if not fitting:
        raise BackupError(
            f"Архів у {source} починається пізніше, {min(bases)[0]:%d.%m.%Y %H:%M} UTC: відновіть давнішу добову копію."
        )
    _, base, found = max(fitting)
    return found, base


def _scratch(source: Path) -> Path:
    try:
        return Path(tempfile.mkdtemp(prefix=".at-", dir=source))
    except OSError:
        return Path(tempfile.mkdtemp(prefix="ohmatdyt-at-"))


def _unpack(found: Archive, base: Path, scratch: Path, say: Say) -> None:
    cluster = clusters.Cluster(scratch)
    with tarfile.open(base / "base.tar.gz") as tar:
        tar.extractall(cluster.folder, filter="data")
    cluster.folder.chmod(0o700)
    for name, digest in archive.sums_of(base).items():
        path = cluster.folder / name
        if not path.is_file() or manifest.digest_of(path) != digest:
            raise BackupError(f"Копію файлів бази пошкоджено: {base} ({name}).")
    needed = [(name, path) for name, path in found.logged() if name >= archive.first_segment(base)]
    told = time.monotonic()
    for done, (name, path) in enumerate(needed):
        _inflate(path, cluster.folder / "pg_wal" / name)
        if time.monotonic() - told > _PROGRESS_S:
            told = time.monotonic()
            say(f"Журнал: {done + 1} з {len(needed)}…")


def _inflate(source: Path, segment: Path) -> None:
    with segment.open("wb") as into:
        into.writelines(archive.inflate(source))
        into.truncate(archive.SEGMENT_BYTES)


@contextmanager
def _server(
    found: Archive, scratch: Path, moment: datetime | None, settings: Settings, say: Say
) -> Iterator[str]:
    """PostgreSQL that replays the log to the moment and then answers."""
    cluster = clusters.Cluster(scratch)
    # Nothing of the lost server's own configuration counts here: neither addresses nor who may sign in.
    (cluster.folder / "postgresql.auto.conf").write_text("")
    (cluster.folder / "recovery.signal").touch()
    (scratch / "postgresql.conf").write_text("")
    (scratch / "pg_hba.conf").write_text("local all all trust\n")
    binary = clusters.program("postgres")
    who = identity.choose(scratch / "none")
    identity.let_in(who, binary)
    identity.open_trees(who, clusters.program_trees(binary), binary)
    for path in (scratch, *scratch.rglob("*")):
        who.own(path)
    identity.let_in(who, cluster.folder)
    options = {
        "config_file": str(scratch / "postgresql.conf"),
        "hba_file": str(scratch / "pg_hba.conf"),
        "hot_standby": "off",
        "restore_command": "false",  # all of the log lies in pg_wal already
        "recovery_target_action": "promote",
        "archive_mode": "off",
        "fsync": "off",  # it lives for minutes
    }
    if moment is not None:
        options["recovery_target_time"] = f"{moment:%Y-%m-%d %H:%M:%S.%f}+00"
    sockets = clusters.socket_dir(cluster, who)
    process = clusters.spawn(cluster, who, sockets, options, leash.preexec())
    try:
        _await_ready(process, cluster, settings, say)
        about = found.about
        yield f"postgresql+asyncpg://{quote(about.role)}@/{quote(about.database)}?host={quote(str(sockets))}"
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.wait()
        if sockets.parent != scratch:
            shutil.rmtree(sockets, ignore_errors=True)


def _await_ready(
    process: "subprocess.Popen[bytes]", cluster: clusters.Cluster, settings: Settings, say: Say
) -> None:
    begun = told = time.monotonic()
    while process.poll() is None:
        state = postmaster.read(cluster)
        if state and state.pid == process.pid and state.ready:
            return
        if time.monotonic() - told > _PROGRESS_S:
            told = time.monotonic()
            say("Журнал: відтворюю…")
        if time.monotonic() - begun > _START_LIMIT_S:
            raise BackupError("Журнал відтворюється понад годину: щось не так.")
        time.sleep(0.05)
    said = cluster.log.read_text(errors="replace")
    if _TOO_LATE in said:
        last = _LAST.search(said)
        shown = ""
        if last:
            at = datetime.fromisoformat(last[1]).replace(tzinfo=UTC).astimezone(settings.zone)
            shown = f" {at:%d.%m.%Y о %H:%M:%S}"
        raise BackupError(f"Останній запис в архіві —{shown or ' раніше'}: відновіть до нього, --at latest.")
    if _TOO_EARLY in said:
        raise BackupError("Цей момент раніший за найдавнішу повну копію файлів бази.")
    raise BackupError(f"Журнал не відтворюється: {clusters.reason(said)}")


def _bring_key(earlier: list[Path], made: Path) -> None:
    """The signing key lies beside the data, so only the nightly backups have it."""
    for one in earlier:
        if (one / manifest.SECRET).is_file():
            shutil.copyfile(one / manifest.SECRET, made / manifest.SECRET)
            (made / manifest.SECRET).chmod(0o600)
            sums = dict(manifest.read_sums(made))
            sums[manifest.SECRET] = manifest.digest_of(made / manifest.SECRET)
            manifest.write_sums(made, sums)
            return
