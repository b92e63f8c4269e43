"""The steps of an image file, carried out here: what does not run on this machine would not have built there either.

No container engine is needed. The whole, with one, is `make images`.
"""

import re
import shlex
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from scripts import release

ROOT = Path(__file__).resolve().parents[2]
API = ROOT / "deploy/images/api.Dockerfile"


@dataclass
class Step:
    """One instruction of a stage: `RUN`, its text without options."""

    name: str
    text: str


def stage(image: Path, name: str) -> list[Step]:
    """The instructions of one stage, in order, long lines joined."""
    text = re.sub(r"^\s*#.*\n", "", image.read_text(encoding="utf-8"), flags=re.MULTILINE)
    text = re.sub(r"\\\n\s*", "", text)
    found = re.search(rf"^FROM \S+ AS {name}\n(.*?)(?=^FROM |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"{image.name} has no stage {name}"
    lines = [line.split(" ", 1) for line in found[1].splitlines() if line.strip()]
    return [Step(first, re.sub(r"--mount=\S+ ", "", rest)) for first, rest in lines]


def _copy(text: str, folder: Path) -> None:
    *sources, target = [word for word in shlex.split(text) if not word.startswith("--from=")]
    for source in sources:
        # From another stage: the built web interface, which `make setup` made by the same commands.
        origin = ROOT / source.removeprefix("/build/")
        place = folder / target
        if origin.is_dir():
            leave = shutil.ignore_patterns("__pycache__", "*.pyc", "web")
            shutil.copytree(origin, place, ignore=leave if origin.name == "ohmatdyt" else None)
        else:
            shutil.copy(origin, place / origin.name if place.is_dir() else place)


def carry_out(steps: list[Step], folder: Path) -> None:
    """Run the steps with `folder` as the root of the file system, under the shell that an engine takes."""
    (folder / "opt").mkdir()
    # The tools that build: `make setup` installed them here from the same lock file.
    (folder / "opt/build").symlink_to(Path(sys.executable).parents[1])
    here = folder
    for step in steps:
        if step.name == "WORKDIR":
            here = folder / step.text.lstrip("/")
            here.mkdir(parents=True)
        elif step.name == "COPY":
            _copy(step.text, here)
        elif step.name == "RUN" and "requirements-build.lock" not in step.text:
            command = step.text.replace("/opt/", f"{folder}/opt/")
            path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
            done = subprocess.run(
                ["/usr/bin/env", f"PATH={path}", "/bin/sh", "-c", command],
                cwd=here, capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert done.returncode == 0, f"RUN {step.text}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"


def test_the_image_of_the_program_builds_and_the_program_in_it_starts(tmp_path: Path) -> None:
    """Also the wheel of a release: installed without this tree, Node or the tools, the web interface inside."""
    carry_out(stage(API, "build"), tmp_path)
    program = tmp_path / "opt/ohmatdyt/bin/ohmatdyt"
    empty = tmp_path / "empty"
    empty.mkdir()
    said = subprocess.run([program, "--help"], cwd=empty, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert "create-admin" in said.stdout
    installed = next((tmp_path / "opt/ohmatdyt/lib").glob("python3.*")) / "site-packages/ohmatdyt"
    assert (installed / "web/index.html").is_file()
    assert list(installed.glob("__pycache__/*.pyc")), "the program's own files are compiled beforehand too"


def test_a_release_holds_all_that_its_documents_name(tmp_path: Path) -> None:
    packed = release.bundle(tmp_path)
    with tarfile.open(packed) as tar:
        tar.extractall(tmp_path / "server", filter="data")
    folder = next((tmp_path / "server").iterdir())
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        assert "ohmatdyt/web/index.html" in wheel.namelist()
    checked = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folder, check=False)
    assert checked.returncode == 0
    text = (folder / "docs/installation.md").read_text(encoding="utf-8")
    section = text.split("## Сервер без Docker", 1)[1].split("\n## ", 1)[0]
    named = set(re.findall(r"(?:deploy|scripts)/[\w./-]*\w", section))
    for file in ("compose.yml", "compose.prod.yml"):
        named |= set(re.findall(r"\./([\w./-]+):", (folder / file).read_text(encoding="utf-8")))
    assert len(named) > 3
    for name in named:
        assert (folder / name).exists(), name
    assert (folder / "scripts/update.sh").stat().st_mode & 0o111
