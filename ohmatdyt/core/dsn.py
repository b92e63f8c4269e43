"""DATABASE_URL, read once for everybody: the driver, SQLAlchemy above it, and PostgreSQL's own programs.

What may stand in it is what libpq understands (PostgreSQL 18 documentation, 32.1.1.2 and 32.1.2), so that one address
means the same to the product, to pg_dump and to an administrator's psql.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

_SCHEMES = {"postgres", "postgresql", "postgresql+asyncpg"}
_SHAPE = "має мати вигляд postgresql://користувач:пароль@сервер:5432/назва_бази"
_HOST = re.compile(r"(\[[0-9A-Fa-f:.%]+\]|[^:\[\]]*)(?::(\d+))?")
_PORT = 5432

_VARIABLES = {
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}
_CHOICES = {
    "sslmode": ("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
    "target_session_attrs": ("any", "read-write", "primary"),
}
_FILES = ("sslrootcert", "sslcert", "sslkey")
# Where libpq and the driver look when `sslrootcert` is not given.
_USUAL_ROOTS = Path("~/.postgresql/root.crt")

Host = tuple[str, int]


@dataclass(frozen=True, slots=True, repr=False)
class Dsn:
    """One database: its servers in the order in which they are tried, who signs in, how the connection is protected."""

    hosts: tuple[Host, ...]
    user: str
    password: str
    database: str
    options: dict[str, str]

    @classmethod
    def parse(cls, url: str) -> "Dsn":
        """Read an address. Raises ValueError with a sentence, in Ukrainian, about what is wrong in it."""
        parts = urlsplit(url)
        database = unquote(parts.path.strip("/"))
        if parts.scheme not in _SCHEMES or not database:
            raise ValueError(_SHAPE)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        if "ssl" in query:  # as SQLAlchemy's documentation calls it
            query.setdefault("sslmode", query.pop("ssl"))
        credentials, _, servers = parts.netloc.rpartition("@")
        user, _, password = credentials.partition(":")
        hosts = _hosts(query.pop("host", "") or unquote(servers), query.pop("port", ""))
        user, password = query.pop("user", unquote(user)), query.pop("password", unquote(password))
        return cls(hosts, user, password, database, _checked(query))

    @property
    def network(self) -> bool:
        """Whether a server is reached over the network, and not by a socket's file."""
        return any(not host.startswith("/") for host, _ in self.hosts)

    @property
    def encrypted(self) -> bool:
        """Whether only an encrypted connection will do."""
        return self.options.get("sslmode") in {"require", "verify-ca", "verify-full"}

    def protection(self) -> str:
        """The options alone as an address of their own, for a driver that is told everything else by name."""
        return f"postgresql:///?{urlencode(self.options)}" if self.options else "postgresql:///"

    def environment(self, host: Host | None = None) -> dict[str, str]:
        """The same for PostgreSQL's own programs, of `host` alone if one is given. By environment, because a command
        line is visible to everybody on the machine."""
        hosts = (host,) if host else self.hosts
        values = {
            "PGHOST": ",".join(name for name, _ in hosts),
            "PGPORT": ",".join(str(port) for _, port in hosts),
            "PGUSER": self.user,
            "PGPASSWORD": self.password,
            "PGDATABASE": self.database,
        }
        values |= {variable: self.options.get(name, "") for name, variable in _VARIABLES.items()}
        return {name: text for name, text in values.items() if text}


def _hosts(servers: str, ports: str) -> tuple[Host, ...]:
    names, numbers = [], []
    for server in servers.split(","):
        if server.startswith("/"):
            names.append(server)
            numbers.append("")
            continue
        found = _HOST.fullmatch(server)
        if not found:
            raise ValueError(f"«{server}» не є сервером; {_SHAPE}")
        names.append(found[1].strip("[]") or "localhost")
        numbers.append(found[2] or "")
    given = ports.split(",") if ports else []
    if given and len(given) not in {1, len(names)}:
        raise ValueError(f"серверів {len(names)}, а портів {len(given)}: кожному серверові свій порт")
    if given:
        numbers = given * len(names) if len(given) == 1 else given
    return tuple(zip(names, (_port(number) for number in numbers), strict=True))


def _port(number: str) -> int:
    port = int(number) if number.isdecimal() else (0 if number else _PORT)
    if not 0 < port < 65536:
        raise ValueError(f"порт «{number}» має бути числом від 1 до 65535")
    return port


def _checked(query: dict[str, str]) -> dict[str, str]:
    for name, text in query.items():
        if name not in _VARIABLES:
            known = ", ".join(_VARIABLES)
            raise ValueError(f"програма не знає параметра «{name}» (знає: {known}); вилучіть його")
        if name in _CHOICES and text not in _CHOICES[name]:
            raise ValueError(f"{name} має бути одним із: {', '.join(_CHOICES[name])}")
        if name in _FILES and not Path(text).expanduser().is_file():
            raise ValueError(f"{name}: немає файлу «{text}»")
    if (
        query.get("sslmode", "").startswith("verify")
        and "sslrootcert" not in query
        and not _USUAL_ROOTS.expanduser().is_file()
    ):
        raise ValueError(
            f"sslmode={query['sslmode']} потребує sslrootcert=файл кореневого сертифіката сервера бази "
            "(для загальновідомих центрів на Debian: /etc/ssl/certs/ca-certificates.crt)"
        )
    return query
