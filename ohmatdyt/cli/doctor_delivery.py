"""What `ohmatdyt doctor` looks at of letters and of the schedule."""

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ohmatdyt.cli.findings import Finding
from ohmatdyt.core import clock
from ohmatdyt.core.mail import NotSent, Postman
from ohmatdyt.core.settings import Settings

if TYPE_CHECKING:
    from ohmatdyt.core.db import Database

_LONG_WAIT = timedelta(minutes=10)


async def of_mail(settings: Settings) -> Finding:
    """Whether the mail server takes us in, with TLS verified and the password accepted."""
    if not settings.smtp_host:
        return Finding(
            "warning", "Пошта", "не налаштована, листи не надсилаються", "задайте SMTP_HOST і MAIL_FROM"
        )
    where = f"{settings.smtp_host}:{settings.smtp_port}"
    async with Postman(settings) as postman:
        try:
            await postman.check()
        except NotSent as error:
            return Finding(
                "failed",
                "Пошта",
                f"{where} не приймає ({error.reason})",
                "перевірте SMTP_HOST, SMTP_PORT, SMTP_TLS, SMTP_CA_FILE, SMTP_USER і SMTP_PASSWORD",
            )
    return Finding("ok", "Пошта", f"{where} відповідає")


async def of_redis(settings: Settings) -> Finding:
    """Whether Redis answers and takes our password, where there is to be one: without it the schedule stands still,
    the backup included."""
    from redis.exceptions import AuthenticationError, RedisError, ResponseError

    from ohmatdyt.core.health import ping_redis

    if settings.redis_url is None:
        return Finding("ok", "Redis", "не потрібен: листи й розклад веде сам сервер")
    stands = (
        f"листи йдуть і без нього, але на {settings.delivery_sweep_s:.0f} с пізніше, а розклад і копії стоять"
    )
    try:
        await ping_redis(settings.redis_url)
    except (AuthenticationError, ResponseError):
        text = f"не приймає пароль: {stands}"
        return Finding("failed", "Redis", text, "виправте пароль у REDIS_URL (з Docker: REDIS_PASSWORD)")
    except (RedisError, OSError, TimeoutError):
        return Finding(
            "failed",
            "Redis",
            f"не відповідає: {stands}",
            "перевірте REDIS_URL і службу redis (docker compose ps redis, docker compose logs redis)",
        )
    return Finding("ok", "Redis", "відповідає")


async def of_letters(database: "Database") -> Finding:
    """Letters that were given up, and letters nobody takes."""
    counted = sa.text(
        "SELECT count(*) FILTER (WHERE mail_status = 'FAILED') AS failed, "
        "count(*) FILTER (WHERE attempts = 0 AND due_at < :before) AS waiting "
        "FROM notifications WHERE mail_status IN ('FAILED', 'PENDING')"
    )
    async with database.connection() as connection:
        found = (await connection.execute(counted, {"before": clock.now() - _LONG_WAIT})).one()
    if found.waiting:
        return Finding(
            "warning",
            "Листи",
            f"чекають понад 10 хвилин: {found.waiting}",
            "їх надсилає сам сервер, а з REDIS_URL процес `ohmatdyt worker`: перевірте, чи він працює",
        )
    if found.failed:
        return Finding(
            "warning",
            "Листи",
            f"не надіслано: {found.failed}",
            "причини й повтор: «Доставка листів» у системі",
        )
    return Finding("ok", "Листи", "усі надіслано")


async def of_schedule(database: "Database", settings: Settings) -> Finding:
    """Jobs that failed at their last run."""
    from ohmatdyt.schedule import job_states

    async with database.unit_of_work() as session:
        states = await job_states(session, settings)
    failed = [f"{one.name} ({one.last_error})" for one in states if one.last_outcome == "failed"]
    if failed:
        return Finding("warning", "Розклад", f"востаннє не вдалося: {', '.join(failed)}", "причина в журналі")
    latest = max((one.last_finished_at for one in states if one.last_finished_at), default=None)
    if latest is None:
        return Finding("ok", "Розклад", "ще не виконувався: почнеться з першим запуском сервера")
    shown = latest.astimezone(settings.zone)
    late = [one.name for one in states if one.is_late]
    text = f"востаннє {shown:%d.%m.%Y о %H:%M}"
    if late and settings.redis_url:
        return Finding(
            "warning",
            "Розклад",
            f"стоїть: {text}; чекають запуску: {', '.join(late)}",
            "його ведуть процеси `ohmatdyt beat` і `ohmatdyt worker`: перевірте, чи вони працюють",
        )
    return Finding("ok", "Розклад", f"{text}; чекають запуску: {', '.join(late)}" if late else text)
