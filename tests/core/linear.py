"""Judges whether a function's time grows linearly with its input, by ratios of one run and no absolute time."""

import time
from collections.abc import Callable
from typing import Any

STEPS = 4
# Four times the input takes four times as long when time is linear, and sixteen times when it is quadratic.
MOST = 9.0
# Less cannot be measured; what takes less even for the large input is fast whatever its curve.
_NOTICEABLE = 0.0004


def growth(work: Callable[[Any], object], make: Callable[[int], Any], *, size: int = 5_000) -> float:
    """How many times longer `work` takes for an input of four times the size.

    CPU time of this thread: what else the machine does does not count. Only a bad ratio is looked at again, and the
    best of several looks counts.
    """
    small, large = make(size), make(size * STEPS)
    ratio = float("inf")
    for _ in range(4):
        ratio = min(ratio, _seconds(work, large) / max(_seconds(work, small), _NOTICEABLE))
        if ratio < MOST:
            break
    return ratio


def _seconds(work: Callable[[Any], object], data: Any) -> float:
    begun = time.thread_time()
    work(data)
    return time.thread_time() - begun


def repeated(piece: str, *, before: str = "", after: str = "") -> Callable[[int], str]:
    """Texts of any size made of one piece."""
    return lambda size: before + piece * max(1, size // max(1, len(piece))) + after
