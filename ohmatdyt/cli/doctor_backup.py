"""What `ohmatdyt doctor` looks at of backups."""

from datetime import timedelta
from pathlib import Path

from ohmatdyt.cli.findings import Finding
from ohmatdyt.core import clock
from ohmatdyt.core.settings import Settings

_LATE = timedelta(hours=26)
_BASE_LATE = timedelta(days=9)
_SAMPLE_BYTES = 256 * 1024**2


def of_backups(settings: Settings) -> Finding:
    """Whether there is a backup, and a fresh one."""
    from ohmatdyt.backup import BackupError, Manifest, manifest

    if settings.backup_dir is None:
        advice = "задайте BACKUP_DIR (копія щодня сама) або робіть: ohmatdyt backup ТЕКА"
        return Finding("warning", "Резервна копія", "не налаштована", advice)
    last = manifest.newest(settings.backup_dir)
    if last is None:
        advice = f"зробіть зараз: ohmatdyt backup {settings.backup_dir}"
        return Finding("failed", "Резервна копія", f"у {settings.backup_dir} немає жодної", advice)
    begun = manifest.begun_at(last)
    shown = f"остання {begun.astimezone(settings.zone):%d.%m.%Y о %H:%M}"
    if clock.now() - begun > _LATE:
        advice = f"перевірте місце й журнал, тоді: ohmatdyt backup {settings.backup_dir}"
        return Finding("failed", "Резервна копія", f"запізнюється: {shown}", advice)
    try:
        note = Manifest.read(last)
    except BackupError as error:
        return Finding(
            "failed", "Резервна копія", str(error), f"зробіть нову: ohmatdyt backup {settings.backup_dir}"
        )
    if note.lost:
        text = f"{shown}; на диску втрачено або змінено файлів: {len(note.lost)}"
        advice = f"назви в {last / manifest.MANIFEST}; відновіть їх зі старішої копії"
        return Finding("failed", "Резервна копія", text, advice)
    return _sample(last, f"{shown}, файлів {note.files}")


def _sample(last: Path, shown: str) -> Finding:
    """Read some of the latest backup; all of all of them is read once a week by a job."""
    from ohmatdyt.backup import BackupError
    from ohmatdyt.backup.checking import check_sample, named

    try:
        read, damaged = check_sample(last, at_most=_SAMPLE_BYTES)
    except BackupError as error:
        return Finding("failed", "Резервна копія", str(error), "зробіть нову: ohmatdyt backup ТЕКА")
    if damaged:
        text = f"{shown}; пошкоджено файлів: {len(damaged)} з {read} прочитаних\n{named(damaged)}"
        advice = "перевірте диск копій і зробіть нову (пошкоджене вона запише наново): ohmatdyt backup ТЕКА"
        return Finding("failed", "Резервна копія", text, advice)
    return Finding("ok", "Резервна копія", f"{shown}; прочитано й ціле: {read}")


async def of_wal(settings: Settings) -> Finding | None:
    """Whether the log is archived now, and from when on a moment can be reached; None where that is not wanted."""
    from ohmatdyt.backup import BackupError, archive, census, wal

    if not settings.backup_wal or settings.backup_dir is None:
        return None
    connection = await census.connect(str(settings.database_url))
    try:
        await wal.require_archived(connection)
    except BackupError as error:
        return Finding("failed", "Архів WAL", str(error), "docs/troubleshooting.md, «Архів WAL не пишеться»")
    finally:
        await connection.close()
    bases = [archive.moment_of(base) for one in archive.all_in(settings.backup_dir) for base in one.bases()]
    if not bases:
        return Finding(
            "warning",
            "Архів WAL",
            "пишеться, а повної копії файлів бази ще немає",
            "її робить розклад, щойно запуститься: перевірте роботу «Копія файлів бази для архіву WAL»",
        )
    first, last = (f"{one.astimezone(settings.zone):%d.%m.%Y %H:%M}" for one in (min(bases), max(bases)))
    if clock.now() - max(bases) > _BASE_LATE:
        return Finding(
            "failed",
            "Архів WAL",
            f"пишеться, а повна копія файлів бази давня: {last}",
            "перевірте роботу «Копія файлів бази для архіву WAL»: вона каже причину",
        )
    return Finding("ok", "Архів WAL", f"пишеться, відновити можна на будь-яку мить від {first}")
