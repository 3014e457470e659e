"""A file of totals of small areas becomes a file of totals of the areas they lie in."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd

from geolyft.divisions.areas import is_shipped, load_areas, natural_key
from geolyft.divisions.codes import match_codes
from geolyft.divisions.crosswalks import load_crosswalk
from geolyft.errors import GeolyftWarning, JoinError, count
from geolyft.export.geo.totals import check_totals_file, write_totals
from geolyft.frames import RESIDUAL
from geolyft.join.small_areas import move_totals
from geolyft.read import read_table

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import pandas as pd

    from geolyft.divisions.codes import Matched
    from geolyft.join.small_areas import MoveAudit

INCOMPLETE: Final = "incomplete"


def move_file(
    table: str | Path,
    *,
    area: str,
    columns: Sequence[str],
    crosswalk: str,
    out: str | Path,
    sheet: str | None = None,
    residual: Collection[str] = (),
    allow_absent: bool = False,
) -> MoveAudit:
    r"""Write totals of small areas as totals of larger ones, with a row ``residual``: it all sums.

    What is written is as sensitive as the counts are: nothing is hidden or rounded.

    Parameters
    ----------
    table
        A file, as for `geolyft.read_table`.
    area
        Its column of codes.
    columns
        Those that are moved: counts, not shares.
    crosswalk
        A shipped one, or a file, see `geolyft.load_crosswalk`.
    out
        ``.csv``, or ``.gpkg``, which has the areas' polygons where they are shipped. Columns
        ``area``, ``name`` of shipped areas, `columns`, and ``incomplete``: whether a part of one
        of them was missing.
    sheet
        Of a workbook, or layer of a vector file, with several.
    residual, allow_absent
        See `geolyft.move_totals`.

    Raises
    ------
    GeolyftError
        Whatever the reader, `geolyft.move_totals` and the writer refuse.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file, out = Path(folder) / "small.csv", Path(folder) / "large.csv"
    ...     weights = Path(folder) / "weights.csv"
    ...     _ = weights.write_text("source,target,weight\na,1,0.5\na,2,0.5\n")
    ...     _ = file.write_text("code,n\na,10\n")
    ...     audit = move_file(file, area="code", columns=["n"], crosswalk=str(weights), out=out)
    ...     out.read_text().split()
    ['area,n,incomplete', '1,5.0,False', '2,5.0,False', 'residual,0.0,False']
    """
    table, out = Path(table), Path(out)
    check_totals_file(out, inputs=[table])
    weights = load_crosswalk(crosswalk)
    read = read_table(table, numbers=list(columns), columns=[area, *columns], sheet=sheet).frame
    _refuse_blank(read[area], table.name)
    given = read[~read[area].isin(list(residual))]
    matched = match_codes(given[area], weights, where=table.name)
    left_out = _left_out(matched, table.name)
    counted = read[~read[area].isin(left_out)]
    totals = counted.set_index(counted[area].replace(matched.found))[list(columns)]
    moved = move_totals(
        totals, weights, residual=residual, allow_absent=allow_absent, where=table.name
    )
    written = moved.totals.assign(**{INCOMPLETE: moved.incomplete.any(axis="columns")})
    write_totals(_with_areas(written, weights.target), out)
    return moved.audit


def _refuse_blank(codes: pd.Series[str], where: str) -> None:
    if blank := int((codes.fillna("") == "").sum()):
        what = f"{count(blank)} of {count(len(codes))} rows have no area code"
        remedy = "give each row one, or take the row away"
        raise JoinError("join-unknown", what, remedy=remedy, where=where)


def _left_out(matched: Matched, where: str) -> list[str]:
    """Return the codes of rows that would count people twice or are not ours, with a warning."""
    left_out = [*matched.larger, *matched.elsewhere, *matched.other_year]
    if left_out:
        what = "area codes are of larger areas, of elsewhere or of another year, and left out"
        warnings.warn(f"{where}: {len(left_out)} {what}", GeolyftWarning, stacklevel=3)
    return left_out


def _with_areas(totals: pd.DataFrame, target: str) -> pd.DataFrame:
    """Return a row per area in their order, the residual last, with names and polygons if known."""
    codes = sorted(totals.index.drop(RESIDUAL), key=natural_key)
    ordered = totals.loc[[*codes, RESIDUAL]]
    if not is_shipped(target):
        return ordered.reset_index(names="area")
    areas = load_areas(target)
    ordered.insert(0, "name", areas["name"].reindex(ordered.index))
    shapes: Any = areas.geometry.reindex(ordered.index)
    layer = gpd.GeoDataFrame(ordered, geometry=shapes, crs=areas.crs)
    named: pd.DataFrame = layer.reset_index(names="area")
    return named
