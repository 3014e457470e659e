"""A layer as a table of a database: its columns, its rows, and what it says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import shapely

from geolyft.errors import OutputError
from geolyft.export.formats.cells import plain_cells
from geolyft.export.geo.styles import GEOMETRY
from geolyft.optional import optional

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geolyft.columns import Kind
    from geolyft.export.layer import Layer

KEY: Final = "fid"
"""The primary key: a row's number, from 1, as in the GeoPackage."""
_TYPES: Final[dict[Kind, str]] = {
    "text": "text",
    "number": "double precision",
    "whole": "bigint",
    "truth": "boolean",
}
_COLUMNS: Final = """
SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a
WHERE a.attrelid = to_regclass(%s) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"""


def columns_of(layer: Layer) -> dict[str, str]:
    """Return the columns of a layer's table with their types in the database.

    Raises
    ------
    OutputError
        ``output-write`` when the layer's CRS has no EPSG code.
    """
    columns = {KEY: "bigint", **{field.name: _TYPES[field.kind] for field in layer.fields}}
    if layer.is_spatial:
        columns[GEOMETRY] = f"geometry({layer.geometry_type},{_srid(layer)})"
    return columns


def _srid(layer: Layer) -> int:
    epsg = layer.frame.crs.to_epsg()
    if epsg is None:
        what, remedy = "its CRS has no EPSG code, which a database needs", "give crs in [run]"
        raise OutputError("output-write", what, remedy=remedy, where=layer.name)
    return int(epsg)


def write_table(cursor: Any, schema: str, layer: Layer) -> None:  # noqa: ANN401 - of psycopg
    """Write a layer into its table, and what the layer and each field are as comments.

    A table whose columns are the same is emptied and filled again: rights to it and views of it
    stay. Any other is made anew.
    """
    sql = optional("psycopg", "postgis").sql
    table, columns = sql.Identifier(schema, layer.name), columns_of(layer)
    found = cursor.execute(_COLUMNS, [table.as_string()]).fetchall()
    if dict(found) == columns and [name for name, _ in found] == list(columns):
        cursor.execute(sql.SQL("TRUNCATE {}").format(table))
    else:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(table))
        _create(cursor, table, columns)
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(table, names)) as copied:
        for row in rows_of(layer):
            copied.write_row(row)
    _comment(cursor, table, layer)


def _create(cursor: Any, table: Any, columns: dict[str, str]) -> None:  # noqa: ANN401
    sql = optional("psycopg", "postgis").sql
    said = [sql.SQL("{} {}").format(sql.Identifier(n), sql.SQL(t)) for n, t in columns.items()]
    key = sql.SQL("PRIMARY KEY ({})").format(sql.Identifier(KEY))
    cursor.execute(sql.SQL("CREATE TABLE {} ({})").format(table, sql.SQL(", ").join([*said, key])))
    if GEOMETRY in columns:
        shape = sql.Identifier(GEOMETRY)
        cursor.execute(sql.SQL("CREATE INDEX ON {} USING gist ({})").format(table, shape))


def _comment(cursor: Any, table: Any, layer: Layer) -> None:  # noqa: ANN401
    sql = optional("psycopg", "postgis").sql
    about = ". ".join(text.rstrip(".") for text in (layer.title, layer.abstract) if text) + "."
    cursor.execute(sql.SQL("COMMENT ON TABLE {} IS {}").format(table, sql.Literal(about)))
    for field in layer.fields:
        said = f"{field.alias}: {field.comment}" if field.comment else field.alias
        column = sql.SQL("COMMENT ON COLUMN {}.{} IS {}")
        cursor.execute(column.format(table, sql.Identifier(field.name), sql.Literal(said)))


def rows_of(layer: Layer) -> Iterator[tuple[object, ...]]:
    """Yield a layer's rows, each with its number first and its geometry last."""
    columns = [plain_cells(layer, field) for field in layer.fields]
    if layer.is_spatial:
        shapes = shapely.set_srid(layer.frame.geometry.to_numpy(), _srid(layer))
        columns.append(list(shapely.to_wkb(shapes, hex=True, include_srid=True)))
    for n, cells in enumerate(zip(*columns, strict=True), start=1):
        yield (n, *cells)
