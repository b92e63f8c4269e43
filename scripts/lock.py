"""Write the lock files from pyproject.toml, or (`--check`) say whether they are still its own.

A lock holds exact versions and hashes for every platform, and no address: it is the same whatever registry or
mirror made it. Its first line carries a digest of what was asked for, so a stale lock is found offline.
"""

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = Path(sys.executable).with_name("uv")
MARK = "# asked for: sha256:"
COMMON = (
    "--universal",
    "--generate-hashes",
    "--no-header",
    "--no-annotate",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--python-version=3.11",
    "--quiet",
)


def wishes() -> dict[str, list[str]]:
    """What each lock must satisfy, by its file name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    needed = project["project"]["dependencies"]
    return {
        "requirements.lock": needed,
        "requirements-dev.lock": [*needed, *project["dependency-groups"]["dev"]],
        # What installs the rest: itself installed by pip, with hashes.
        "requirements-build.lock": [*project["build-system"]["requires"], "editables", "uv"],
    }


def digest(wanted: list[str]) -> str:
    """The same for the same wishes, in any order."""
    return hashlib.sha256(json.dumps(sorted(wanted)).encode()).hexdigest()


def problems() -> list[str]:
    """Each lock that does not belong to the present pyproject.toml, or that names an address."""
    found = []
    for name, wanted in wishes().items():
        path = ROOT / name
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        if not text.startswith(f"{MARK}{digest(wanted)}\n"):
            found.append(f"{name} is older than pyproject.toml: run `make lock`")
        if re.search(r"\w+://|^-|^\s*--(?!hash=)", text, re.MULTILINE):
            found.append(f"{name} names an address or an option: run `make lock`")
    return found


def write(*, upgrade: bool) -> None:
    """Resolve anew; versions already locked stay, unless `upgrade`."""
    for name, wanted in wishes().items():
        path = ROOT / name
        wishes_file = path.with_suffix(".in")
        wishes_file.write_text("\n".join(wanted) + "\n", encoding="utf-8")
        # The tools see the same versions of the runtime as the product does.
        same = ["--constraint", "requirements.lock"] if name == "requirements-dev.lock" else []
        more = ["--upgrade"] if upgrade else []
        command = [str(UV), "pip", "compile", wishes_file.name, "--output-file", name, *COMMON, *same, *more]
        try:
            subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        finally:
            wishes_file.unlink()
        text = path.read_text(encoding="utf-8")
        path.write_text(f"{MARK}{digest(wanted)}\n{text}", encoding="utf-8")
        print(f"{name}: {text.count('==')} packages")


def main() -> int:
    """Entry point."""
    if "--check" in sys.argv:
        found = problems()
        print("\n".join(found) or "lock files belong to pyproject.toml")
        return bool(found)
    write(upgrade="--upgrade" in sys.argv)
    return bool(problems())


if __name__ == "__main__":
    sys.exit(main())
