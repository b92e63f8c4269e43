"""An installation by the compose files, as an administrator has it: its .env, its certificate, its commands."""

import json
import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path

from scripts.front import certificate
from scripts.images.engine import Engine, ImagesError

ROOT = Path(__file__).resolve().parents[2]
ADMIN = "golova"
_PATIENCE_S = 240


class Installation:
    """`compose.yml` and `compose.prod.yml` with ports that nobody else has."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine, self.folder = engine, folder
        self.password = f"{secrets.token_urlsafe(18)}-7a"
        self.version = "local"
        self.tls = folder / "tls"
        self.tls.mkdir(parents=True, exist_ok=True)
        certificate(self.tls)
        self.env_file = folder / "env"
        self.env_file.touch(mode=0o600)
        lines = {
            "APP_ENV": "production",
            "PUBLIC_URL": "https://crm.example.org",
            "SECRET_KEY": secrets.token_urlsafe(48),
            "POSTGRES_PASSWORD": secrets.token_hex(24),
            "APP_DB_PASSWORD": secrets.token_hex(24),
            "REDIS_PASSWORD": secrets.token_hex(24),
            "TLS_DIR": str(self.tls),
            # As .env.prod.example has them for a server without Docker: none may reach a container.
            "HOST": "127.0.0.1",
            "WORKERS": "2",
            "DATA_DIR": "/var/lib/ohmatdyt",
        }
        self.env_file.write_text("".join(f"{name}={text}\n" for name, text in lines.items()))
        self.files = [ROOT / "compose.yml", ROOT / "compose.prod.yml", self._overlay()]

    def _overlay(self) -> Path:
        """Own ports; and how this machine reaches package registries, as secrets that no image keeps."""
        authority = os.environ.get("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt")
        inside = "/run/secrets/authority"
        registries = self.folder / "registries"
        names = ("SSL_CERT_FILE", "PIP_CERT", "NODE_EXTRA_CA_CERTS", "NPM_CONFIG_CAFILE")
        lines = [f"export {name}={inside}\n" for name in names]
        ways = ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "NPM_CONFIG_REGISTRY", "HTTPS_PROXY", "NO_PROXY")
        lines += [f"export {name}='{os.environ[name]}'\n" for name in ways if os.environ.get(name)]
        registries.touch(mode=0o600)
        registries.write_text("".join(lines))
        overlay = self.folder / "overlay.yml"
        build = "{build: {secrets: [registries, authority]}}"
        overlay.write_text(
            f"services:\n  api: {build}\n  frontend: {build}\n"
            '  nginx: {ports: !override ["127.0.0.1:18443:8443"]}\n'
            f"secrets:\n  registries: {{file: {registries}}}\n  authority: {{file: {authority}}}\n"
        )
        return overlay

    def compose(self, *arguments: str, check: bool = True, stdin: str | None = None) -> str:
        """`docker compose …`; its output."""
        files = [part for file in self.files for part in ("--file", str(file))]
        where = ("--project-name", "ohmatdyt", "--env-file", str(self.env_file))
        self.engine.env["VERSION"] = self.version
        return self.engine.run("compose", *where, *files, *arguments, check=check, input=stdin).stdout

    def up(self) -> None:
        """As the documents say; when it fails, with what the program said."""
        try:
            self.compose("up", "--detach", "--no-build")
        except ImagesError as error:
            said = self.compose("logs", "--tail", "25", "migrate", "api", check=False)
            raise ImagesError(f"{str(error)[-300:]}\n{said}") from None

    def wait(self, what: str, truth: Callable[[], bool]) -> None:
        """Until it is so; raises `ImagesError` when it never is."""
        deadline = time.monotonic() + _PATIENCE_S
        while not truth():
            if time.monotonic() > deadline:
                table = self.compose(
                    "ps", "--all", "--format", "table {{.Service}}\t{{.Status}}", check=False
                )
                said = self.compose("logs", "--tail", "15", check=False)
                raise ImagesError(f"{what}: not within {_PATIENCE_S} s\n{table}\n{said}")
            time.sleep(1)

    def health(self, service: str) -> str:
        """`healthy`, `unhealthy`, `starting`; empty while there is no container."""
        return self.compose("ps", "--format", "{{.Health}}", service, check=False).strip()

    def wait_healthy(self) -> None:
        """Until nginx and every API process say so."""
        self.wait("nginx is healthy", lambda: self.health("nginx") == "healthy")
        self.wait("the API is healthy", lambda: set(self.health("api").split()) == {"healthy"})

    def container(self, service: str) -> str:
        """The id of the first container of a service."""
        return self.compose("ps", "--all", "--quiet", service).split()[0]

    @property
    def url(self) -> str:
        """nginx as another machine of its network reaches it: no proxy of the engine's is in between."""
        shown = self.engine.run(
            "inspect", "--format", "{{json .NetworkSettings.Networks}}", self.container("nginx")
        )
        networks = json.loads(shown.stdout)
        return f"https://{networks['ohmatdyt_outside']['IPAddress']}:8443"

    def command(self, service: str, *arguments: str, check: bool = True, stdin: str | None = None) -> str:
        """`ohmatdyt …` in a container."""
        return self.compose("exec", "--no-TTY", service, "ohmatdyt", *arguments, check=check, stdin=stdin)

    def count(self, table: str) -> int:
        """Rows of a table."""
        sql = f"SELECT count(*) FROM {table}"
        query = (
            "psql",
            "--username=ohmatdyt",
            "--dbname=ohmatdyt",
            "--tuples-only",
            "--no-align",
            "--command",
            sql,
        )
        return int(self.compose("exec", "--no-TTY", "db", *query))
