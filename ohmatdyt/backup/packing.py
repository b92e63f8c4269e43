"""One backup as one encrypted file, for what leaves the machine: a tar in the age format (age-encryption.org).

Nothing unencrypted is written on the way, and `age --decrypt` with `tar` opens it without anything of ours.
"""

import os
import shutil
import tarfile
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pyrage

from ohmatdyt.backup import manifest, removals
from ohmatdyt.backup.checking import readable
from ohmatdyt.backup.files import Say
from ohmatdyt.backup.manifest import BackupError
from ohmatdyt.core.disk import fsync_directory


def recipients_of(texts: Sequence[str]) -> list[Any]:
    """Who will be able to open it: public keys of age (age1…) or of SSH. Raises `BackupError`."""
    found = []
    for text in texts:
        kind = pyrage.ssh if text.startswith("ssh-") else pyrage.x25519
        try:
            found.append(kind.Recipient.from_str(text.strip()))
        except pyrage.RecipientError:
            raise BackupError(f"--recipient: «{text}» не є відкритим ключем age (age1…) чи SSH.") from None
    return found


def pack(source: Path, recipients: Sequence[Any], out: IO[bytes]) -> None:
    """Write a backup, and the list of those it must not bring back, encrypted. Raises `BackupError`."""

    def fill(pipe: IO[bytes]) -> None:
        with tarfile.open(fileobj=pipe, mode="w|") as tar:
            tar.add(source, arcname=source.name)
            noted = source.parent / removals.FILE
            if noted.is_file():
                tar.add(noted, arcname=removals.FILE)

    with readable(source):
        _through_a_pipe(fill, lambda pipe: pyrage.encrypt_io(pipe, out, list(recipients)))
        out.flush()


def pack_into(source: Path, recipients: Sequence[Any], target: Path) -> None:
    """The same into a file that appears whole or not at all."""
    draft = target.with_name(f".{target.name}.partial")
    try:
        with draft.open("wb") as out:
            draft.chmod(0o600)
            pack(source, recipients, out)
            os.fsync(out.fileno())
        draft.rename(target)
        fsync_directory(target.parent)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def unpacked(packed: Path, identity: Path, *, say: Say) -> Iterator[Path]:
    """The backup in an encrypted file, for as long as the block lasts. Needs as much space as the backup, beside the
    file or in the system's folder for temporary files. Raises `BackupError`."""
    keys = _identities(identity)
    try:
        scratch = Path(tempfile.mkdtemp(prefix=".unpacked-", dir=packed.parent))
    except OSError:
        scratch = Path(tempfile.mkdtemp(prefix="ohmatdyt-unpacked-"))
    say(f"Розшифровую {packed.name}…")

    def take_out(pipe: IO[bytes]) -> None:
        with tarfile.open(fileobj=pipe, mode="r|") as tar:
            tar.extractall(scratch, filter="data")
        while pipe.read(1 << 20):  # to its end: only then is it known to be whole
            pass

    try:
        with readable(packed), packed.open("rb") as file:
            try:
                _through_a_pipe(lambda pipe: pyrage.decrypt_io(file, pipe, keys), take_out)
            except (pyrage.DecryptError, tarfile.TarError, OSError) as error:
                if isinstance(error, OSError) and error.errno is not None:
                    raise  # the disk's, not what decryption says of a file that was cut off
                raise BackupError(f"{packed.name} не відкрито: ключ не той або файл пошкоджено.") from error
        found = manifest.newest(scratch)
        if found is None:
            raise BackupError(f"У {packed.name} немає цілої резервної копії.")
        yield found
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _identities(path: Path) -> list[Any]:
    with readable(path):
        lines = path.read_text(encoding="utf-8")
    if "OPENSSH PRIVATE KEY" in lines:
        return [pyrage.ssh.Identity.from_buffer(lines.encode())]
    words = [word for word in lines.split() if word.startswith("AGE-SECRET-KEY-")]
    try:
        found = [pyrage.x25519.Identity.from_str(word) for word in words]
    except pyrage.IdentityError:
        found = []
    if not found:
        raise BackupError(f"У {path} немає ключа age (AGE-SECRET-KEY-…).")
    return found


def _through_a_pipe(write: Callable[[IO[bytes]], None], read: Callable[[IO[bytes]], None]) -> None:
    """Run both at once; what went wrong first is raised."""
    reading, writing = os.pipe()
    problems: list[BaseException] = []

    def produce() -> None:
        try:
            with os.fdopen(writing, "wb") as pipe:
                write(pipe)
        except BrokenPipeError:
            pass  # the reader gave up, and says why
        except BaseException as error:  # noqa: BLE001 — raised below, in the thread that waits
            problems.append(error)

    thread = threading.Thread(target=produce, name="pack")
    thread.start()
    try:
        with os.fdopen(reading, "rb") as pipe:
            read(pipe)
    except BaseException as error:  # noqa: BLE001 — raised again
        thread.join()
        raise (problems or [error])[0] from None
    thread.join()
    if problems:
        raise problems[0]
