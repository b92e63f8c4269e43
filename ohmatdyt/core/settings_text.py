"""What a setting's text must look like, and how a refusal is said to an administrator (in Ukrainian)."""

import re
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from ohmatdyt.core.dsn import Dsn

HOW_TO_MAKE_KEY = 'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'

_PLACEHOLDER_PASSWORDS = {
    "",
    "password",
    "postgres",
    "changeme",
    "change-me",
    "change_me",
    "secret",
    "ohmatdyt",
}

_TYPES = {
    "int_parsing": "має бути цілим числом",
    "int_type": "має бути цілим числом",
    "float_parsing": "має бути числом",
    "bool_parsing": "має бути true або false",
    "bool_type": "має бути true або false",
    "time_parsing": "має бути часом доби, наприклад 09:00",
    "greater_than_equal": "має бути не меншим за {ge}",
    "less_than_equal": "має бути не більшим за {le}",
    "literal_error": "має бути одним із: {expected}",
    "missing": "не задано",
}


def web_origin(value: str, example: str) -> str:
    """Give back `value` when it is scheme and host only; raise ValueError with the `example` otherwise."""
    parts = urlsplit(value)
    if (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or parts.path
        or parts.query
        or parts.fragment
    ):
        raise ValueError(f"«{value}» не є адресою виду {example}")
    return value


def database_url(value: str) -> str:
    """Give back the address in libpq's spelling; raise ValueError for any that cannot be used."""
    Dsn.parse(value)
    return re.sub(r"^postgres(ql)?(\+asyncpg)?:", "postgresql:", value)


def redis_url(value: str) -> str:
    """Give back the address of a Redis; raise ValueError for any other kind."""
    parts = urlsplit(value)
    if parts.scheme not in {"redis", "rediss"} or not parts.hostname:
        raise ValueError("має мати вигляд redis://:пароль@сервер:6379/0 (rediss:// із шифруванням)")
    return value


def refuse_placeholder_password(variable: str, url: str) -> None:
    """Raise ValueError when the database is reached over the network with a password everybody knows."""
    dsn = Dsn.parse(url)
    if (
        dsn.network
        and "sslcert" not in dsn.options
        and (dsn.password.lower() in _PLACEHOLDER_PASSWORDS or "<" in dsn.password)
    ):
        raise ValueError(f"{variable}: пароль бази порожній або лишився заглушкою; задайте власний")


def sentences(error: ValidationError) -> str:
    """One line for each wrong variable: its name, what is wrong, what to do."""
    return "\n".join(
        _sentence(dict(problem)) for problem in error.errors(include_url=False, include_input=False)
    )


def _sentence(problem: dict[str, Any]) -> str:
    context = problem.get("ctx", {})
    if problem["type"] == "value_error" and "error" in context:
        text = str(context["error"])
    elif problem["type"] == "value_error":
        text = f"значення не підходить ({problem['msg']})"
    else:
        known = _TYPES.get(problem["type"])
        text = (
            known.format(**context).replace(" or ", " чи ") if known else f"не підходить ({problem['msg']})"
        )
    name = ".".join(str(part) for part in problem["loc"][:1]).upper()
    return f"{name}: {text}." if name else f"{text}."
