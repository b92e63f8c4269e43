"""The embedded PostgreSQL as a thing that is started, keeps running, and is stopped."""

import logging
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from ohmatdyt.core.embedded import cluster as files
from ohmatdyt.core.embedded import identity, leash, postmaster
from ohmatdyt.core.embedded.errors import DataDirBusyError, EmbeddedError
from ohmatdyt.core.embedded.lock import DataDirLock

log = logging.getLogger(__name__)

DATABASE = "ohmatdyt"
APPLICATION = "ohmatdyt_app"  # signs in with rights of its own (core/roles.py)

_START_LIMIT_S = 600.0  # recovery after a power cut may read a lot of journal
_FAST_STOP_S = 25.0
_LEFTOVERS_PATIENCE_S = 10.0
_RECOVERY_NOTICE_S = 5.0
_STEADY_S = 60.0
# Asked every five seconds, and given five to answer: a server that hangs is started anew after a minute.
_ASK_EVERY_S = 5.0
_SILENT_TIMES = 6
_RESTART_PAUSE_S = (0.1, 0.5, 1.0, 2.0, 5.0)


def _silent(_: str) -> None:
    pass


class EmbeddedPostgres:
    """PostgreSQL in `data_dir/postgres`, a child of this process that never outlives it.

    It is started again when it dies by itself, and when it hangs: asked every `ask_every_s` seconds and given as long
    to answer, it has not six times in a row. `options` override server parameters; `sync=False` (tests) trades safety
    for speed. `say` hears what takes long, in Ukrainian.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        options: Mapping[str, str] | None = None,
        sync: bool = True,
        say: Callable[[str], None] = _silent,
        ask_every_s: float = _ASK_EVERY_S,
    ) -> None:
        self._ask_every_s = ask_every_s
        self.data_dir = data_dir.expanduser().resolve()
        self._cluster = files.Cluster(self.data_dir)
        unsafe = {} if sync else {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        self._options = {**unsafe, **(options or {})}
        self._sync = sync
        self._say = say
        self._lock = DataDirLock(self.data_dir)
        self._stopping = threading.Event()
        self._started = threading.Event()
        self._failure: EmbeddedError | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None
        self.socket_dir = Path()

    def start(self) -> None:
        """Return when the database answers. Raises `DataDirBusyError` when somebody else owns the folder,
        `EmbeddedError` with a sentence for every other reason."""
        if sys.platform == "win32":
            raise EmbeddedError(
                "Вбудована база не працює у Windows: скористайтеся WSL або задайте DATABASE_URL."
            )
        self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock.acquire()
        try:
            # One thread owns the child for its whole life: the kernel ends the child when that thread ends.
            self._thread = threading.Thread(target=self._guard, name="postgres", daemon=True)
            self._thread.start()
            self._started.wait()
        except BaseException:
            self.stop()
            raise
        if self._failure:
            self.stop()
            raise self._failure

    def stop(self) -> None:
        """Stop the database in order (sessions are ended, everything is on disk); safe to call twice."""
        self._stopping.set()
        if self._thread:
            for number, patience in (
                (signal.SIGINT, _FAST_STOP_S),
                (signal.SIGQUIT, 5.0),
                (signal.SIGKILL, 5.0),
            ):
                if self._process:
                    self._process.send_signal(number)
                self._thread.join(patience)
                if not self._thread.is_alive():
                    break
            self._thread = None
        self._lock.release()

    def url(self, role: str = "postgres", database: str = DATABASE) -> str:
        """The address, as DATABASE_URL would have it."""
        return _url(self.socket_dir, role, database)

    @property
    def pid(self) -> int | None:
        """The process id of PostgreSQL, None when it is down."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _guard(self) -> None:
        try:
            self._prepare()
            self._launch()
            self._ensure_database()
        except EmbeddedError as error:
            self._failure = error
        except Exception as error:  # noqa: BLE001 — the caller waits in another thread and must hear of it
            self._failure = EmbeddedError(f"Вбудована база не запустилася: {error!r}.")
        self._started.set()
        if self._failure:
            if self._process:
                self._process.kill()
                self._process.wait()
            return
        self._keep_running()

    def _prepare(self) -> None:
        cluster = self._cluster
        self._who = identity.choose(cluster.folder)
        binary = files.program("postgres")
        identity.let_in(self._who, binary)
        identity.open_trees(self._who, files.program_trees(binary), binary)
        identity.let_in(self._who, cluster.folder)
        if cluster.folder.exists():
            files.check_version(cluster)
        else:
            self._say("Створюю базу даних…")
            files.create(cluster, self._who, sync=self._sync)
        self.socket_dir = files.socket_dir(cluster, self._who)
        with suppress(OSError):
            if cluster.log.stat().st_size > 5 * 1024 * 1024:
                cluster.log.rename(cluster.log.with_suffix(".log.1"))

    def _launch(self) -> None:
        postmaster.clear_way(self._cluster, self.socket_dir)
        deadline = time.monotonic() + _LEFTOVERS_PATIENCE_S
        while True:
            known = self._cluster.log.stat().st_size if self._cluster.log.exists() else 0
            self._process = files.spawn(
                self._cluster, self._who, self.socket_dir, self._options, leash.preexec()
            )
            if self._wait_ready(self._process):
                return
            said = self._cluster.log.read_bytes()[known:].decode(errors="replace")
            # The processes of a PostgreSQL killed a moment ago hold its memory for a moment longer.
            held = "shared memory block" in said or "lock file" in said
            if not held or self._stopping.is_set() or time.monotonic() > deadline:
                why = files.reason(said)
                raise EmbeddedError(
                    f"Вбудована база не запустилася ({why}); подробиці в {self._cluster.log}."
                )
            time.sleep(0.2)

    def _wait_ready(self, process: "subprocess.Popen[bytes]") -> bool:
        begun = time.monotonic()
        told = False
        while process.poll() is None:
            state = postmaster.read(self._cluster)
            if state and state.pid == process.pid and state.ready:
                return True
            waited = time.monotonic() - begun
            if waited > _RECOVERY_NOTICE_S and not told:
                told = True
                self._say("База відновлюється після раптової зупинки, зачекайте…")
            if waited > _START_LIMIT_S:
                process.kill()
                process.wait()
                raise EmbeddedError(
                    f"Вбудована база не відповіла за 10 хвилин; подробиці в {self._cluster.log}."
                )
            time.sleep(0.01)
        return False

    def _keep_running(self) -> None:
        watcher = None if leash.preexec() else leash.Watcher(self._cluster.pid_file)
        failures = 0
        while self._process and not self._stopping.is_set():
            begun = time.monotonic()
            code = self._watched(self._process)
            if self._stopping.is_set():
                break
            failures = 0 if time.monotonic() - begun > _STEADY_S else failures + 1
            log.error("postgres_died exit_code=%s", code)
            self._stopping.wait(_RESTART_PAUSE_S[min(failures, len(_RESTART_PAUSE_S) - 1)])
            try:
                self._launch()
            except EmbeddedError as error:
                log.error("postgres_not_restarted %s", error)  # noqa: TRY400 — the sentence says it all
        if self._process:
            self._process.send_signal(signal.SIGINT)  # stop() may have signalled the one before
            self._process.wait()
        if watcher:
            watcher.dismiss()

    def _watched(self, process: "subprocess.Popen[bytes]") -> int:
        """Wait for the server's end; one that has not answered so many times in a row is ended first."""
        silent = 0
        while True:
            with suppress(subprocess.TimeoutExpired):
                return process.wait(self._ask_every_s)
            if self._stopping.is_set() or postmaster.answers(self.socket_dir, patience_s=self._ask_every_s):
                silent = 0
                continue
            # Counted, not timed: a machine that slept has asked nothing meanwhile.
            silent += 1
            if silent >= _SILENT_TIMES:
                log.error("postgres_hangs silent_times=%s", silent)
                postmaster.kill_all(process.pid)
                silent = 0

    def _ensure_database(self) -> None:
        def psql(sql: str) -> "subprocess.CompletedProcess[str]":
            where = ["--host", str(self.socket_dir), "--username", "postgres", "--dbname", "postgres"]
            return files.run([str(files.program("psql")), "-XAtq", *where, "--command", sql], self._who)

        found = psql(
            f"SELECT 'database' FROM pg_database WHERE datname = '{DATABASE}'"  # noqa: S608 — constants
            f" UNION ALL SELECT CASE WHEN rolcanlogin THEN 'login' ELSE 'role' END FROM pg_roles"
            f" WHERE rolname = '{APPLICATION}'"
        ).stdout.split()
        wanted = [] if "database" in found else [f"CREATE DATABASE {DATABASE}"]
        if "login" not in found:
            wanted.append(f"{'ALTER' if 'role' in found else 'CREATE'} ROLE {APPLICATION} LOGIN")
        for statement in wanted:
            made = psql(statement)
            if made.returncode != 0:
                raise EmbeddedError(f"Не вдалося створити базу: {files.reason(made.stderr)}")


@contextmanager
def borrowed(data_dir: Path, *, say: Callable[[str], None] = _silent) -> Iterator[str]:
    """The address of the database in `data_dir`, for its owner: the running one, or one started for this block only."""
    own = EmbeddedPostgres(data_dir, say=say)
    try:
        own.start()
    except DataDirBusyError as busy:
        state = postmaster.wait_ready(files.Cluster(data_dir.expanduser().resolve()), patience_s=60)
        if state is None:
            raise EmbeddedError(f"{busy} База в ній не відповідає.") from None
        yield _url(state.socket_dir, "postgres", DATABASE)
        return
    try:
        yield own.url()
    finally:
        own.stop()


def _url(socket_dir: Path, role: str, database: str) -> str:
    return f"postgresql://{role}@/{database}?host={quote(str(socket_dir))}"


def as_application(url: str) -> str:
    """The address of the same database for the application, which signs in with rights of its own."""
    return url.replace("://postgres@", f"://{APPLICATION}@", 1)
