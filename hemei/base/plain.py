"""Plain statements for the few writes that every vote of a neighbourhood makes; models cost four times as much."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection


def adapted(value: Any) -> Any:
    """A value as it is handed to the database."""
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value


def run(sql: str, *values: Any) -> int:
    """Run one statement; returns how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(sql, [adapted(value) for value in values])
        return int(cursor.rowcount)


def insert(table: str, **values: Any) -> int:
    """Insert one row; returns its key. table and columns are the program's own words, never a reader's."""
    columns, places = ", ".join(f'"{column}"' for column in values), ", ".join(["%s"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ({columns}) VALUES ({places}) RETURNING id',  # noqa: S608
            [adapted(value) for value in values.values()],
        )
        return int(cursor.fetchone()[0])
