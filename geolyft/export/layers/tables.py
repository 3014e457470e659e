"""Tables for scripts and spreadsheets: the long observations and the wide index."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TextIO

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from geolyft.export.publication import index_columns
from geolyft.frames import FORMULA_SIGNS, OBSERVATION_COLUMNS, TEXT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from geolyft.export.publication import Publication

OBSERVATION_SCHEMA: Final = pa.schema(
    [(name, pa.string() if name in TEXT_COLUMNS else pa.float64()) for name in OBSERVATION_COLUMNS]
)
SYNTHETIC: Final = "SYNTETISKA DATA"
# A number with a sign, or a sign alone as a mark for none: what a program reads back unchanged.
_NUMBER: Final = re.compile(r"[+-]?([0-9][0-9 \u00a0\u202f]*([.,][0-9]+)?([eE][+-]?[0-9]+)?)?")
# What would begin a cell in a program that takes a sign of the text for the separator.
_LATER: Final = re.compile(r"(?<=[,;\t\r\n])[-=+@][^,;\t\r\n]*")


def write_observations(publication: Publication, path: Path) -> None:
    """Write the published observations as Parquet or CSV, by the path's ending.

    A missing or hidden number is an empty cell. CSV is UTF-8 with comma and decimal point, for
    programs; GeoPackage and the map are for people.
    """
    observations = publication.observations[OBSERVATION_COLUMNS]
    if path.suffix == ".csv":
        write_csv(observations, path)
        return
    table = pa.Table.from_pandas(observations, schema=OBSERVATION_SCHEMA, preserve_index=False)
    said = {"title": publication.title, "note": SYNTHETIC if publication.synthetic else ""}
    pq.write_table(table.replace_schema_metadata(said), path)


def write_index(publication: Publication, path: Path) -> None:
    """Write the index, its dimensions and rank ranges: a row per area and period, city first."""
    columns = index_columns(publication.catalogue.column_codes["dimension"])
    write_csv(publication.index[columns], path)


def write_tables(publication: Publication, folder: Path) -> None:
    """Write every table behind the index as a CSV of its own in the folder.

    A synthetic run says so in a column of every row.
    """
    folder.mkdir()
    for name, table in publication.tables.items():
        said = table.assign(synthetic=SYNTHETIC) if publication.synthetic else table
        write_csv(said, folder / f"{name}.csv")


def write_csv(table: pd.DataFrame, path: Path) -> None:
    r"""Write a CSV whose texts no spreadsheet takes for a formula; numbers stay as they are.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "a.csv"
    ...     write_csv(pd.DataFrame({"name": ["=1+1"], "id": ["-5"], "n": [-1.5]}), path)
    ...     path.read_text()
    "name,id,n\n'=1+1,-5,-1.5\n"
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        write_rows(table, file)


@dataclass(frozen=True, kw_only=True)
class TextForm:
    """How a text file writes its rows.

    Parameters
    ----------
    columns
        Names and headings of its first columns: a column without a name has no cells either.
    """

    separator: str = ","
    encoding: str = "utf-8"
    line_end: str = "\n"
    decimal: str = "."
    columns: tuple[tuple[str, str], ...] = ()

    def headings(self, names: Iterable[str]) -> dict[str, str]:
        """Return the heading of every column; what has no name begins with a space as no other."""
        known = {name or f" {n}": heading for n, (name, heading) in enumerate(self.columns)}
        return known | {name: name for name in names if name not in known}


PLAIN: Final = TextForm()
"""What programs read: comma, UTF-8."""


def write_rows(
    table: pd.DataFrame, file: TextIO, *, form: TextForm = PLAIN, header: bool = True
) -> None:
    """Write rows of a CSV into an open file as `write_csv` does, with or without their header."""
    safe = table.copy()
    for name in safe:
        if pd.api.types.is_string_dtype(safe[name]):
            safe[name] = safe[name].map(_defuse, na_action="ignore")
    headings = form.headings(map(str, table))
    said = [_defuse(heading) for heading in headings.values()] if header else False
    laid = safe.reindex(columns=list(headings))
    laid.to_csv(
        file,
        index=False,
        header=said,
        sep=form.separator,
        decimal=form.decimal,
        lineterminator=form.line_end,
    )


def _defuse(text: str) -> str:
    """Return a text of which no spreadsheet makes a formula, whatever it takes for a separator.

    A leading apostrophe is how spreadsheets mark text; they do not show it.
    """
    return _marked(text, _LATER.sub(lambda part: _marked(part[0], part[0]), text))


def _marked(text: str, shown: str) -> str:
    formula = text.startswith(FORMULA_SIGNS) and not _NUMBER.fullmatch(text)
    return f"'{shown}" if formula else shown
