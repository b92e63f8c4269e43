"""Files are judged beside the server: whatever one does, others are judged, and health waits for none."""

import asyncio
import os
import time
from pathlib import Path

import pytest

from ohmatdyt.core.filetypes import FileRefused, pool, worker
from ohmatdyt.core.filetypes.pool import judge
from ohmatdyt.core.storage import LocalStorage
from tests.core import files


def kept(folder: Path, data: bytes, name: str = "x.pdf") -> tuple[Path, int, str]:
    path = folder / f"{len(list(folder.iterdir()))}"
    path.write_bytes(data)
    return path, len(data), name


async def code_of(path: Path, size: int, name: str) -> str:
    with pytest.raises(FileRefused) as caught:
        await judge(path, size, name, field="file")
    assert caught.value.field == "file"
    return caught.value.code


async def test_the_answer_is_the_same_as_in_this_process(tmp_path: Path) -> None:
    assert (await judge(*kept(tmp_path, files.pdf()))).mime == "application/pdf"
    assert (await judge(*kept(tmp_path, files.docx(), "лист.docx"))).extension == "docx"
    script = files.pdf_with(b"<< /S /JavaScript /JS (x) >>")
    with pytest.raises(FileRefused) as caught:
        await judge(*kept(tmp_path, script, "Скан «1».pdf"))
    assert caught.value.code == "unsafe_content"
    assert "скрипт (JavaScript)" in caught.value.detail("uk")
    assert "«Скан «1».pdf»" in caught.value.detail("uk")
    assert "JavaScript" in caught.value.detail("en")
    assert await code_of(*kept(tmp_path, b"", "x.pdf")) == "file_empty"


async def test_small_files_and_health_do_not_wait_for_a_large_hostile_one(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    # 100 000 objects of their own: allowed, and long to read.
    objects = b"".join(
        b"%d 0 obj\n<< /A [1 2 3] /B << /C (d) >> >>\nendobj\n" % number for number in range(100, 60_100)
    )
    large = [kept(folder, files.pdf().replace(b"xref\n", objects + b"xref\n", 1)) for _ in range(3)]
    small = kept(folder, files.pdf())
    await judge(*small)  # both processes run
    hostile = [asyncio.ensure_future(judge(*one)) for one in large]
    await asyncio.sleep(0)
    storage = LocalStorage(tmp_path / "media")
    for _ in range(3):
        assert (await judge(*small)).extension == "pdf"
        assert await storage.is_writable()
    assert not any(one.done() for one in hostile[1:])
    for one in hostile:
        one.cancel()
    await asyncio.gather(*hostile, return_exceptions=True)


async def test_a_worker_that_dies_or_idled_is_replaced(tmp_path: Path) -> None:
    good = kept(tmp_path, files.pdf())
    await judge(*good)
    process = pool._SMALL_FILES._process
    assert process is not None
    process.kill()
    process.wait()
    assert (await judge(*good)).extension == "pdf"


def test_the_budget_is_of_processor_time_and_ends_any_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "BUDGET_S", 0.05)

    def endless(*_: object) -> None:
        while True:
            time.monotonic()

    monkeypatch.setattr(worker, "examine", endless)
    path, _, name = kept(tmp_path, files.pdf())
    said = worker.answer({"path": str(path), "name": name, "declared": ""})
    assert said == {"refused": "TooComplex", "part": None}


async def test_the_worker_knows_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "x" * 40)
    pool._SMALL_FILES.stop()
    await judge(*kept(tmp_path, files.pdf()))
    process = pool._SMALL_FILES._process
    assert process is not None
    environment = Path(f"/proc/{process.pid}/environ").read_bytes()
    assert b"SECRET_KEY" not in environment
    assert os.getpid() != process.pid
