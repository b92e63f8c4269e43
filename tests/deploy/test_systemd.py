"""The units of a server without containers, carried out here with other paths: nginx as they start it really serves."""

import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from scripts.front import certificate
from scripts.topology import free_port

ROOT = Path(__file__).resolve().parents[2]
UNITS = sorted((ROOT / "deploy/systemd").glob("*.service"))


def lines(unit: Path, name: str) -> list[str]:
    """What a unit says under a name, in order."""
    return re.findall(rf"^{name}=(.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_the_program_knows_what_its_units_call(unit: Path) -> None:
    program = [sys.executable, "-m", "ohmatdyt.cli"]
    for command in lines(unit, "ExecStart"):
        path, *arguments = shlex.split(command)
        if path.endswith("/ohmatdyt"):
            said = subprocess.run([*program, *arguments, "--help"], capture_output=True, check=False)
            assert said.returncode == 0, said.stderr
    assert lines(unit, "Restart") == ["always"]
    installation = (ROOT / "docs/installation.md").read_text(encoding="utf-8")
    assert unit.stem in installation


def test_nginx_of_the_unit_serves_what_was_installed(tmp_path: Path) -> None:
    unit = ROOT / "deploy/systemd/ohmatdyt-nginx.service"
    run, port, plain = tmp_path / "run", free_port(), free_port()
    tmp_path.chmod(0o755)
    certificate(tmp_path)
    page = ROOT / "ohmatdyt/web/index.html"
    assert page.is_file(), "make build-web"
    nginx = subprocess.run(
        [ROOT / "scripts/ensure_nginx.sh"], capture_output=True, text=True, check=True
    ).stdout.strip()
    env = {
        "PATH": os.environ["PATH"],
        "OHMATDYT_PYTHON": sys.executable,
        "NGINX": nginx,
        "LISTEN": f"127.0.0.1:{plain}",
        "LISTEN_TLS": f"127.0.0.1:{port}",
        "TLS_CERTIFICATE": str(tmp_path / "fullchain.pem"),
        "TLS_KEY": str(tmp_path / "privkey.pem"),
    }
    env |= dict(line.split("=", 1) for line in lines(unit, "Environment"))

    def command(line: str) -> list[str]:
        for there, here in (
            ("/opt/ohmatdyt", ROOT),
            ("/run/ohmatdyt-nginx", run),
            ("/usr/sbin/nginx", nginx),
        ):
            line = line.replace(there, str(here))
        # Who is not root cannot work as somebody else, and has no journal to write to.
        account = "www-data" if os.geteuid() == 0 else ""
        return shlex.split(line.replace("user www-data;", f"user {account};" if account else ""))

    if not Path("/dev/log").exists():
        env["ACCESS_LOG"] = str(tmp_path / "access.log")
    for line in lines(unit, "ExecStartPre"):
        done = subprocess.run(command(line), env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "deprecated" not in done.stderr
    with subprocess.Popen(command(lines(unit, "ExecStart")[0]), env=env) as process:
        try:
            with httpx.Client(verify=False, trust_env=False) as client:
                deadline = time.monotonic() + 20
                while True:
                    try:
                        answer = client.get(f"https://127.0.0.1:{port}/")
                        break
                    except httpx.TransportError:
                        assert time.monotonic() < deadline
                        assert process.poll() is None
                        time.sleep(0.05)
                assert answer.text == page.read_text(encoding="utf-8")
                assert client.get(f"http://127.0.0.1:{plain}/cases").status_code == 308
                for line in lines(unit, "ExecReload")[:-1]:
                    subprocess.run(command(line), env=env, check=True)
                process.send_signal(1)  # what systemd sends for `reload`
                time.sleep(0.3)
                assert client.get(f"https://127.0.0.1:{port}/cases").status_code == 200
        finally:
            process.terminate()


def test_values_without_containers_are_those_of_the_image() -> None:
    image = (ROOT / "deploy/images/web.Dockerfile").read_text(encoding="utf-8")
    render = (ROOT / "deploy/nginx/render.sh").read_text(encoding="utf-8")
    of_image = dict(re.findall(r"^\s+([A-Z_]+)=(\S+?)(?: \\)?$", image, re.MULTILINE))
    for name in ("UPLOAD_LIMIT", "CALLER_RATE", "ADDRESS_RATE"):
        assert f'"${{{name}:={of_image[name]}}}"' in render, name
    templates = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "deploy/nginx").rglob("*.template")
    )
    for name in set(re.findall(r"\$\{([A-Z_]+)\}", templates)):
        assert f"{name}:=" in render or f"{name}=" in render, f"render.sh gives no {name}"
