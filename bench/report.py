"""Results as JSON and as a table people read."""

import json
import os
import platform
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.load import Outcome

RESULTS = Path("bench/results")


@dataclass(frozen=True)
class Figure:
    """One measurement."""

    cases: int
    users: int
    scenario: str
    server: str
    per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    errors: dict[str, int]

    @classmethod
    def of(cls, outcome: Outcome, *, cases: int, users: int, scenario: str, server: str) -> "Figure":
        """The figures of an outcome."""
        p50, p95, p99 = (round(outcome.percentile(share), 2) for share in (0.5, 0.95, 0.99))
        return cls(
            cases, users, scenario, server, round(outcome.throughput, 1), p50, p95, p99, outcome.errors
        )


def machine() -> dict[str, Any]:
    """Where it was measured."""
    model = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []:
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    return {
        "cpu": model,
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load_before": [round(one, 2) for one in os.getloadavg()],
    }


def table(figures: list[Figure]) -> str:
    """A Markdown table: the product with its ratio to the baselines; growth against the smallest database."""
    by_key = {(one.cases, one.users, one.scenario, one.server): one for one in figures}
    smallest = min(one.cases for one in figures)
    titles = (
        "cases, users, scenario, req/s, p50 ms, p95 ms, p99 ms, errors, of the statement, of bare rows, of fixed bytes,"
        " p50 growth"
    )
    lines = ["| " + titles.replace(", ", " | ") + " |", "|--:|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"]
    for one in figures:
        if one.server != "product":
            continue
        key = (one.cases, one.users, one.scenario)
        sql, fixed = by_key.get((*key, "sql")), by_key.get((*key, "bytes"))
        same = by_key.get((*key, "same"), sql)
        ratios = [_ratio(one.per_second, other) for other in (same, sql, fixed)]
        first = by_key.get((smallest, one.users, one.scenario, "product"))
        growth = (
            f"{one.p50_ms / first.p50_ms:.2f}" if first and first.p50_ms and one.cases != smallest else ""
        )
        times = " | ".join(f"{ms:.1f}" for ms in (one.p50_ms, one.p95_ms, one.p99_ms))
        cells = [one.cases, one.users, one.scenario, f"{one.per_second:.0f}", times, sum(one.errors.values())]
        lines.append("| " + " | ".join(str(cell) for cell in [*cells, *ratios, growth]) + " |")
    return "\n".join(lines) + "\n"


def _ratio(value: float, other: Figure | None) -> str:
    return f"{value / other.per_second:.0%}" if other and other.per_second else ""


def write(name: str, figures: list[Figure], running: dict[str, Any]) -> Path:
    """Write `<name>.json` and `<name>.md` into bench/results; returns the path of the table."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    about = machine()
    content = {"machine": about, "running": running, "figures": [asdict(one) for one in figures]}
    (RESULTS / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    path = RESULTS / f"{name}.md"
    path.write_text(
        f"# {name}\n\n{about['cpu']}, {about['cores']} cores, {about['system']}, Python {about['python']};"
        f" load before {about['load_before'][0]}. Server, load generator and PostgreSQL share the cores.\n\n"
        + "".join(f"- {what}: {value}\n" for what, value in running.items())
        + "\n"
        + table(figures)
    )
    return path
