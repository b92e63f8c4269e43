"""`ohmatdyt doctor`: looks at everything the product stands on and says, in Ukrainian, what to do."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ohmatdyt.cli import doctor_backup, doctor_cases, doctor_delivery, doctor_machine
from ohmatdyt.cli.findings import Finding
from ohmatdyt.cli.outcome import sentence
from ohmatdyt.cli.place import opened, place
from ohmatdyt.core.settings import Settings

if TYPE_CHECKING:
    from ohmatdyt.core.db import Database

_OLDEST_SUPPORTED = 150000


_MARKS = {"ok": "  ✓ ", "warning": "  ! ", "failed": "  ✗ "}


def examine(*, data_dir: Path | None) -> int:
    """Print every finding; 1 when something is broken, 0 otherwise (warnings included)."""
    from ohmatdyt.core import log

    findings = []
    with place(data_dir) as settings:
        # Findings are what people read here: no line of the log in the middle of them.
        log.configure(level="critical")
        for finding in (
            *doctor_machine.of_program(),
            *_of_settings(settings),
            *doctor_machine.of_folders(settings),
            doctor_backup.of_backups(settings),
        ):
            _show(finding)
            findings.append(finding)
        findings += asyncio.run(_of_database_and_mail(settings))
    broken = sum(finding.verdict == "failed" for finding in findings)
    if broken:
        sys.stderr.write(f"Знайдено несправностей: {broken}.\n")
    return 1 if broken else 0


def _show(finding: Finding) -> None:
    sys.stdout.write(f"{_MARKS[finding.verdict]}{finding.subject}: {finding.text}\n")
    if finding.advice:
        sys.stdout.write(f"      → {finding.advice}\n")
    sys.stdout.flush()


def _of_settings(settings: Settings) -> Iterator[Finding]:
    yield Finding("ok", "Налаштування", f"прочитані, режим {settings.app_env}")
    if settings.production and not settings.secure:
        yield Finding(
            "warning",
            "Адреса",
            f"{settings.public_url} без HTTPS: паролі йдуть мережею відкрито",
            "поставте перед сервером HTTPS і змініть PUBLIC_URL на https://…",
        )
    if settings.production and settings.docs:
        yield Finding("warning", "Опис API", "/docs видно всім", "вимкніть: DOCS_ENABLED=false")


async def _of_database_and_mail(settings: Settings) -> list[Finding]:
    findings = []
    async for finding in _of_database(settings):
        _show(finding)
        findings.append(finding)
    async for finding in doctor_machine.of_certificate(settings):
        _show(finding)
        findings.append(finding)
    for look in (doctor_delivery.of_redis, doctor_delivery.of_mail):
        findings.append(await look(settings))
        _show(findings[-1])
    return findings


async def _of_database(settings: Settings) -> AsyncIterator[Finding]:
    try:
        async with opened(settings) as database:
            yield await _server(database)
            yield await _role(database)
            if not settings.database_inside:
                yield await _connections(settings)
            schema = await _schema(database)
            yield schema
            if schema.verdict != "failed":
                async for finding in doctor_machine.of_ownership(database, settings):
                    yield finding
                yield await doctor_machine.of_clock(database, settings)
                yield await _journal(database)
                yield await _staff(database)
                yield await doctor_cases.of_numbers(database)
                yield await doctor_delivery.of_letters(database)
                yield await doctor_delivery.of_schedule(database, settings)
                if archived := await doctor_backup.of_wal(settings):
                    yield archived
    except Exception as error:  # noqa: BLE001 — the reason is the finding
        yield Finding("failed", "База", sentence(error))


async def _server(database: "Database") -> Finding:
    import sqlalchemy as sa

    async with database.connection() as connection:
        number = int(await connection.scalar(sa.text("SHOW server_version_num")) or 0)
        version = await connection.scalar(sa.text("SHOW server_version"))
        durable = await connection.scalar(sa.text("SELECT current_setting('fsync') = 'on'"))
    if number < _OLDEST_SUPPORTED:
        return Finding(
            "failed", "База", f"PostgreSQL {version} застарий", "потрібен PostgreSQL 15 або новіший"
        )
    if not durable:
        return Finding(
            "failed", "База", "fsync вимкнено: записи не переживуть вимкнення", "увімкніть fsync = on"
        )
    return Finding("ok", "База", f"PostgreSQL {version}")


async def _connections(settings: Settings) -> Finding:
    from ohmatdyt.core import connection_budget

    most = await connection_budget.accepted(str(settings.database_url))
    advice = "збільште max_connections на сервері бази або зменште WORKERS чи DATABASE_POOL_SIZE"
    if connection_budget.shortage(settings, most):
        return Finding("failed", "З'єднання", connection_budget.sums(settings, most), advice)
    if connection_budget.tightness(settings, most):
        return Finding("warning", "З'єднання", connection_budget.sums(settings, most), advice)
    return Finding("ok", "З'єднання", connection_budget.sums(settings, most))


async def _role(database: "Database") -> Finding:
    from ohmatdyt.core import roles

    async with database.reading() as connection:
        found = await roles.weakness(connection)
    if found is None:
        return Finding("ok", "Роль бази", "програма не може переписати журнал і повернути собі права")
    return Finding("warning" if found.lowered else "failed", "Роль бази", found.text, found.advice)


async def _schema(database: "Database") -> Finding:
    from ohmatdyt.core import migrate, version

    found = await migrate.look(database.url)
    if found.state == "current":
        return Finding("ok", "Схема", f"версія {found.revision}")
    if found.state == "newer" and found.is_usable:
        text = (
            f"версія {found.revision} новіша за програму {version.PROGRAM}, але програма може з нею працювати"
        )
        return Finding("warning", "Схема", text, "поставте програму, яка оновила базу, або новішу")
    if found.state == "newer":
        return Finding("failed", "Схема", found.refusal(), "поставте новішу програму")
    text = f"у базі версія {found.revision or 'порожня'}, програмі потрібна {migrate.head_revision()}"
    return Finding("failed", "Схема", text, "виконайте: ohmatdyt migrate")


async def _journal(database: "Database") -> Finding:
    from ohmatdyt.audit import service as audit

    async with database.unit_of_work() as session:
        report = await audit.verify_chain(session)
    if report.broken_at is None:
        return Finding(
            "ok", "Журнал дій", f"ланцюг цілий, записів {report.checked}, чекають {report.waiting}"
        )
    return Finding(
        "failed",
        "Журнал дій",
        f"ланцюг розірвано на записі {report.broken_at}",
        "журнал хтось змінив повз програму: збережіть копію бази й повідомте керівника",
    )


async def _staff(database: "Database") -> Finding:
    import sqlalchemy as sa

    async with database.connection() as connection:
        admins = await connection.scalar(
            sa.text("SELECT count(*) FROM users WHERE role = 'ADMIN' AND is_active")
        )
    if admins:
        return Finding("ok", "Адміністратори", f"діючих {admins}")
    return Finding(
        "failed",
        "Адміністратори",
        "немає жодного діючого",
        "створіть: ohmatdyt create-admin --username … --email … --full-name …",
    )
