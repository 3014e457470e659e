"""The files of a written delivery, as others are told of them.

Data are what programs read; pages are for people; the rest is of use only beside the data, such
as styles and the QGIS project.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final, Literal

from geolyft.read.delivery import sha256

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from geolyft.export.words import Words

_CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_EPSG: Final = "http://www.opengis.net/def/crs/EPSG/0"
_GEODATA: Final = (".gpkg", ".fgb")
_PAGES: Final = (".html", ".pdf")
_DATA: Final[Mapping[str, tuple[str, str]]] = {
    # Name in the EU's list of file types, and media type; the list has no FlatGeobuf.
    ".csv": ("CSV", "text/csv"),
    ".fgb": ("", "application/flatgeobuf"),
    ".geojson": ("GEOJSON", "application/geo+json"),
    ".gpkg": ("GPKG", "application/geopackage+sqlite3"),
    ".parquet": ("PARQUET", "application/vnd.apache.parquet"),
    ".xlsx": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
_KINDS: Final[Mapping[str, str]] = {
    "omradeslyft.gpkg": "gpkg",
    "omradeslyft.xlsx": "workbook",
    "index.csv": "index",
    "index_excel.csv": "index_excel",
    "resultat.csv": "results",
    "resultat_excel.csv": "results_excel",
    "resultat.parquet": "results",
    "tabeller/": "table",
    "geojson/": "layer",
    "geoparquet/": "layer",
    "flatgeobuf/": "layer",
}


_ALONE: Final[Mapping[str, str]] = {"omradeslyft.gpkg": "", "omradeslyft.xlsx": "arbetsbok"}
_GROUPS: Final[Mapping[str, str]] = {
    "tabeller": "tabell/",
    **dict.fromkeys(("geojson", "geoparquet", "flatgeobuf"), "lager/"),
}
Role = Literal["data", "page", "aid"]


@dataclass(frozen=True, kw_only=True)
class DeliveredFile:
    """A file of the delivery.

    Parameters
    ----------
    path
        Inside the delivery, with ``/``.
    crs
        The address of its CRS; empty for what is no geodata.
    """

    path: str
    size: int
    sha256: str
    crs: str = ""

    @property
    def role(self) -> Role:
        """Whether it is data, a page about them, or of use only beside them."""
        suffix = PurePosixPath(self.path).suffix
        return "data" if suffix in _DATA else "page" if suffix in _PAGES else "aid"

    @property
    def dataset(self) -> str:
        """Of data: what they are, whatever the format; empty for all of it in one file.

        Examples
        --------
        >>> paths = ["omradeslyft.gpkg", "resultat_excel.csv", "geoparquet/geso_index.parquet"]
        >>> [DeliveredFile(path=path, size=1, sha256="").dataset for path in paths]
        ['', 'resultat', 'lager/geso_index']
        """
        path = PurePosixPath(self.path)
        if self.path in _ALONE:
            return _ALONE[self.path]
        return _GROUPS.get(path.parts[0], "") + path.stem.removesuffix("_excel")


def delivered_files(folder: Path, *, crs: int) -> list[DeliveredFile]:
    """Return the files of a written delivery, by path.

    Parameters
    ----------
    crs
        EPSG code of the layers; GeoJSON has always its own.
    """
    paths = sorted(file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
    return [
        DeliveredFile(
            path=path.as_posix(),
            size=(folder / path).stat().st_size,
            sha256=sha256(folder / path),
            crs=_crs_of(path.as_posix(), crs),
        )
        for path in paths
    ]


def _crs_of(path: str, crs: int) -> str:
    if path.endswith(".geojson"):
        return _CRS84
    is_geodata = path.endswith(_GEODATA) or path.startswith("geoparquet/")
    return f"{_EPSG}/{crs}" if is_geodata else ""


def file_type(path: str) -> tuple[str, str]:
    """Return a data format's name in the EU's list of file types, or nothing, and its media type.

    Examples
    --------
    >>> file_type("index.csv")
    ('CSV', 'text/csv')
    """
    return _DATA[PurePosixPath(path).suffix]


def file_title(path: str, words: Words, *, with_format: bool = True) -> str:
    """Return what a file is called for readers, with its format or without.

    Examples
    --------
    >>> from geolyft.export.words import load_words
    >>> file_title("tabeller/bidrag.csv", load_words("sv"))
    'Tabell bakom indexet: bidrag (CSV)'
    """
    parts = PurePosixPath(path)
    kind = _KINDS.get(path) or _KINDS.get(f"{parts.parts[0]}/")
    if kind is None:
        return path
    said = words.say(f"formats.file_{kind}", name=parts.stem)
    return f"{said} ({parts.suffix[1:].upper()})" if with_format else said
