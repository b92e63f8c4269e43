"""`make migrations`: squawk looks for what would lock people out while a migration runs.

The first migrations meet an empty database, where nothing can wait; they are read for mistakes only. Every later one is
held to all rules but those against the transaction it runs in (migrations/env.py: one transaction each, a lock
timeout). A statement that is right all the same carries `-- squawk-ignore RULE` and why.
"""

import ast
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VERSIONS = ROOT / "ohmatdyt/migrations/versions"
FIRST = "20261122"  # the day on which the database was empty everywhere

_BLANK = re.compile(r"%[(s]|\{[a-z_]+\}")
_OF_OUR_TRANSACTION = {"prefer-robust-stmts", "require-timeout-settings", "transaction-nesting"}
# Harmless on tables nobody has rows in; sizes and kinds of columns are decided in docs/architecture.md, not here.
_OF_EMPTY_TABLES = {
    "adding-foreign-key-constraint", "adding-required-field", "adding-serial-primary-key-field", "ban-drop-column",
    "adding-field-with-default", "adding-not-nullable-field", "changing-column-type", "constraint-missing-not-valid",
    "disallowed-unique-constraint", "prefer-bigint-over-int", "prefer-bigint-over-smallint",
    "require-concurrent-index-creation", "require-concurrent-index-deletion", "ban-drop-constraint",
    "require-enum-value-ordering", "ban-drop-table", "renaming-column", "renaming-table",
}  # fmt: skip
_ALSO_LATER = {"prefer-bigint-over-int"}


def statements(path: Path) -> str:
    """Every piece of SQL that a migration holds: its named texts and what it hands to execute."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = [node.value for node in tree.body if isinstance(node, ast.Assign)]
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    handed = [part for call in calls if getattr(call.func, "attr", "") == "execute" for part in call.args]
    texts = [node.value for node in (*named, *handed) if isinstance(node, ast.Constant)]
    # A text with blanks to be filled in is no statement yet; what is made of it runs once, in the tests at the latest.
    sql = [
        text.strip() for text in texts if isinstance(text, str) and " " in text and not _BLANK.search(text)
    ]
    return "\n".join(text if text.endswith(";") else f"{text};" for text in sql) + "\n"


def main() -> int:
    """Entry point; 1 when squawk has found something."""
    squawk = Path(sys.executable).with_name("squawk")
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        for path in sorted(VERSIONS.glob("*.py")):
            text = Path(name) / f"{path.stem}.sql"
            text.write_text(statements(path), encoding="utf-8")
            spared = _OF_OUR_TRANSACTION | (_OF_EMPTY_TABLES if path.name.startswith(FIRST) else _ALSO_LATER)
            options = [
                "--pg-version=16.0",
                "--assume-in-transaction",
                f"--exclude={','.join(sorted(spared))}",
            ]
            done = subprocess.run(
                [squawk, *options, text.name], cwd=name, check=False, capture_output=True, text=True
            )
            if done.returncode != 0:
                wrong = 1
                sys.stderr.write(f"{path.relative_to(ROOT)}:\n{done.stdout}{done.stderr}")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
