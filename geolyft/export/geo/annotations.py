"""What a GeoPackage says of its layers: styles, titles of fields, metadata.

The tables are those of QGIS (``layer_styles``) and of the GeoPackage extensions for schema and
metadata. Values reach SQL as parameters only.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

from geolyft.export.geo.styles import styles_of
from geolyft.export.layers.metadata import DUBLIN_CORE, QGIS_STANDARD, dublin_core, qgis_metadata

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geolyft.export.figures.themes import Theme
    from geolyft.export.layer import Layer
    from geolyft.export.publication import Publication

_PAGE: Final = 2048
_SPECIFICATION: Final = "http://www.geopackage.org/spec130/#extension_"
# As QGIS makes it; no column may be left out, and f_table_schema is '' and never NULL.
_STYLES: Final = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
  f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME
)"""
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name)
);
CREATE TABLE IF NOT EXISTS gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
  mime_type TEXT, constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name)
);
CREATE TABLE IF NOT EXISTS gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC,
  min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value)
)"""
_METADATA: Final = """
CREATE TABLE IF NOT EXISTS gpkg_metadata (
  id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
  md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml',
  metadata TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS gpkg_metadata_reference (
  reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
  timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id)
)"""


def annotate(
    path: Path,
    layers: Sequence[Layer],
    themes: Sequence[Theme],
    publication: Publication,
    *,
    date: str,
) -> None:
    """Write styles, titles of fields and metadata into a GeoPackage that has the layers.

    Parameters
    ----------
    themes
        Of every layer with geometry; a layer's first is what QGIS loads by itself, the others are
        there to choose.
    date
        The time of writing, ISO 8601; the same in every run, so that the bytes are.
    """
    # As a context a connection commits and stays open, and Windows moves no open file.
    with closing(sqlite3.connect(path)) as database, database:
        _write_styles(database, layers, themes, publication, date)
        _write_fields(database, layers)
        _write_metadata(database, layers, publication, date)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        # Most tables are of a few wide rows, which leave much of a larger page empty.
        database.execute(f"PRAGMA page_size = {_PAGE}")
        database.execute("VACUUM")


def _write_styles(
    database: sqlite3.Connection,
    layers: Sequence[Layer],
    themes: Sequence[Theme],
    publication: Publication,
    date: str,
) -> None:
    database.execute(_STYLES)
    rows = [
        (of.table, of.geometry, of.name, of.qml, of.is_default, of.description, date)
        for of in styles_of(layers, themes, publication)
    ]
    database.executemany(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name,"
        " f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner,"
        " update_time) VALUES ('', '', ?, ?, ?, ?, '', ?, ?, '', ?)",
        rows,
    )
    # QGIS finds it through GDAL, which shows listed tables only, once one without geometry is.
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change,"
        " srs_id) VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?, 0)",
        (date,),
    )


def _write_fields(database: sqlite3.Connection, layers: Sequence[Layer]) -> None:
    database.executescript(_SCHEMA)
    _extend(database, "schema", ["gpkg_data_columns", "gpkg_data_column_constraints"])
    database.executemany(
        "INSERT INTO gpkg_data_columns (table_name, column_name, title, description)"
        " VALUES (?, ?, ?, ?)",
        [
            (layer.name, field.name, field.alias, field.comment)
            for layer in layers
            for field in layer.fields
        ],
    )


def _write_metadata(
    database: sqlite3.Connection, layers: Sequence[Layer], publication: Publication, date: str
) -> None:
    database.executescript(_METADATA)
    _extend(database, "metadata", ["gpkg_metadata", "gpkg_metadata_reference"])
    # Sources and licences are those of every table, and are said once, of the whole.
    whole = _describe(database, DUBLIN_CORE, dublin_core(None, publication), date)
    # QGIS reads only its own kind, which no other program knows.
    for layer in layers:
        told, own = qgis_metadata(layer, publication), dublin_core(layer, publication)
        _describe(database, QGIS_STANDARD, told, date, table=layer.name)
        _describe(database, DUBLIN_CORE, own, date, table=layer.name, parent=whole)


def _describe(
    database: sqlite3.Connection,
    standard: str,
    text: str,
    date: str,
    *,
    table: str | None = None,
    parent: int | None = None,
) -> int | None:
    """Write what is said of a table, or of the whole file; return its number."""
    inserted = database.execute(
        "INSERT INTO gpkg_metadata (md_scope, md_standard_uri, mime_type, metadata)"
        " VALUES ('dataset', ?, 'text/xml', ?)",
        (standard, text),
    )
    # With the time said: the default is the clock's, and no two deliveries would be alike.
    database.execute(
        "INSERT INTO gpkg_metadata_reference (reference_scope, table_name, timestamp,"
        " md_file_id, md_parent_id) VALUES (?, ?, ?, ?, ?)",
        ("table" if table else "geopackage", table, date, inserted.lastrowid, parent),
    )
    return inserted.lastrowid


def _extend(database: sqlite3.Connection, name: str, tables: Sequence[str]) -> None:
    database.executemany(
        "INSERT OR IGNORE INTO gpkg_extensions (table_name, column_name, extension_name,"
        " definition, scope) VALUES (?, NULL, ?, ?, 'read-write')",
        # An extension that is not listed may be in the file, but no reader need look for it.
        [(table, f"gpkg_{name}", f"{_SPECIFICATION}{name}") for table in tables],
    )
