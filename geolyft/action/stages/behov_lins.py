"""The matrix for each lens as a stage: only efforts that are theirs fill a gap of theirs."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.findings.stages.stage import Stage
from geolyft.frames import BETWEEN, EVERYONE

if TYPE_CHECKING:
    from collections.abc import Collection

    from geolyft.action.known import Known
    from geolyft.action.settings import EffortsSettings
    from geolyft.indicators.lens import Lens


def _compute(known: Known, _settings: EffortsSettings) -> pd.DataFrame:
    # Whose target groups nobody has named may have efforts that nobody can tell.
    cells = [_matrix_of(known, lens) for lens in known.lenses if lens.target_groups]
    if not cells:
        return known.matrix.iloc[:0]
    ranks = dict.fromkeys(("rang_lag", "rang_hog"), "Int64")
    return pd.concat(cells, ignore_index=True).assign(period=known.period).astype(ranks)


def meant_for(efforts: pd.DataFrame, groups: Collection[str]) -> pd.DataFrame:
    """Return the rows of the register with one of these target groups.

    Examples
    --------
    >>> rows = pd.DataFrame({"malgrupp": ["äldre", "barn", "unga; äldre"]})
    >>> meant_for(rows, ["äldre"])["malgrupp"].tolist()
    ['äldre', 'unga; äldre']
    """
    asked = set(groups)
    named = [asked & {part.strip() for part in each.split(BETWEEN)} for each in efforts["malgrupp"]]
    return efforts[pd.Series(map(bool, named), index=efforts.index, dtype="bool")]


def _matrix_of(known: Known, lens: Lens) -> pd.DataFrame:
    """Return the matrix with the efforts for one lens, and those for everyone counted beside."""
    efforts = known.register.efforts
    cells = known.matrix_of(meant_for(efforts, lens.target_groups))
    for_all = known.matrix_of(meant_for(efforts, [EVERYONE]))
    return cells.assign(
        lins=lens.name,
        lins_namn=lens.label,
        antal=cells["area"].map(known.residents(lens.column)),
        insatser_alla=for_all["insatser"],
    )


STAGE: Final = Stage("behov_lins", _compute, setting="efforts", folder=files(__package__))
