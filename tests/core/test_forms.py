"""Forms are read by a reader of our own: what comes out is what the framework's would read, or they are refused."""

import asyncio
import re
import secrets
from collections.abc import Sequence
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import example, given, settings
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import Message

from ohmatdyt.core import forms
from ohmatdyt.core.errors import DomainError, Malformed

BOUNDARY = "----WebKitFormBoundaryЯ".encode().decode("ascii", "ignore")
TYPE = f"multipart/form-data; boundary={BOUNDARY}"
NAMES = st.text(
    st.characters(exclude_characters='"\r\n\\%', exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20
)
VALUES = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


def _request(body: bytes, boundary: str = BOUNDARY, piece: int = 1 << 20, kind: str = "") -> Request:
    pieces = [body[at : at + piece] for at in range(0, len(body), piece)]

    async def receive() -> Message:
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    given_headers = {
        "content-type": kind or f"multipart/form-data; boundary={boundary}",
        "content-length": str(len(body)),
    }
    raw = [(name.encode(), value.encode()) for name, value in given_headers.items()]
    return Request({"type": "http", "method": "POST", "headers": raw}, receive)


def _body(fields: list[tuple[str, str]]) -> bytes:
    parts = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields
    )
    return ("".join(parts) + f"--{BOUNDARY}--\r\n").encode()


async def _usual(request: Request) -> Sequence[tuple[str, object]]:
    async with request.form() as form:
        return form.multi_items()


async def _ours(request: Request) -> Sequence[tuple[str, object]]:
    async with forms.opened(request) as fields:
        return fields


@given(st.lists(st.tuples(NAMES, VALUES), min_size=1, max_size=8), st.integers(1, 200))
@example([("summary", "рядок\r\nі ще один\r\n"), ("summary", ""), ("a", "--" + BOUNDARY)], 1)
def test_what_a_browser_sends(fields: list[tuple[str, str]], piece: int) -> None:
    body = _body(fields)
    try:
        read = asyncio.run(_ours(_request(body, piece=piece)))
    except Malformed:
        assert any(BOUNDARY in value for _, value in fields)
        return
    assert read == asyncio.run(_usual(_request(body)))
    if not any(BOUNDARY in value for _, value in fields):
        assert read == fields


@settings(max_examples=300)
@given(st.data())
def test_what_no_browser_sends_is_refused_or_read_alike(data: st.DataObject) -> None:
    body = bytearray(_body([("summary", "Прошу передзвонити"), ("files", "x")]))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    try:
        read = asyncio.run(_ours(_request(bytes(body), piece=data.draw(st.integers(1, 300)))))
    except DomainError:
        return
    try:
        usual = asyncio.run(_usual(_request(bytes(body))))
    except MultiPartException:
        # Only the blanks around a header's name, which our parser drops.
        text = body.decode(errors="surrogateescape")
        text = re.sub(r"\r\n\s*(Content-Disposition)\s*:", r"\r\n\1:", text, flags=re.IGNORECASE)
        usual = asyncio.run(_usual(_request(text.encode(errors="surrogateescape"))))
    assert read == usual


PLAIN = _body([("a", "b")])


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (_request(PLAIN.replace(b'name="a"', b'name="a"; filename="a.pdf"')), 422),
        (_request(PLAIN.replace(b'name="a"', b'nome="a"')), 422),
        *(
            (_request(PLAIN.replace(b'form-data; name="a"', said)), 422)
            for said in (
                b'form-data; name=a"',
                b'form-data; name="a"b',
                b'form-data; name="a", b',
                b'x; name="a"',
            )
        ),
        (
            _request(PLAIN.replace(b"\r\n\r\nb", b'\r\nContent-Disposition: form-data; name="c"\r\n\r\nb')),
            422,
        ),
        (_request(PLAIN, boundary=""), 422),
        (_request(PLAIN[:-9]), 422),
        (_request(b"words before\r\n" + PLAIN), 422),
        (_request(PLAIN.replace(b"\nb", b"\n\xff")), 422),
        (_request(_body([("a", "x" * 600_000), ("b", "x" * 600_000)])), 422),
        (_request(_body([("a", "")] * 201)), 422),
        (_request(b"a=%FF", kind="application/x-www-form-urlencoded"), 422),
        (_request(PLAIN, kind=TYPE + "; charset=punycode"), 415),
        (_request(PLAIN, kind=TYPE + '; charset="UTF-16"'), 415),
        (_request(PLAIN, kind=TYPE + "; charset*0=koi8-u"), 415),
        (
            _request(PLAIN.replace(b"\r\n\r\nb", b"\r\nContent-Type: text/plain; charset=koi8-u\r\n\r\nb")),
            415,
        ),
        (_request(b"a=b", kind="application/x-www-form-urlencoded; charset=punycode"), 415),
    ],
)
def test_what_is_refused(request_: Request, status: int) -> None:
    with pytest.raises(DomainError) as refusal:
        asyncio.run(_ours(request_))
    assert refusal.value.status == status


def test_utf8_may_be_said() -> None:
    for said in ("; charset=utf-8", '; charset="UTF-8"', "; Charset = utf8"):
        assert asyncio.run(_ours(_request(PLAIN, kind=TYPE + said))) == [("a", "b")]


def test_files_are_received_as_they_come() -> None:
    """In pieces, before the next part is looked at, and discarded with the form, also when it turns out to be wrong."""
    contents = {"a.pdf": secrets.token_bytes(3000), "б.png": b"\r\n--" + BOUNDARY.encode()[:-1], "": b""}
    body = b"".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="f"; filename="{name}"\r\n\r\n'.encode()
        + text
        + b"\r\n"
        for name, text in contents.items()
    )
    for end, error in ((f"--{BOUNDARY}--\r\n".encode(), None), (b"", Malformed)):
        got: dict[str | None, bytes] = {}
        thrown: list[str | None] = []

        async def receive(part: forms.Part, got: Any = got, thrown: Any = thrown) -> Any:
            pieces = b""
            while piece := await part.read(64):
                pieces += piece
            got[part.filename] = pieces
            return SimpleNamespace(file=None, size=1, discard=lambda: thrown.append(part.filename))

        async def read(receive: Any = receive, end: bytes = end) -> None:
            async with forms.opened(_request(body + end, piece=7), receive) as fields:
                assert [name for name, _ in fields] == ["f"] * 3

        with pytest.raises(error) if error else nullcontext():
            asyncio.run(read())
        assert thrown == list(got)
        assert error or got == contents
