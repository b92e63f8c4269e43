"""What `ohmatdyt doctor` looks at of backups."""

from datetime import timedelta

from ohmatdyt.cli.findings import Finding
from ohmatdyt.core import clock
from ohmatdyt.core.settings import Settings

_LATE = timedelta(hours=26)


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
    return Finding("ok", "Резервна копія", f"{shown}, файлів {note.files}")
