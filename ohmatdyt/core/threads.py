"""Threads for one purpose each, so that no kind of work waits behind another.

`asyncio.to_thread` has one pool for the whole process: a few files that take long to read kept health checks waiting.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")


class Threads:
    """A few threads with a name, started when they are first needed."""

    def __init__(self, name: str, most: int) -> None:
        self._pool = ThreadPoolExecutor(most, thread_name_prefix=name)

    async def run(self, work: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs) -> _R:
        """Do `work` in one of the threads; what it raises is raised here."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, lambda: work(*args, **kwargs))


HEALTH = Threads("health", 1)
"""Is the disk writable? The answer must not wait for anybody's file."""
WORDS = Threads("words", 1)
"""Reading long texts for the search index."""
