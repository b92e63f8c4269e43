"""A small form without files is read another way than others: what comes out must be the same."""

import asyncio
from collections.abc import Sequence

import hypothesis.strategies as st
from hypothesis import example, given, settings
from starlette.requests import Request
from starlette.types import Message

from ohmatdyt.core.forms import plain_fields

BOUNDARY = "----WebKitFormBoundaryЯ".encode().decode("ascii", "ignore")
NAMES = st.text(
    st.characters(exclude_characters='"\r\n\\%', exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20
)
VALUES = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


def _request(body: bytes, boundary: str = BOUNDARY, **headers: str) -> Request:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    given_headers = {
        "content-type": f"multipart/form-data; boundary={boundary}",
        "content-length": str(len(body)),
        **headers,
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


@given(st.lists(st.tuples(NAMES, VALUES), min_size=1, max_size=8))
@example([("summary", "рядок\r\nі ще один\r\n"), ("summary", ""), ("a", "--" + BOUNDARY)])
def test_what_a_browser_sends(fields: list[tuple[str, str]]) -> None:
    body = _body(fields)
    read = asyncio.run(plain_fields(_request(body)))
    assert read in (None, fields)
    assert read is None or read == asyncio.run(_usual(_request(body)))
    if not any(BOUNDARY in value for _, value in fields):
        assert read == fields


@settings(max_examples=300)
@given(st.data())
def test_what_no_browser_sends_is_left_to_the_usual_reader_or_read_alike(data: st.DataObject) -> None:
    body = bytearray(_body([("summary", "Прошу передзвонити"), ("files", "x")]))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    read = asyncio.run(plain_fields(_request(bytes(body))))
    if read is not None:
        assert read == asyncio.run(_usual(_request(bytes(body))))


def test_what_is_left_to_the_usual_reader() -> None:
    plain = _body([("a", "b")])
    file = plain.replace(b'name="a"', b'name="a"; filename="a.pdf"')
    typed = plain.replace(b"\r\n\r\nb", b"\r\nContent-Type: text/plain; charset=koi8-u\r\n\r\nb")
    for request in (
        _request(file),
        _request(typed),
        _request(plain, boundary=""),
        _request(plain[:-9]),
        _request(plain, **{"content-type": "application/x-www-form-urlencoded"}),
        _request(plain, **{"content-length": "100001"}),
        _request(plain, **{"content-length": "+5"}),
        _request(
            _body([("a", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"))]).replace(
                "í".encode(), b"\xed"
            )
        ),
    ):
        assert asyncio.run(plain_fields(request)) is None
