"""Compare periods scored on the same scales; refuse what is not comparable.

A change is shown when both figures mean the same thing, and marked when it exceeds what chance and
noise could have made of no change at all. Everything else is listed without a number and with the
reason, or refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal, Self

import numpy as np
import pandas as pd
from pydantic import Field, StringConstraints, model_validator

from geolyft.certainty.draws import INDEX, percentiles
from geolyft.errors import IndexComputationError
from geolyft.form import Form
from geolyft.frames import EVERYONE, Sex, has_status, reference_of
from geolyft.index.scales import points_per_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geolyft.certainty.draws import Draws
    from geolyft.certainty.noise import Noise
    from geolyft.indicators.catalogue import Catalogue

Kind = Literal["definition", "register", "division", "noise", "method"]
Reason = Literal["", "carried", "missing", "partial", "break", "noise", "scale"]
"""Why there is no change to show; empty where there is one."""

COMPARABLE_COLUMNS: Final = ["area", "what", "first", "last", "comparable", "reason", "note"]
CHANGE_COLUMNS: Final = [
    "area",
    "what",
    "first",
    "last",
    "value_first",
    "value_last",
    "change",
    "low",
    "high",
    "points",
    "exceeds",
    "comparable",
    "reason",
    "note",
]
# What a group of indicators is not comparable for, the gravest first.
_REFUSED: Final[dict[str, str]] = {
    "scale": "timeline-scale",
    "break": "timeline-break",
    "noise": "timeline-noise",
    "partial": "timeline-partial",
}


class Break(Form):
    """Something changed, so that figures before and after are not comparable.

    Parameters
    ----------
    indicator
        An indicator's code, or ``*`` for all of them.
    between
        The last year before the break and the first one after it. A year in between belongs to
        neither, and is compared with nothing.
    years
        Whether these are the figures' reference years, which is what a register or a
        definition changes with, or the editions of the index.
    kind
        ``definition``, ``register``, ``division``, ``noise`` or ``method``.
    note
        Shown to the reader beside what is not compared.

    Examples
    --------
    >>> swap = Break(indicator="E1", between=("2019", "2020"), kind="register", note="RAMS, BAS")
    >>> swap.crosses("2018", "2020"), swap.crosses("2020", "2023"), swap.crosses("2020", "2019")
    (True, False, True)
    """

    indicator: str = "*"
    between: tuple[Annotated[str, StringConstraints(min_length=1)], str]
    years: Literal["reference", "period"] = "reference"
    kind: Kind
    note: str = Field(default="", max_length=300)

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if not self.between[0] < self.between[1]:
            raise ValueError("between: the year before the break comes first")
        return self

    @property
    def label(self) -> str:
        """Kind and note, as they follow an indicator's code."""
        return f" {self.kind}: {self.note}".rstrip(": ")

    def crosses(self, first: str, last: str) -> bool:
        """Say whether a comparison of two years, in either order, meets the break."""
        before, after = self.between
        return min(first, last) < after and max(first, last) > before


def comparable(
    observations: pd.DataFrame,
    catalogue: Catalogue,
    *,
    first: str,
    last: str,
    breaks: Sequence[Break] = (),
    noise: Sequence[Noise] = (),
    sex: Sex = EVERYONE,
) -> pd.DataFrame:
    """Say for every area what can be compared between two periods, and why the rest cannot.

    ``missing``: no figure in one of the periods. ``partial``: a figure lacks a part of its area,
    or a dimension or index one of its indicators. ``carried``: both periods show the same figure,
    of the same reference year, so there is no change to see. ``break``: a `Break` lies between.
    ``noise``: the publisher began to add noise in between (`Noise.since` with a `cell_sd`; SCB's
    cell keys from reference year 2025). A dimension or index is comparable when all its indicators
    are comparable or carried, and at least one is not carried.

    Parameters
    ----------
    noise
        What the sources declare, see `geolyft.certainty.noise.Noise`.

    Returns
    -------
    pandas.DataFrame
        ``COMPARABLE_COLUMNS``, a row per area and indicator, dimension or ``index``.

    Examples
    --------
    >>> from geolyft.indicators.catalogue import load_catalogue
    >>> seen = pd.DataFrame({"area": "1", "period": ["2024", "2025"], "sex": "alla",
    ...                      "reference": "2022", "indicator": "D1", "value": 75.0,
    ...                      "status": "stale", "source": "Valmyndigheten"})
    >>> table = comparable(seen, load_catalogue(), first="2024", last="2025").set_index("what")
    >>> table.loc["D1", "reason"], table.loc["E1", "reason"], table.loc["index", "reason"]
    ('carried', 'missing', 'partial')
    """
    pair = _judge(_pair(observations, catalogue, first=first, last=last, sex=sex), breaks, noise)
    dimension = {i.code: i.dimension for i in catalogue.indicators}
    wholes = [
        _judge_whole(area, name, rows)
        for area, scores in pair.groupby("area")
        for name, rows in [*scores.groupby(scores["what"].map(dimension)), (INDEX, scores)]
    ]
    table = pd.concat(
        [pair[["area", "what", "reason", "note"]], pd.DataFrame(wholes)], ignore_index=True
    )
    table = table.assign(first=first, last=last, comparable=table["reason"] == "")
    return table.sort_values(["area", "what"], ignore_index=True)[COMPARABLE_COLUMNS]


def _pair(
    observations: pd.DataFrame, catalogue: Catalogue, *, first: str, last: str, sex: Sex
) -> pd.DataFrame:
    """Return a row per area and indicator with both periods' figures beside each other."""
    everyone = observations[observations["sex"] == sex]
    everyone = everyone.assign(reference=reference_of(everyone), what=everyone["indicator"])
    kept = ["value", "reference", "status", "source"]
    sides = [
        everyone[everyone["period"] == period]
        .set_index(["area", "what"])[kept]
        .add_suffix(f"_{side}")
        for side, period in (("first", first), ("last", last))
    ]
    areas = sorted(everyone["area"].unique())
    whole = pd.MultiIndex.from_product([areas, catalogue.codes], names=["area", "what"])
    pair = pd.concat([side.reindex(whole) for side in sides], axis=1)
    return pair.assign(period_first=first, period_last=last).reset_index()


def _judge(pair: pd.DataFrame, breaks: Sequence[Break], noise: Sequence[Noise]) -> pd.DataFrame:
    """Add why an indicator is not comparable, and what there is to say about it."""
    what, year = pair["what"], pair["reference_last"]
    statuses = (pair[f"status_{side}"].fillna("") for side in ("first", "last"))
    partial = [has_status(status, "partial") for status in statuses]
    empty = pair[["value_first", "value_last"]].isna().any(axis=1)
    # The first that holds is what is said.
    reasons: list[tuple[Reason, pd.Series[bool], pd.Series[str] | str]] = [
        ("missing", empty, ""),
        ("partial", partial[0] | partial[1], what),
        ("carried", pair["reference_first"] == year, what + " " + year.fillna("")),
        *(("break", _crossed(pair, each), what + each.label) for each in breaks),
        *(("noise", _begins(pair, each), what + " " + each.since) for each in noise),
    ]
    pair = pair.assign(reason="", note="")
    for reason, holds, note in reasons:
        chosen = holds & (pair["reason"] == "")
        pair["note"] = pair["note"].mask(chosen, note)
        pair["reason"] = pair["reason"].mask(chosen, reason)
    return pair


def _crossed(pair: pd.DataFrame, broken: Break) -> pd.Series[bool]:
    sides = pair[[f"{broken.years}_first", f"{broken.years}_last"]].fillna("")
    crosses = [broken.crosses(first, last) for first, last in sides.itertuples(index=False)]
    mine = True if broken.indicator == "*" else pair["what"] == broken.indicator
    return pd.Series(crosses, index=pair.index, dtype="bool") & mine


def _begins(pair: pd.DataFrame, noise: Noise) -> pd.Series[bool]:
    """Say whether noise is in one of the two figures and not in the other."""
    first, last = (
        noise.concerns(
            pair[f"source_{side}"].fillna(""), pair["what"], pair[f"reference_{side}"].fillna("")
        )
        for side in ("first", "last")
    )
    return (first != last) & (noise.known_sd > 0)


def _judge_whole(area: object, name: object, rows: pd.DataFrame) -> dict[str, object]:
    """Return the gravest reason among the indicators of a dimension or of the index."""
    reasons = rows["reason"]
    notes = "; ".join(note for note in rows["note"] if note)
    if (reasons == "missing").all():
        gravest = "missing"
    elif reasons.isin(["missing", "partial"]).any():
        gravest, notes = "partial", ", ".join(rows["what"][reasons.isin(["missing", "partial"])])
    elif (reasons == "carried").all():
        gravest = "carried"
    else:
        gravest = next((reason for reason in _REFUSED if (reasons == reason).any()), "")
    return {"area": area, "what": name, "reason": gravest, "note": notes}


def change(drawn: Draws, comparability: pd.DataFrame, *, strict: bool = False) -> pd.DataFrame:
    """Return how far every score moved, with its interval, where it may be said.

    Parameters
    ----------
    drawn
        What `geolyft.certainty.draws.draw_scores` returns for both periods: scored on one scale.
    comparability
        What `comparable` returns; it names the two periods.
    strict
        Whether to refuse the whole, rather than list the rows with their reason, when something
        is compared across a break, a start of noise or partial scores. Figures that are missing
        or carried forward are listed in both cases: of them nothing wrong can be said.

    Returns
    -------
    pandas.DataFrame
        ``CHANGE_COLUMNS``. `value_first`, `value_last`, `change`, `low`, `high` are scores;
        `points` is an indicator's change in percentage points. `exceeds`: the 95 % interval does
        not hold 0. What is not comparable has its two values and no change.

    Raises
    ------
    IndexComputationError
        ``timeline-break``, ``timeline-noise``, ``timeline-partial`` when strict.

    Examples
    --------
    >>> from geolyft.index.scales import fit_scales
    >>> from geolyft.indicators.catalogue import load_catalogue
    >>> from geolyft.certainty.draws import draw_scores
    >>> seen = pd.DataFrame({"area": ["1", "2", "city"] * 2, "sex": "alla", "indicator": "E1",
    ...     "period": ["2024"] * 3 + ["2025"] * 3, "numerator": [600.0, 800, 1400, 700, 805, 1505],
    ...     "denominator": [1000.0, 1000, 2000] * 2, "status": "ok", "source": "register"})
    >>> seen = seen.assign(reference=seen["period"], value=seen["numerator"] * 100)
    >>> seen["value"] /= seen["denominator"]
    >>> catalogue = load_catalogue()
    >>> drawn = draw_scores(seen, fit_scales(seen, catalogue, base_period="2024"), catalogue)
    >>> table = change(drawn, comparable(seen, catalogue, first="2024", last="2025"))
    >>> moved = table[table["comparable"]].set_index("area")
    >>> moved["points"].round(2).tolist(), moved["exceeds"].tolist()
    ([10.0, 0.5, 5.25], [True, False, True])
    """
    table = _with_scores(drawn, comparability)
    if strict:
        _refuse(table)
    known = table["comparable"].to_numpy()
    before, after = (table.loc[known, side].to_numpy("int64") for side in ("row_f", "row_l"))
    moved = drawn.scores[after] - drawn.scores[before]
    low, high = percentiles(moved)
    table["change"] = (table["value_last"] - table["value_first"]).where(known)
    table.loc[known, "low"] = low
    table.loc[known, "high"] = high
    table["points"] = table["change"] / table["what"].map(points_per_unit(drawn.scales))
    table["exceeds"] = (table["low"] > 0) | (table["high"] < 0)
    return table[CHANGE_COLUMNS]


def _with_scores(drawn: Draws, comparability: pd.DataFrame) -> pd.DataFrame:
    """Add both periods' rows and scores; what is not whole in both is not comparable."""
    table = comparability.reset_index(drop=True).assign(low=np.nan, high=np.nan)
    whole = pd.Series(True, index=table.index)
    for side, period in (("first", table["first"]), ("last", table["last"])):
        keys = drawn.keys.reset_index(names=f"row_{side[0]}")
        ends = table[["area", "what"]].assign(period=period)
        ends = ends.merge(keys, on=["area", "what", "period"], how="left")
        table[f"row_{side[0]}"] = ends[f"row_{side[0]}"]
        table[f"value_{side}"] = ends["value"].astype("float64")
        whole &= ends["whole"].eq(other=True).to_numpy()
    absent = table["value_first"].isna() | table["value_last"].isna()
    reason = table["reason"].mask((table["reason"] == "") & absent, "missing")
    table["reason"] = reason.mask((reason == "") & ~whole, "partial")
    return table.assign(comparable=table["reason"] == "")


def _refuse(table: pd.DataFrame) -> None:
    refused = table[table["reason"].isin(list(_REFUSED))]
    if refused.empty:
        return
    order = {reason: n for n, reason in enumerate(_REFUSED)}
    row = refused.sort_values("reason", key=lambda reasons: reasons.map(order), kind="stable").iloc[
        0
    ]
    raise IndexComputationError(
        _REFUSED[row["reason"]],
        f"{len(refused)} of {len(table)} changes from {row['first']} to {row['last']} are not "
        f"comparable, first {row['what']} in area {row['area']} ({row['note']})",
        remedy="compare periods on the same side, or ask for a list with strict=False",
    )
