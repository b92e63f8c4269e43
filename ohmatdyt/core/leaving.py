"""Know early that the server has been told to stop.

A server waits for the requests in flight before it tells the application anything; a stream that never ends by itself
would hold it up until it is cut off. So what keeps streams open listens for the signal itself.
"""

import asyncio
import signal
import threading
from collections.abc import Callable
from types import FrameType

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def when_told_to_stop(callback: Callable[[], None]) -> Callable[[], None]:
    """Call `callback` on the running loop when SIGTERM or SIGINT comes, besides whatever else the signal does.

    Returns what takes this back. Outside the main thread, where signals cannot be had, nothing happens.
    """
    if threading.current_thread() is not threading.main_thread():
        return lambda: None
    loop = asyncio.get_running_loop()
    undo: list[Callable[[], None]] = []
    for number in _SIGNALS:
        before = signal.getsignal(number)
        if not callable(before):
            continue

        def handle(received: int, frame: FrameType | None, before: Callable[..., object] = before) -> None:
            loop.call_soon_threadsafe(callback)
            before(received, frame)

        signal.signal(number, handle)
        undo.append(_restorer(number, handle, before))

    def take_back() -> None:
        for restore in undo:
            restore()

    return take_back


def _restorer(
    number: signal.Signals, ours: Callable[..., object], before: Callable[..., object]
) -> Callable[[], None]:
    def restore() -> None:
        if signal.getsignal(number) is ours:
            signal.signal(number, before)

    return restore
