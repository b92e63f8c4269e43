"""Disk work beside the event loop, whose failures become answers: 503, or 507 when the disk is full."""

import asyncio
import contextlib
import errno
from collections.abc import Callable, Iterator
from typing import Final, ParamSpec, TypeVar

import structlog

from ohmatdyt.core.errors import Unavailable
from ohmatdyt.core.installation import NotOurFolderError

log = structlog.get_logger(__name__)

_P = ParamSpec("_P")
_R = TypeVar("_R")

_FULL: Final = {errno.ENOSPC, errno.EDQUOT}
_RETRY_AFTER: Final = 30


class StorageUnavailable(Unavailable):
    """503: the disk for files is missing, read-only or failing."""

    code = "storage_unavailable"
    uk = "Сховище файлів зараз недоступне. Спробуйте за {retry_after} с або збережіть звернення без файлів."
    en = "The file store is not available now. Try again in {retry_after} s, or save the case without files."


class StorageFull(StorageUnavailable):
    """507: no space is left for files."""

    status = 507
    code = "storage_full"
    uk = "У сховищі файлів немає місця. Повідомте адміністратору; звернення можна зберегти без файлів."
    en = "The file store is full. Tell the administrator; the case can be saved without files."


async def opened_in_thread(
    close: Callable[[_R], None], work: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs
) -> _R:
    """Open something. Its thread does not hear that nobody waits any more: then it is closed again."""
    opening = asyncio.ensure_future(in_thread(work, *args, **kwargs))

    def give_up(done: "asyncio.Future[_R]") -> None:
        if not done.cancelled() and done.exception() is None:
            close(done.result())

    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        opening.add_done_callback(give_up)
        raise


async def in_thread(work: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs) -> _R:
    """Do disk work beside the event loop; the disk's errors become ours."""
    with _disk_errors():
        return await asyncio.to_thread(work, *args, **kwargs)


@contextlib.contextmanager
def _disk_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        log.error("storage_failed", errno=errno.errorcode.get(error.errno or 0, "unknown"))  # noqa: TRY400
        kind = StorageFull if error.errno in _FULL else StorageUnavailable
        raise kind(retry_after=_RETRY_AFTER) from error
    except NotOurFolderError as error:
        log.error("storage_not_ours", reason=str(error))  # noqa: TRY400 — the sentence says it all
        raise StorageUnavailable(retry_after=_RETRY_AFTER) from error
