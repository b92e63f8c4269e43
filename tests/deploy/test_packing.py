"""What leaves the machine is encrypted from the first byte, and comes back only with the key."""

import asyncio
import io
import subprocess
import tarfile
from pathlib import Path

import pyrage
import pytest

from ohmatdyt import backup
from ohmatdyt.backup import BackupError, manifest, packing
from ohmatdyt.core.settings import Settings
from tests.deploy.backups import Writers, say, writers
from tests.platform.processes import OHMATDYT, environment

__all__ = ["writers"]  # a fixture


async def test_only_the_key_opens_it_and_all_is_there(
    settings: Settings, writers: Writers, tmp_path: Path
) -> None:
    await writers.one()
    made = await backup.make(settings, tmp_path / "copies")
    key, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    packed = tmp_path / "away.age"
    done = await asyncio.to_thread(
        subprocess.run,
        [*OHMATDYT, "pack", str(tmp_path / "copies"), "--recipient", str(key.to_public())],
        env=environment(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    packed.write_bytes(done.stdout)
    assert done.stdout.startswith(b"age-encryption.org/v1\n")
    assert b"PGDMP" not in done.stdout
    # The format is the public one: decrypted it is a plain tar.
    with tarfile.open(fileobj=io.BytesIO(pyrage.decrypt(done.stdout, [key]))) as tar:
        names = tar.getnames()
    assert f"{made.name}/{manifest.SUMS}" in names

    (tmp_path / "key").write_text(f"# created: 2026-12-01\n# public key: {key.to_public()}\n{key}\n")
    (tmp_path / "other").write_text(str(other))
    with packing.unpacked(packed, tmp_path / "key", say=say) as found:
        checked = backup.check(found, say=say)
        assert checked.note == backup.Manifest.read(made)
        assert checked.damaged == []
    with (
        pytest.raises(BackupError, match="ключ не той"),
        packing.unpacked(packed, tmp_path / "other", say=say),
    ):
        pass
    packed.write_bytes(done.stdout[:-100])
    with (
        pytest.raises(BackupError, match="не відкрито"),
        packing.unpacked(packed, tmp_path / "key", say=say),
    ):
        pass
    assert sorted(path.name for path in tmp_path.glob(".unpacked-*")) == []


async def test_a_file_appears_whole_or_not_at_all(
    settings: Settings, writers: Writers, tmp_path: Path
) -> None:
    made = await backup.make(settings, tmp_path / "copies")
    keys = packing.recipients_of([str(pyrage.x25519.Identity.generate().to_public())])
    packing.pack_into(made, keys, tmp_path / "away.age")
    assert (tmp_path / "away.age").stat().st_mode & 0o777 == 0o600
    with pytest.raises(BackupError):
        packing.pack_into(tmp_path / "copies/none", keys, tmp_path / "second.age")
    assert not list(tmp_path.glob("*second*"))


def test_a_wrong_key_is_named() -> None:
    with pytest.raises(BackupError, match="age1nonsense"):
        packing.recipients_of(["age1nonsense"])
