"""The rows of a table of a database: read at one moment, in one order, known again by a digest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc
import pyproj
import shapely

from geolyft.errors import ReadError
from geolyft.optional import optional
from geolyft.read.postgis.connection import refusing
from geolyft.read.postgis.table import Columns, DatabaseTable, columns_of
from geolyft.read.understand.grid import TextGrid

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


@dataclass(frozen=True, kw_only=True)
class Rows:
    """What was read of a table.

    Parameters
    ----------
    table
        The asked columns in Arrow.
    shapes
        The geometry of each row, where it was asked for.
    crs
        Of the shapes, where the database says one.
    grid
        What the rows are, with the SHA-256 of their text.
    """

    table: Any
    shapes: Any
    crs: pyproj.CRS | None
    grid: TextGrid


def read_rows(
    table: DatabaseTable,
    *,
    numbers: Collection[str] = (),
    columns: Collection[str] | None = None,
    shapes: bool = False,
) -> Rows:
    """Read some columns of a table in a transaction that changes nothing.

    The rows stand in the order of their texts: a database has none of its own that would stay.

    Raises
    ------
    ReadError
        ``database-connection``, ``database-table``, or as a file's columns and shapes would be.
    """
    remedy = "ask who keeps the database for the right to read it"
    guarded = refusing(table.name, code="database-table", remedy=remedy)
    with table.connection.session(read_only=True) as opened, guarded:
        known = columns_of(opened, table)
        wanted = known.chosen(numbers=numbers, columns=columns, where=table.name)
        geometry = [_geometry(known, table)] if shapes else []
        text = _copied(opened, table, known, [*wanted, *geometry])
        read = _parsed(text, known, [*wanted, *geometry])
        shape = _shapes(read.column(geometry[0])) if geometry else None
        crs = _crs(opened, shape, table.name) if shape is not None else None
    digest = hashlib.sha256(text).hexdigest()
    grid = TextGrid(name=table.name, kind="postgis", sha256=digest, columns={}, rows=())
    return Rows(table=read.select(wanted), shapes=shape, crs=crs, grid=grid)


def has_shapes(table: DatabaseTable) -> bool:
    """Say whether a table has a column of geometry."""
    with table.connection.session(read_only=True) as opened:
        return bool(columns_of(opened, table).shapes)


def _geometry(known: Columns, table: DatabaseTable) -> str:
    if len(known.shapes) == 1:
        return known.shapes[0]
    what = f"has {len(known.shapes)} columns of geometry"
    remedy = "name a table or a view with one"
    raise ReadError("database-table", what, remedy=remedy, where=table.name)


def _copied(opened: Any, table: DatabaseTable, known: Columns, names: Sequence[str]) -> bytes:  # noqa: ANN401
    """Return rows as the database writes them: an empty cell is bare, an empty text is quoted."""
    sql = optional("psycopg", "postgis").sql
    # A text of a fixed length is filled up with blanks, which are no part of it.
    plain, padded = sql.SQL("{0}"), sql.SQL("{0}::text AS {0}")
    asked = [
        (padded if known.types[name] == "bpchar" else plain).format(sql.Identifier(name))
        for name in names
    ]
    query = sql.SQL(
        'COPY (SELECT * FROM (SELECT {} FROM {}) q ORDER BY q::text COLLATE "C")'
        " TO STDOUT (FORMAT csv, ENCODING 'UTF8')"
    ).format(sql.SQL(", ").join(asked), sql.Identifier(*table.parts))
    with opened.cursor() as cursor, cursor.copy(query) as copied:
        return b"".join(copied)


def _parsed(text: bytes, known: Columns, names: Sequence[str]) -> Any:  # noqa: ANN401
    types = known.arrow(names)
    if not text:
        return pa.schema(types.items()).empty_table()
    return pc.read_csv(
        pa.BufferReader(text),
        pc.ReadOptions(column_names=list(names)),
        pc.ParseOptions(newlines_in_values=True),
        pc.ConvertOptions(
            column_types=types,
            null_values=[""],
            true_values=["t"],
            false_values=["f"],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )


def _shapes(hexadecimal: Any) -> Any:  # noqa: ANN401
    return shapely.from_wkb(hexadecimal.to_numpy(zero_copy_only=False))


def _crs(opened: Any, shapes: Any, where: str) -> pyproj.CRS | None:  # noqa: ANN401
    present = shapes[~shapely.is_missing(shapes)]
    found = [int(each) for each in np.unique(shapely.get_srid(present))]
    if len(found) > 1:
        what = f"its shapes are in {len(found)} CRSs"
        raise ReadError("database-table", what, remedy="keep one in a table", where=where)
    if found in ([], [0]):
        return None
    query = "SELECT auth_name || ':' || auth_srid FROM spatial_ref_sys WHERE srid = %s"
    authority = opened.execute(query, found).fetchone()
    return pyproj.CRS.from_user_input(authority[0]) if authority and authority[0] else None
