"""The styles of a delivery where QGIS looks for them: ``layer_styles``, one table in a database.

Others keep styles there too. Ours are known by their owner, and nobody else's is touched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from geolyft.export.geo.dated import GDAL_DATE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geolyft.export.geo.styles import Style

OWNER: Final = "geolyft"
# As QGIS makes it.
_TABLE: Final = """
CREATE TABLE IF NOT EXISTS layer_styles (
  id SERIAL PRIMARY KEY, f_table_catalog varchar, f_table_schema varchar, f_table_name varchar,
  f_geometry_column varchar, styleName text, styleQML xml, styleSLD xml, useAsDefault boolean,
  description text, owner varchar(63) DEFAULT CURRENT_USER, ui xml,
  update_time timestamp DEFAULT CURRENT_TIMESTAMP, type varchar
)"""
_MAY: Final = """
SELECT CASE WHEN to_regclass('layer_styles') IS NULL
  THEN coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)
  ELSE has_table_privilege(to_regclass('layer_styles'), 'INSERT')
   AND has_table_privilege(to_regclass('layer_styles'), 'DELETE') END"""
_INSERT: Final = """
INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column,
  styleName, styleQML, styleSLD, useAsDefault, description, owner, update_time)
VALUES (current_database(), %s, %s, %s, %s, XMLPARSE(DOCUMENT %s),
  XMLPARSE(DOCUMENT %s), %s, %s, %s, %s)"""


def may_write_styles(cursor: Any) -> bool:  # noqa: ANN401 - of psycopg
    """Say whether this user may keep styles in the database."""
    return bool(cursor.execute(_MAY).fetchone()[0])


def write_styles(cursor: Any, schema: str, styles: Iterable[Style]) -> None:  # noqa: ANN401
    """Write styles in the place of those of an earlier delivery to the same schema.

    They are dated as everything of a delivery is, before any that a user makes: where a user has
    made one the default, QGIS takes the newer.
    """
    cursor.execute(_TABLE)
    cursor.execute(
        "DELETE FROM layer_styles WHERE f_table_catalog = current_database()"
        " AND f_table_schema = %s AND owner = %s",
        [schema, OWNER],
    )
    cursor.executemany(
        _INSERT,
        [
            (schema, of.table, of.geometry or None, of.name, of.qml, of.sld or None,
             of.is_default, of.description, OWNER, GDAL_DATE.removesuffix("Z"))
            for of in styles
        ],
    )  # fmt: skip
