"""How small areas lie in larger ones: tables of weights, the shipped ones or a user's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.divisions.areas import shipped
from geolyft.errors import AreaError, brief
from geolyft.read import read_table

if TYPE_CHECKING:
    import os
    from collections.abc import Hashable, Iterable

    import geopandas as gpd

SUM_TOLERANCE: Final = 1e-9
"""How far from 1 the weights of a source may sum."""

_KEY_COLUMNS: Final = ["source", "target"]
CROSSWALKS: Final[dict[str, tuple[str, str]]] = {
    "deso2025_geso": ("deso2025", "geso"),
    "deso2025_regso2025": ("deso2025", "regso2025"),
    "regso2025_geso": ("regso2025", "geso"),
    "deso2018_geso": ("deso2018", "geso"),
    "deso2025blocks_geso": ("deso2025", "geso"),
    "valdistrikt2022_geso": ("valdistrikt2022", "geso"),
}
"""The shipped crosswalks by name: from which division to which.

``deso2018_geso`` and ``deso2025blocks_geso`` go together: both lead through blocks that the two
divisions have in common, so that no change across 2023/2024 comes from the crosswalk."""


@dataclass(frozen=True, kw_only=True)
class Crosswalk:
    """How much of each source area lies in each target area.

    Parameters
    ----------
    name
        What to call it in messages and the manifest.
    source, target
        The divisions it leads from and to.
    table
        Columns ``source``, ``target`` (text) and ``weight``, and what else is known of each pair:
        ``method``, ``certainty``. The weights of each source sum to 1.

    Raises
    ------
    AreaError
        ``crosswalk-columns``, ``crosswalk-code``, ``crosswalk-duplicate``, ``crosswalk-weight`` or
        ``crosswalk-sum``.

    Examples
    --------
    >>> halves = pd.DataFrame({"source": ["a", "a"], "target": ["1", "2"], "weight": [0.5, 0.5]})
    >>> Crosswalk(name="halves", source="small", target="large", table=halves).name
    'halves'
    """

    name: str
    source: str
    target: str
    table: pd.DataFrame

    def __post_init__(self) -> None:
        """Refuse a table that would lose or invent totals."""
        _check_pairs(self.table, self.name)
        _check_weights(self.table, self.name)


def load_crosswalk(
    name_or_path: str | os.PathLike[str], *, source: str = "", target: str = ""
) -> Crosswalk:
    """Load a shipped crosswalk by its name, or a user's own from a table.

    Parameters
    ----------
    name_or_path
        ``"deso2025_geso"``, ``"valdistrikt2022_geso"``, or a file with the columns ``source``,
        ``target`` and ``weight``, and if known ``method`` and ``certainty``.
    source, target
        The divisions a user's own leads from and to.

    Raises
    ------
    AreaError
        As :class:`Crosswalk`.

    Examples
    --------
    >>> crosswalk = load_crosswalk("deso2025_geso")
    >>> crosswalk.table["source"].nunique(), crosswalk.target
    (209, 'geso')
    """
    if isinstance(name_or_path, str) and name_or_path in CROSSWALKS:
        name = name_or_path
        source, target = CROSSWALKS[name]
        path = shipped(f"crosswalk_{name}.csv")
    else:
        path = Path(name_or_path)
        name = path.stem
    columns = read_table(path).frame.columns
    _require_columns(columns, name)
    measures = [c for c in ("weight", "weight_area", "sliver_share", "resolved") if c in columns]
    table = read_table(path, numbers=measures).frame
    return Crosswalk(name=name, source=source, target=target, table=table)


def identity_crosswalk(areas: gpd.GeoDataFrame, *, division: str = "areas") -> Crosswalk:
    """Lead every area to itself: what moves with it stays what it was.

    Parameters
    ----------
    division
        What the areas are, such as ``"deso2025"``.

    Examples
    --------
    >>> from geolyft.divisions.areas import load_areas
    >>> identity_crosswalk(load_areas("geso")).table["weight"].sum()
    np.float64(14.0)
    """
    codes = list(areas.index)
    table = pd.DataFrame(
        {
            "source": pd.Series(codes, dtype="str"),
            "target": pd.Series(codes, dtype="str"),
            "weight": 1.0,
            "method": "identity",
            "certainty": "exact",
        }
    )
    return Crosswalk(name="identity", source=division, target=division, table=table)


def main_target(crosswalk: Crosswalk) -> dict[str, str]:
    """Return for each source the target that most of it lies in.

    Examples
    --------
    >>> table = pd.DataFrame({"source": ["a", "a"], "target": ["1", "2"], "weight": [0.4, 0.6]})
    >>> main_target(Crosswalk(name="parts", source="small", target="large", table=table))
    {'a': '2'}
    """
    table = crosswalk.table.assign(weight=crosswalk.table["weight"].astype("float64"))
    largest = table.sort_values(["source", "weight", "target"]).drop_duplicates(
        "source", keep="last"
    )
    return dict(zip(largest["source"], largest["target"], strict=True))


def _require_columns(columns: Iterable[Hashable], name: str) -> None:
    missing = [column for column in (*_KEY_COLUMNS, "weight") if column not in list(columns)]
    if missing:
        what = f"crosswalk {brief(name)} lacks {', '.join(missing)}"
        remedy = "give the columns source, target and weight"
        raise AreaError("crosswalk-columns", what, remedy=remedy)


def _check_pairs(table: pd.DataFrame, name: str) -> None:
    _require_columns(table.columns, name)
    for column in _KEY_COLUMNS:
        clean = table[column].map(lambda c: isinstance(c, str) and c != "" and c == c.strip())
        if not clean.all():
            raise AreaError(
                "crosswalk-code",
                f"crosswalk {brief(name)}: {int((~clean).sum())} of {len(table)} codes in {column} "
                "are missing or no clean text",
                remedy="give every row two text codes without spaces around them",
            )
    repeated = table.duplicated(_KEY_COLUMNS)
    if repeated.any():
        first = table.loc[repeated, _KEY_COLUMNS].iloc[0]
        raise AreaError(
            "crosswalk-duplicate",
            f"crosswalk {brief(name)}: {int(repeated.sum())} pairs occur twice, first "
            f"{brief(first['source'])} to {brief(first['target'])}",
            remedy="give each pair of areas one row",
        )


def _check_weights(table: pd.DataFrame, name: str) -> None:
    weights = pd.to_numeric(table["weight"], errors="coerce")
    good = np.isfinite(weights) & (weights >= 0)
    if not good.all():
        raise AreaError(
            "crosswalk-weight",
            f"crosswalk {brief(name)}: {int((~good).sum())} of {len(table)} weights are missing, "
            f"negative or infinite, first of source {brief(table.loc[~good, 'source'].iloc[0])}",
            remedy="give every row a weight between 0 and 1",
        )
    off = (weights.groupby(table["source"]).sum() - 1).abs()
    if (off > SUM_TOLERANCE).any():
        worst = str(off.idxmax())
        raise AreaError(
            "crosswalk-sum",
            f"crosswalk {brief(name)}: the weights of {int((off > SUM_TOLERANCE).sum())} of "
            f"{len(off)} sources do not sum to 1, worst {brief(worst)} off by {off[worst]:.2g}",
            remedy="give shares of the whole source; what lies outside every area needs a row too",
        )
