"""PostgreSQL as an administrator installs it, with TLS, and what else stands between it and the product."""

import ipaddress
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ohmatdyt.core import clock
from ohmatdyt.core.embedded import identity
from tests.platform.processes import free_port, wait_for


@dataclass(frozen=True, slots=True)
class Certificates:
    """A certificate authority and what it has signed: `server` for the name localhost alone, `client` for crm."""

    folder: Path

    def path(self, name: str) -> Path:
        return self.folder / name

    @classmethod
    def make(cls, folder: Path, *, who: identity.Identity) -> "Certificates":
        folder.mkdir()
        key, root = _signed("Test CA", None)
        _write(folder / "root.crt", root.public_bytes(serialization.Encoding.PEM))
        for name, common, host in (("server", "localhost", "localhost"), ("client", "crm", None)):
            own, certificate = _signed(common, (key, root), host=host)
            _write(folder / f"{name}.crt", certificate.public_bytes(serialization.Encoding.PEM))
            _write(folder / f"{name}.key", _private(own), mode=0o600)
        who.own(folder / "server.key")
        return cls(folder)


def _write(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    path.write_bytes(content)
    path.chmod(mode)


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _signed(
    common: str,
    by: tuple[ec.EllipticCurvePrivateKey, x509.Certificate] | None,
    *,
    host: str | None = None,
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key, now = ec.generate_private_key(ec.SECP256R1()), clock.now()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
    building = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(by[1].subject if by else name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
    )
    if host:
        names: list[x509.GeneralName] = [x509.DNSName(host)]
        building = building.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return key, building.sign(by[0] if by else key, hashes.SHA256())


@dataclass(frozen=True, slots=True)
class Server:
    """A running PostgreSQL of the system. Over the network it lets in only who comes with TLS and a certificate."""

    port: int
    socket_dir: Path
    who: identity.Identity
    certificates: Certificates

    def administrator(self, database: str = "postgres") -> str:
        """Its administrator's address: by the socket's file."""
        return f"postgresql://postgres@/{database}?host={quote(str(self.socket_dir))}&port={self.port}"

    def url(self, hosts: str = "", database: str = "ohmatdyt", **options: str) -> str:
        """The product's address, verified both ways unless told otherwise."""
        given = {
            "sslmode": "verify-full",
            "sslrootcert": str(self.certificates.path("root.crt")),
            "sslcert": str(self.certificates.path("client.crt")),
            "sslkey": str(self.certificates.path("client.key")),
            **options,
        }
        query = "&".join(f"{name}={quote(text)}" for name, text in given.items() if text)
        return f"postgresql://crm@{hosts or f'localhost:{self.port}'}/{database}?{query}"


def program(name: str) -> Path:
    """One of the programs of the system's newest PostgreSQL."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    assert found, "scripts/ensure_servers.sh installs it"
    return found[-1]


@contextmanager
def system_postgres(folder: Path) -> Iterator[Server]:
    """The system's PostgreSQL on a free port, with a database `ohmatdyt` of the role `crm`; gone after the block."""
    data, port = folder / "data", free_port()
    folder.mkdir(parents=True, exist_ok=True)
    who = identity.choose(data)
    data.mkdir(mode=0o700)
    who.own(data)
    who.own(folder)
    identity.let_in(who, data)
    certificates = Certificates.make(folder / "certificates", who=who)
    command = [str(program("initdb")), f"--pgdata={data}", "--username=postgres", "--auth=trust", "--no-sync"]
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
    subprocess.run([*command, "--encoding=UTF8", "--locale=C.UTF-8"], check=True, **quiet, **who.popen())
    rules = f"local all postgres trust\nhostssl all all {ipaddress.ip_network('127.0.0.1')} cert\n"
    (data / "pg_hba.conf").write_text(rules, encoding="ascii")
    parameters = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": str(data),
        "fsync": "off",
        "ssl": "on",
        "ssl_ca_file": certificates.path("root.crt"),
        "ssl_cert_file": certificates.path("server.crt"),
        "ssl_key_file": certificates.path("server.key"),
    }
    arguments = [part for name, value in parameters.items() for part in ("-c", f"{name}={value}")]
    running = subprocess.Popen(
        [str(program("postgres")), "-D", str(data), *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        **who.popen(),
    )
    server = Server(port, data, who, certificates)
    psql = [str(program("psql")), "--no-psqlrc", "-qXh", str(data), "-p", str(port), "-U", "postgres"]
    try:
        assert wait_for(lambda: subprocess.run([*psql, "-c", ""], check=False, **quiet).returncode == 0)
        for statement in ("CREATE ROLE crm LOGIN CREATEROLE", "CREATE DATABASE ohmatdyt OWNER crm"):
            subprocess.run([*psql, "-c", statement], check=True, **quiet)
        yield server
    finally:
        running.send_signal(2)
        running.wait(20)


@contextmanager
def pgbouncer(folder: Path, server: Server, *, user: str, ignored: str = "") -> Iterator[int]:
    """A PgBouncer in front of the server, in session mode; gives the port. `ignored`: what it is told to swallow."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    users = folder / "users.txt"
    users.write_text(f'"{user}" ""\n', encoding="ascii")
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        "[databases]\n"
        f"* = host={server.socket_dir} port={server.port} user={user}\n"
        "[pgbouncer]\n"
        f"listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
        f"auth_type = any\nauth_file = {users}\npool_mode = session\n"
        f"ignore_startup_parameters = {ignored}\n",
        encoding="ascii",
    )
    for path in (folder, users, settings):
        server.who.own(path)
    identity.let_in(server.who, folder)
    environment = {"PATH": os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin"}
    running = subprocess.Popen(
        ["pgbouncer", "-q", str(settings)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **server.who.popen(),
    )
    try:
        yield port
    finally:
        running.terminate()
        running.wait(20)
