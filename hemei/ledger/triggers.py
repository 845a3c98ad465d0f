"""The database itself refuses to change or delete what the ledger holds, on SQLite and on PostgreSQL."""

from collections.abc import Iterator

from django.db.backends.base.base import BaseDatabaseWrapper

# table -> what is refused. A personal part may be deleted (erasing), never changed.
REFUSED = {
    "ledger_entry": ("UPDATE", "DELETE"),
    "ledger_seal": ("UPDATE", "DELETE"),
    "ledger_sealedhead": ("UPDATE", "DELETE"),
    "ledger_personalpart": ("UPDATE",),
}


def install(connection: BaseDatabaseWrapper) -> None:
    _run(connection, _install_statements(connection.vendor))


def remove(connection: BaseDatabaseWrapper) -> None:
    """For going back a migration, and for tests that play the forger; the product never calls it."""
    _run(connection, _remove_statements(connection.vendor))


def _run(connection: BaseDatabaseWrapper, statements: Iterator[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _install_statements(vendor: str) -> Iterator[str]:
    if vendor == "postgresql":
        yield (
            "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the ledger is never changed (%)', TG_TABLE_NAME; END $$"
        )
    for table, refused in REFUSED.items():
        for event in refused:
            name = f"{table}_no_{event.lower()}"
            if vendor == "postgresql":
                yield (f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION ledger_refuse()")
            else:
                yield (
                    f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, 'the ledger is never changed ({table})'); END"
                )
        if vendor == "postgresql" and "DELETE" in refused:
            yield (
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()"
            )


def _remove_statements(vendor: str) -> Iterator[str]:
    for table, refused in REFUSED.items():
        events = [event.lower() for event in refused] + (
            ["truncate"] if vendor == "postgresql" and "DELETE" in refused else []
        )
        for event in events:
            on = f" ON {table}" if vendor == "postgresql" else ""
            yield f"DROP TRIGGER IF EXISTS {table}_no_{event}{on}"
