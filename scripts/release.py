"""`make release`: what a hospital installs from, in dist/: no Node, no build and, with the images, no internet.

`ohmatdyt-VERSION.tar.gz` has the wheel (the web interface is in it), the locked requirements, the compose files, nginx,
systemd, the documents and `update.sh`. `ohmatdyt-images-VERSION.tar.gz` has every image of compose.prod.yml for `docker
load`; IMAGES names the digests they were made from. Without a container engine it is not made, and that is said.
"""

import gzip
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path

from scripts.images.engine import Engine, ImagesError

ROOT = Path(__file__).resolve().parent.parent
# What an installation needs beside the program.
TAKEN = (
    "requirements.lock", "compose.yml", "compose.prod.yml", ".env.example", ".env.prod.example", "CHANGELOG.md",
    "LICENSE", "README.md", "deploy/nginx", "deploy/postgres", "deploy/systemd", "deploy/certificates",
    "deploy/monitoring", "scripts/update.sh", "docs",
)  # fmt: skip


def version() -> str:
    """The one place that says it."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


def bundle(target: Path) -> Path:
    """The folder that is unpacked on a server, packed; returns where it is. Raises when the interface is not built."""
    if not (ROOT / "ohmatdyt/web/index.html").is_file():
        raise ImagesError("the web interface is not built: make build-web")
    name = f"ohmatdyt-{version()}"
    folder = target / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    for taken in TAKEN:
        origin, place = ROOT / taken, folder / taken
        place.parent.mkdir(parents=True, exist_ok=True)
        if origin.is_dir():
            shutil.copytree(origin, place)
        else:
            shutil.copy2(origin, place)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder)}\n" for path in files
    ]
    (folder / "SHA256SUMS").write_text("".join(sums))
    packed = target / f"{name}.tar.gz"
    with tarfile.open(packed, "w:gz") as tar:
        tar.add(folder, name)
    shutil.rmtree(folder)
    return packed


def images(engine: Engine, target: Path, tag: str) -> Path:
    """Every image that compose.prod.yml runs without certbot, in one file for `docker load`."""
    target.mkdir(parents=True, exist_ok=True)
    engine.env["VERSION"] = tag
    blank = dict.fromkeys(
        ("POSTGRES_PASSWORD", "APP_DB_PASSWORD", "REDIS_PASSWORD", "SECRET_KEY", "PUBLIC_URL", "TLS_DIR"), "x"
    )
    engine.env |= {name: engine.env.get(name, text) for name, text in blank.items()}
    files = (
        "--env-file",
        os.devnull,
        "--file",
        str(ROOT / "compose.yml"),
        "--file",
        str(ROOT / "compose.prod.yml"),
    )
    names = sorted(set(engine.run("compose", *files, "config", "--images").stdout.split()))
    shown = "{{.Id}} {{json .RepoDigests}}"
    told = [
        f"{name} {engine.run('image', 'inspect', '--format', shown, name).stdout.strip()}\n" for name in names
    ]
    (target / "IMAGES").write_text("".join(told))
    packed = target / f"ohmatdyt-images-{tag}.tar.gz"
    with (
        subprocess.Popen(
            ["nice", "-n", "5", "docker", "save", *names], env=engine.env, stdout=subprocess.PIPE
        ) as saving,
        gzip.open(packed, "wb", compresslevel=6) as file,
    ):
        shutil.copyfileobj(saving.stdout, file, 1 << 20)  # type: ignore[arg-type]
    if saving.returncode != 0:
        raise ImagesError(f"docker save ended with {saving.returncode}")
    return packed


def main() -> int:
    """Entry point."""
    target = ROOT / "dist"
    try:
        print(f"  {bundle(target).relative_to(ROOT)}")
        engine = Engine(target)
        if not engine.find():
            print("  images: NOT made, no container engine with Compose answers here", file=sys.stderr)
            return 1
        files = ("--env-file", os.devnull, "--file", str(ROOT / "compose.yml"))
        engine.env |= {
            "VERSION": version(),
            "POSTGRES_PASSWORD": "x",
            "APP_DB_PASSWORD": "x",
            "REDIS_PASSWORD": "x",
            "SECRET_KEY": "x",
        }
        engine.run("compose", *files, "build", "--pull", "api", "frontend")
        engine.run("compose", *files, "pull", "db", "redis")
        print(f"  {images(engine, target, version()).relative_to(ROOT)}")
    except ImagesError as error:
        print(f"FAILED: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
