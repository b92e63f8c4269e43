"""Who the application is in the database: a role that owns nothing and cannot become more than it is.

`ohmatdyt_app` carries the rights. The application signs in as it, or as a member of it, with DATABASE_URL; the owner of
the tables is needed for `migrate` and `restore` alone (MIGRATION_DATABASE_URL). Where there is one address for both,
the owner's session lowers itself to the role, which keeps mistakes out but nobody who means it: RESET ROLE.
"""

from dataclasses import dataclass
from typing import Any

import asyncpg

from ohmatdyt.core import driver
from ohmatdyt.core.db import APP_ROLE
from ohmatdyt.core.dsn import Dsn

# Tables in which the application may not do what it may do elsewhere.
_LESS = {
    "alembic_version": "INSERT, UPDATE, DELETE",
    "installation": "INSERT, UPDATE, DELETE",
    "audit_log": "UPDATE, DELETE",
    "audit_chain": "INSERT, UPDATE, DELETE",
    "audit_pending": "INSERT, UPDATE, DELETE",
    "case_events": "UPDATE, DELETE",
}

_RIGHTS = """
GRANT USAGE ON SCHEMA public TO ohmatdyt_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ohmatdyt_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO ohmatdyt_app;
REVOKE USAGE ON SEQUENCE audit_log_number FROM ohmatdyt_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ohmatdyt_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO ohmatdyt_app;
"""

_DEFINERS = """
SELECT format('GRANT EXECUTE ON FUNCTION %s TO ohmatdyt_app', oid::regprocedure) FROM pg_proc
WHERE prosecdef AND pronamespace = 'public'::regnamespace AND prorettype <> 'trigger'::regtype
"""

# True when everything above holds already: then nothing is written into the catalogue at this start.
_GRANTED = """
SELECT bool_and(
    has_table_privilege($1, c.oid, 'SELECT') AND NOT has_table_privilege($1, c.oid, 'TRUNCATE')
    AND has_table_privilege($1, c.oid, 'INSERT') <> (coalesce(l.rights, '') LIKE '%INSERT%')
    AND has_table_privilege($1, c.oid, 'UPDATE') <> (coalesce(l.rights, '') LIKE '%UPDATE%')
    AND has_table_privilege($1, c.oid, 'DELETE') <> (coalesce(l.rights, '') LIKE '%DELETE%')
) AND NOT has_sequence_privilege($1, 'audit_log_number', 'USAGE')
FROM pg_class c LEFT JOIN unnest($2::text[], $3::text[]) AS l (name, rights) ON l.name = c.relname
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
"""

_SESSION = """
SELECT session_user AS name, r.rolsuper OR r.rolcreaterole OR r.rolbypassrls AS is_mighty,
       EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
               AND pg_has_role(session_user, c.relowner, 'MEMBER')) AS owns,
       current_user <> session_user AS is_lowered,
       (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = to_regclass('public.audit_log')) AS owner
FROM pg_roles r WHERE r.rolname = session_user
"""


async def owns(url: str) -> bool:
    """Whether the address is one that may change the tables there are."""
    connection = await driver.connect(url)
    try:
        tables = (
            "SELECT pg_has_role(current_user, relowner, 'MEMBER') FROM pg_class WHERE oid = 'users'::regclass"
        )
        return bool(await connection.fetchval(tables))
    finally:
        await connection.close()


async def ensure(owner_url: str, app_url: str | None) -> str | None:
    """Give the application its rights, and the role it signs in as (of `app_url`) where the owner may make it.

    Returns None, or what to ask the database's administrator for, in Ukrainian with the SQL.
    """
    owner = await driver.direct(owner_url)
    try:
        user = str(await owner.fetchval("SELECT current_user"))
        wanted = Dsn.parse(app_url) if app_url else None
        async with owner.transaction():
            await owner.execute("SELECT pg_advisory_xact_lock(731900005)")
            missing = await _make_roles(owner, user, wanted)
            if await owner.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", APP_ROLE):
                await _grant(owner)
    finally:
        await owner.close()
    return _advice(missing) if missing else None


async def _make_roles(owner: Any, user: str, wanted: Dsn | None) -> list[str]:
    """Make what is missing; returns the statements that somebody with more rights has to run."""
    missing: list[str] = []

    async def do(statement: str, *, shown: str = "") -> None:
        try:
            async with owner.transaction():
                await owner.execute(statement)
        except (
            asyncpg.InsufficientPrivilegeError,
            asyncpg.UndefinedObjectError,
        ):  # the latter: of a role not made
            missing.append(shown or statement)

    exists = await owner.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", APP_ROLE)
    if not exists:
        await do(f"CREATE ROLE {APP_ROLE} NOLOGIN")
    if wanted is None or wanted.user in {"", user}:
        member = exists and await owner.fetchval("SELECT pg_has_role(current_user, $1, 'MEMBER')", APP_ROLE)
        if not member:
            quoted = await owner.fetchval("SELECT quote_ident($1)", user)
            await do(f"GRANT {APP_ROLE} TO {quoted}")
        return missing
    name = await owner.fetchval("SELECT quote_ident($1)", wanted.user)
    password = await owner.fetchval("SELECT quote_literal($1)", wanted.password)
    secret, hidden = (f" PASSWORD {password}", " PASSWORD '…'") if wanted.password else ("", "")
    found = await owner.fetchrow("SELECT rolcanlogin FROM pg_roles WHERE rolname = $1", wanted.user)
    if found is None:
        await do(f"CREATE ROLE {name} LOGIN{secret}", shown=f"CREATE ROLE {name} LOGIN{hidden}")
    elif not found["rolcanlogin"] or (secret and not await _lets_in(owner, wanted)):
        await do(f"ALTER ROLE {name} LOGIN{secret}", shown=f"ALTER ROLE {name} LOGIN{hidden}")
    if wanted.user != APP_ROLE and not (
        found and await owner.fetchval("SELECT pg_has_role($1, $2, 'MEMBER')", wanted.user, APP_ROLE)
    ):
        await do(f"GRANT {APP_ROLE} TO {name}")
    return missing


async def _lets_in(owner: Any, wanted: Dsn) -> bool:
    """Whether the role's password is the one of the address; asked where the owner is connected."""
    try:
        await (await driver.connect_to(owner.server, wanted, timeout=5)).close()
    except asyncpg.InvalidAuthorizationSpecificationError:
        return False
    return True


async def _grant(owner: Any) -> None:
    tables, rights = list(_LESS), list(_LESS.values())
    if await owner.fetchval(_GRANTED, APP_ROLE, tables, rights):
        return
    await owner.execute(_RIGHTS)
    for table, less in _LESS.items():
        await owner.execute(f"REVOKE {less} ON {table} FROM {APP_ROLE}")
    for row in await owner.fetch(_DEFINERS):
        await owner.execute(row[0])


def _advice(statements: list[str]) -> str:
    wanted = ";\n    ".join(statements)
    return (
        "Роль програми в базі створити не вдалося: власник бази не має на це права. Журнал дій захищають лише тригери. "
        f"Попросіть адміністратора PostgreSQL виконати, а тоді знову запустіть ohmatdyt migrate:\n    {wanted};"
    )


@dataclass(frozen=True, slots=True)
class Weakness:
    """What the application's session could do that it must not, and how to end that; in Ukrainian."""

    text: str
    advice: str
    lowered: bool  # it could, but has to mean it


async def weakness(connection: Any) -> Weakness | None:
    """Look at the session behind a connection of the application's (the driver's own). None: it owns nothing, is
    nothing special, and cannot become anything else."""
    row = await connection.fetchrow(_SESSION)
    if not row["is_mighty"] and not row["owns"]:
        return None
    who = f"програма входить як «{row['name']}», якому належать таблиці"
    if row["is_lowered"]:
        text = f"{who}: права знижено, але сеанс може повернути їх собі (RESET ROLE)"
    else:
        text = f"{who}: журнал дій захищають лише тригери"
    owner = await connection.fetchval("SELECT quote_ident($1)", row["owner"] or row["name"])
    made = "" if row["is_lowered"] else f"CREATE ROLE ohmatdyt_app NOLOGIN; GRANT ohmatdyt_app TO {owner}; "
    return Weakness(
        text,
        f"виконайте як адміністратор PostgreSQL: {made}"
        "CREATE ROLE ohmatdyt_web LOGIN PASSWORD '…' IN ROLE ohmatdyt_app; "
        "тоді DATABASE_URL з ohmatdyt_web, MIGRATION_DATABASE_URL з теперішньою адресою, і ohmatdyt migrate",
        row["is_lowered"],
    )
