"""The installation on a server, without containers: the same processes, the same nginx configuration, free ports.

PostgreSQL with a password over TCP, Redis, two API processes, two Celery workers, beat, nginx with the built web
interface, a mail server. Each is started again when it dies. `python -m scripts.topology` runs it until Ctrl+C.
"""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import redis

from ohmatdyt.core.embedded import cluster, identity
from scripts import front
from scripts.kept import Kept
from scripts.postbox import Postbox

OHMATDYT = [sys.executable, "-m", "ohmatdyt.cli"]

_START_PATIENCE_S = 90


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


class Topology:
    """All processes of one installation in a folder. `parts` are by name: db, redis, api-1, worker-2, nginx …"""

    def __init__(
        self, folder: Path, *, apis: int = 2, workers: int = 2, tls: bool = False, **settings: str
    ) -> None:
        self.folder = folder
        self.tls = tls
        self.parts: dict[str, Kept] = {}
        self.web: Path | None = None
        self.postbox = Postbox(free_port())
        self.api_ports = [free_port() for _ in range(apis)]
        self.port, self.tls_port, self._db_port, self._redis_port = (free_port() for _ in range(4))
        self._workers = workers
        self._passwords = {name: secrets.token_urlsafe(18) for name in ("db", "redis")}
        self._passwords["admin"] = f"{secrets.token_urlsafe(18)}-7a"
        self.url = f"https://127.0.0.1:{self.tls_port}" if tls else f"http://127.0.0.1:{self.port}"
        kept = {name: text for name, text in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
        self.env = {
            **kept,
            "APP_ENV": "production",
            "DATABASE_URL": self.database_url,
            "REDIS_URL": f"redis://:{self._passwords['redis']}@127.0.0.1:{self._redis_port}/0",
            "SECRET_KEY": secrets.token_urlsafe(48),
            "PUBLIC_URL": self.url,
            "TRUSTED_PROXIES": "127.0.0.1",
            "DATA_DIR": str(folder / "data"),
            "MEDIA_ROOT": str(folder / "media"),
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(self.postbox.port),
            "SMTP_TLS": "none",
            "MAIL_FROM": "crm@example.org",
            "MAIL_RETRY_S": "1",
            "DELIVERY_SWEEP_S": "1",
            "SMTP_TIMEOUT_S": "3",  # a letter in the hands of a killed worker is free again after that and a while
            **settings,
        }

    @property
    def database_url(self) -> str:
        """Where the database answers."""
        return f"postgresql://ohmatdyt:{self._passwords['db']}@127.0.0.1:{self._db_port}/ohmatdyt"

    @property
    def admin(self) -> tuple[str, str]:
        """The first administrator."""
        return "chief", self._passwords["admin"]

    def start(self) -> None:
        """Start everything in order: the database, its schema once, then all the rest. Returns when nginx answers."""
        (self.folder / "media").mkdir(parents=True, exist_ok=True)
        self.postbox.start()
        self._database()
        self._redis()
        self.command("migrate")
        self.command(
            *("create-admin", "--username", self.admin[0], "--email", "chief@example.org"),
            *("--full-name", "Головна Ганна", "--password-stdin"),
            stdin=self.admin[1],
        )
        for number, port in enumerate(self.api_ports, 1):
            self._product(f"api-{number}", "serve", "--port", str(port))
        for number in range(1, self._workers + 1):
            self._product(f"worker-{number}", "worker")
        self._product("beat", "beat")
        self.nginx()
        self.wait_ready()

    def stop(self) -> None:
        """End everything, the last started first."""
        for part in reversed(self.parts.values()):
            part.stop()
        self.postbox.stop()

    def command(self, *arguments: str, stdin: str = "") -> str:
        """Run `ohmatdyt …` as an administrator of this installation; raises with what it said when it failed."""
        done = subprocess.run(
            [*OHMATDYT, *arguments],
            cwd=self.folder,
            env=self.env,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"ohmatdyt {arguments[0]}: {done.stderr}")
        return done.stdout

    def wait_ready(self) -> None:
        """Until every API process answers, and nginx passes it on."""
        for port in self.api_ports:
            self._wait(f"http://127.0.0.1:{port}/readyz")
        self._wait(f"http://127.0.0.1:{self.port}/" + ("nginx-health" if self.tls else "healthz"))

    def is_ready(self, name: str) -> bool:
        """Whether a part answers (an API process) or at least runs."""
        if not name.startswith("api-"):
            return self.parts[name].pid is not None
        return _answers(f"http://127.0.0.1:{self.api_ports[int(name[4:]) - 1]}/readyz")

    def _wait(self, url: str) -> None:
        deadline = time.monotonic() + _START_PATIENCE_S
        while not _answers(url):
            if time.monotonic() > deadline:
                said = "\n".join(f"{name}: {part.said()[-800:]}" for name, part in self.parts.items())
                raise RuntimeError(f"{url} does not answer\n{said}")
            time.sleep(0.1)

    def _keep(self, part: Kept) -> None:
        self.parts[part.name] = part.start()

    def _product(self, name: str, *arguments: str) -> None:
        self._keep(
            Kept(name, [*OHMATDYT, *arguments], self.folder / f"{name}.log", env=self.env, cwd=self.folder)
        )

    def _database(self) -> None:
        home = self.folder / "db"
        binary = cluster.program("postgres")
        who = identity.choose(home)
        identity.let_in(who, binary)
        identity.open_trees(who, cluster.program_trees(binary), binary)
        identity.let_in(who, home)
        home.mkdir()
        who.own(home)
        password = self.folder / "password"
        password.write_text(self._passwords["db"])
        who.own(password)
        options = ["--username=ohmatdyt", f"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8"]
        options += ["--locale=C", "--no-sync", "--data-checksums"]
        made = cluster.run([str(binary.with_name("initdb")), "--pgdata", str(home), *options], who)
        if made.returncode != 0:
            raise RuntimeError(made.stderr)
        password.unlink()
        places = {"listen_addresses": "127.0.0.1", "port": str(self._db_port), "unix_socket_directories": ""}
        limits = {"max_connections": "150", "shared_buffers": "64MB", "log_error_verbosity": "terse"}
        limits["log_min_error_statement"] = "panic"
        arguments = [
            part for name, value in {**places, **limits}.items() for part in ("-c", f"{name}={value}")
        ]
        env = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
        command = [str(binary), "-D", str(home), *arguments]
        self._keep(Kept("db", command, self.folder / "db.log", env=env, cwd="/", **who.popen()))
        create = [
            str(binary.with_name("createdb")),
            "-h",
            "127.0.0.1",
            "-p",
            str(self._db_port),
            "-U",
            "ohmatdyt",
        ]
        deadline = time.monotonic() + _START_PATIENCE_S
        while True:
            done = subprocess.run(
                [*create, "ohmatdyt"],
                env={**env, "PGPASSWORD": self._passwords["db"]},
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode == 0:
                return
            if time.monotonic() > deadline:
                raise RuntimeError(done.stderr)
            time.sleep(0.1)

    def _redis(self) -> None:
        beside = Path(sys.executable).with_name("redis-server")
        program = str(beside) if beside.exists() else shutil.which("redis-server")
        if program is None:
            raise RuntimeError("redis-server is missing: `make setup-dev` brings one.")
        options = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no"]
        options += ["--port", str(self._redis_port), "--requirepass", self._passwords["redis"]]
        self._keep(Kept("redis", [program, *options], self.folder / "redis.log", env={}, cwd=self.folder))
        deadline = time.monotonic() + _START_PATIENCE_S
        with redis.Redis.from_url(self.env["REDIS_URL"], socket_timeout=1) as client:
            while True:
                try:
                    client.ping()
                except redis.RedisError:
                    if time.monotonic() > deadline:
                        raise
                    time.sleep(0.05)
                else:
                    return

    def nginx(self, **values: str) -> None:
        """Start the shipped nginx alone; the rest of the installation may be missing."""
        servers = (f"server 127.0.0.1:{port} max_fails=1 fail_timeout=1s;" for port in self.api_ports)
        command = front.prepare(
            self.folder,
            self.web or front.WEB,
            tls=self.tls,
            LISTEN=f"127.0.0.1:{self.port}",
            LISTEN_TLS=f"127.0.0.1:{self.tls_port}",
            API_SERVERS=" ".join(servers),
            **values,
        )
        self._keep(Kept("nginx", command, self.folder / "nginx.log", env={"PATH": os.environ["PATH"]}))


@contextmanager
def running(**options: object) -> Iterator[Topology]:
    """An installation that answers, gone after the block."""
    with tempfile.TemporaryDirectory(prefix="ohmatdyt-topology-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # PostgreSQL works under another account when we are root
        topology = Topology(folder, **options)  # type: ignore[arg-type]
        try:
            topology.start()
            yield topology
        finally:
            topology.stop()


def main() -> None:
    """Entry point."""
    with running() as topology:
        print(
            f"{topology.url}  ({' / '.join(topology.admin)}); logs in {topology.folder}; Ctrl+C ends it",
            flush=True,
        )
        try:
            while True:
                time.sleep(1)
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
