"""The divisions of a city.

The shipped ones, a user's own, or the publishers' originals (see `geolyft.fetch.originals`).
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from geolyft.divisions.coverage import as_multi, mend
from geolyft.errors import AreaError, brief, nearest
from geolyft.frames import check_areas
from geolyft.read import read_layer
from geolyft.read.postgis.table import DatabaseTable

if TYPE_CHECKING:
    import os

_CODE_ENDINGS: Final = ("kod", "code", "id")
_NAME_ENDINGS: Final = ("namn", "name")


@dataclass(frozen=True, kw_only=True)
class Division:
    """One shipped division of the city and where it comes from."""

    code: str
    title: str
    level: str
    count: int
    vintage: str
    file: str
    layer: str
    code_column: str
    source: str
    licence: str
    name_column: str | None = None


def declared(kind: str) -> dict[str, dict[str, Any]]:
    """Return what ``divisions.toml`` beside this module says of the divisions of a kind."""
    forms = tomllib.loads(files(__package__).joinpath("divisions.toml").read_text("utf-8"))
    return dict(forms[kind])


DIVISIONS: Final[dict[str, Division]] = {
    code: Division(code=code, **form) for code, form in declared("shipped").items()
}
"""The shipped divisions by code."""


def shipped(name: str) -> Path:
    """Find a shipped file of boundaries, in the installed package or in the repository.

    Raises
    ------
    AreaError
        ``areas-shipped`` when it is in neither.

    Examples
    --------
    >>> shipped("geso.gpkg").name
    'geso.gpkg'
    """
    return _shipped_path("boundaries", name)


def demo_folder() -> Path:
    """Find the folder of the shipped open-data example.

    Examples
    --------
    >>> (demo_folder() / "turnout2022.csv").is_file()
    True
    """
    return _shipped_path("demo", "")


def _shipped_path(kind: str, name: str) -> Path:
    package = Path(str(files("geolyft")))
    places = {"boundaries": "boundaries", "demo": "examples/demo"}
    for folder in (package / "shipped" / kind, package.parent / places[kind]):
        if (folder / name).exists():
            return folder / name
    what = f"the shipped {kind} {brief(name)} is missing from this installation"
    remedy = "install geolyft again, or run boundaries/build.py in a clone"
    raise AreaError("areas-shipped", what, remedy=remedy)


def is_shipped(division: object) -> bool:
    """Say whether this is the code of a shipped division.

    Examples
    --------
    >>> is_shipped("geso"), is_shipped("areas.gpkg")
    (True, False)
    """
    return isinstance(division, str) and division in DIVISIONS


def list_divisions() -> pd.DataFrame:
    """Return the shipped divisions, one row each.

    Examples
    --------
    >>> list_divisions()[["code", "count", "vintage"]]
            code  count vintage
    0       geso     14    2022
    1   deso2025    209    2025
    2  regso2025     91    2025
    """
    columns = ["code", "title", "level", "count", "vintage", "source", "licence", "file"]
    return pd.DataFrame([asdict(division) for division in DIVISIONS.values()])[columns]


def load_areas(
    division: str | os.PathLike[str] | gpd.GeoDataFrame | DatabaseTable,
    *,
    code: str | None = None,
    name: str | None = None,
    layer: str | None = None,
    crs: int | str | None = None,
    to_crs: int | None = None,
) -> gpd.GeoDataFrame:
    """Load areas: a shipped division by its code, or any polygons of any city.

    Nothing is reprojected unasked, and broken polygons and real overlaps are refused. Overlaps and
    gaps that rounding has left between a user's areas are closed, with a warning that says how much
    moved, see `geolyft.divisions.coverage`. Wider gaps are allowed, and Z values are dropped.

    Parameters
    ----------
    division
        ``"geso"``, another code of ``list_divisions()``, a file, a table of a database, or a frame
        of polygons.
    code, name
        Columns of a user's own. By default the only column of unique values whose name ends in
        kod, code or id, and the only one that ends in namn or name; without a name the code
        stands in.
    layer, crs
        Of a user's file, as for :func:`geolyft.read.read_layer`.
    to_crs
        EPSG number to reproject to.

    Returns
    -------
    GeoDataFrame
        Text index ``area`` in natural order (1, 2, …, 10), columns ``name`` and ``geometry``
        (MultiPolygon), in a metric CRS.

    Raises
    ------
    AreaError
        ``areas-unknown``, ``areas-column``, ``areas-code``, ``areas-crs``, ``areas-geometry`` or
        ``areas-overlap``.
    ReadError
        When the file cannot be read.

    Examples
    --------
    >>> load_areas("geso")["name"].tail(2)
    area
    13    Lindeborg, Borgmästaregården m fl
    14           Hyllievång, Kroksbäck m fl
    Name: name, dtype: str
    """
    if is_shipped(division):
        known = DIVISIONS[str(division)]
        division, layer, crs = shipped(known.file), known.layer, None
        code, name = known.code_column, known.name_column
        own = False
    else:
        own = True
    if isinstance(division, gpd.GeoDataFrame):
        frame, where, key = division, "areas", None
    else:
        if not isinstance(division, DatabaseTable):
            _refuse_unknown(division)
        read = read_layer(division, layer=layer, crs=crs)
        frame, where, key = read.frame, read.understood.path, read.key
    code = code or _find_code_column(frame, where, key=key)
    name = name or _only_column(frame, _NAME_ENDINGS) or code
    areas = _shape(frame, code=code, name=name, where=where)
    if to_crs is not None:
        areas = areas.to_crs(to_crs)
    areas = check_areas(areas, where=where)
    if own:
        areas = mend(areas, where=where)
    return areas.loc[sorted(areas.index, key=natural_key)]


def _refuse_unknown(division: str | os.PathLike[str]) -> None:
    """Refuse what is neither shipped nor, by its looks or in fact, a file."""
    path = Path(division)
    if own := str(division) if not path.suffix and not path.exists() else "":
        what = f"{brief(own)} is no shipped division and no file{nearest(own, DIVISIONS)}"
        remedy = f"use one of {', '.join(DIVISIONS)}, or the path of a file"
        raise AreaError("areas-unknown", what, remedy=remedy)


def natural_key(code: str) -> list[tuple[int, int, str]]:
    """Sort key by which "2" comes before "10".

    Examples
    --------
    >>> sorted(["10", "2", "1", "A10", "A9"], key=natural_key)
    ['1', '2', '10', 'A9', 'A10']
    """
    parts = re.findall(r"\d+|\D+", code)
    return [(0, int(part), part) if part.isdecimal() else (1, 0, part) for part in parts]


def clean_deso(codes: pd.Series[str]) -> pd.Series[str]:
    """Take the division and year that SCB's tables put after a code away; the polygons are bare.

    Examples
    --------
    >>> clean_deso(pd.Series(["1280C1010_DeSO2025", "1280R001_RegSO2025", "1280"])).tolist()
    ['1280C1010', '1280R001', '1280']
    """
    return codes.str.replace(r"_(?:DeSO|RegSO)[0-9]{4}$", "", regex=True, case=False)


def _shape(frame: gpd.GeoDataFrame, *, code: str, name: str, where: str) -> gpd.GeoDataFrame:
    for column in (code, name):
        if column not in frame or column == frame.geometry.name:
            what = f"has no column {brief(column)} but {', '.join(_attributes(frame)) or 'none'}"
            remedy = "name the column of area codes, and of names if there is one"
            raise AreaError("areas-column", what, remedy=remedy, where=where)
    codes = _as_text(frame[code], where)
    return gpd.GeoDataFrame(
        {"name": frame[name].astype("str").to_numpy() if name != code else codes.to_numpy()},
        geometry=as_multi(shapely.force_2d(frame.geometry.to_numpy())),
        crs=frame.crs,
        index=pd.Index(codes, name="area"),
    )


def _as_text(codes: pd.Series[str], where: str) -> pd.Series[str]:
    missing = codes.isna()
    if missing.any():
        what = f"{int(missing.sum())} of {len(codes)} areas have no code"
        raise AreaError("areas-code", what, remedy="give every area a code", where=where)
    if not pd.api.types.is_float_dtype(codes):
        return codes.astype("str").str.normalize("NFC")  # as the codes of tables are
    fractions = codes != codes.round()
    if fractions.any():
        raise AreaError(
            "areas-code",
            f"{int(fractions.sum())} area codes are no whole numbers, first "
            f"{brief(codes[fractions].iloc[0])}",
            remedy="store the codes as text",
            where=where,
        )
    return codes.astype("int64").astype("str")


def _attributes(frame: gpd.GeoDataFrame) -> list[str]:
    return [str(column) for column in frame.columns if column != frame.geometry.name]


def _only_column(frame: gpd.GeoDataFrame, endings: tuple[str, ...]) -> str | None:
    fitting = [column for column in _attributes(frame) if column.lower().endswith(endings)]
    return fitting[0] if len(fitting) == 1 else None


def _find_code_column(frame: gpd.GeoDataFrame, where: str, *, key: str | None) -> str:
    unique = [column for column in _attributes(frame) if frame[column].is_unique]
    # A primary key is often a number that a program gave: it is for want of another column.
    others = [column for column in unique if column != key]
    column = _only_column(frame[[*others, frame.geometry.name]], _CODE_ENDINGS)
    column = column or _only_column(frame[[*unique, frame.geometry.name]], _CODE_ENDINGS)
    if column is None:
        what = f"which column holds the area codes is unclear among {', '.join(_attributes(frame))}"
        raise AreaError("areas-column", what, remedy="name the column of area codes", where=where)
    return column
