"""Files are stored whole, handed out unaltered, and leave nothing behind when something fails."""

import asyncio
import errno
import gc
import hashlib
import os
import stat
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ohmatdyt.core import storage
from ohmatdyt.core.disk_errors import StorageFull, StorageUnavailable
from ohmatdyt.core.filetypes import FileTooLarge
from ohmatdyt.core.storage import (
    FileDamaged,
    Incoming,
    LocalStorage,
    case_key,
)

LIMIT = 1 << 20


class Bytes:
    """An upload that gives its bytes in pieces."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    async def read(self, size: int = -1) -> bytes:
        piece, self.data = self.data[:size], self.data[size:]
        return piece


def a_key(public_id: int = 123456) -> str:
    return case_key(public_id, uuid4(), "Довідка.pdf", "pdf")


async def put(store: LocalStorage, data: bytes, key: str) -> bytes:
    incoming = await store.receive(Bytes(data), max_bytes=LIMIT, name="x.pdf")
    try:
        await store.save(incoming, key)
    finally:
        incoming.discard()
    return incoming.sha256


def everything(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


@pytest.fixture
async def store(tmp_path: Path) -> LocalStorage:
    made = LocalStorage(tmp_path / "media")
    await made.prepare()
    return made


async def test_what_is_saved_comes_back_and_only_the_owner_may_read_it(store: LocalStorage) -> None:
    data, key = os.urandom(700_000), a_key()
    sha256 = await put(store, data, key)
    assert sha256 == hashlib.sha256(data).digest()
    opened = await store.open(key, size=len(data), sha256=sha256)
    assert b"".join([piece async for piece in opened.pieces()]) == data
    opened = await store.open(key, size=len(data), sha256=sha256)
    assert b"".join([piece async for piece in opened.pieces(5, 300_000)]) == data[5:300_000]
    (path,) = everything(store.root)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    directories = [store.root, *(p for p in store.root.rglob("*") if p.is_dir())]
    assert {stat.S_IMODE(p.stat().st_mode) for p in directories} == {0o700}
    assert path.parent == store.root / "cases" / "123456"


@settings(max_examples=25, deadline=None)
@given(data=st.binary(min_size=1, max_size=3000))
async def test_any_bytes_survive(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    store = LocalStorage(tmp_path_factory.mktemp("media"))
    key = a_key()
    sha256 = await put(store, data, key)
    opened = await store.open(key, size=len(data), sha256=sha256)
    assert b"".join([piece async for piece in opened.pieces()]) == data


async def test_the_limit_passes_and_one_byte_more_leaves_nothing(store: LocalStorage) -> None:
    incoming = await store.receive(Bytes(b"x" * LIMIT), max_bytes=LIMIT, name="x.pdf")
    incoming.discard()
    with pytest.raises(FileTooLarge) as caught:
        await store.receive(Bytes(b"x" * (LIMIT + 1)), max_bytes=LIMIT, name="Скан.pdf")
    assert "Скан.pdf" in caught.value.detail("uk")
    assert everything(store.root) == []


@pytest.mark.parametrize("change", ["flip", "append", "cut", "remove"])
async def test_an_altered_or_lost_file_is_never_handed_out(store: LocalStorage, change: str) -> None:
    key = a_key()
    sha256 = await put(store, b"abcdef", key)
    path = store.root / key
    if change == "remove":
        path.unlink()
    else:
        path.write_bytes({"flip": b"abcdeF", "append": b"abcdefg", "cut": b"abc"}[change])
    with pytest.raises(FileDamaged):
        await store.open(key, size=6, sha256=sha256)


async def test_deleting_removes_the_file_and_its_empty_directory(store: LocalStorage) -> None:
    one, other = a_key(), a_key()
    await put(store, b"1", one)
    await put(store, b"2", other)
    await store.delete(one)
    await store.delete(one)
    assert everything(store.root) == [store.root / other]
    await store.delete(other)
    assert not (store.root / "cases" / "123456").exists()
    await put(store, b"3", one)


async def test_a_start_clears_what_a_crash_left_but_not_what_is_being_received(store: LocalStorage) -> None:
    incoming = await store.receive(Bytes(b"still here"), max_bytes=LIMIT, name="x.pdf")
    leave = (
        "import asyncio, os, sys; from pathlib import Path\n"
        "from ohmatdyt.core.storage import LocalStorage\n"
        "class One:\n"
        "    async def read(self, size=-1):\n"
        "        os.kill(os.getpid(), 9)\n"
        "asyncio.run(LocalStorage(Path(sys.argv[1])).receive(One(), max_bytes=9, name='x'))"
    )
    done = subprocess.run([sys.executable, "-c", leave, str(store.root)], check=False)  # noqa: ASYNC221
    assert done.returncode == -9
    assert len(everything(store.root)) == 2
    assert await LocalStorage(store.root).prepare() == 1
    assert everything(store.root) == [incoming.path]
    incoming.discard()
    assert everything(store.root) == []


@pytest.mark.parametrize(
    ("number", "error", "status"),
    [
        (errno.ENOSPC, StorageFull, 507),
        (errno.EDQUOT, StorageFull, 507),
        (errno.EROFS, StorageUnavailable, 503),
    ],
)
@pytest.mark.parametrize("step", ["write", "fsync_directory"])
async def test_a_full_or_failing_disk_says_so_and_heals(
    store: LocalStorage,
    monkeypatch: pytest.MonkeyPatch,
    *,
    step: str,
    number: int,
    error: type[StorageUnavailable],
    status: int,
) -> None:
    def fail(*_args: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as broken:
        broken.setattr(storage, step, fail)
        with pytest.raises(error) as caught:
            await put(store, b"x", a_key())
        assert type(caught.value).status == status
        assert not list(store.root.glob(".incoming/*"))
    key = a_key()
    sha256 = await put(store, b"x", key)
    (await store.open(key, size=1, sha256=sha256)).close()


async def test_a_missing_directory_is_made_again_or_reported(store: LocalStorage, tmp_path: Path) -> None:
    (store.root / ".incoming").rmdir()
    assert await store.is_writable()
    await put(store, b"x", a_key())
    blocked = tmp_path / "not-a-directory"
    blocked.write_text("")
    assert not await LocalStorage(blocked).is_writable()
    with pytest.raises(StorageUnavailable):
        await LocalStorage(blocked).receive(Bytes(b"x"), max_bytes=9, name="x.pdf")


@pytest.mark.parametrize(
    "key", ["../x", "/etc/passwd", "cases/123456/../../x", "cases/1/x.pdf", ".incoming/x", ""]
)
async def test_only_our_keys_are_paths(store: LocalStorage, key: str) -> None:
    for call in (store.delete(key), store.open(key, size=1, sha256=b"")):
        with pytest.raises(ValueError, match="not a storage key"):
            await call


async def test_saving_and_deleting_at_once_lose_nothing(store: LocalStorage) -> None:
    import asyncio

    keys = [a_key() for _ in range(40)]

    async def come_and_go(key: str) -> None:
        await put(store, b"x", key)
        await store.delete(key)

    await asyncio.gather(*map(come_and_go, keys))
    assert everything(store.root) == []


class SlowDisk(LocalStorage):
    """A disk that takes its time to make a file."""

    def _open_incoming(self) -> Incoming:
        time.sleep(0.2)
        return super()._open_incoming()


async def test_a_sender_who_hangs_up_at_the_first_byte_leaves_no_file(tmp_path: Path) -> None:
    slow = SlowDisk(tmp_path / "media")
    await slow.prepare()
    receiving = asyncio.create_task(slow.receive(Bytes(b"x"), max_bytes=LIMIT, name="x.pdf"))
    await asyncio.sleep(0.05)
    receiving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await receiving
    await asyncio.sleep(0.5)
    assert everything(slow.root) == []
    gc.collect()  # a file left open would be told here, as an error
