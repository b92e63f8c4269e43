"""Remembering what was worked out for short texts; a long one is worked out each time and never stays in memory."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Final, TypeVar

_R = TypeVar("_R")

# No word of Ukrainian is longer, and few names are. A cache bounded only by its number of entries could be filled by
# strangers with words of twenty thousand letters each.
LONGEST: Final = 40


def short_cache(
    maxsize: int, *, longest: int = LONGEST
) -> Callable[[Callable[[str], _R]], Callable[[str], _R]]:
    """Like `functools.lru_cache` for a function of one text, for texts of up to `longest` characters."""

    def decorate(work: Callable[[str], _R]) -> Callable[[str], _R]:
        remembered = lru_cache(maxsize)(work)

        @wraps(work)
        def ask(text: str) -> _R:
            return remembered(text) if len(text) <= longest else work(text)

        ask.cache_info = remembered.cache_info  # type: ignore[attr-defined]
        return ask

    return decorate
