"""A schema of a database that gets a delivery: the whole of it, or what was there before stays."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geolyft.errors import GeolyftWarning, OutputError, brief
from geolyft.export.geo.styles import styles_of
from geolyft.export.layer import Field, Layer
from geolyft.export.postgis.styles import may_write_styles, write_styles
from geolyft.export.postgis.tables import write_table
from geolyft.export.words import load_words
from geolyft.optional import optional
from geolyft.read.postgis.connection import Connection, refusing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from geolyft.export.figures.themes import Theme
    from geolyft.export.publication import Publication
    from geolyft.export.words import Words

CONTENTS: Final = "leverans"
"""The table that says which tables a delivery has; others in the schema are somebody's own."""
_MARK: Final = "geolyft"
_WAIT: Final = "10s"
_RELATIONS: Final = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')"""
_COMMENT: Final = "SELECT obj_description(to_regclass(%s), 'pg_class')"


@dataclass(frozen=True, kw_only=True)
class Schema:
    """Where in a database a delivery goes.

    Parameters
    ----------
    name
        Of the schema; it is made where there is none.
    """

    connection: Connection
    name: str

    @property
    def where(self) -> str:
        """What to call it."""
        return f"{self.connection.name}: {self.name}"

    def check(self) -> None:
        """Refuse a database that cannot be written, before any work is done.

        Raises
        ------
        GeolyftError
            ``read-needs-package``, ``database-connection``, or ``output-write`` when it has no
            PostGIS or this user may not write.
        """
        with self.connection.session(read_only=True) as opened:
            has, may, makes = opened.execute(
                "SELECT to_regtype('geometry') IS NOT NULL,"
                " has_schema_privilege(to_regnamespace(%s), 'CREATE'),"
                " has_database_privilege(current_database(), 'CREATE')",
                [self.name],
            ).fetchone()
        if not has:
            what, remedy = "the database has no PostGIS", "ask its owner: CREATE EXTENSION postgis"
        elif not (makes if may is None else may):
            what = "this user may not make tables there"
            remedy = "ask the database's owner for a schema to write in"
        else:
            return
        raise OutputError("output-write", what, remedy=remedy, where=self.where)


class OpenSchema:
    """A schema in its transaction: others see it as it was until all of it is done.

    Parameters
    ----------
    opened
        A connection of psycopg.
    """

    def __init__(self, opened: Any, schema: Schema) -> None:  # noqa: ANN401 - may be absent
        self._cursor = opened.cursor()
        self._schema = schema

    def write(
        self, layers: Sequence[Layer], themes: Sequence[Theme], publication: Publication
    ) -> None:
        """Write layers, tables and styles; what the earlier delivery had and this has not, goes.

        Parameters
        ----------
        layers, themes
            As `geolyft.export.geo.geopackage.write_geopackage` has them.

        Raises
        ------
        OutputError
            ``output-occupied`` when a table or view of somebody else has the name of one of these,
            or is made of one that has other columns now; ``output-open`` when a program holds one.
        """
        every = [*layers, contents(layers, load_words(publication.lang))]
        with _in_use(self._schema.where):
            self._cursor.execute(f"SET LOCAL lock_timeout = '{_WAIT}'")
            self._make_room({layer.name for layer in every})
            for layer in every:
                write_table(self._cursor, self._schema.name, layer)
            self._mark()
            self._write_styles(layers, themes, publication)

    def _make_room(self, names: Collection[str]) -> None:
        sql = optional("psycopg", "postgis").sql
        name = self._schema.name
        if self._cursor.execute("SELECT to_regnamespace(%s)", [name]).fetchone() == (None,):
            self._cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
        there = {each for (each,) in self._cursor.execute(_RELATIONS, [name]).fetchall()}
        ours = self._earlier()
        if taken := sorted(there.intersection(names) - ours):
            what = f"{len(taken)} of its tables are somebody's own, first {brief(taken[0])}"
            remedy = "name another schema, or rename them"
            raise OutputError("output-occupied", what, remedy=remedy, where=self._schema.where)
        for gone in sorted(there & ours - set(names)):
            self._cursor.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(name, gone)))

    def _earlier(self) -> set[str]:
        """Return the tables of the earlier delivery in the schema, as it has them listed."""
        sql = optional("psycopg", "postgis").sql
        table = sql.Identifier(self._schema.name, CONTENTS)
        said = self._cursor.execute(_COMMENT, [table.as_string()]).fetchone()[0]
        if not (said or "").startswith(_MARK):
            return set()
        listed = self._cursor.execute(sql.SQL("SELECT tabell FROM {}").format(table))
        return {CONTENTS, *(name for (name,) in listed.fetchall())}

    def _mark(self) -> None:
        sql = optional("psycopg", "postgis").sql
        table = sql.Identifier(self._schema.name, CONTENTS)
        said = self._cursor.execute(_COMMENT, [table.as_string()]).fetchone()[0]
        marked = sql.SQL("COMMENT ON TABLE {} IS {}").format(table, sql.Literal(f"{_MARK}: {said}"))
        self._cursor.execute(marked)

    def _write_styles(
        self, layers: Sequence[Layer], themes: Sequence[Theme], publication: Publication
    ) -> None:
        if may_write_styles(self._cursor):
            write_styles(
                self._cursor, self._schema.name, styles_of(layers, themes, publication, slds=True)
            )
            return
        what = f"{self._schema.where} has no styles, for this user may not write layer_styles"
        warnings.warn(f"{what}; ask the database's owner", GeolyftWarning, stacklevel=4)


@contextmanager
def open_schema(schema: Schema | None) -> Iterator[OpenSchema | None]:
    """Give a schema to write in; all of it is there when the block ends well, or nothing.

    Raises
    ------
    GeolyftError
        ``database-connection``, or ``output-write`` when the database refuses something.
    """
    if schema is None:
        yield None
        return
    remedy = "ask who keeps the database; nothing there has changed"
    with (
        refusing(schema.where, code="output-write", error=OutputError, remedy=remedy),
        schema.connection.session(read_only=False) as opened,
    ):
        yield OpenSchema(opened, schema)


@contextmanager
def _in_use(where: str) -> Iterator[None]:
    errors = optional("psycopg", "postgis").errors
    try:
        yield
    except errors.LockNotAvailable:
        code, what = "output-open", f"a program has held one of its tables for {_WAIT}"
        remedy = "close what reads or edits it, and start again"
    except errors.DependentObjectsStillExist:
        code, what = "output-occupied", "a view is made of a table that has other columns now"
        remedy = "drop the view, and make it again afterwards"
    else:
        return
    raise OutputError(code, what, remedy=remedy, where=where)


def contents(layers: Sequence[Layer], words: Words) -> Layer:
    """Return the table that lists a delivery's tables: what each is, and how many rows it has."""
    said = words.section("postgis")
    rows = [(each.name, each.title, each.abstract, each.period, len(each.frame)) for each in layers]
    names = ("tabell", "titel", "beskrivning", "period", "rader")
    return Layer(
        name=CONTENTS,
        about="tabell",
        level="",
        period="",
        title=said["title"],
        abstract=said["abstract"],
        frame=pd.DataFrame(rows, columns=list(names)),
        fields=tuple(
            Field(name=n, kind="whole" if n == "rader" else "text", alias=said[n], comment="")
            for n in names
        ),
    )
