"""The tables the migrations make are the tables the models describe."""

import importlib
import pkgutil

import ohmatdyt
from ohmatdyt.core.db import Database, Model

# Reached by plain SQL only: nobody maps their rows to objects. So are sums and indexes made from other tables.
UNMAPPED = {
    "alembic_version",
    "audit_pending",
    "idempotency_keys",
    "installation",
    "job_runs",
}


def _models() -> None:
    for module in pkgutil.walk_packages(ohmatdyt.__path__, "ohmatdyt."):
        if module.name.endswith(".models"):
            importlib.import_module(module.name)


async def test_every_model_has_its_table_with_the_same_columns(database: Database) -> None:
    _models()
    import sqlalchemy as sa

    async with database.connection() as connection:
        rows = await connection.execute(
            sa.text(
                "SELECT table_name, column_name, is_nullable, udt_name FROM information_schema.columns"
                " WHERE table_schema = 'public'"
            )
        )
    columns: dict[str, dict[str, tuple[bool, str]]] = {}
    for table, column, nullable, kind in rows:
        columns.setdefault(table, {})[column] = (nullable == "YES", kind)
    kinds = {
        "UUID": "uuid",
        "TEXT": "text",
        "INTEGER": "int4",
        "BIGINT": "int8",
        "BOOLEAN": "bool",
        "BYTEA": "bytea",
    }
    kinds |= {"TIMESTAMP WITH TIME ZONE": "timestamptz", "JSONB": "jsonb", "DATE": "date", "SMALLINT": "int2"}
    from sqlalchemy.dialects import postgresql

    for name, table in Model.metadata.tables.items():
        described = {}
        for column in table.columns:
            written = column.type.compile(postgresql.dialect()).split(" COLLATE")[0]  # type: ignore[no-untyped-call]
            kind = "_" * written.endswith("[]") + kinds.get(written.removesuffix("[]"), written.lower())
            described[column.name] = (column.nullable, kind)
        assert described == columns[name], name


async def test_every_table_is_either_mapped_or_known_to_be_plain(database: Database) -> None:
    _models()
    import sqlalchemy as sa

    async with database.connection() as connection:
        rows = await connection.execute(
            sa.text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        )
    plain = {name for (name,) in rows} - set(Model.metadata.tables) - UNMAPPED
    derived = ("case_tally", "case_flow", "search_", "case_search", "patient_count", "job_")
    assert {name for name in plain if not name.startswith(derived)} == set()
