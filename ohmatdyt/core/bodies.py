"""Bodies of requests: who may send one, how large, how fast, and how many at once.

All of it is known or counted before a byte is read. A caller is whom his token's signature names; whether the session
still lives is asked of the database later, as always. A small body is read whole before the request takes a place among
those being answered; one with files may take as long as it keeps moving, but there are few places for such.
"""

import asyncio
import ipaddress
import re
from collections import defaultdict
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.datastructures import Headers, State
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope

from ohmatdyt.core import clock, security
from ohmatdyt.core.content_types import require_utf8
from ohmatdyt.core.errors import DomainError, NotSignedIn, TooLarge, TooMany, Unavailable
from ohmatdyt.core.settings import Settings

_KIB = 1024
_MIB = 1024 * _KIB
_ANONYMOUS_LIMIT = 64 * _KIB
_JSON_LIMIT = _MIB
_FORM_OVERHEAD = _MIB
_SMALL_UPLOAD = 100_000  # bytes: a form without files, read whole like JSON
_SMALL_PER_PERSON = 20
_RETRY_AFTER_S = 10
_UPLOAD_PATH = re.compile(r"/api/(?:cases|attachments/cases/[^/]+/upload)")

Counts = MutableMapping[Any, int]


class BodyTooLarge(TooLarge):
    """413 for callers who have not signed in."""

    uk = "Запит завеликий: без входу дозволено до {limit_kb} КБ."
    en = "The request is too large: up to {limit_kb} kB is allowed before signing in."


class TooSlow(DomainError):
    """408: the body does not come, or not fast enough."""

    status = 408
    code = "too_slow"
    uk = "Дані надходять надто повільно. Перевірте з'єднання й спробуйте ще раз."
    en = "The data comes too slowly. Check the connection and try again."


class TooManyUploads(TooMany):
    """429: this person or this address sends enough files already."""

    code = "too_many_uploads"
    uk = "Від вас уже надходить кілька файлів. Дочекайтеся їх або спробуйте за {retry_after} с."
    en = "Several files of yours are on their way. Wait for them, or try again in {retry_after} s."


class UploadsFull(Unavailable):
    """503: as many files as there is room for are on their way."""

    code = "uploads_full"
    uk = "Зараз надходить забагато файлів. Спробуйте за {retry_after} с або збережіть звернення без файлів."
    en = "Too many files are on their way. Try again in {retry_after} s, or save the case without files."


@dataclass(frozen=True, slots=True)
class Body:
    """What the head of a request says of its body, judged."""

    limit: int
    size: int  # as declared; the limit when nothing is
    is_upload: bool
    person: UUID | None
    address: str


class Bodies:
    """The bodies on their way in one process."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.on_their_way = 0
        self._small: defaultdict[Any, dict[asyncio.Timeout, None]] = defaultdict(dict)
        self._uploads: Counts = defaultdict(int)
        self._space: Counts = defaultdict(int)

    @property
    def _settings(self) -> Settings:
        settings: Settings = self._state.settings
        return settings

    def judge(self, scope: Scope, headers: Headers) -> Body | None:
        """What is known of the body before it is read; None when there is none.

        Raises NotSignedIn (401), TooLarge (413), UnknownCharset (415).
        """
        declared = _declared(headers)
        if not declared and "transfer-encoding" not in headers:
            return None
        path, kind = scope["path"], headers.get("content-type", "")
        person = self.caller(headers)
        if person is None and path.startswith("/api/"):
            raise NotSignedIn
        require_utf8(kind)
        form, is_upload = kind.startswith("multipart/form-data"), False
        if person is None:
            limit = _ANONYMOUS_LIMIT
        elif form and scope["method"] == "POST" and _UPLOAD_PATH.fullmatch(path):
            settings = self._settings
            limit = settings.max_upload_bytes * settings.max_files_per_request + _FORM_OVERHEAD
            is_upload = (declared or limit) > _SMALL_UPLOAD
        else:
            limit = _JSON_LIMIT
        if declared > limit:
            raise _too_large(limit)
        return Body(limit, declared or limit, is_upload, person, _network(scope))

    def caller(self, headers: Headers) -> UUID | None:
        """Whose valid token a request carries."""
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return None
        secret = self._settings.secret_key.get_secret_value()
        try:
            return security.read_access(secret, token, now=clock.now()).user_id
        except security.InvalidToken:
            return None

    async def read(self, body: Body, receive: Receive) -> bytes | None:
        """A small body, whole; None when the caller has gone.

        Where one caller has too many on their way, the one that has waited longest gives way. Raises TooLarge, TooSlow.
        """
        mine = self._small[body.person or body.address]
        most = _SMALL_PER_PERSON if body.person else max(50, self._settings.max_in_flight // 2)
        got = bytearray()
        begun = asyncio.get_running_loop().time()
        self.on_their_way += 1
        try:
            async with asyncio.timeout_at(begun + self._allowed_s(0)) as limit:
                mine[limit] = None
                if len(mine) > most:
                    oldest = next(iter(mine))
                    del mine[oldest]
                    if not oldest.expired():
                        oldest.reschedule(begun)
                while True:
                    message = await receive()
                    if message["type"] != "http.request":
                        return None
                    got += message.get("body", b"")
                    if len(got) > body.limit:
                        raise _too_large(body.limit)
                    if not message.get("more_body"):
                        return bytes(got)
                    if limit in mine and not limit.expired():
                        limit.reschedule(begun + self._allowed_s(len(got)))
        except TimeoutError:
            raise TooSlow from None
        finally:
            self.on_their_way -= 1
            mine.pop(limit, None)
            if not mine:
                self._small.pop(body.person or body.address, None)

    @contextmanager
    def upload(self, body: Body) -> Iterator[None]:
        """A place, and room on the disk, for one body with files.

        Raises TooManyUploads (429), UploadsFull (503).
        """
        settings, owners = self._settings, (body.person, body.address, None)
        counts = (settings.uploads_per_person, settings.uploads_per_address, settings.uploads_at_once)
        for owner, most in zip(owners, counts, strict=True):
            if self._uploads[owner or ""] >= most:
                raise (TooManyUploads if owner else UploadsFull)(retry_after=_RETRY_AFTER_S)
        for owner, mib in (
            (body.person, settings.upload_space_per_person_mb),
            (None, settings.upload_space_mb),
        ):
            used = self._space[owner or ""]
            if used and used + body.size > mib * _MIB:
                raise (TooManyUploads if owner else UploadsFull)(retry_after=_RETRY_AFTER_S)
        self.on_their_way += 1
        _add(self._uploads, owners, 1)
        _add(self._space, owners, body.size)
        try:
            yield
        finally:
            self.on_their_way -= 1
            _add(self._uploads, owners, -1)
            _add(self._space, owners, -body.size)

    def paced(self, body: Body, receive: Receive) -> Receive:
        """The same body, piece by piece: no larger than its limit, no slower than the floor. What we take to put a
        piece away is not counted."""
        got, waited = 0, 0.0
        now = asyncio.get_running_loop().time

        async def receive_paced() -> Message:
            nonlocal got, waited
            if got < 0:
                return await receive()
            begun = now()
            try:
                async with asyncio.timeout(max(0.0, self._allowed_s(got) - waited)):
                    message = await receive()
            except TimeoutError:
                # An HTTPException, because that is the one thing FastAPI lets out of its body parsing as it is.
                raise HTTPException(408, headers={"Connection": "close"}) from None
            waited += now() - begun
            got += len(message.get("body", b""))
            if got > body.limit:
                raise HTTPException(413, headers={"Connection": "close"})
            if not message.get("more_body"):
                got = -1
            return message

        return receive_paced

    def _allowed_s(self, got: int) -> float:
        """How long a body may have taken by the time that so much of it is there."""
        settings = self._settings
        return min(settings.body_grace_s + got / (settings.body_min_kb_s * 1000), settings.body_max_s)


def read_already(body: bytes, receive: Receive) -> Receive:
    """Gives a body that has been read to the application."""
    given = False

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again


def _too_large(limit: int) -> DomainError:
    return BodyTooLarge(limit_kb=limit // _KIB) if limit < _MIB else TooLarge(limit_mb=limit // _MIB)


def _add(counts: Counts, owners: tuple[Any, ...], amount: int) -> None:
    for owner in owners:
        counts[owner or ""] += amount
        if not counts[owner or ""]:
            del counts[owner or ""]


def _declared(headers: Headers) -> int:
    declared = headers.get("content-length", "0")
    return int(declared) if declared.isascii() and declared.isdigit() and len(declared) < 16 else 0


def _network(scope: Scope) -> str:
    """The address as one that counts: of the sixth version everybody has 2^64 of them."""
    client = scope.get("client")
    try:
        address = ipaddress.ip_address(client[0] if client else "")
    except ValueError:
        return "unknown"
    return str(address) if address.version == 4 else str(ipaddress.ip_network((int(address) >> 64 << 64, 64)))
