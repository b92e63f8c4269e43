"""`backup` and `restore`."""

import asyncio
import secrets
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ohmatdyt.cli.outcome import CommandError
from ohmatdyt.cli.place import introduce, opened, place, require_schema, say, settle, upgrade
from ohmatdyt.core.installation import from_key_digest, mark
from ohmatdyt.core.settings import Settings, load_settings

if TYPE_CHECKING:
    from ohmatdyt.backup import Checked

NOT_WHOLE = 3  # the exit code of a restore that had to leave damaged files out


def backup(*, target: Path, keep: int | None, data_dir: Path | None) -> int:
    """Make one backup and say where it is."""
    from ohmatdyt import backup as copies

    begun = time.monotonic()
    with place(data_dir) as settings:
        require_schema(settings, older=True)
        settle(settings)  # the first thing done after an update may be a backup
        made = asyncio.run(copies.make(settings, target.expanduser().resolve(), keep=keep, say=say))
    note = copies.Manifest.read(made)
    say(f"Копію створено за {time.monotonic() - begun:.1f} с: {made}")
    say(f"  рядків {note.rows}, файлів {note.files} ({note.files_bytes / 1e6:.1f} МБ), схема {note.schema}")
    if not (made / copies.manifest.SECRET).exists():
        say("  SECRET_KEY у копію не входить: збережіть файл .env окремо, у надійному місці.")
    return 0


def restore(
    *,
    source: Path,
    data_dir: Path | None,
    without_damaged: bool = False,
    at: str | None = None,
    files_from: Path | None = None,
    identity: Path | None = None,
) -> int:
    """Bring a backup back into an empty place, as it is or as the desk was `at` a moment.

    0 only when rows, sums and files are those of the original, `NOT_WHOLE` when files had to stay away.
    """
    from ohmatdyt import backup as copies

    source = source.expanduser().resolve()
    # A key of its own is not made here: the backup may bring one.
    settings = load_settings(data_dir=data_dir, secret_key=secrets.token_urlsafe(48))
    introduce(settings)
    if source.is_file():
        return _restore_packed(settings, source, identity, without_damaged=without_damaged)
    if at is None:
        found = copies.chosen(source)
        return _restore(settings, found, found.parent, without_damaged=without_damaged)
    from ohmatdyt.backup import recovering

    moment = recovering.parse(at, settings)
    _require_empty(settings)
    with recovering.recovered(settings, source, moment, files_from=files_from, say=say) as made:
        return _restore(settings, made, source, without_damaged=without_damaged)


def _restore_packed(settings: Settings, source: Path, identity: Path | None, *, without_damaged: bool) -> int:
    from ohmatdyt.backup import packing

    if identity is None:
        raise CommandError(f"{source.name} зашифровано: назвіть файл із ключем age (--identity).")
    _require_empty(settings)
    with packing.unpacked(source, identity, say=say) as found:
        return _restore(settings, found, found.parent, without_damaged=without_damaged)


def pack(*, source: Path, recipients: list[str], out: Path | None) -> int:
    """Write one backup as an encrypted file, or to stdout."""
    from ohmatdyt import backup as copies
    from ohmatdyt.backup import packing

    keys = packing.recipients_of(recipients)
    found = copies.chosen(source.expanduser().resolve())
    if out is not None:
        packing.pack_into(found, keys, out.expanduser().resolve())
        say(f"Копію {found.name} зашифровано: {out}")
    elif sys.stdout.isatty():
        raise CommandError("Вкажіть файл (--out) або спрямуйте вивід далі: ohmatdyt pack … | ssh …")
    else:
        packing.pack(found, keys, sys.stdout.buffer)
    return 0


def _restore(settings: Settings, found: Path, beside: Path, *, without_damaged: bool) -> int:
    """`beside` is the folder of backups, which knows whom none of them may bring back."""
    from ohmatdyt import backup as copies
    from ohmatdyt.backup import manifest
    from ohmatdyt.backup.checking import named

    begun = time.monotonic()
    say(f"Копія {found.name}: перевіряю…")
    checked = copies.check(found, say=say)
    note = checked.note
    if checked.borrowed:
        say(f"Пошкоджено файлів: {len(checked.borrowed)}; цілі знайшлися в інших копіях поруч.")
    if checked.damaged and not without_damaged:
        raise CommandError(
            f"Копію пошкоджено, цілих немає і в копіях поруч; файлів: {len(checked.damaged)}.\n"
            f"{named(checked.damaged)}\n"
            "Візьміть іншу копію або відновіть решту: додайте --without-damaged-files."
        )
    if settings.embedded:
        _into_folder(settings, checked, beside)
    else:
        _fill(settings, checked, beside)
    took = (
        f"Відновлено за {time.monotonic() - begun:.1f} с: рядків {note.rows}, файлів {len(checked.sources)}"
    )
    say(f"{took}; не відновлено: {len(checked.damaged)}." if checked.damaged else f"{took}; усе збігається.")
    if not (found / manifest.SECRET).exists():
        say("Поставте той самий SECRET_KEY, що був: з іншим усі входитимуть заново.")
    if note.lost:
        say(f"База знає файли, яких у копії немає: {len(note.lost)}\n{named(note.lost)}")
    if checked.damaged:
        say(f"Цих файлів у копії немає цілими:\n{named(checked.damaged, most=len(checked.damaged))}")
    return NOT_WHOLE if checked.damaged or note.lost else 0


def _require_empty(settings: Settings) -> None:
    """Said before hours of work, not after them."""
    folder = settings.data_dir.expanduser().resolve()
    if settings.embedded and folder.exists() and any(folder.iterdir()):
        raise CommandError(f"Тека {folder} не порожня: вкажіть іншу (--data-dir) або перейменуйте цю.")


def _fill(settings: Settings, checked: "Checked", beside: Path) -> None:
    from ohmatdyt import backup as copies

    asyncio.run(copies.bring_back(settings, checked, say=say))
    upgrade(settings)
    mark(settings.media, from_key_digest(checked.note.public_id_key_sha256), replace=True)
    asyncio.run(_repeat_removals(settings, checked, beside))


async def _repeat_removals(settings: Settings, checked: "Checked", beside: Path) -> None:
    from ohmatdyt.backup import removals
    from ohmatdyt.core.storage import LocalStorage

    async with opened(settings) as database:
        async with database.unit_of_work() as session:
            done = await removals.repeat(session, beside, checked.note)
        for key in done.storage_keys:
            await LocalStorage(settings.media).delete(key)
    say(
        f"Сеансів закрито: {done.sessions}; знеособлено ще раз: {done.patients}; "
        f"знову без доступу чи з меншою роллю: {done.users}."
    )


def _into_folder(settings: Settings, checked: "Checked", beside: Path) -> None:
    """An embedded installation appears whole or not at all: it is made beside the data folder, then named."""
    from ohmatdyt import backup as copies
    from ohmatdyt.backup import manifest
    from ohmatdyt.core.embedded import borrowed
    from ohmatdyt.core.embedded.cluster import VERSION

    source = checked.folder
    copies.refuse_older_server(checked.note, int(VERSION))
    folder = settings.data_dir.expanduser().resolve()
    _require_empty(settings)
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.with_name(f".{folder.name}.restoring")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    try:
        if (source / manifest.SECRET).is_file():
            shutil.copyfile(source / manifest.SECRET, draft / "secret.key")
            (draft / "secret.key").chmod(0o600)
        inside = settings.model_copy(update={"data_dir": draft})
        with borrowed(draft, say=say) as url:
            _fill(inside.connected(url), checked, beside)
        mark(draft, from_key_digest(checked.note.public_id_key_sha256), replace=True)
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
