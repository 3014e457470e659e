"""The two frames that carry everything, their columns, and the checks at a stage's door.

*Observations* are one long table with a row per area, period, sex and indicator. *Areas* are
polygons on a text code in a metric CRS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from geolyft.errors import AreaError, ReadError, brief

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import geopandas as gpd
    import pandas as pd
    from pandas.api.typing import DataFrameGroupBy

Floats = NDArray[np.float64]
"""Measurements in an array."""

CITY: Final = "city"
"""The area code of the city as a whole, residual included."""

RESIDUAL: Final = "residual"
"""The area code of what belongs to the city but to none of its areas; never published."""

POPULATION: Final = "population"
CHILDREN: Final = "children"
"""Residents of areas, and how many of them are children: counts beside the indicators'."""
PEOPLE_KEY: Final = ["area", "period"]

FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes a cell that begins with it for: a formula."""

BETWEEN: Final = ";"
"""Between codes that one cell lists."""

Sex = Literal["alla", "kvinnor", "män"]
EVERYONE: Final[Sex] = "alla"

KEY: Final = ["area", "period", "sex", "indicator"]
FIGURE: Final = ["area", "sex", "indicator", "reference", "source"]
"""What a figure is, in whichever period it stands."""
OBSERVATION_COLUMNS: Final = [
    "area",
    "period",
    "reference",
    "sex",
    "indicator",
    "numerator",
    "denominator",
    "value",
    "low",
    "high",
    "status",
    "source",
]
TEXT_COLUMNS: Final = ["area", "period", "reference", "sex", "indicator", "status", "source"]

STATUSES: Final = ("ok", "approximate", "stale", "partial", "missing", "hidden", "synthetic")
"""Every part a status can have, in the order they are written."""


def reference_of(observations: pd.DataFrame) -> pd.Series[str]:
    """Return each figure's reference year, the period where none is said."""
    return observations["reference"].where(observations["reference"] != "", observations["period"])


def lenses_of(people: pd.DataFrame) -> list[str]:
    """Return the columns of a frame of people that count some of the residents.

    Examples
    --------
    >>> import pandas as pd
    >>> columns = ["area", "period", "source", "population", "children", "aldre"]
    >>> lenses_of(pd.DataFrame(columns=columns))
    ['children', 'aldre']
    """
    return [str(name) for name in people if name not in (*PEOPLE_KEY, "source", POPULATION)]


def combine_status(*statuses: str) -> str:
    """Join statuses with ``+``, each part once, in the order of ``STATUSES``.

    ``ok`` stands alone or not at all.

    Examples
    --------
    >>> combine_status("synthetic", "ok", "stale+approximate")
    'approximate+stale+synthetic'
    >>> combine_status("ok", "ok")
    'ok'
    """
    parts = {part for status in statuses for part in status.split("+") if part}
    unknown = parts.difference(STATUSES)
    if unknown:
        raise ValueError(f"unknown status {sorted(unknown)}")
    named = [status for status in STATUSES if status in parts and status != "ok"]
    return "+".join(named) or "ok"


def restated(column: pd.Series[str], change: Callable[[str], str]) -> pd.Series[str]:
    """Return statuses changed, each text that occurs once: a frame has few of them.

    Examples
    --------
    >>> import pandas as pd
    >>> restated(pd.Series(["ok", "partial"]), lambda s: combine_status(s, "stale")).tolist()
    ['stale', 'stale+partial']
    """
    return column.map({status: change(status) for status in column.unique()}).astype("str")


def combined_status(rows: pd.DataFrame, groups: DataFrameGroupBy[Any, Any]) -> list[str]:
    """Return the combined status of each group of rows, in the order of the groups.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"area": ["1", "2", "1"], "status": ["ok", "ok", "stale"]})
    >>> combined_status(rows, rows.groupby("area"))
    ['stale', 'ok']
    """
    codes, texts = rows["status"].factorize()
    # Each part of a status is a bit; those of a group are joined by "or".
    bits = np.array([_bits(text) for text in texts], dtype=np.int64)
    of_group = np.zeros(groups.ngroups, dtype=np.int64)
    group = groups.ngroup().to_numpy()
    known = group >= 0
    np.bitwise_or.at(of_group, group[known], bits[codes[known]])
    named = {each: _of_bits(each) for each in np.unique(of_group).tolist()}
    return [named[each] for each in of_group.tolist()]


def _bits(status: str) -> int:
    return sum(1 << STATUSES.index(part) for part in combine_status(status).split("+"))


def _of_bits(bits: int) -> str:
    return combine_status(*(part for n, part in enumerate(STATUSES) if bits >> n & 1))


def has_status(column: pd.Series[str], part: str) -> pd.Series[bool]:
    """Say for each row whether its status has this part.

    Examples
    --------
    >>> import pandas as pd
    >>> has_status(pd.Series(["ok", "stale+partial"]), "partial").tolist()
    [False, True]
    """
    has_part = {status: part in status.split("+") for status in column.unique()}
    return column.map(has_part).astype(bool)


def check_observations(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the observations in canonical column and row order, or refuse them.

    Raises
    ------
    ReadError
        ``observations-columns`` when a column is missing, ``observations-duplicate`` when a key
        occurs twice.

    Examples
    --------
    >>> import pandas as pd
    >>> list(check_observations(pd.DataFrame(columns=OBSERVATION_COLUMNS[::-1])))[:2]
    ['area', 'period']
    """
    missing = [column for column in OBSERVATION_COLUMNS if column not in observations]
    if missing:
        what = f"observations lack {', '.join(missing)}"
        remedy = f"give the columns {', '.join(OBSERVATION_COLUMNS)}"
        raise ReadError("observations-columns", what, remedy=remedy)
    repeated = observations.duplicated(KEY)
    if repeated.any():
        first = observations.loc[repeated, KEY].iloc[0]
        what = f"{int(repeated.sum())} rows repeat a key, first {' '.join(map(brief, first))}"
        remedy = "give one row per area, period, sex and indicator"
        raise ReadError("observations-duplicate", what, remedy=remedy)
    return observations[OBSERVATION_COLUMNS].sort_values(KEY, ignore_index=True)


def check_frame(
    frame: pd.DataFrame, *, texts: Iterable[str] = (), numbers: Iterable[str] = (), what: str
) -> None:
    """Refuse a frame whose codes would join nothing, or whose numbers are none.

    Parameters
    ----------
    texts
        Columns of codes: every cell a text. ``1280``, read as a number, is no area's code.
    numbers
        Columns of numbers: finite, or missing.
    what
        What to call the frame.

    Raises
    ------
    ReadError
        ``frame-columns``, ``frame-text`` or ``frame-number``.

    Examples
    --------
    >>> import pandas as pd
    >>> check_frame(pd.DataFrame({"area": ["1280"]}), texts=["area"], what="counts")
    >>> try:
    ...     check_frame(pd.DataFrame({"area": [1280]}), texts=["area"], what="counts")
    ... except ReadError as refusal:
    ...     refusal.code
    'frame-text'
    """
    texts, numbers = list(texts), list(numbers)
    missing = [column for column in (*texts, *numbers) if column not in frame]
    if missing:
        remedy = f"give {', '.join((*texts, *numbers))}"
        raise ReadError("frame-columns", f"lacks {', '.join(missing)}", remedy=remedy, where=what)
    for column in texts:
        check_texts(frame[column], what=f"{what}, column {column}")
    for column in numbers:
        _check_numbers(frame[column], f"{what}, column {column}")


def check_texts(codes: pd.Series | pd.Index, *, what: str) -> None:
    """Refuse codes that are not all texts.

    Raises
    ------
    ReadError
        ``frame-text``.
    """
    if codes.dtype == "str":
        other = int(np.count_nonzero(codes.isna()))
    else:
        other = sum(not isinstance(code, str) for code in codes)
    if other:
        held = codes.dtype if codes.dtype != object else "other values too"
        raise ReadError(
            "frame-text",
            f"holds {held}, {other} of {len(codes)} codes are no text",
            remedy='read codes as text (pandas: dtype={"column": "str"}), for 0180 is not 180',
            where=what,
        )


def check_known(
    codes: pd.Series | pd.Index, known: Iterable[str], *, what: str, remedy: str
) -> None:
    """Refuse codes that are none of the known ones: they would be left out without a word.

    Raises
    ------
    ReadError
        ``frame-unknown``.
    """
    met = codes.unique()
    names = set(known)
    unknown = [code for code in met if code not in names]
    if unknown:
        said = f"{len(unknown)} of {len(met)} codes are unknown, first {brief(unknown[0])}"
        raise ReadError("frame-unknown", said, remedy=remedy, where=what)


def check_statuses(statuses: pd.Series[str], *, what: str) -> None:
    """Refuse a status with a part that is none of ``STATUSES``.

    Raises
    ------
    ReadError
        ``frame-unknown``.
    """
    parts = statuses.drop_duplicates().str.split("+").explode()
    remedy = f"join parts of {', '.join(STATUSES)} with +"
    check_known(parts, STATUSES, what=f"{what}, column status", remedy=remedy)


def _check_numbers(column: pd.Series, where: str) -> None:
    if column.dtype.kind not in "iuf":
        what = f"holds {column.dtype} where numbers should stand"
        remedy = "read the column as numbers (geolyft.read_table), missing ones as NaN"
        raise ReadError("frame-number", what, remedy=remedy, where=where)
    infinite = int(np.isinf(column.to_numpy(dtype=np.float64, na_value=np.nan)).sum())
    if infinite:
        remedy = "leave out what is no number"
        raise ReadError(
            "frame-number", f"holds {infinite} infinite numbers", remedy=remedy, where=where
        )


def check_areas(areas: gpd.GeoDataFrame, *, where: str = "areas") -> gpd.GeoDataFrame:
    """Return the areas if their index is unique text codes and their CRS metric, or refuse them.

    Parameters
    ----------
    areas
        Index: text codes named ``area``. Columns: ``name`` and polygons ``geometry`` in metres.

    Raises
    ------
    AreaError
        ``areas-crs``, ``areas-code`` or ``areas-geometry``.
    """
    if (
        areas.crs is None
        or not areas.crs.is_projected
        or areas.crs.axis_info[0].unit_name != "metre"
    ):
        what = f"the areas' CRS is {areas.crs.to_string() if areas.crs else 'missing'}"
        remedy = "give areas in a metric CRS such as EPSG:3008"
        raise AreaError("areas-crs", what, remedy=remedy, where=where)
    _check_codes(areas.index, where)
    broken = areas.geometry.is_empty | areas.geometry.isna() | ~areas.geometry.is_valid
    broken |= ~areas.geom_type.isin(["Polygon", "MultiPolygon"])
    if broken.any():
        raise AreaError(
            "areas-geometry",
            f"{int(broken.sum())} areas are empty, invalid or no polygons, "
            f"first {brief(broken.idxmax())}",
            remedy="repair them (Fix geometries in QGIS) and look at what changed",
            where=where,
        )
    return areas


def _is_clean(code: str) -> bool:
    return bool(code) and code == code.strip() and code.isprintable()


def _check_codes(codes: Iterable[object], where: str) -> None:
    seen: set[str] = set()
    for code in codes:
        if not isinstance(code, str) or not _is_clean(code) or code in seen:
            problem = "occurs twice" if code in seen else "is no clean text"
            what = f"area code {brief(code)} {problem}"
            remedy = "give every area one text code of one line, without spaces around it"
            raise AreaError("areas-code", what, remedy=remedy, where=where)
        if code in (CITY, RESIDUAL) or code.startswith(FORMULA_SIGNS):
            what = f"area code {brief(code)} is reserved, or one that spreadsheets compute"
            raise AreaError("areas-code", what, remedy="rename the area", where=where)
        if BETWEEN in code:
            what = (
                f"area code {brief(code)} has a '{BETWEEN}', which stands between codes in a list"
            )
            raise AreaError("areas-code", what, remedy="write another sign there", where=where)
        seen.add(code)
