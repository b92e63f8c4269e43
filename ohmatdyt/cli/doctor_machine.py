"""What `ohmatdyt doctor` looks at of the machine: whose folders, how much room, what time, which certificate."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ohmatdyt.cli.findings import Finding
from ohmatdyt.core import certificate, clock, installation, version
from ohmatdyt.core.disk import room, words
from ohmatdyt.core.settings import Settings, misspelt_names

if TYPE_CHECKING:
    from ohmatdyt.core.db import Database

_LOW_BYTES = 2 * 1024**3
# Lists and probes lie there, never files of cases: a container's is 256 MiB as it comes.
_LOW_SCRATCH_BYTES = 64 * 1024**2
_SCRATCH = "тимчасові файли"
_CLOCKS_DIFFER = timedelta(seconds=30)
_AHEAD = timedelta(minutes=5)


def of_program() -> Iterator[Finding]:
    """Which program this is, and variables it will never read."""
    yield Finding("ok", "Програма", f"версія {version.PROGRAM}")
    for name, meant in misspelt_names().items():
        yield Finding(
            "warning", "Змінна", f"{name} програмі невідома", f"можливо, це {meant}: виправте назву"
        )


def of_folders(settings: Settings) -> Iterator[Finding]:
    """Whether the folders can be written, and the room on each disk they lie on."""
    places = {"MEDIA_ROOT": settings.media, _SCRATCH: Path(tempfile.gettempdir())}
    if settings.database_inside:
        places["DATA_DIR"] = settings.data_dir
    if settings.backup_dir is not None:
        places["BACKUP_DIR"] = settings.backup_dir
    for name, folder in places.items():
        if problem := _unwritable(folder, make=name == "MEDIA_ROOT"):
            advice = f"дайте програмі право запису в теку або змініть {name}"
            yield Finding("failed", "Тека", f"{name}: у {folder} не можна писати ({problem})", advice)
    disks: dict[int, list[str]] = {}
    for name, folder in places.items():
        if there := room(folder):
            disks.setdefault(there.device, []).append(f"{name} ({folder})")
    seen = set()
    for folder in places.values():
        there = room(folder)
        if there is None or there.device in seen:
            continue
        seen.add(there.device)
        on_it = disks[there.device]
        text = f"вільно {there.free / 1024**3:.1f} ГБ: {', '.join(on_it)}"
        only_scratch = len(on_it) == 1 and on_it[0].startswith(_SCRATCH)
        low = there.free < (_LOW_SCRATCH_BYTES if only_scratch else _LOW_BYTES)
        yield Finding("warning" if low else "ok", "Диск", text, "звільніть місце" if low else "")


def _unwritable(folder: Path, *, make: bool) -> str | None:
    try:
        if make:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"ok")
    except OSError as error:
        return words(error)
    return None


async def of_ownership(database: "Database", settings: Settings) -> AsyncIterator[Finding]:
    """Whether the folders belong to this database."""
    from ohmatdyt import ownership

    async with database.unit_of_work() as session:
        own = await ownership.own_id(session)
        found = [str(problem) async for problem in ownership.problems(session, settings, own)]
    for problem in found:
        yield Finding(
            "failed", "Установка", problem, "виправте налаштування, тоді перевірте ще раз: ohmatdyt doctor"
        )
    if not found:
        yield Finding("ok", "Установка", f"{installation.short(own)}, її теки належать їй")


async def of_clock(database: "Database", settings: Settings) -> Finding:
    """Whether this machine's clock agrees with the database's, and with what was written before."""
    async with database.connection() as connection:
        before = clock.now()
        theirs, last = (
            await connection.execute(
                sa.text("SELECT clock_timestamp(), (SELECT max(last_finished_at) FROM job_runs)")
            )
        ).one()
        after = clock.now()
    shown = f"{after.astimezone(settings.zone):%d.%m.%Y %H:%M}"
    advice = "увімкніть звірку часу (timedatectl set-ntp true) на цій машині й на сервері бази"
    off = before - theirs if theirs < before else theirs - after
    if off > _CLOCKS_DIFFER:
        side = "відстає від" if theirs > after else "іде попереду"
        return Finding("failed", "Годинник", f"{side} годинника бази на {_span(off)}", advice)
    if last is not None and last > after + _AHEAD:
        text = f"показує {shown}, а останній запис розкладу пізніший на {_span(last - after)}"
        return Finding("failed", "Годинник", text, advice)
    return Finding("ok", "Годинник", f"{shown}, як у бази")


def _span(off: timedelta) -> str:
    if off >= timedelta(days=1):
        return f"{off.days} діб"
    return f"{int(off.total_seconds()) // 60} хв {int(off.total_seconds()) % 60} с"


async def of_certificate(settings: Settings) -> AsyncIterator[Finding]:
    """When the certificate at PUBLIC_URL ends; nothing where it is not https, or is not reached from here."""
    ends = await certificate.ends_at(settings.public_url)
    if ends is None:
        return
    left = ends - clock.now()
    text = f"{settings.public_url}: діє до {ends.astimezone(settings.zone):%d.%m.%Y}"
    if left > certificate.SOON:
        yield Finding("ok", "Сертифікат", text)
        return
    yield Finding(
        "failed" if left < certificate.NOW else "warning",
        "Сертифікат",
        f"{text}: {'уже не діє' if left < timedelta(0) else f'лишилося діб: {left.days}'}",
        "оновіть його (certbot renew або нові файли в TLS_DIR) і перечитайте nginx: nginx -s reload",
    )
