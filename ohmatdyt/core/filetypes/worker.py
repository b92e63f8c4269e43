"""The process in which files are judged, one after the other: a line of JSON in, a line of JSON out.

It has no secrets in its environment, little memory, and so much of the processor for each file. It ends when nobody
has asked for a while, or when whoever started it has gone.
"""

import contextlib
import json
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any, Final

from ohmatdyt.core.filetypes import examine
from ohmatdyt.core.filetypes.reasons import ContentMismatch, TooComplex, Unfit

BUDGET_S: Final = 8.0
"""Of processor time for one file."""
_MEMORY: Final = 1 << 30
_IDLE_S: Final = 120


def _bound() -> None:
    with contextlib.suppress(ImportError, OSError, ValueError, AttributeError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    with contextlib.suppress(OSError, AttributeError):
        os.nice(5)


def _too_long(_number: int, _frame: FrameType | None) -> None:
    raise Unfit(TooComplex)


@contextlib.contextmanager
def _budget() -> Any:
    if not hasattr(signal, "setitimer"):
        yield
        return
    signal.signal(signal.SIGPROF, _too_long)
    signal.setitimer(signal.ITIMER_PROF, BUDGET_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """The type of a file, or which refusal it is and because of what."""
    try:
        with Path(asked["path"]).open("rb") as file, _budget():
            return {"type": examine(file, asked["name"], asked["declared"]).extension}
    except Unfit as unfit:
        return {"refused": unfit.refusal.__name__, "part": unfit.part.name if unfit.part else None}
    except (MemoryError, RecursionError):
        return {"refused": TooComplex.__name__, "part": None}
    except Exception as error:  # noqa: BLE001 — a file that our own check cannot read is not taken
        return {"refused": ContentMismatch.__name__, "part": None, "failed": type(error).__name__}


def main() -> None:
    """Answer until nobody asks any more."""
    _bound()
    while True:
        if hasattr(signal, "alarm"):
            signal.alarm(_IDLE_S)
        line = sys.stdin.buffer.readline()
        if hasattr(signal, "alarm"):
            signal.alarm(0)
        if not line:
            return
        sys.stdout.buffer.write(json.dumps(answer(json.loads(line))).encode() + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
