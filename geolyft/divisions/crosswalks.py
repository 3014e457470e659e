"""How small areas lie in larger ones: tables of weights, the shipped ones or a user's own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.divisions.areas import shipped
from geolyft.errors import AreaError, brief, nearest
from geolyft.read import read_table
from geolyft.shown import Shown

if TYPE_CHECKING:
    import os
    from collections.abc import Hashable, Iterable

    import geopandas as gpd

SUM_TOLERANCE: Final = 1e-9
"""How far from 1 the weights of a source may sum."""

ERROR_BY_CERTAINTY: Final[dict[str, float]] = {
    "exact": 0.0,
    "high": 0.0,
    "medium": 0.043,
    "low": 0.144,
}
"""Standard error of the weights of a split source, by how sure they are: measured by hiding known
splits, see ``boundaries/README.md``."""

_KEY_COLUMNS: Final = ["source", "target"]
_WEIGHTS: Final = ("weight", "weight_dwellings")
_MEASURES: Final = (
    *_WEIGHTS,
    "error",
    "error_dwellings",
    "weight_area",
    "sliver_share",
    "resolved",
)
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


@dataclass(frozen=True, kw_only=True, repr=False)
class Crosswalk(Shown):
    """How much of each source area lies in each target area.

    Parameters
    ----------
    name
        What to call it in messages and the manifest.
    source, target
        The divisions it leads from and to.
    table
        Columns ``source``, ``target`` (text) and ``weight``, and what else is known of each pair:
        ``weight_dwellings``, ``error`` (the standard error of the weight), ``error_dwellings``,
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
        for column in _WEIGHTS:
            if column in self.table:
                _check_weights(self.table, column, self.name)
        _check_errors(self.table, self.name)

    def by(self, unit: str) -> Crosswalk:
        """Return the same with the weights and errors of dwellings, or of residents as it is.

        Raises
        ------
        AreaError
            ``crosswalk-columns`` when it splits areas and has no weights of dwellings.

        Examples
        --------
        >>> split = load_crosswalk("deso2025_geso").by("dwellings").table
        >>> split["weight"].equals(split["weight_dwellings"])
        True
        """
        if unit == "residents" or self.table["weight"].eq(1).all():
            return self
        if "weight_dwellings" not in self.table:
            raise AreaError(
                "crosswalk-columns",
                f"crosswalk {brief(self.name)} lacks weight_dwellings",
                remedy='give it that column, or leave moved_by = "dwellings" out',
            )
        weights = {"weight": self.table["weight_dwellings"]}
        if "error_dwellings" in self.table:
            weights["error"] = self.table["error_dwellings"]
        return replace(self, table=self.table.assign(**weights))


def load_crosswalk(
    name_or_path: str | os.PathLike[str], *, source: str = "", target: str = ""
) -> Crosswalk:
    """Load a shipped crosswalk by its name, or a user's own from a table.

    Parameters
    ----------
    name_or_path
        ``"deso2025_geso"``, ``"valdistrikt2022_geso"``, or a file with the columns ``source``,
        ``target`` and ``weight``, and if known what else `Crosswalk` has.
    source, target
        The divisions a user's own leads from and to.

    Raises
    ------
    AreaError
        ``crosswalk-unknown``, and as :class:`Crosswalk`.

    Examples
    --------
    >>> crosswalk = load_crosswalk("deso2025_geso")
    >>> crosswalk.table["source"].nunique(), crosswalk.target
    (209, 'geso')
    """
    if isinstance(name_or_path, str) and name_or_path in CROSSWALKS:
        kept = _shipped_crosswalk(name_or_path)
        # The caller's own: what is changed in it does not reach the next one who asks.
        return replace(kept, table=kept.table.copy())
    path, name = Path(name_or_path), str(name_or_path)
    if not path.suffix and not path.exists():
        what = f"{brief(name)} is no shipped crosswalk and no file{nearest(name, CROSSWALKS)}"
        remedy = f"use one of {', '.join(CROSSWALKS)}, or the path of a file"
        raise AreaError("crosswalk-unknown", what, remedy=remedy)
    return _read_crosswalk(path, name=path.stem, source=source, target=target)


@cache
def _shipped_crosswalk(name: str) -> Crosswalk:
    """Read a shipped crosswalk once: a run asks for it again and again."""
    source, target = CROSSWALKS[name]
    path = shipped(f"crosswalk_{name}.csv")
    return _read_crosswalk(path, name=name, source=source, target=target)


def _read_crosswalk(path: Path, *, name: str, source: str, target: str) -> Crosswalk:
    columns = read_table(path).frame.columns
    _require_columns(columns, name)
    table = read_table(path, numbers=[c for c in _MEASURES if c in columns]).frame
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


def weight_errors(crosswalk: Crosswalk) -> pd.Series[float]:
    """Return the standard error of each weight, by the table's rows.

    What a row's ``error`` says; else what its ``certainty`` does (``ERROR_BY_CERTAINTY``), and
    where that is not known either, that of ``low``. A source that lies whole in one target has
    nothing to be wrong about.

    Examples
    --------
    >>> table = pd.DataFrame({"source": ["a", "b", "b"], "target": ["1", "1", "2"],
    ...                       "weight": [1.0, 0.3, 0.7], "certainty": ["low", "medium", "medium"]})
    >>> weight_errors(Crosswalk(name="c", source="s", target="t", table=table)).tolist()
    [0.0, 0.043, 0.043]
    """
    told = _told_errors(crosswalk.table)
    weights = crosswalk.table["weight"].astype("float64")
    split = weights.between(0, 1, inclusive="neither")
    error = told.fillna(ERROR_BY_CERTAINTY["low"]).where(split | (told > 0), 0.0)
    several = crosswalk.table.groupby("source")["target"].transform("size") > 1
    return error.where(several, 0.0)


def unsure_sources(crosswalk: Crosswalk) -> list[str]:
    """Return the split sources of which neither error nor certainty is known.

    Examples
    --------
    >>> halves = pd.DataFrame({"source": ["a", "a"], "target": ["1", "2"], "weight": [0.5, 0.5]})
    >>> unsure_sources(Crosswalk(name="halves", source="small", target="large", table=halves))
    ['a']
    """
    table = crosswalk.table
    split = table["weight"].astype("float64").between(0, 1, inclusive="neither")
    return sorted(table.loc[split & _told_errors(table).isna(), "source"].unique())


def _told_errors(table: pd.DataFrame) -> pd.Series[float]:
    """Return the errors that a table states, missing where it states none."""
    none = pd.Series(np.nan, index=table.index)
    by_word = table["certainty"].map(ERROR_BY_CERTAINTY) if "certainty" in table else none
    given = pd.to_numeric(table["error"], errors="coerce") if "error" in table else none
    return given.fillna(by_word.astype("float64"))


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


def _check_weights(table: pd.DataFrame, column: str, name: str) -> None:
    weights = pd.to_numeric(table[column], errors="coerce")
    good = np.isfinite(weights) & (weights >= 0)
    if not good.all():
        raise AreaError(
            "crosswalk-weight",
            f"crosswalk {brief(name)}: {int((~good).sum())} of {len(table)} weights are missing, "
            f"negative or infinite, first of source {brief(table.loc[~good, 'source'].iloc[0])}",
            remedy="give every row a weight between 0 and 1",
        )
    codes, sources = table["source"].factorize()
    off = np.abs(np.bincount(codes, weights, len(sources)) - 1)
    if (off > SUM_TOLERANCE).any():
        worst = int(off.argmax())
        raise AreaError(
            "crosswalk-sum",
            f"crosswalk {brief(name)}: the weights of {int((off > SUM_TOLERANCE).sum())} of "
            f"{len(off)} sources do not sum to 1, worst {brief(sources[worst])} off by "
            f"{off[worst]:.2g}",
            remedy="give shares of the whole source; what lies outside every area needs a row too",
        )


def _check_errors(table: pd.DataFrame, name: str) -> None:
    """Refuse errors that are none: what one target of a source gains, another one loses."""
    if "error" not in table:
        return
    errors = pd.to_numeric(table["error"], errors="coerce")
    said = table["error"].notna() & (table["error"] != "")
    wrong = said & ~(np.isfinite(errors) & (errors >= 0))
    unsure = (errors > 0) & ~wrong
    codes, _ = table["source"].factorize()
    several = np.bincount(codes)[codes] > 1
    alone = unsure & several & (np.bincount(codes, unsure)[codes] == 1) & said
    if (wrong | alone).any():
        raise AreaError(
            "crosswalk-weight",
            f"crosswalk {brief(name)}: {int((wrong | alone).sum())} of {len(table)} errors of "
            "weights are no number of 0 or more, or stand at one target of a source alone, first "
            f"of source {brief(table.loc[wrong | alone, 'source'].iloc[0])}",
            remedy="give every target of a split source its error, or none of them",
        )
