"""What a reader is told, and what it hands back."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

from geolyft.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import geopandas as gpd
    import numpy as np
    import pandas as pd
    import pyproj
    from numpy.typing import NDArray

Meaning = Literal["missing", "hidden", "zero"]
Footer = Literal["detect", "keep"]
HiddenRows = Literal["keep", "drop"]
Unit = Literal["fraction", "per cent"]

SCB_MARKS: Final[Mapping[str, Meaning]] = MappingProxyType(
    {
        "": "missing",
        ".": "missing",  # cannot occur
        "..": "hidden",  # exists, but suppressed or too uncertain
        "...": "hidden",
        "…": "hidden",  # what office programs make of three full stops
        "x": "hidden",
        "X": "hidden",
        "<": "hidden",  # stands for every "<5": neither 0 nor 5
        "-": "zero",  # nothing to report: the one mark that is a number
        "–": "zero",
    }
)
"""What SCB's and most municipalities' marks mean; ``"<"`` stands for ``<`` and any number."""


@dataclass(frozen=True, kw_only=True)
class TextOptions:
    """How to read a table; ``None`` means: find out, and say what was found.

    Parameters
    ----------
    encoding
        A Python codec name such as ``"cp1252"``.
    separator
        One character between the cells of a row.
    decimal
        ``","`` or ``"."``.
    thousands
        Every character that may stand between groups of three digits. ``None`` allows the spaces,
        and a full stop or comma that the numbers themselves show to be one.
    marks
        What stands for no number, and why. Replaces the default; to extend it, write
        ``dict(SCB_MARKS) | {"#": "hidden"}``.
    footer
        ``"detect"`` sets note rows after the table and one last sum row aside and counts them;
        ``"keep"`` treats sum rows as data.
    skip_rows
        Rows above the header, such as a title.
    hidden_rows
        Rows of an Excel sheet that a filter or a person has hidden: ``"keep"`` reads them,
        ``"drop"`` leaves them out. ``None`` reads them too, and a run then warns of them.
    units
        Number columns that are ``"fraction"`` (0.2) or ``"per cent"`` (20), where that is not
        said in the cells. Both are read as per cents.
    ages
        Number columns whose cells may also be ages or classes of them, such as ``20 år``, ``20-24``
        and ``85+``: the first age is the number, and `Table.last` has the last.

    Examples
    --------
    >>> TextOptions(decimal=",", marks=dict(SCB_MARKS) | {"#": "hidden"}).marks["#"]
    'hidden'
    """

    encoding: str | None = None
    separator: str | None = None
    decimal: Literal[",", "."] | None = None
    thousands: str | None = None
    marks: Mapping[str, Meaning] = field(default_factory=lambda: SCB_MARKS)
    footer: Footer = "detect"
    skip_rows: int = 0
    hidden_rows: HiddenRows | None = None
    units: Mapping[str, Unit] = field(default_factory=dict)
    ages: Collection[str] = ()


@dataclass(frozen=True, kw_only=True)
class Understood:
    """What the reader took a file to be.

    Parameters
    ----------
    path
        The file's name, without its folders.
    kind
        ``csv``, ``excel``, ``px``, ``json-stat``, ``parquet``, ``geoparquet``, ``geopackage``,
        ``shapefile``, ``geojson``, ``flatgeobuf``, ``geotiff`` or ``postgis``.
    rows, columns
        The size and the column names of what was handed on; of a raster, its cells and the band.
    sha256
        Of the file; of a shapefile, of its parts one after the other in order of their names; of a
        table of a database, of the rows and columns that were read.
    encoding, separator, decimal
        As found or given, for text.
    sheet, layer, crs
        For formats that have them.
    transformed
        How its coordinates came into the areas' CRS, where they had to.
    marks
        Each mark met in the number columns, and how often.
    footer_rows
        Note and sum rows after the table that were set aside.
    blank_rows
        Rows without a cell, between the header and the last row of the file.
    hidden_rows, dropped_rows
        Rows hidden in Excel that were read, and those that were left out as asked.
    per_cent
        The number columns whose cells say per cent, by a sign or by how Excel shows them.
    dimensions
        Of a cube: each dimension's name, with how many values it has and the first of them.

    Examples
    --------
    >>> Understood(path="a.csv", kind="csv", rows=2, columns=("area", "n"), sha256="0",
    ...            separator=";", marks={"..": 3}).sentence()
    "a.csv: csv with 2 rows and 2 columns; separator ';'; marks '..' 3 times"
    """

    path: str
    kind: str
    rows: int
    columns: tuple[str, ...]
    sha256: str
    encoding: str | None = None
    separator: str | None = None
    decimal: str | None = None
    sheet: str | None = None
    layer: str | None = None
    crs: str | None = None
    transformed: str | None = None
    marks: Mapping[str, int] = field(default_factory=dict)
    footer_rows: int = 0
    blank_rows: int = 0
    hidden_rows: int = 0
    dropped_rows: int = 0
    per_cent: tuple[str, ...] = ()
    dimensions: Mapping[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        """Everything that is known, ready for JSON; what does not apply is left out."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        values["columns"] = list(self.columns)
        values["marks"] = dict(sorted(self.marks.items()))
        values["per_cent"] = list(self.per_cent)
        values["dimensions"] = dict(self.dimensions)
        always = {"path", "kind", "rows", "columns", "sha256", "footer_rows"}
        return {name: value for name, value in values.items() if value or name in always}

    def sentence(self) -> str:
        """One plain line for a person."""
        size = f"{self.rows} rows and {len(self.columns)} columns"
        return "; ".join([f"{self.path}: {self.kind} with {size}", *said_of(self.as_dict())])


_SAID: Final = {
    "footer_rows": "{} note or sum rows after the table set aside",
    "blank_rows": "{} blank rows set aside",
    "hidden_rows": "{} rows hidden in Excel were read",
    "dropped_rows": "{} rows hidden in Excel left out",
}


def rows_said(known: Mapping[str, Any]) -> list[str]:
    """Return what `said_of` says of rows alone; a number that is not to be known is a few."""
    counts = {name: known.get(name, 0) for name in _SAID}
    return [_SAID[name].format("a few" if n is None else n) for name, n in counts.items() if n != 0]


def said_of(known: Mapping[str, Any]) -> list[str]:
    """Return what a file was understood to be, in a person's words.

    Parameters
    ----------
    known
        As `Understood.as_dict` gives it, or what of it may be published.

    Examples
    --------
    >>> said_of({"rows": 180, "hidden_rows": 60, "per_cent": ["share"]})
    ['60 rows hidden in Excel were read', 'per cent in share']
    """
    parts = []
    for name in ("encoding", "separator", "decimal", "sheet", "layer", "crs", "transformed"):
        value = known.get(name)
        if value is not None:
            quoted = name in {"separator", "decimal", "sheet", "layer"}
            parts.append(f"{name} {value!r}" if quoted else f"{name} {value}")
    marks = known.get("marks") or {}
    counted = (f"{m!r} {marks[m]} times" if isinstance(marks, dict) else repr(m) for m in marks)
    parts += [f"marks {', '.join(sorted(counted))}"] if marks else []
    parts += rows_said(known)
    if known.get("per_cent"):
        parts.append(f"per cent in {', '.join(known['per_cent'])}")
    return parts + [f"{name}: {text}" for name, text in known.get("dimensions", {}).items()]


@dataclass(frozen=True, kw_only=True, repr=False)
class Table(Shown):
    """Text codes and numbers.

    Parameters
    ----------
    frame
        The number columns are float64, every other column text, whatever the file's types.
    marks
        On the same index, a column per number column that says why a cell is empty: ``""`` (it
        is not), ``"missing"`` or ``"hidden"``.
    last
        The last age of each row, for columns of `TextOptions.ages` that hold classes.
    labels
        Of a cube: the label of each code of a dimension, where it says more than the code.
    lines
        The row of the file that each row was, counted from 1; empty where a file has none.
    """

    frame: pd.DataFrame
    marks: pd.DataFrame
    understood: Understood
    last: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    lines: Sequence[int] | NDArray[np.int64] = ()


@dataclass(frozen=True, kw_only=True, repr=False)
class Layer(Shown):
    """Features: geometry column ``geometry``, and always a CRS.

    Parameters
    ----------
    key
        The column that is the layer's primary key, where the sender has named it.
    """

    frame: gpd.GeoDataFrame
    understood: Understood
    key: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class Points(Shown):
    """Rows with a place.

    Parameters
    ----------
    frame
        The asked columns, and float64 ``x`` (east) and ``y`` (north) in ``crs``; both are NaN
        where a row has no place.
    marks, last
        As in :class:`Table`, ``x`` and ``y`` included.
    written
        The same rows as an Arrow table of the file's own cells: coordinates of a text file are
        its texts. Nothing where the reader does not keep them.
    """

    frame: pd.DataFrame
    marks: pd.DataFrame
    crs: pyproj.CRS
    understood: Understood
    written: Any = None
    last: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
