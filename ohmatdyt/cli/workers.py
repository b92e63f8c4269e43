"""`worker` and `beat`: delivery and schedule as processes of their own, for installations with Redis."""

from ohmatdyt.cli.outcome import CommandError
from ohmatdyt.cli.place import introduce
from ohmatdyt.core.settings import Settings, load_settings


def worker(*, concurrency: int | None) -> int:
    """Deliver letters and run periodic jobs until told to stop."""
    from ohmatdyt import worker as process

    return process.work(_settings(database=True), concurrency=concurrency)


def beat() -> int:
    """Send the worker its «look now» until told to stop."""
    from ohmatdyt import worker as process

    return process.beat(_settings(database=False))


def archive_wal() -> int:
    """Receive the write-ahead log of DATABASE_URL into BACKUP_DIR until told to stop."""
    import signal

    from ohmatdyt.backup.wal import Receiver
    from ohmatdyt.core import log

    # It signs nothing: where nobody gave it a key, it leaves none behind.
    settings = load_settings(make_key=False)
    if settings.database_url is None:
        raise CommandError(
            "DATABASE_URL: не задано. Журнал вбудованої бази архівує сам сервер (BACKUP_WAL=true)."
        )
    if settings.backup_dir is None:
        raise CommandError("BACKUP_DIR: не задано, а архів треба кудись писати.")
    log.configure(level=settings.log_level, json=settings.json_logs)
    receiver = Receiver(settings.owner_url, settings.backup_dir)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: receiver.leave())
    receiver.start()
    receiver.wait()
    return 0


def _settings(*, database: bool) -> Settings:
    from ohmatdyt.core import log

    settings = load_settings()
    if settings.redis_url is None:
        raise CommandError(
            "REDIS_URL: не задано. Без Redis листи й розклад веде сам сервер (`ohmatdyt serve`)."
        )
    if database and settings.database_url is None:
        raise CommandError("DATABASE_URL: не задано, а worker працює з базою сервера.")
    introduce(settings)
    log.configure(level=settings.log_level, json=settings.json_logs)
    return settings
