"""Small-area totals move onto the areas through a crosswalk, and totals survive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

import pandas as pd

from geolyft.divisions.codes import best_crosswalk
from geolyft.divisions.crosswalks import CROSSWALKS
from geolyft.errors import JoinError, brief, content
from geolyft.frames import RESIDUAL, check_frame, check_texts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from geolyft.divisions.crosswalks import Crosswalk


@dataclass(frozen=True, kw_only=True)
class MoveAudit:
    """What became of small-area totals; for every column areas + residual = input."""

    sources: int
    split: int
    residual_sources: int
    absent_sources: int


@dataclass(frozen=True, kw_only=True)
class Moved:
    """Totals on the areas.

    Parameters
    ----------
    totals
        Index of area codes and ``RESIDUAL``; the same columns as given; missing only where every
        part is.
    incomplete
        Same shape: whether a part was missing, so that the total is of fewer sources.
    split
        Same shape: the share of the total that comes from sources split between areas, 0 to 1.
    """

    totals: pd.DataFrame
    incomplete: pd.DataFrame
    split: pd.DataFrame
    audit: MoveAudit

    def of(self, block: str, areas: Sequence[str]) -> Moved:
        """Return one block of columns (the first level of their names) for the given areas."""
        rows = pd.Index(areas, name="area")

        def part(table: pd.DataFrame) -> pd.DataFrame:
            columns = table.columns.get_level_values(0) == block
            return table.loc[:, columns].droplevel(0, axis=1).reindex(rows)

        return Moved(
            totals=part(self.totals),
            incomplete=part(self.incomplete).fillna(False).astype(bool),
            split=part(self.split).fillna(0.0),
            audit=self.audit,
        )


def move_totals(
    totals: pd.DataFrame,
    crosswalk: Crosswalk,
    *,
    residual: Collection[str] = (),
    allow_absent: bool = False,
    where: str = "totals",
) -> Moved:
    """Move totals from small areas to areas with a crosswalk's weights.

    Only counts can be moved. Move the numerator and the denominator of a share, then divide.

    Parameters
    ----------
    totals
        Index of unique source codes (text), one numeric column per count.
    crosswalk
        Weights that sum to 1 per source. What it leads to ``residual`` stays there.
    residual
        Source codes that belong to no area on purpose; their totals stay in the residual.
    allow_absent
        Whether sources of the crosswalk may be absent from `totals`; areas they would have
        contributed to are marked incomplete.
    where
        What to call the totals in a refusal.

    Raises
    ------
    JoinError
        ``join-duplicate``, ``join-residual`` for a residual code that is an area,
        ``join-unknown`` for codes that are not in the crosswalk, or ``join-absent`` for codes of
        the crosswalk that are not in `totals`.
    ReadError
        ``frame-text`` when codes are no text, ``frame-number`` when totals are no numbers.

    Examples
    --------
    >>> from geolyft.divisions.crosswalks import Crosswalk
    >>> halves = Crosswalk(name="halves", source="small", target="large", table=pd.DataFrame(
    ...     {"source": ["a", "a"], "target": ["1", "2"], "weight": [0.5, 0.5]}))
    >>> move_totals(pd.DataFrame({"n": [10.0]}, index=["a"]), halves).totals["n"].tolist()
    [5.0, 5.0, 0.0]
    """
    residual = [residual] if isinstance(residual, str) else residual
    check_texts(totals.index, what=f"{where}, area codes")
    check_frame(totals, numbers=list(totals.columns), what=where)
    table = crosswalk.table
    _check_sources(totals.index, crosswalk, residual, allow_absent, where)
    kept = table[["source", "target", "weight"]]
    stays = pd.DataFrame({"source": list(residual), "target": RESIDUAL, "weight": 1.0})
    pairs = pd.concat([kept, stays], ignore_index=True) if len(stays) else kept
    pairs = pairs[pairs["weight"] > 0]
    cells = totals.reindex(pairs["source"]).reset_index(drop=True)
    weight = pairs["weight"].to_numpy()
    target = pairs["target"].to_numpy()
    reached = table.loc[table["target"] != RESIDUAL, "target"].unique()
    whole = pd.Index([*reached, RESIDUAL], name="area", dtype="str")
    parts = cells.mul(weight, axis=0)
    summed = parts.groupby(target).sum(min_count=1).reindex(whole)
    from_split = parts[weight < 1].groupby(target[weight < 1]).sum().reindex(whole)
    # Nothing left over is a count of zero; an area without a single known part stays missing.
    summed.loc[RESIDUAL] = summed.loc[RESIDUAL].fillna(0.0)
    audit = MoveAudit(
        sources=len(totals),
        split=int(
            (kept["weight"].between(0, 1, inclusive="neither")).groupby(kept["source"]).any().sum()
        ),
        residual_sources=int(_among(totals.index, residual).sum()),
        absent_sources=int((~_among(table["source"].unique(), totals.index)).sum()),
    )
    return Moved(
        totals=summed,
        incomplete=cells.isna().groupby(target).any().reindex(whole, fill_value=False),
        split=(from_split / summed.where(summed > 0)).fillna(0.0),
        audit=audit,
    )


def _check_sources(
    given: pd.Index[str],
    crosswalk: Crosswalk,
    residual: Collection[str],
    allow_absent: bool,  # noqa: FBT001 - private, passed on
    where: str,
) -> None:
    known = crosswalk.table["source"]
    if given.has_duplicates:
        raise JoinError(
            "join-duplicate",
            f"{int(given.duplicated().sum())} area codes occur twice, first "
            f"{content(given[given.duplicated()][0])}",
            remedy="give one row per area",
            where=where,
        )
    twice = [code for code in residual if code in set(known)]
    if twice:
        raise JoinError(
            "join-residual",
            f"{brief(twice[0])} of residual is an area, and would be counted there too",
            remedy="take it out of residual",
            where=where,
        )
    unknown = given[~_among(given, known.unique()) & ~_among(given, residual)]
    if len(unknown):
        refuse_unknown(list(unknown), len(given), crosswalk, where=where)
    absent = known.unique()[~_among(known.unique(), given)]
    if len(absent) and not allow_absent:
        raise JoinError(
            "join-absent",
            f"{len(absent)} of {known.nunique()} areas of the crosswalk have no row, first "
            f"{brief(absent[0])}",
            remedy="complete the table, or allow it with allow_absent",
            where=where,
        )


def refuse_unknown(
    unknown: Sequence[str],
    given: int,
    crosswalk: Crosswalk,
    *,
    remedy: str = "correct them, or name them in residual, which counts in no area",
    where: str,
) -> NoReturn:
    """Refuse codes that a crosswalk does not know, and name the one that does.

    Raises
    ------
    JoinError
        ``join-unknown``.
    """
    better = best_crosswalk(unknown, crosswalk.target)
    what = (
        f"{len(unknown)} of {given} area codes are not in the crosswalk, first "
        f"{content(unknown[0])}"
    )
    if better and better != crosswalk.name:
        what += f"; they look like codes of {CROSSWALKS[better][0]}"
        remedy = f'use crosswalk = "{better}"'
    raise JoinError("join-unknown", what, remedy=remedy, where=where)


def _among(codes: Iterable[str], known: Iterable[str]) -> NDArray[np.bool_]:
    """Say for each code whether it is one of the known; much quicker than `isin` on text."""
    return pd.Index(list(known), dtype="str").unique().get_indexer(pd.Index(list(codes))) >= 0
