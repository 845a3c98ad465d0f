"""Queries that are put together once: for the few that every vote and every page of a consultation asks.

Django writes the SQL of a queryset anew each time it is asked, which costs several times what SQLite needs to answer.
Here a queryset is described as a function of its values, turned into SQL at the first call on each database, and from
then on only the values change. What comes back is what the queryset would give: models with their related rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.db.models.query import get_related_populators

from hemei.base.plain import adapted

_STANDS_FOR: dict[type, Callable[[int], Any]] = {
    int: lambda place: 31_607 + place,  # within every integer column, or PostgreSQL would know that no row can fit
    str: lambda place: f"value {place} of a prepared query",
    UUID: lambda place: UUID(int=7_346_529_810_000 + place),
    date: lambda place: date(9173, 4, 1) + timedelta(days=place),
    datetime: lambda place: datetime(9173, 4, 1, 5, 6, 7, 891, UTC) + timedelta(days=place),
}


@dataclass(frozen=True)
class _Written:
    """One query on one database. slots: for each parameter the value's name, or None and the constant."""

    sql: str
    slots: tuple[tuple[str | None, Any], ...]
    make: Callable[[list[tuple[Any, ...]]], list[Any]]


class Prepared:
    """`Prepared(lambda key: Person.objects.filter(pk=key), key=int)`, asked as `.all(key=5)` or `.first(key=5)`.

    The function is called once for each kind of database, with values that stand for the real ones: it must not look
    at them, and each must end up in the SQL as it is (not in a list, not None, not in a slice).
    """

    def __init__(self, described: Callable[..., QuerySet[Any]], **values: type) -> None:
        self.described, self.values = described, values
        self._written: dict[str, _Written] = {}

    def all(self, **values: Any) -> list[Any]:
        """Every row, as the queryset would give it."""
        written = self._written.get(connection.vendor) or self._write()
        params = [constant if name is None else adapted(values[name]) for name, constant in written.slots]
        if any(isinstance(param, int) and abs(param) >= 2**63 for param in params):
            return []  # no key is so large, and SQLite cannot even be asked
        with connection.cursor() as cursor:
            cursor.execute(written.sql, params)
            rows = cursor.fetchall()
        return written.make(rows) if rows else []

    def first(self, **values: Any) -> Any:
        """The first row in the queryset's order, or None."""
        found = self.all(**values)
        return found[0] if found else None

    def _write(self) -> _Written:
        standing = {name: _STANDS_FOR[kind](place) for place, (name, kind) in enumerate(self.values.items())}
        asked = self.described(**standing)
        compiler = asked.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        names = {adapted(value): name for name, value in standing.items()}
        slots = tuple((names.get(param) if _hashable(param) else None, param) for param in params)
        assert {name for name, _constant in slots if name} == set(standing), "a value did not reach the SQL"
        written = self._written[connection.vendor] = _Written(sql, slots, _maker(asked, compiler))
        return written


def _hashable(value: Any) -> bool:
    return value.__hash__ is not None


def _maker(asked: QuerySet[Any], compiler: Any) -> Callable[[list[tuple[Any, ...]]], list[Any]]:
    """How rows of the database become what the queryset gives."""
    converters = list(compiler.get_converters([column for column, _sql, _alias in compiler.select]).items())

    def converted(rows: list[tuple[Any, ...]]) -> list[Any]:
        if not converters:
            return rows
        changed = [list(row) for row in rows]
        for place, (functions, expression) in converters:
            for row in changed:
                for function in functions:
                    row[place] = function(row[place], expression, connection)
        return changed

    if asked._fields is not None:  # type: ignore[attr-defined]
        flat = asked._iterable_class.__name__ == "FlatValuesListIterable"  # type: ignore[attr-defined]
        return lambda rows: [row[0] if flat else tuple(row) for row in converted(rows)]

    shape, select = compiler.klass_info, compiler.select
    begin, end = shape["select_fields"][0], shape["select_fields"][-1] + 1
    names = [column[0].target.attname for column in select[begin:end]]
    related = get_related_populators(shape, select, connection.alias)
    more = list(compiler.annotation_col_map.items())

    def made(rows: list[tuple[Any, ...]]) -> list[Any]:
        found = []
        for row in converted(rows):
            one = shape["model"].from_db(connection.alias, names, row[begin:end])
            for populator in related:
                populator.populate(row, one)
            for name, place in more:
                setattr(one, name, row[place])
            found.append(one)
        return found

    return made
