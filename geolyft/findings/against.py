"""The index beside any further figure per area: classes of both, and whether they go together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Self

import numpy as np
import pandas as pd
from pydantic import StringConstraints, model_validator

from geolyft.findings.association import associate, thirds
from geolyft.form import Form
from geolyft.frames import CITY, combine_status
from geolyft.indicators.catalogue import Code

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geolyft.findings.association import Association

SURE: Final = 0.05
"""The p value below which two figures are said to go together."""
STATES: Final = ("samvarierar", "syns inget samband", "för få områden", "prövas inte")
COLUMNS: Final = (
    *("area", "period", "index", "index_lag", "index_hog", "variabel", "varde"),
    *("klass_index", "klass_varde", "klass", "lage", "antal_omraden"),
    *("rho", "rho_lag", "rho_hog", "p", "samband", "status"),
)
_THIRDS: Final = (
    ("lågt index", "index i mitten", "högt index"),
    ("lågt värde", "värde i mitten", "högt värde"),
)
LAGEN: Final = {
    3 * i + k + 1: f"{low}, {high}"
    for i, low in enumerate(_THIRDS[0])
    for k, high in enumerate(_THIRDS[1])
}
"""What each of the nine classes is."""
_Label = Annotated[
    str,
    StringConstraints(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\s{}][^\x00-\x1f{}]*$"),
]


class AgainstSettings(Form):
    """The run file's ``[[against]]``: a further figure per area that the index is held against.

    Parameters
    ----------
    code
        Of its table and layer.
    name
        What the figure is called, with its unit: ``Inskrivna i förskola, %``.
    access
        A kind of place of the run: the share within its limit, as published.
    exposure
        A raster of the run: the share above its limit, as published.
    file, sheet
        Or a table of figures that are published already, a row per area; relative to the run file.
    area, column
        Its columns of codes and of figures.
    publisher, licence
        Of the file, for the list of sources.

    Examples
    --------
    >>> AgainstSettings(code="nara", name="Förskola inom 500 m, %", access="forskola").file
    """

    code: Code
    name: _Label
    access: str | None = None
    exposure: str | None = None
    file: str | None = None
    sheet: str | None = None
    area: str | None = None
    column: str | None = None
    publisher: str = ""
    licence: str = ""

    @model_validator(mode="after")
    def _has_one_figure(self) -> Self:
        of_file = [each is not None for each in (self.file, self.area, self.column)]
        said = [self.access is not None, self.exposure is not None, any(of_file)]
        if any(of_file) != all(of_file) or sum(said) != 1:
            raise ValueError("say access, exposure, or file with area and column")
        return self


def hold_against(
    said: AgainstSettings,
    values: pd.Series[float],
    index: pd.DataFrame,
    *,
    areas: Sequence[str],
    tested: bool = True,
) -> pd.DataFrame:
    """Return a row for each area: its index, the other figure, and the class of both.

    Parameters
    ----------
    values
        By area; missing where there is none.
    index
        One period's ``area, period, index, index_low, index_high, status``.
    areas
        Codes, in the order of the rows.
    tested
        Whether the areas are tested for going together. Small areas are not: those of one area are
        alike, and taken each for itself they would be called associated far too often.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`. ``klass`` is 1 to 9: 3 × (third of the index - 1) + third of the figure, over the
        areas that have both, in words in ``lage``. ``samband`` is one of `STATES`.
    """
    rows = index[index["area"] != CITY].set_index("area").reindex(list(areas))
    rows = rows.rename(columns={"index_low": "index_lag", "index_high": "index_hog"})
    table = rows.assign(varde=values.reindex(list(areas)), variabel=said.name)
    one, other = (table[each].to_numpy(float) for each in ("index", "varde"))
    both = pd.Series(np.isfinite(one) & np.isfinite(other), index=table.index)
    for name, of in (("klass_index", one), ("klass_varde", other)):
        table[name] = pd.Series(thirds(np.where(both, of, np.nan)), index=table.index).astype(
            "Int64"
        )
    table["klass"] = 3 * (table["klass_index"] - 1) + table["klass_varde"]
    table["lage"] = table["klass"].map(LAGEN)
    table["antal_omraden"] = int(both.sum())
    for name, figure in _association(associate(one, other) if tested else None).items():
        table[name] = figure
    absent = [combine_status(each, "missing") for each in table["status"]]
    table["status"] = table["status"].where(both, absent)
    return table.rename_axis("area").reset_index()[list(COLUMNS)]


def _association(told: Association | None) -> dict[str, float | str]:
    """Return what is the same in every row."""
    if told is None:
        return {**dict.fromkeys(("rho", "rho_lag", "rho_hog", "p"), np.nan), "samband": STATES[3]}
    figures = {"rho": told.rho, "rho_lag": told.low, "rho_hog": told.high, "p": told.p}
    return {**figures, "samband": _in_words(told)}


def _in_words(told: Association) -> str:
    if not told.is_known:
        return STATES[2]
    return STATES[0] if told.p < SURE else STATES[1]
