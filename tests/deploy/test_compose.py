"""Compose files and image files are checked against the tree: what they copy, mount, set and ask for exists."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from ohmatdyt.core.embedded import cluster
from ohmatdyt.core.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
FILES = ("compose.yml", "compose.prod.yml", "compose.dev.yml")
IMAGES = sorted((ROOT / "deploy/images").glob("*.Dockerfile"))
SETTINGS = {name.upper() for name in Settings.model_fields}
# What only the containers know: nginx's templates, PostgreSQL's and Redis's own, Python's.
OF_CONTAINERS = {
    "POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", "POSTGRES_INITDB_ARGS", "REDIS_PASSWORD", "PYTHONPATH",
    "LISTEN", "LISTEN_TLS", "WEB_ROOT", "NGINX_TRUSTED_PROXIES", "NGINX_ENVSUBST_TEMPLATE_DIR", "TLS_CERTIFICATE",
    "TLS_KEY", "ACME_ROOT", "API_ORIGIN",
}  # fmt: skip


class _Loader(yaml.SafeLoader):
    """Compose's own marks `!reset` and `!override` stand before ordinary values."""


def _plain(loader: yaml.SafeLoader, _suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    return None


_Loader.add_multi_constructor("!", _plain)


def compose(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load((ROOT / name).read_text(encoding="utf-8"), _Loader)
    return found


def asked_for(name: str) -> dict[str, str]:
    """Variables that Compose fills in, with what stands behind the name (`:?…`, `:-…` or nothing)."""
    text = re.sub(r"^\s*#.*$", "", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = re.findall(r"(?<!\$)\$\{([A-Z_]+)((?::[-?][^}]*)?)\}", text)
    return dict(found)


def documented(name: str) -> set[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return set(re.findall(r"^#? ?([A-Z0-9_]+)=", text, re.MULTILINE))


SERVICES = [(file, name) for file in FILES for name in compose(file)["services"]]


def test_the_promised_services_and_ports() -> None:
    services = compose("compose.yml")["services"]
    once = {"own-volumes", "migrate"}
    assert set(services) == {"db", "redis", "api", "worker", "wal", "beat", "frontend", "nginx"} | once
    ports = {name: one["ports"][0].rsplit(":", 2)[-2:] for name, one in services.items() if "ports" in one}
    assert ports["api"] == ["8000", "8000"]
    assert ports["frontend"] == ["3000", "3000"]
    assert services["nginx"]["ports"][0].endswith("${HTTP_PORT:-8080}:8080")
    assert {"db-data", "media", "static"} <= set(compose("compose.yml")["volumes"])


def test_database_and_redis_are_reached_by_nobody_outside() -> None:
    whole = compose("compose.yml")
    for name in ("db", "redis"):
        assert "ports" not in whole["services"][name]
        assert whole["services"][name]["networks"] == ["inside"]
    assert whole["networks"]["inside"]["internal"] is True
    assert "inside" not in whole["services"]["nginx"]["networks"]
    for overlay in FILES[1:]:
        assert not {"ports", "networks"} & set(compose(overlay)["services"].get("db", {}))


def test_no_row_gets_into_the_log_of_the_database() -> None:
    """The same settings as of the embedded one: they keep statements, parameters and rows at fault out."""
    command = " ".join(compose("compose.yml")["services"]["db"]["command"])
    for name, value in cluster.PARAMETERS.items():
        if name.startswith("log_") and name not in {"log_timezone", "log_min_messages"}:
            assert f"-c {name}={value}" in command


def test_start_is_ordered_and_the_schema_comes_once() -> None:
    services = compose("compose.yml")["services"]
    assert services["migrate"]["depends_on"]["db"]["condition"] == "service_healthy"
    assert services["migrate"]["restart"] == "no"
    for name in ("api", "worker", "beat"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
        assert services[name]["depends_on"]["redis"]["condition"] == "service_healthy"
    assert services["nginx"]["depends_on"]["api"]["condition"] == "service_healthy"


@pytest.mark.parametrize("name", list(compose("compose.yml")["services"]))
def test_every_service_is_bounded_and_watched(name: str) -> None:
    service = compose("compose.yml")["services"][name]
    assert "max-size" in service["logging"]["options"]
    assert "no-new-privileges:true" in service["security_opt"]
    if name not in {"own-volumes", "migrate"}:  # run for seconds
        limits = service["deploy"]["resources"]["limits"]
        assert {"cpus", "memory"} <= set(limits)
        assert service["restart"] == "unless-stopped"
    if name != "db":
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
    assert "healthcheck" in service or name in {"api", "nginx"}, "those two have it in their image"


@pytest.mark.parametrize(("file", "name"), SERVICES)
def test_every_name_set_is_known(file: str, name: str) -> None:
    environment = compose(file)["services"][name].get("environment") or {}
    assert set(environment) <= SETTINGS | OF_CONTAINERS


@pytest.mark.parametrize("file", FILES)
def test_every_variable_asked_for_is_explained(file: str) -> None:
    assert set(asked_for(file)) <= documented(".env.example") | {"VERSION"}


def test_no_secret_has_a_default() -> None:
    for file in FILES:
        for variable, rest in asked_for(file).items():
            if re.search("PASSWORD|SECRET|TOKEN", variable):
                assert rest.startswith(":?"), f"{file}: {variable} must be given"


@pytest.mark.parametrize(("file", "name"), SERVICES)
def test_every_path_mounted_or_built_is_there(file: str, name: str) -> None:
    whole = compose(file)
    service = whole["services"][name]
    volumes = {**(compose("compose.yml").get("volumes") or {}), **(whole.get("volumes") or {})}
    for mount in service.get("volumes") or []:
        source = re.sub(r"\$\{[^}]*\}", "VARIABLE", mount).split(":")[0]
        if source.startswith("."):
            assert (ROOT / source).exists(), mount
        else:
            assert source in volumes or source == "VARIABLE", mount
    build = service.get("build")
    if build:
        assert (ROOT / build["context"] / build["dockerfile"]).is_file()
    for network in service.get("networks") or []:
        assert network in compose("compose.yml")["networks"]


@pytest.mark.parametrize("image", IMAGES, ids=lambda path: path.name)
def test_every_path_copied_is_there_and_let_in(image: Path) -> None:
    ignore = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    let_in = [line[1:] for line in ignore if line.startswith("!")]
    for line in image.read_text(encoding="utf-8").splitlines():
        if not line.startswith("COPY") or "--from=" in line:
            continue
        for source in [word for word in shlex.split(line)[1:-1] if not word.startswith("--")]:
            assert (ROOT / source).exists(), f"{image.name}: {source}"
            assert any(source.rstrip("/").startswith(path) for path in let_in), (
                f".dockerignore hides {source}"
            )


@pytest.mark.parametrize("image", IMAGES, ids=lambda path: path.name)
def test_images_are_built_in_stages_and_do_not_run_as_root(image: Path) -> None:
    text = image.read_text(encoding="utf-8")
    stages = re.findall(r"^FROM (\S+)", text, re.MULTILINE)
    assert len(stages) > 1
    assert all(":" in stage and not stage.endswith(":latest") for stage in stages)
    assert "HEALTHCHECK" in text
    if "unprivileged" not in stages[-1]:
        last = text.rsplit("\nFROM ", 1)[1]
        assert re.search(r"^USER \d+", last, re.MULTILINE)


def test_variables_of_the_templates_are_set_somewhere() -> None:
    wanted: set[str] = set()
    for template in (ROOT / "deploy/nginx").rglob("*.template"):
        wanted |= set(re.findall(r"\$\{([A-Z_]+)\}", template.read_text(encoding="utf-8")))
    image = (ROOT / "deploy/images/web.Dockerfile").read_text(encoding="utf-8")
    of_image = set(re.findall(r"^(?:ENV|   ) ([A-Z_]+)=", image, re.MULTILINE))
    of_production = set(compose("compose.prod.yml")["services"]["nginx"]["environment"])
    assert wanted <= of_image | of_production, wanted - of_image - of_production


def test_attached_files_are_mounted_only_where_rights_are_checked() -> None:
    for file in FILES:
        for name, service in compose(file)["services"].items():
            if any(str(mount).startswith("media:") for mount in service.get("volumes") or []):
                assert name in {"own-volumes", "migrate", "api", "worker"}
