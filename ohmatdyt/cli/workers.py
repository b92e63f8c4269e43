"""`worker` and `beat`: delivery and schedule as processes of their own, for installations with Redis."""

from ohmatdyt.cli.outcome import CommandError
from ohmatdyt.core.settings import Settings, load_settings


def worker(*, concurrency: int | None) -> int:
    """Deliver letters and run periodic jobs until told to stop."""
    from ohmatdyt import worker as process

    return process.work(_settings(database=True), concurrency=concurrency)


def beat() -> int:
    """Send the worker its «look now» until told to stop."""
    from ohmatdyt import worker as process

    return process.beat(_settings(database=False))


def _settings(*, database: bool) -> Settings:
    from ohmatdyt.core import log

    settings = load_settings()
    if settings.redis_url is None:
        raise CommandError(
            "REDIS_URL: не задано. Без Redis листи й розклад веде сам сервер (`ohmatdyt serve`)."
        )
    if database and settings.database_url is None:
        raise CommandError("DATABASE_URL: не задано, а worker працює з базою сервера.")
    log.configure(level=settings.log_level, json=settings.json_logs)
    return settings
