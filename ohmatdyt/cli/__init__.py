"""The command `ohmatdyt`: each subcommand imports what it needs only when it is called, so `--help` is instant.

Exit codes: 0 done, 1 failed with one sentence on stderr, 2 wrong usage, 3 restored without the damaged files.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ohmatdyt.cli.outcome import CommandError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give back its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except CommandError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("Перервано.\n")
        return 1
    except Exception as error:  # noqa: BLE001 — the last door: whoever typed the command gets a sentence
        from ohmatdyt.cli.outcome import sentence

        sys.stderr.write(f"{sentence(error)}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ohmatdyt",
        description="Ohmatdyt CRM: стіл реєстрації звернень.",
        epilog="Налаштування беруться зі змінних середовища та з одного файлу: названого в OHMATDYT_ENV, інакше "
        "/etc/ohmatdyt/ohmatdyt.env, інакше ./.env; усі описані в .env.example.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="показати версію програми")
    commands = parser.add_subparsers(required=True, metavar="КОМАНДА")
    _serving(commands)
    _workers(commands)
    _people(commands)
    _data(commands)
    _copies(commands)
    return parser


class _Version(argparse.Action):
    """Looks the number up only when it is asked for: nobody else should wait for it."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object, **__: object) -> None:
        from ohmatdyt.core import version

        sys.stdout.write(f"ohmatdyt {version.PROGRAM}\n")
        parser.exit()


def _serving(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    def serve(options: argparse.Namespace) -> int:
        from ohmatdyt.cli import serving

        return serving.serve(
            host=options.host, port=options.port, data_dir=options.data_dir, workers=options.workers
        )

    def demo(options: argparse.Namespace) -> int:
        from ohmatdyt.cli import serving

        return serving.demo(
            host=options.host, port=options.port, data_dir=options.data_dir, cases=options.cases
        )

    command = commands.add_parser("serve", help="запустити сервер (і базу, якщо не задано DATABASE_URL)")
    command.add_argument("--host", help="адреса, на якій слухати (типово 127.0.0.1)")
    command.add_argument("--port", type=int, help="порт (типово 8000)")
    command.add_argument("--workers", type=int, help="скільки процесів відповідають на запити (типово 1)")
    _data_dir(command)
    command.set_defaults(run=serve)

    command = commands.add_parser("demo", help="те саме з демонстраційними даними")
    command.add_argument("--host", help="адреса, на якій слухати (типово 127.0.0.1)")
    command.add_argument("--port", type=int, help="порт (типово 8000)")
    command.add_argument("--cases", type=_count, default=300, help="скільки звернень створити (типово 300)")
    _data_dir(command)
    command.set_defaults(run=demo)


def _workers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    def worker(options: argparse.Namespace) -> int:
        from ohmatdyt.cli import workers

        return workers.worker(concurrency=options.concurrency)

    def beat(_options: argparse.Namespace) -> int:
        from ohmatdyt.cli import workers

        return workers.beat()

    command = commands.add_parser("worker", help="надсилати листи й виконувати розклад (потрібен REDIS_URL)")
    command.add_argument("--concurrency", type=int, help="скільки завдань одночасно")
    command.set_defaults(run=worker)

    def archive_wal(_options: argparse.Namespace) -> int:
        from ohmatdyt.cli import workers

        return workers.archive_wal()

    command = commands.add_parser(
        "archive-wal", help="приймати журнал бази (WAL) у BACKUP_DIR; для вбудованої це робить serve"
    )
    command.set_defaults(run=archive_wal)

    command = commands.add_parser("beat", help="годинник для worker (потрібен REDIS_URL)")
    command.set_defaults(run=beat)


def _people(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    def create_admin(options: argparse.Namespace) -> int:
        from ohmatdyt.cli import staff

        return staff.create_admin(
            username=options.username,
            email=options.email,
            full_name=options.full_name,
            password=sys.stdin.readline().rstrip("\r\n") if options.password_stdin else None,
            data_dir=options.data_dir,
        )

    command = commands.add_parser(
        "create-admin", help="створити адміністратора (можна й під час роботи сервера)"
    )
    command.add_argument("--username", required=True, help="ім'я для входу")
    command.add_argument("--email", required=True, help="електронна пошта")
    command.add_argument("--full-name", required=True, help="прізвище, ім'я, по батькові")
    command.add_argument(
        "--password-stdin",
        action="store_true",
        help="прочитати пароль першим рядком стандартного вводу (типово спитати його двічі)",
    )
    _data_dir(command)
    command.set_defaults(run=create_admin)


def _data(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    def seed(options: argparse.Namespace) -> int:
        from ohmatdyt.cli import data

        return data.seed(cases=options.cases, data_dir=options.data_dir)

    def migrate(options: argparse.Namespace) -> int:
        from ohmatdyt.cli import data

        return data.migrate(data_dir=options.data_dir)

    def openapi(options: argparse.Namespace) -> int:
        from ohmatdyt.cli import data

        return data.openapi(out=options.out)

    def doctor(options: argparse.Namespace) -> int:
        from ohmatdyt.cli.doctor import examine

        return examine(data_dir=options.data_dir)

    command = commands.add_parser("seed", help="наповнити базу для вимірювань")
    command.add_argument("--cases", type=_count, required=True, help="скільки звернень, до 900000")
    _data_dir(command)
    command.set_defaults(run=seed)

    command = commands.add_parser("migrate", help="оновити схему бази")
    _data_dir(command)
    command.set_defaults(run=migrate)

    command = commands.add_parser("doctor", help="перевірити все й сказати, що робити")
    _data_dir(command)
    command.set_defaults(run=doctor)

    command = commands.add_parser("openapi", help="вивести опис API")
    command.add_argument("--out", type=Path, help="куди записати (типово на екран)")
    command.set_defaults(run=openapi)


def _copies(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    def backup(options: argparse.Namespace) -> int:
        from ohmatdyt.cli import copies

        return copies.backup(target=options.target, keep=options.keep, data_dir=options.data_dir)

    def restore(options: argparse.Namespace) -> int:
        from ohmatdyt.cli import copies

        return copies.restore(
            source=options.source,
            data_dir=options.data_dir,
            without_damaged=options.without_damaged_files,
            at=options.at,
            files_from=options.files_from,
            identity=options.identity,
        )

    def adopt(options: argparse.Namespace) -> int:
        from ohmatdyt.cli import adopting

        return adopting.adopt(folder=options.folder, data_dir=options.data_dir)

    command = commands.add_parser("adopt", help="визнати теку файлів чи копій текою цієї установки")
    command.add_argument(
        "folder", type=Path, metavar="ТЕКА", help="тека з MEDIA_ROOT, BACKUP_DIR чи DATA_DIR"
    )
    _data_dir(command)
    command.set_defaults(run=adopt)

    command = commands.add_parser("backup", help="зберегти базу й файли (можна й під час роботи сервера)")
    command.add_argument("target", type=Path, metavar="ТЕКА", help="де створити копію")
    command.add_argument("--keep", type=_count, help="скільки останніх копій лишити (типово всі)")
    _data_dir(command)
    command.set_defaults(run=backup)

    def pack(options: argparse.Namespace) -> int:
        from ohmatdyt.cli import copies

        return copies.pack(source=options.source, recipients=options.recipient, out=options.out)

    command = commands.add_parser("pack", help="зашифрувати одну копію (age), щоб винести її з машини")
    command.add_argument("source", type=Path, metavar="КОПІЯ", help="тека копії або тека з копіями (остання)")
    command.add_argument(
        "--recipient",
        action="append",
        required=True,
        metavar="КЛЮЧ",
        help="відкритий ключ age (age1…) або SSH, кому відкрити; можна кілька",
    )
    command.add_argument("--out", type=Path, metavar="ФАЙЛ", help="куди записати (типово на вивід)")
    command.set_defaults(run=pack)

    command = commands.add_parser("restore", help="відновити копію в порожнє місце й перевірити її")
    command.add_argument("source", type=Path, metavar="КОПІЯ", help="тека копії або тека з копіями (остання)")
    command.add_argument(
        "--without-damaged-files",
        action="store_true",
        help="відновити решту, коли частину файлів копії пошкоджено (код виходу 3)",
    )
    command.add_argument(
        "--at",
        metavar="МОМЕНТ",
        help='стан на мить за часом лікарні, "2026-12-01 09:00", або latest; треба архів (BACKUP_WAL)',
    )
    command.add_argument(
        "--identity", type=Path, metavar="ФАЙЛ", help="таємний ключ age, коли КОПІЯ це файл від pack"
    )
    command.add_argument(
        "--files-from", type=Path, metavar="ТЕКА", help="з --at: тека вкладень, що вціліла, крім копій"
    )
    _data_dir(command)
    command.set_defaults(run=restore)


def _data_dir(command: argparse.ArgumentParser) -> None:
    command.add_argument("--data-dir", type=Path, help="тека вбудованої бази, ключа та файлів (типово var)")


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MOST_CASES:
        raise argparse.ArgumentTypeError(f"має бути від 1 до {MOST_CASES}")
    return number


MOST_CASES = 900_000
