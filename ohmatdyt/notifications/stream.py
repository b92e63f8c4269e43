"""Open windows learn at once what has changed: server-sent events from PostgreSQL's announcements.

Every process hears every announcement over one connection and passes on what each of its windows may know. Before
anything is passed on, the people behind the windows are read anew: a session that has ended, a role or an access taken
away acts on the next event. Events name ids only; a window that wants to show something asks for it like anybody else.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

import orjson
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.core.announce import Announcement, Listener
from ohmatdyt.core.db import Database
from ohmatdyt.core.leaving import when_told_to_stop
from ohmatdyt.core.passing import PASSING_ERRORS
from ohmatdyt.core.settings import Settings
from ohmatdyt.notifications import queries, watchers
from ohmatdyt.notifications.errors import TooManyStreams
from ohmatdyt.notifications.schemas import NotificationOut

log = structlog.get_logger(__name__)

# Which of these actors may see which of these cases (id, public_id): the cases domain, which stands above, says so.
Judge = Callable[
    [AsyncSession, Sequence[UUID], Sequence[Actor]], Awaitable[list[tuple[Actor, list[tuple[UUID, int]]]]]
]

_TOGETHER_S = 0.1
_QUEUE = 200
_MOST_OF_ONE = 8  # browsers of one person; the windows of a browser share a stream
_RETRY_MS = 3000
_HEARTBEAT = b": still here\n\n"


@dataclass(eq=False, slots=True)
class Window:
    """One open stream. `frames` ends with None."""

    actor: Actor
    greeting: bytes = b""
    token_version: int | None = None
    frames: "asyncio.Queue[bytes | None]" = field(default_factory=lambda: asyncio.Queue(_QUEUE))

    def push(self, frame: bytes | None) -> bool:
        """False when the window reads too slowly to keep up."""
        try:
            self.frames.put_nowait(frame)
        except asyncio.QueueFull:
            return False
        return True

    async def stream(self) -> AsyncGenerator[bytes]:
        """The bytes that go over the wire, until the session ends, the server stops or nobody reads any more."""
        yield self.greeting
        while (one := await self.frames.get()) is not None:
            yield one


@dataclass(slots=True)
class _News:
    """What was announced since the windows were last told."""

    cases: set[UUID] = field(default_factory=set)
    inside: set[UUID] = field(default_factory=set)
    rows: list[UUID] = field(default_factory=list)
    people: set[UUID] = field(default_factory=set)
    missed: bool = False
    many: bool = False


def frame(event: str, data: object) -> bytes:
    """One event as it goes over the wire; JSON has no line breaks of its own."""
    return b"event: %b\ndata: %b\n\n" % (event.encode(), orjson.dumps(data))


class Hub:
    """The windows of this process and what they are to hear. It listens from the first window on."""

    def __init__(self, database: Database, listener: Listener, settings: Settings, judge: Judge) -> None:
        self._database = database
        self._listener = listener
        self._settings = settings
        self._judge = judge
        self._windows: dict[Window, None] = {}  # in the order in which they were opened
        self._news = _News()
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._forget_signals: Callable[[], None] = lambda: None

    async def open(self, actor: Actor) -> Window:
        """A window that hears from now on, until it is closed; whoever opens it must close it.

        A person's oldest window gives way to his ninth. Raises TooManyStreams (429) when this process has as many
        windows as it may.
        """
        theirs = [window for window in self._windows if window.actor.user_id == actor.user_id]
        for oldest in theirs[: max(0, len(theirs) + 1 - _MOST_OF_ONE)]:
            self._end(oldest)
        if len(self._windows) >= self._settings.event_streams:
            raise TooManyStreams(retry_after=30)
        window = Window(actor)
        self._windows[window] = None
        try:
            await self._begin()
            async with self._database.connection() as connection, AsyncSession(connection) as session:
                unread = await queries.unread_count(session, actor.user_id, actor.role)
        except BaseException:
            self.forget(window)
            raise
        window.greeting = b"retry: %d\n\n" % _RETRY_MS + frame("hello", {"unread": unread})
        return window

    def forget(self, window: Window) -> None:
        """Close a window: nobody reads it any more."""
        self._windows.pop(window, None)

    async def close(self) -> None:
        """End every stream."""
        self._forget_signals()
        self._end_all()
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _begin(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="live")
            self._forget_signals = when_told_to_stop(self._end_all)
            await self._listener.hear(self._hear)

    def _end_all(self) -> None:
        for window in tuple(self._windows):
            self._end(window)

    def _end(self, window: Window) -> None:
        self.forget(window)
        if not window.push(None):
            while not window.frames.empty():
                window.frames.get_nowait()
            window.push(None)

    def _hear(self, announcement: Announcement | None) -> None:
        if not self._windows:
            return
        news = self._news
        if announcement is None:
            news.missed = True
        elif announcement.get("kind") == "case":
            (news.inside if announcement.get("internal") else news.cases).add(UUID(announcement["id"]))
        elif announcement.get("kind") == "sessions":
            pass  # people are read anew with whatever is told
        elif announcement.get("kind") == "read":
            news.people.add(UUID(announcement["user"]))
        elif announcement.get("kind") == "notifications" and announcement.get("new"):
            if announcement["rows"] is None:
                news.many = True
            else:
                here = {str(window.actor.user_id) for window in self._windows}
                news.rows.extend(UUID(row) for row, user in announcement["rows"] if user in here)
        self._wake.set()

    async def _run(self) -> None:
        pause = self._settings.event_heartbeat_s
        checked = time.monotonic()
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), max(0.01, checked + pause - time.monotonic()))
                await asyncio.sleep(
                    _TOGETHER_S
                )  # one commit announces several things, and many come in bursts
            self._wake.clear()
            news, self._news = self._news, _News()
            quiet = time.monotonic() - checked >= pause
            try:
                await self._tell(news)
            except PASSING_ERRORS as error:
                log.warning("windows_not_told", error=type(error).__name__)
                self._news.missed = True  # told to look again as soon as the database is back
            except Exception:
                log.exception("windows_not_told")
            if quiet:
                checked = time.monotonic()
                self._push(list(self._windows), _HEARTBEAT)

    async def _tell(self, news: _News) -> None:
        """Everything the windows are to hear of `news`, and the end of those whose session has ended."""
        windows = list(self._windows)
        if not windows:
            return
        async with self._database.connection() as connection, AsyncSession(connection) as session:
            living = await self._read_people(session, windows)
            if news.missed:
                self._push(living, frame("resync", {}))
            if news.cases or news.inside:
                await self._tell_of_cases(session, living, news)
            if news.rows:
                await self._tell_of_notifications(session, living, news)
            if news.many:
                news.people.update(window.actor.user_id for window in living)
            await self._tell_counts(session, living, news.people)

    async def _read_people(self, session: AsyncSession, windows: list[Window]) -> list[Window]:
        found = await watchers.read(session, [window.actor for window in windows])
        living = []
        for window in windows:
            fresh = found.get(window.actor.session_id)
            if fresh is None or window.token_version not in {None, fresh.token_version}:
                self._end(window)
                continue
            window.actor, window.token_version = fresh.actor, fresh.token_version
            living.append(window)
        return living

    async def _tell_of_cases(self, session: AsyncSession, windows: list[Window], news: _News) -> None:
        actors = {window.actor.session_id: window.actor for window in windows}
        seen = {
            actor.session_id: visible
            for actor, visible in await self._judge(
                session, list(news.cases | news.inside), list(actors.values())
            )
        }
        for window in windows:
            for case_id, public_id in seen.get(window.actor.session_id, ()):
                if window.actor.is_operator and case_id not in news.cases:
                    continue
                self._push([window], frame("case", {"id": str(case_id), "public_id": public_id}))

    async def _tell_of_notifications(self, session: AsyncSession, windows: list[Window], news: _News) -> None:
        for recipient, line in await queries.lines(session, news.rows):
            theirs = [w for w in windows if w.actor.user_id == recipient]
            if line["type"] == "COMMENT_INTERNAL":
                theirs = [w for w in theirs if not w.actor.is_operator]
            shown = NotificationOut.model_validate(line).model_dump(mode="json")
            self._push(theirs, frame("notification", shown))
            news.people.add(recipient)

    async def _tell_counts(self, session: AsyncSession, windows: list[Window], people: set[UUID]) -> None:
        for user_id in people:
            theirs = [window for window in windows if window.actor.user_id == user_id]
            if theirs:
                unread = await queries.unread_count(session, user_id, theirs[0].actor.role)
                self._push(theirs, frame("counters", {"unread": unread}))

    def _push(self, windows: list[Window], one: bytes) -> None:
        for window in windows:
            if not window.push(one):
                self._end(window)  # it comes back by itself and asks for everything anew
