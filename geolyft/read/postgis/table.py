"""A table of a database as it was named: which columns it has, and of what types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from geolyft.errors import ReadError, nearest
from geolyft.read.postgis.connection import Connection
from geolyft.read.understand.rows import choose, clean_header

if TYPE_CHECKING:
    from collections.abc import Collection

_COLUMNS: Final = """
SELECT a.attname, t.typname
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_type t ON t.oid = a.atttypid
WHERE n.nspname = %s AND c.relname = %s AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum"""
_BESIDE: Final = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"""
_TYPES: Final = {
    "bool": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    **dict.fromkeys(("int2", "int4", "int8"), pa.int64()),
    **dict.fromkeys(("float4", "float8", "numeric"), pa.float64()),
}
"""What a column is in Arrow; every other type is text."""
_SHAPES: Final = ("geometry", "geography")


@dataclass(frozen=True, kw_only=True)
class DatabaseTable:
    """A table or view of a database, in the place of a file.

    Parameters
    ----------
    table
        ``schema.table``; without a schema it is ``public``.
    service, environment
        Which database, see `geolyft.read.postgis.connection.Connection`.

    Examples
    --------
    >>> table = DatabaseTable(table="folk.invanare", service="malmo")
    >>> table.name, table.parts
    ('malmo: folk.invanare', ('folk', 'invanare'))
    """

    table: str
    service: str = ""
    environment: str = ""

    @property
    def connection(self) -> Connection:
        """How the database is reached."""
        return Connection(service=self.service, environment=self.environment)

    @property
    def name(self) -> str:
        """What to call it."""
        return f"{self.connection.name}: {self.table}"

    @property
    def parts(self) -> tuple[str, str]:
        """The schema's name and the table's."""
        schema, dot, name = self.table.partition(".")
        return (schema, name) if dot else ("public", schema)


@dataclass(frozen=True)
class Columns:
    """The columns of a table by their type in the database, in its order."""

    types: dict[str, str]

    @property
    def shapes(self) -> list[str]:
        """Those that are geometry."""
        return [name for name, kind in self.types.items() if kind in _SHAPES]

    @property
    def names(self) -> list[str]:
        """The others."""
        return [name for name in self.types if name not in self.shapes]

    def arrow(self, names: Collection[str]) -> dict[str, pa.DataType]:
        """Return the Arrow types of some columns; a shape is text until it is made one."""
        return {name: _TYPES.get(self.types[name], pa.large_string()) for name in names}

    def chosen(
        self, *, numbers: Collection[str], columns: Collection[str] | None, where: str
    ) -> list[str]:
        """Return the columns to read, or refuse those that are not there."""
        names = clean_header(self.names, where=where)
        return choose(names, numbers=numbers, columns=columns, where=where)


def columns_of(opened: Any, table: DatabaseTable) -> Columns:  # noqa: ANN401 - of psycopg
    """Return what the database says of a table.

    Raises
    ------
    ReadError
        ``database-table`` when there is none of that name that this user may see.
    """
    found = opened.execute(_COLUMNS, table.parts).fetchall()
    if not found:
        schema, name = table.parts
        there = [each for (each,) in opened.execute(_BESIDE, [schema]).fetchall()]
        what = "there is no such table or view" + nearest(name, there)
        raise ReadError("database-table", what, remedy="check its name", where=table.name)
    return Columns(dict(found))
