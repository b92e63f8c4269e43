"""`backup` and `restore`."""

import asyncio
import secrets
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ohmatdyt.cli.outcome import CommandError
from ohmatdyt.cli.place import place, say, upgrade
from ohmatdyt.core.settings import Settings, load_settings

if TYPE_CHECKING:
    from ohmatdyt.backup import Manifest


def backup(*, target: Path, keep: int | None, data_dir: Path | None) -> int:
    """Make one backup and say where it is."""
    from ohmatdyt import backup as copies

    begun = time.monotonic()
    with place(data_dir, migrated=False) as settings:
        made = asyncio.run(copies.make(settings, target.expanduser().resolve(), keep=keep, say=say))
    note = copies.Manifest.read(made)
    rows = sum(one.rows for one in note.tables.values())
    say(f"Копію створено за {time.monotonic() - begun:.1f} с: {made}")
    say(f"  рядків {rows}, файлів {note.files} ({note.files_bytes / 1e6:.1f} МБ), схема {note.schema}")
    if not (made / copies.manifest.SECRET).exists():
        say("  SECRET_KEY у копію не входить: збережіть файл .env окремо, у надійному місці.")
    return 0


def restore(*, source: Path, data_dir: Path | None) -> int:
    """Bring a backup back into an empty place; 0 only when rows and sums are those of the original."""
    from ohmatdyt import backup as copies
    from ohmatdyt.backup import manifest
    from ohmatdyt.backup.restoring import chosen

    begun = time.monotonic()
    found = chosen(source.expanduser().resolve())
    say(f"Копія {found.name}: перевіряю…")
    note = copies.check(found, say=say)
    # A key of its own is not made here: the backup may bring one.
    settings = load_settings(data_dir=data_dir, secret_key=secrets.token_urlsafe(48))
    if settings.embedded:
        _into_folder(settings, found, note)
    else:
        asyncio.run(copies.bring_back(settings, found, note, say=say))
        upgrade(settings)
    rows = sum(one.rows for one in note.tables.values())
    say(
        f"Відновлено за {time.monotonic() - begun:.1f} с: рядків {rows}, файлів {note.files}; усе збігається."
    )
    if not (found / manifest.SECRET).exists():
        say("Поставте той самий SECRET_KEY, що був: з іншим усі входитимуть заново.")
    return 0


def _into_folder(settings: Settings, source: Path, note: "Manifest") -> None:
    """An embedded installation appears whole or not at all: it is made beside the data folder, then named."""
    from ohmatdyt import backup as copies
    from ohmatdyt.backup import manifest
    from ohmatdyt.core.embedded import borrowed

    folder = settings.data_dir.expanduser().resolve()
    if folder.exists() and any(folder.iterdir()):
        raise CommandError(f"Тека {folder} не порожня: вкажіть іншу (--data-dir) або перейменуйте цю.")
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
            connected = inside.connected(url)
            asyncio.run(copies.bring_back(connected, source, note, say=say))
            upgrade(connected)
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
