"""How a command says that it failed: one sentence in Ukrainian, and what to do."""

import errno
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ohmatdyt.core.errors import DomainError


class CommandError(Exception):
    """The command cannot be done; the text is for the person who typed it."""


def sentence(error: Exception) -> str:
    """What to tell a person about any exception; no rows, no passwords, no traceback."""
    from ohmatdyt.core.disk import words
    from ohmatdyt.core.embedded import EmbeddedError
    from ohmatdyt.core.errors import DomainError, OperationError
    from ohmatdyt.core.settings import SettingsError

    if isinstance(error, EmbeddedError | SettingsError | OperationError):
        return str(error)
    if isinstance(error, DomainError):
        return _domain_sentence(error)
    database = _database_sentence(error)
    if database:
        return database
    if isinstance(error, OSError) and error.strerror:
        where = f" ({error.filename})" if error.filename else ""
        return f"Система відмовила: {words(error)}{where}."
    return f"Несподівана помилка {type(error).__name__}: {_first_line(error)}"


def _domain_sentence(error: "DomainError") -> str:
    from ohmatdyt.core.errors import InvalidFields

    if isinstance(error, InvalidFields):
        return " ".join(f"{problem.field}: {problem.uk}" for problem in error.errors)
    return error.detail("uk")


def _database_sentence(error: Exception) -> str | None:
    import asyncpg
    from sqlalchemy.exc import DBAPIError

    from ohmatdyt.core.driver import CertificateRefusedError

    if isinstance(error, CertificateRefusedError):
        return (
            f"Сертифікат сервера бази не підходить ({_first_line(error)}): "
            "перевірте sslrootcert і назву сервера в DATABASE_URL."
        )
    original = error.orig if isinstance(error, DBAPIError) else error
    cause = original.__cause__ if isinstance(original, Exception) and original.__cause__ else original
    if isinstance(cause, asyncpg.InvalidPasswordError | asyncpg.InvalidAuthorizationSpecificationError):
        return "База не приймає ім'я чи пароль: перевірте DATABASE_URL."
    if isinstance(cause, asyncpg.InvalidCatalogNameError):
        return "Такої бази на сервері немає: створіть її або виправте DATABASE_URL."
    if isinstance(cause, asyncpg.LockNotAvailableError):
        return "База зайнята іншою роботою: спробуйте за хвилину."
    if isinstance(cause, asyncpg.PostgresError):
        return f"База відмовила ({type(cause).__name__}): {_first_line(cause)}"
    if isinstance(cause, ConnectionError | TimeoutError | asyncpg.InterfaceError) or _is_unreachable(cause):
        return "База не відповідає: перевірте, чи працює сервер PostgreSQL і чи правильний DATABASE_URL."
    return None


def _is_unreachable(error: object) -> bool:
    return isinstance(error, OSError) and error.errno in {
        errno.EHOSTUNREACH,
        errno.EHOSTDOWN,
        errno.ENETUNREACH,
        errno.ENETDOWN,
    }


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or ["без пояснень"])[0][:300]
