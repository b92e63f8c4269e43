"""`serve` and `demo`: PostgreSQL, migrations and the HTTP server, in the right order up and down."""

import asyncio
import errno
import gc
import os
import signal
import socket
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from ohmatdyt.cli.outcome import CommandError
from ohmatdyt.cli.place import introduce, opened, require_connections, say, settle, upgrade
from ohmatdyt.core.settings import Settings, load_settings

_GRACE_S = 30
# From one listening socket the event loop takes one caller a turn, however many wait: with a hundred at the door, even
# health waited for a hundred turns before anybody knew that it had been asked.
_ABREAST = 16
_PORT_PATIENCE_S = 3.0
_LEFTOVERS_PATIENCE_S = 20.0
_LOOK_FOR_PARENT_S = 0.25


def serve(*, host: str | None, port: int | None, data_dir: Path | None, workers: int | None) -> int:
    """Serve until told to stop; then finish the requests in flight, stop PostgreSQL and give back 0."""
    return _run(load_settings(host=host, port=port, data_dir=data_dir, workers=workers), demo_cases=None)


def demo(*, host: str | None, port: int | None, data_dir: Path | None, cases: int) -> int:
    """The same on a database with demonstration data, made on the first start."""
    settings = load_settings(host=host, port=port, data_dir=data_dir)
    if settings.production:
        raise CommandError("Демонстраційні дані не створюються з APP_ENV=production.")
    return _run(settings, demo_cases=cases)


def _run(settings: Settings, *, demo_cases: int | None) -> int:
    from ohmatdyt.core import log

    log.configure(level=settings.log_level, json=settings.json_logs)
    introduce(settings)
    # Until the server takes the signals over, and after it gave them back, they unwind what was started.
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    with ExitStack() as stack:
        patience_s = _PORT_PATIENCE_S if settings.workers == 1 else _LEFTOVERS_PATIENCE_S
        listener = stack.enter_context(_listen(settings.host, settings.port, patience_s))
        embedded = settings.embedded
        if embedded:
            settings = settings.connected(stack.enter_context(_postgres(settings)).url())
        upgrade(settings)
        if not embedded:
            require_connections(settings)
        settle(settings)
        if embedded:
            from ohmatdyt.backup import wal

            stack.enter_context(wal.archiving(settings))
        _allow_files(settings.most_sockets)
        if demo_cases is not None:
            asyncio.run(_fill(settings, demo_cases))
        _answer(settings, listener)
    return 0


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    # A second signal while we are stopping must not cut the stopping short.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(0)


def _listen(host: str, port: int, patience_s: float) -> socket.socket:
    """Take the port first: a busy one is found before anything is started.

    The worker processes of a server killed a moment ago let go of the port as soon as they notice; one that was just
    being started, on a busy machine, notices late.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror:
        raise CommandError(f"HOST: немає такої адреси «{host}».") from None
    listener = socket.socket(family, kind)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    deadline = time.monotonic() + patience_s
    while True:
        try:
            listener.bind(address)
        except OSError as error:
            if error.errno == errno.EADDRINUSE and time.monotonic() < deadline:
                time.sleep(0.1)
                continue
            listener.close()
            if error.errno == errno.EADDRINUSE:
                raise CommandError(f"Порт {port} зайнятий іншою програмою: вкажіть інший (--port).") from None
            raise CommandError(f"Не можна слухати {host}:{port}: {error.strerror}.") from None
        return listener


def _postgres(settings: Settings) -> Any:
    from ohmatdyt.core import connection_budget
    from ohmatdyt.core.embedded import EmbeddedPostgres
    from ohmatdyt.core.embedded.cluster import PARAMETERS

    most = max(int(PARAMETERS["max_connections"]), connection_budget.embedded_limit(settings))
    return EmbeddedPostgres(settings.data_dir, say=say, options={"max_connections": str(most)})


async def _fill(settings: Settings, cases: int) -> None:
    from ohmatdyt import demo as demonstration

    async with opened(settings, as_owner=True) as database:
        accounts = await demonstration.fill(database, settings, cases=cases)
    if accounts:
        say(f"Демонстраційні облікові записи (є і в {settings.data_dir / demonstration.ACCOUNTS_FILE}):")
    for account in accounts:
        say(f"  {account.username:<11} {account.password:<15} {account.role:<9} {account.full_name}")


def _answer(settings: Settings, listener: socket.socket) -> None:
    import uvicorn
    from uvicorn.config import STARTUP_FAILURE

    from ohmatdyt.cli.connections import Connection

    config = uvicorn.Config(
        _Worker(settings),
        factory=True,
        workers=settings.workers,
        loop="uvloop",
        http=Connection,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_keep_alive=20,
        timeout_graceful_shutdown=_GRACE_S,
        # A worker still importing on a busy machine must not be taken for a hung one and killed.
        timeout_worker_healthcheck=20,
    )
    try:
        if settings.workers == 1:
            server = uvicorn.Server(config)
            _announce(server, settings)
            server.run(sockets=[listener, *(listener.dup() for _ in range(_ABREAST - 1))])
        else:
            say(_where(settings))
            _add_up_figures(settings)
            _several(config, listener)
    except SystemExit as leaving:
        if leaving.code == STARTUP_FAILURE:
            raise CommandError("Сервер не запустився; причина в журналі вище.") from None
        raise


def _allow_files(sockets: int) -> None:
    """Let this process and its workers have as many sockets open: many systems allow 1024 until asked for more."""
    from ohmatdyt.cli.connections import OTHER_FILES

    most = sockets + OTHER_FILES
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _where(settings: Settings) -> str:
    host = "localhost" if settings.host in {"127.0.0.1", "0.0.0.0", "::"} else settings.host  # noqa: S104
    return f"Готово: http://{host}:{settings.port} (зупинити: Ctrl+C)"


def _announce(server: Any, settings: Settings) -> None:
    """Say where the desk is once it really answers."""
    startup = server.startup

    async def announced(**sockets: Any) -> None:
        await startup(**sockets)
        if server.started:
            say(_where(settings))

    server.startup = announced


def _add_up_figures(settings: Settings) -> None:
    from ohmatdyt.core import metrics_sums

    try:
        # The port is ours alone, and so is the folder; another server may share DATA_DIR.
        metrics_sums.prepare(settings.data_dir / "metrics" / str(settings.port))
    except OSError as error:
        say(
            f"Увага: у DATA_DIR не можна писати ({error.strerror}), тож /metrics показує лише один із процесів."
        )


def _several(config: Any, listener: socket.socket) -> None:
    from uvicorn.supervisors import Multiprocess

    parent = Multiprocess(config, sockets=[_OwnDoor.beside(listener) for _ in range(_ABREAST)])
    parent.run()
    if any(process.exitcode not in {0, -signal.SIGTERM} for process in parent.processes):
        raise CommandError("Процеси сервера завершилися з помилкою; причина в журналі вище.")


class _OwnDoor(socket.socket):
    """The port as a worker process gets it: with a queue of its own, among which Linux spreads the callers evenly.

    From one queue, whoever is awake takes all who wait: of fifty callers one process was seen to get eleven.
    """

    @classmethod
    def beside(cls, listener: socket.socket) -> socket.socket:
        """What to give to the workers; elsewhere than on Linux the listener itself. The port was taken alone, so no
        server that is still leaving listens there; only now may others of us join."""
        if sys.platform != "linux":
            return listener
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        return cls(listener.family, listener.type, fileno=os.dup(listener.fileno()))

    def __reduce__(self) -> tuple[Any, ...]:
        """Sent to another process it becomes a socket of that process."""
        return _open_beside, (self.family, self.type, self.getsockname())


def _open_beside(family: int, kind: int, address: Any) -> socket.socket:
    door = socket.socket(family, kind)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    door.bind(address)
    return door


class _Worker:
    """Makes the application in the process that will serve it; travels to worker processes by pickling."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_parent": os.getpid()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Arrived in a worker process: it holds the port already, so the parent is followed from here on."""
        self.__dict__.update(state)
        if os.getpid() != state["_parent"]:
            _follow_parent(state["_parent"])

    def __call__(self) -> Any:
        import multiprocessing

        from ohmatdyt.app import create_app
        from ohmatdyt.core import log

        if multiprocessing.parent_process() is not None:
            log.configure(level=self._settings.log_level, json=self._settings.json_logs)
        app = create_app(self._settings)
        _collect_less()
        return app


def _collect_less() -> None:
    """Look for cyclic garbage seldom, and not in what stays until the end: with Python's defaults, made for programs
    that make less of it, a process of 100 MB spent an eighth of its time looking under load."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _follow_parent(parent: int) -> None:
    """Stop when the parent is gone, even by kill -9: an orphan would keep the port and serve without a database."""
    import threading

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK_FOR_PARENT_S)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()
