"""Refuse a source file that has outgrown its reader: 300 lines of Python, 250 of TypeScript."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMITS = {".py": 300, ".ts": 250, ".tsx": 250}
# Written by a program, or a record of the past that nobody edits.
EXEMPT = (".gen.ts", "next-env.d.ts")
EXEMPT_FOLDERS = ("ohmatdyt/migrations/versions/",)


def main() -> int:
    """Look at every file git knows or would add."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    too_long = []
    for name in listing.stdout.splitlines():
        path = ROOT / name
        limit = LIMITS.get(path.suffix)
        if limit is None or name.endswith(EXEMPT) or name.startswith(EXEMPT_FOLDERS) or not path.is_file():
            continue
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines >= limit:
            too_long.append(f"{name}: {lines} lines, fewer than {limit} allowed: split it by what it does")
    print("\n".join(too_long) or "no file is too long")
    return bool(too_long)


if __name__ == "__main__":
    sys.exit(main())
