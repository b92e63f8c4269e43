"""What each container is given and what its shell scripts do: addresses, secrets, certificates, published builds."""

import os
import re
import stat
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from ohmatdyt.core import connection_budget
from ohmatdyt.core.settings import Settings, load_settings
from tests.deploy.test_compose import FILES, ROOT, compose, documented

SECRETS = {
    "POSTGRES_PASSWORD": {"db"},
    "REDIS_PASSWORD": {"redis"},
    "DATABASE_URL": {"migrate", "api", "worker", "wal"},
    "MIGRATION_DATABASE_URL": {"migrate", "worker"},  # never the API
    "REDIS_URL": {"api", "worker", "beat"},
    "SECRET_KEY": {"migrate", "api", "worker"},
    "SMTP_PASSWORD": {"worker"},
    "METRICS_TOKEN": {"api"},
    "TLS_KEY": {"nginx"},  # where it lies
}
# Theirs alone: a server without Docker, or what only the image says.
NOT_HANDED_ON = {"WORKERS"}


def environment(name: str) -> dict[str, Any]:
    """What a service gets, overlays for the internet included."""
    found: dict[str, Any] = {}
    for file in ("compose.yml", "compose.prod.yml"):
        found |= compose(file)["services"].get(name, {}).get("environment") or {}
    return found


def test_nginx_comes_to_the_api_from_the_network_that_is_believed() -> None:
    """Docker answers a name that several networks know with any of them; who calls is believed only from one."""
    image = (ROOT / "deploy/images/web.Dockerfile").read_text(encoding="utf-8")
    host = re.search(r'API_SERVERS="server ([a-z-]+):8000 resolve;"', image)
    assert host
    services = compose("compose.yml")["services"]
    assert host[1] not in services, "a service's name is known in all of its networks"
    for file in ("compose.yml", "compose.prod.yml"):
        networks = compose(file)["services"]["api"]["networks"]
        known = [name for name, one in networks.items() if host[1] in (one or {}).get("aliases", [])]
        assert known == ["edge"], file
    assert "edge" in services["nginx"]["networks"]
    subnet = compose("compose.yml")["networks"]["edge"]["ipam"]["config"][0]["subnet"]
    assert services["api"]["environment"]["TRUSTED_PROXIES"] == subnet


def test_in_production_the_api_has_no_way_out() -> None:
    networks = compose("compose.prod.yml")["services"]["api"]["networks"]
    assert all(compose("compose.yml")["networks"][name]["internal"] for name in networks)


def test_no_container_is_given_anothers_secret() -> None:
    for file in FILES:
        for name, service in compose(file)["services"].items():
            assert "env_file" not in service, f"{file}: {name} would get every secret there is"
            for variable in service.get("environment") or {}:
                if variable in SECRETS or re.search("(PASSWORD|SECRET|KEY|TOKEN)$", variable):
                    assert name in SECRETS.get(variable, ()), f"{file}: {name} has {variable}"


def test_every_setting_reaches_the_program() -> None:
    """What .env says counts: a new setting that nobody hands on would silently keep its default."""
    handed = set(environment("api")) | set(environment("worker"))
    missing = {name.upper() for name in Settings.model_fields} - handed - NOT_HANDED_ON
    assert not missing, f"compose.yml, x-settings: {sorted(missing)}"
    assert not NOT_HANDED_ON & handed


def test_replicas_fit_into_the_database_also_while_one_is_renewed() -> None:
    text = (ROOT / "compose.yml").read_text(encoding="utf-8")
    most = int(re.search(r"max_connections=\$\{DB_MAX_CONNECTIONS:-(\d+)\}", text)[1])  # type: ignore[index]
    production = (ROOT / "compose.prod.yml").read_text(encoding="utf-8")
    replicas = int(re.search(r"API_REPLICAS:-(\d+)\}", production)[1])  # type: ignore[index]
    assert _needed(replicas + 1, _with_redis()) <= most


def _needed(processes: int, settings: Settings) -> int:
    worker = connection_budget.of_worker(settings)
    return processes * connection_budget.of_process(settings) + worker + connection_budget.COMMANDS + 3


def _with_redis(**given: int) -> Settings:
    defaults = {
        name: Settings.model_fields[name].default for name in ("database_pool_size", "mail_connections")
    }
    return load_settings(app_env="test", redis_url="redis://redis", **{**defaults, **given})


@pytest.mark.parametrize(("pool", "mail"), [(10, 4), (25, 7)])
def test_the_update_counts_connections_as_the_program_does(pool: int, mail: int) -> None:
    script = (ROOT / "scripts/update.sh").read_text(encoding="utf-8")
    (counting,) = re.findall(r"^needed=.*$", script, re.MULTILINE)
    told = f"DATABASE_POOL_SIZE) echo {pool};; MAIL_CONNECTIONS) echo {mail};;"
    said = f'running=2; setting() {{ case "$1" in {told} esac; }}; {counting}; echo "$needed"'
    done = subprocess.run(["bash", "-c", said], capture_output=True, text=True, check=True)
    settings = _with_redis(database_pool_size=pool, mail_connections=mail)
    assert int(done.stdout) == _needed(3, settings)


def test_no_image_is_whatever_is_latest() -> None:
    for file in FILES:
        for name, service in compose(file)["services"].items():
            image = service.get("image", "")
            assert not image or re.search(r":(?!latest)[\w.{$]", image), f"{file}: {name} runs {image}"


def run(script: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", str(ROOT / script), *arguments],
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True, text=True, check=True, timeout=30,
    )  # fmt: skip


def test_a_renewed_key_stays_closed_to_others(tmp_path: Path) -> None:
    lineage, tls = tmp_path / "live", tmp_path / "tls"
    lineage.mkdir()
    tls.mkdir()
    for name in ("fullchain.pem", "privkey.pem"):
        (tmp_path / f"archived-{name}").write_text(name)
        (lineage / name).symlink_to(tmp_path / f"archived-{name}")
    (tls / "privkey.pem").write_text("old")
    run(
        "deploy/certificates/hand-over.sh",
        RENEWED_LINEAGE=str(lineage),
        TLS_TARGET=str(tls),
        TLS_GROUP=str(os.getgid()),
    )
    modes = {path.name: stat.S_IMODE(path.lstat().st_mode) for path in tls.iterdir()}
    assert modes == {"fullchain.pem": 0o644, "privkey.pem": 0o640}
    assert (tls / "privkey.pem").read_text() == "privkey.pem"


def test_a_missing_certificate_is_said_and_waited_for(tmp_path: Path) -> None:
    certificate, key = tmp_path / "fullchain.pem", tmp_path / "privkey.pem"
    certificate.write_text("certificate")
    key.touch()
    variables = {"TLS_CERTIFICATE": str(certificate), "TLS_KEY": str(key), "PATH": os.environ["PATH"]}
    script = ROOT / "deploy/nginx/entrypoint/10-certificate.sh"
    with subprocess.Popen(["/bin/sh", script], env=variables, stderr=subprocess.PIPE, text=True) as waiting:
        assert waiting.stderr
        assert "privkey.pem" in waiting.stderr.readline()
        assert waiting.poll() is None, "nginx would be started and end, over and over"
        key.write_text("key")
        assert waiting.wait(30) == 0
    run("deploy/nginx/entrypoint/10-certificate.sh")  # without HTTPS there is nothing to wait for


def test_parts_of_the_last_build_stay_and_old_ones_go(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    month = 31 * 86_400
    for number in range(4):
        # The build before has been served for more than a month when the next one comes.
        for path in site.rglob("*"):
            past = path.stat().st_mtime - month
            os.utime(path, (past, past))
        build = tmp_path / f"build-{number}"
        build.mkdir()
        (build / "version.json").write_text(str(number))
        (build / f"part-{number}.js").write_text("part")
        run("deploy/nginx/publish-web.sh", str(build), str(site))
        time.sleep(0.02)
        run("deploy/nginx/publish-web.sh", str(build), str(site))  # a restart changes nothing
    assert {path.name for path in site.glob("part-*")} == {"part-2.js", "part-3.js"}


def test_variables_of_containers_are_documented() -> None:
    assert "DB_MAX_CONNECTIONS" in documented(".env.example")
