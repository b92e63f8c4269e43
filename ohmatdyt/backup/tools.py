"""PostgreSQL's own programs for dumping and restoring: found to fit the server, called without secrets in sight."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ohmatdyt.backup.manifest import BackupError
from ohmatdyt.core.dsn import Dsn, Host
from ohmatdyt.core.embedded.cluster import VERSION, program, reason

_DEBIAN = "/usr/lib/postgresql/{major}/bin"
_NOT_UNDERSTOOD_BEFORE_17 = b"SET transaction_timeout = 0;\n"
_HEAD_LINES = 60


@dataclass(frozen=True, slots=True)
class Tools:
    """The folder of programs that understand a server, that of those that read a dump, and how a server is reached."""

    folder: Path
    reader: Path
    environment: dict[str, str]

    def command(self, name: str, *arguments: str) -> list[str]:
        """The command line of one of the programs."""
        folder = self.reader if name == "pg_restore" else self.folder
        return [str(folder / name), *arguments]

    def dump(self, snapshot: str, into: Path) -> "subprocess.Popen[bytes]":
        """Start writing the database as that snapshot shows it."""
        command = self.command("pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}")
        # A dump waits for people's locks, never the other way round; and not for ever.
        command += ["--lock-wait-timeout=60000", f"--file={into}"]
        return subprocess.Popen(
            command, env=self.environment, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE
        )

    def contents(self, dump: Path) -> list[str]:
        """The table of contents of a dump, one line an entry."""
        done = subprocess.run(
            self.command("pg_restore", "--list", str(dump)),
            check=False,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            raise BackupError(f"Копію бази не вдалося прочитати: {reason(done.stderr)}")
        return done.stdout.splitlines(keepends=True)

    def pour(self, dump: Path, contents: Path, *, rights: bool) -> None:
        """Put a dump into the database in one transaction: all of it or nothing."""
        options = ["--no-owner", f"--use-list={contents}", "--file=-"] + (
            [] if rights else ["--no-privileges"]
        )
        quiet = [
            "--no-psqlrc",
            "--quiet",
            "--single-transaction",
            "--set=ON_ERROR_STOP=1",
            "--output=/dev/null",
        ]
        reading = subprocess.Popen(
            self.command("pg_restore", *options, str(dump)),
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        writing = subprocess.Popen(
            self.command("psql", *quiet), env=self.environment, stdin=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert reading.stdout is not None
        assert writing.stdin is not None
        try:
            for _ in range(_HEAD_LINES):
                line = reading.stdout.readline()
                if line != _NOT_UNDERSTOOD_BEFORE_17:
                    writing.stdin.write(line)
            shutil.copyfileobj(reading.stdout, writing.stdin, 1 << 20)
        except BrokenPipeError:
            pass  # psql gave up; it says why below
        finally:
            # Only a script read to its end may be committed.
            unread = reading.stdout.read(1)
            if unread:
                writing.kill()
        _, complaint = writing.communicate()
        _, other = reading.communicate()
        if writing.returncode != 0 or reading.returncode != 0:
            raise BackupError(
                f"Базу не вдалося відновити: {reason((complaint or other).decode(errors='replace'))}"
            )


def tools_for(url: str, host: Host, server_version: int) -> Tools:
    """Programs for this server (`server_version_num`) at `host`, which is one of the address's: a snapshot is known
    only where it was taken. Raises `BackupError` when there are none new enough."""
    dsn, major = Dsn.parse(url), server_version // 10_000
    # A dump is read by the newest: an older program does not understand what a newer one has written.
    reader = _folder(max(major, int(VERSION)), tls=False)
    return Tools(_folder(major, tls=dsn.encrypted), reader, _environment(dsn, host))


def _folder(major: int, *, tls: bool) -> Path:
    debian = Path(_DEBIAN.format(major=major))
    if (debian / "pg_dump").is_file():
        return debian
    # The programs that come along were built without TLS.
    if major <= int(VERSION) and not tls:
        return program("pg_dump").parent
    for name in filter(None, [shutil.which("pg_dump")]):
        said = subprocess.run([name, "--version"], capture_output=True, text=True, check=False).stdout
        match = re.search(r"(\d+)", said)
        if match and int(match[1]) >= major:
            return Path(name).resolve().parent
    raise BackupError(
        f"Сервер бази — PostgreSQL {major}{', з шифруванням' if tls else ''}; "
        f"встановіть його pg_dump (пакет postgresql-client-{major})."
    )


def _environment(dsn: Dsn, host: Host) -> dict[str, str]:
    values = {
        **dsn.environment(host),
        "PGCONNECT_TIMEOUT": "10",
        "PGTZ": "UTC",
        # Limits meant for people's requests must not end a long dump.
        "PGOPTIONS": "-c statement_timeout=0 -c idle_in_transaction_session_timeout=0",
    }
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", **values}
