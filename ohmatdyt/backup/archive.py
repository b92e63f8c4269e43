"""The folder of the WAL archive: what lies where, and what of it may go.

    BACKUP_DIR/wal/SYSTEM-20261201T003000Z/
        archive.json               whose database it is, and how to sign in once it is recovered
        segments/0000….gz          its write-ahead log as pg_receivewal gets it, to the second; the last one .partial
        base-20261206T003100Z/     the database's files at that moment (pg_basebackup), from where the log is replayed

A folder holds a log without gaps. After a gap a new folder is begun; the old one still reaches every moment before it.
"""

import hashlib
import re
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson

from ohmatdyt.backup.manifest import BackupError
from ohmatdyt.core import clock

WAL = "wal"
SEGMENT_BYTES = 16 * 1024 * 1024
BASES_KEPT = 2

_PER_LOG = (1 << 32) // SEGMENT_BYTES
_PIECE = 1 << 20

_ABOUT = "archive.json"
_FOLDER = re.compile(r"(\d+)-(\d{8}T\d{6}Z)")
_BASE = re.compile(r"base-(\d{8}T\d{6}Z)")
_SEGMENT = re.compile(r"([0-9A-F]{24})\.gz(\.partial)?")


@dataclass(frozen=True, slots=True)
class Source:
    """The database that is archived; `key`, the digest of the key of its case numbers, tells installations apart."""

    system: str
    key: str
    role: str
    database: str


@dataclass(frozen=True, slots=True)
class Archive:
    """One folder with a log without gaps."""

    folder: Path

    @property
    def segments(self) -> Path:
        return self.folder / "segments"

    @property
    def about(self) -> Source:
        """Raises `BackupError` when the folder is not an archive of ours."""
        try:
            return Source(**orjson.loads((self.folder / _ABOUT).read_bytes()))
        except (OSError, ValueError, TypeError):
            raise BackupError(f"У {self.folder} немає придатного архіву WAL.") from None

    def bases(self) -> list[Path]:
        """Copies of the database's files, oldest first."""
        return sorted(path for path in self.folder.iterdir() if _BASE.fullmatch(path.name))

    def logged(self) -> list[tuple[str, Path]]:
        """Names of the log's segments and their files, in order; of a whole and a partial one the whole."""
        found: dict[str, Path] = {}
        for path in sorted(self.segments.iterdir()):
            if match := _SEGMENT.fullmatch(path.name):
                found.setdefault(match[1], path)
        return sorted(found.items())

    def problems(self) -> list[str]:
        """What of it is missing or damaged, in words; all of it is read."""
        found = [f"копію файлів бази {base.name} пошкоджено" for base in self.bases() if not _is_whole(base)]
        expected: str | None = None
        for name, path in self.logged():
            # A promoted server counts on under another timeline; gaps are looked for within one.
            if expected is not None and name[:8] == expected[:8] and name != expected:
                found.append(f"бракує журналу від {expected} до {name}")
            expected = _following(name)
            try:
                for _ in inflate(path):
                    pass
            except (BackupError, OSError):
                found.append(f"журнал {path.name} пошкоджено")
        return found

    def prune(self) -> None:
        """Drop the oldest bases, and the log that no base needs any more."""
        bases = self.bases()
        for old in bases[:-BASES_KEPT]:
            shutil.rmtree(old)
        if bases:
            needed = first_segment(bases[-BASES_KEPT:][0])
            for name, path in self.logged():
                if name < needed:
                    path.unlink(missing_ok=True)


def moment_of(path: Path) -> datetime:
    """When the base was finished, or the folder begun."""
    match = _BASE.fullmatch(path.name) or _FOLDER.fullmatch(path.name)
    if match is None:
        raise ValueError(path.name)
    return datetime.strptime(match[match.lastindex or 1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def stamp() -> str:
    """The present moment as names of folders have it."""
    return f"{clock.now().astimezone(UTC):%Y%m%dT%H%M%SZ}"


def first_segment(base: Path) -> str:
    """The name of the segment from which the log is replayed onto this base."""
    first = orjson.loads((base / "backup_manifest").read_bytes())["WAL-Ranges"][0]
    high, low = (int(part, 16) for part in first["Start-LSN"].split("/"))
    return _name(first["Timeline"], ((high << 32) + low) // SEGMENT_BYTES)


def _name(timeline: int, number: int) -> str:
    return f"{timeline:08X}{number // _PER_LOG:08X}{number % _PER_LOG:08X}"


def _following(name: str) -> str:
    timeline, log, segment = (int(name[start : start + 8], 16) for start in (0, 8, 16))
    return _name(timeline, log * _PER_LOG + segment + 1)


def inflate(segment: Path) -> Iterator[bytes]:
    """The content of a segment, in pieces. The last one is cut off where the server was lost: what is there counts.
    Raises `BackupError` when it is damaged."""
    # Not `gzip.open`: at the end of a file that was cut off it drops what it had read.
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
    with segment.open("rb") as packed:
        try:
            while piece := packed.read(_PIECE):
                yield unpacking.decompress(piece)
        except zlib.error as error:
            raise BackupError(f"Журнал пошкоджено: {segment}.") from error
    if not unpacking.eof and not segment.name.endswith(".partial"):
        raise BackupError(f"Журнал пошкоджено: {segment}.")


def sums_of(base: Path) -> dict[str, str]:
    """SHA-256 of every file of a base, by path."""
    files = orjson.loads((base / "backup_manifest").read_bytes())["Files"]
    return {one["Path"]: one["Checksum"] for one in files}


def _is_whole(base: Path) -> bool:
    try:
        wanted = sums_of(base)
        with tarfile.open(base / "base.tar.gz", "r|gz") as tar:
            for member in tar:
                content = tar.extractfile(member)
                if content is None or member.name not in wanted:
                    continue
                found = hashlib.sha256()
                while piece := content.read(_PIECE):
                    found.update(piece)
                if found.hexdigest() != wanted.pop(member.name):
                    return False
    except (OSError, EOFError, ValueError, KeyError, zlib.error, tarfile.TarError):
        return False
    return not wanted


def all_in(target: Path) -> list[Archive]:
    """Every archive in a folder of backups, oldest first."""
    if not (target / WAL).is_dir():
        return []
    found = [path for path in (target / WAL).iterdir() if _FOLDER.fullmatch(path.name)]
    return [Archive(path) for path in sorted(found, key=lambda path: path.name.rpartition("-")[2])]


def current(target: Path, source: Source) -> Archive | None:
    """The archive into which the log of this database goes on."""
    mine = [one for one in all_in(target) if one.folder.name.startswith(f"{source.system}-")]
    return mine[-1] if mine else None


def begin(target: Path, source: Source) -> Archive:
    """Make the folder of a new one."""
    archive = Archive(target / WAL / f"{source.system}-{stamp()}")
    archive.segments.mkdir(parents=True, mode=0o700)
    (archive.folder / _ABOUT).write_bytes(orjson.dumps(asdict(source), option=orjson.OPT_INDENT_2))
    return archive


def forget_old(target: Path, source: Source, *, days: int) -> None:
    """Drop archives of this installation that nothing was added to for so long."""
    newest = current(target, source)
    before = clock.now() - timedelta(days=days)
    for one in all_in(target):
        if newest is None or one.folder == newest.folder or one.about.key != source.key:
            continue
        times = [path.stat().st_mtime for _, path in one.logged()]
        if not times or datetime.fromtimestamp(max(times), UTC) < before:
            shutil.rmtree(one.folder)
