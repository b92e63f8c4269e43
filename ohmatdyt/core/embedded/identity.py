"""Who PostgreSQL runs as. It refuses to be root, so root hands it to a system user without a shell."""

import os
import pwd
import shutil
import stat
import struct
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ohmatdyt.core.embedded.errors import EmbeddedError

SYSTEM_USER = "ohmatdyt"

_ACL = "system.posix_acl_access"
_ACL_VERSION = 2
_USER_OBJ, _USER, _GROUP_OBJ, _MASK, _OTHER = 0x01, 0x02, 0x04, 0x10, 0x20
_NO_ID = 0xFFFFFFFF
_EXECUTE = 1


@dataclass(frozen=True, slots=True)
class Identity:
    """The system account of PostgreSQL; `foreign` when it is not the one of this process."""

    uid: int
    gid: int
    foreign: bool

    def popen(self) -> dict[str, Any]:
        """Arguments that make `subprocess` start a child under this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.foreign else {}

    def own(self, path: Path) -> None:
        """Give a file or folder to this account."""
        if self.foreign:
            os.chown(path, self.uid, self.gid)


def choose(cluster: Path) -> Identity:
    """The account for this cluster: ourselves, or when we are root the owner it has, or the system user."""
    if os.geteuid() != 0:
        return Identity(os.geteuid(), os.getegid(), foreign=False)
    with suppress(OSError):
        owner = cluster.stat()
        if owner.st_uid != 0:
            return Identity(owner.st_uid, owner.st_gid, foreign=True)
    entry = _system_user()
    return Identity(entry.pw_uid, entry.pw_gid, foreign=True)


def _system_user() -> pwd.struct_passwd:
    with suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd:
        home = ("--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin")
        command = (useradd, "--system", "--user-group", *home, SYSTEM_USER)
        # Another process may be adding the same user right now; whoever wins, the name is there afterwards.
        for _ in range(3):
            subprocess.run(command, check=False, capture_output=True)
            with suppress(KeyError):
                return pwd.getpwnam(SYSTEM_USER)
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedError(
            "PostgreSQL не працює від імені root: "
            "створіть користувача ohmatdyt або запустіть програму не як root."
        ) from None


def let_in(identity: Identity, path: Path) -> None:
    """Let the account reach `path` when folders above it are closed to others.

    Only passage (no listing, no reading) is granted, and only to this account, by an access control list;
    where the file system has none, passage is granted to everybody.
    """
    if not identity.foreign:
        return
    for folder in path.absolute().parents:
        state = folder.stat()
        if state.st_mode & stat.S_IXOTH or state.st_uid == identity.uid:
            continue
        try:
            _grant_passage(folder, identity.uid, state.st_mode)
        except (OSError, AttributeError):
            folder.chmod(stat.S_IMODE(state.st_mode) | stat.S_IXOTH)


def open_trees(identity: Identity, trees: Iterable[Path], sample: Path) -> None:
    """Make program files readable when they were installed for their owner only (a strict umask)."""
    if not identity.foreign or sample.stat().st_mode & stat.S_IXOTH:
        return
    for path in (path for tree in trees for path in (tree, *tree.rglob("*"))):
        mode = stat.S_IMODE(path.stat().st_mode)
        path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))


def _grant_passage(folder: Path, uid: int, mode: int) -> None:
    entries = dict(_acl(folder, mode))
    entries[_USER, uid] = entries.get((_USER, uid), 0) | _EXECUTE
    entries[_MASK, _NO_ID] = entries.get((_MASK, _NO_ID), (mode >> 3) & 7) | _EXECUTE
    packed = b"".join(struct.pack("<HHI", tag, bits, owner) for (tag, owner), bits in sorted(entries.items()))
    os.setxattr(folder, _ACL, struct.pack("<I", _ACL_VERSION) + packed)


def _acl(folder: Path, mode: int) -> Iterator[tuple[tuple[int, int], int]]:
    try:
        raw = os.getxattr(folder, _ACL)
    except OSError:  # no list yet: the plain mode says the same
        yield (_USER_OBJ, _NO_ID), (mode >> 6) & 7
        yield (_GROUP_OBJ, _NO_ID), (mode >> 3) & 7
        yield (_OTHER, _NO_ID), mode & 7
        return
    for tag, bits, owner in struct.iter_unpack("<HHI", raw[4:]):
        yield (tag, owner), bits
