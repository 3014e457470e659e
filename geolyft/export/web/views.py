"""How a figure can be looked at: itself, against the city, over time, and how sure it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from geolyft.export.figures.cells import Cell, cell_of, certainty_rows, number_of, records
from geolyft.export.figures.classes import DECIMALS
from geolyft.export.figures.schemes import CHANGE, INDEX, is_fitted
from geolyft.frames import CITY, EVERYONE, Sex
from geolyft.index.scales import points_per_unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geolyft.export.figures.cells import Cells, Key
    from geolyft.export.publication import Publication

Changes: TypeAlias = dict[tuple[str, str], Cell]
"""Theme and area, to how far the figure moved between two editions."""
_EXACT: Final = 12
"""Decimals of what is not rounded yet."""


class _Share(NamedTuple):
    """A published share before it is rounded."""

    value: float
    low: float
    high: float


def add_certainty(cells: Cells, publication: Publication, sex: Sex) -> None:
    """Add to each cell how sure its figure is, and whether it is surely apart from the city's.

    ``half`` is half the interval. ``apart`` goes by the interval of the difference where the run
    made one; else by whether the city's figure, of the same period and sex, lies outside the area's
    own interval. The difference itself is that of the figures as they are shown, which a reader can
    check.
    """
    shares = _shares(publication, sex)
    judged = sex == EVERYONE and bool(certainty_rows(publication))
    for key, share in shares.items():
        cell, city = cells.get(key), shares.get((key[0], key[1], CITY))
        if cell is None or cell["value"] is None:
            continue
        cell["half"] = number_of((share.high - share.low) / 2, DECIMALS)
        if city is not None and key[2] != CITY and not judged:
            cell["apart"] = not share.low <= city.value <= share.high
    if judged:
        _add_certainty(cells, publication)


def _shares(publication: Publication, sex: Sex) -> dict[Key, _Share]:
    seen = publication.observations
    whole = seen[["value", "low", "high"]].notna().all(axis="columns")
    shares: dict[Key, _Share] = {}
    for row in records(seen[whole & (seen["sex"] == sex)], publication):
        value = number_of(row["value"], _EXACT)
        low, high = number_of(row["low"], _EXACT), number_of(row["high"], _EXACT)
        if value is not None and low is not None and high is not None:
            key = (str(row["indicator"]), str(row["period"]), str(row["area"]))
            shares[key] = _Share(value, low, high)
    return shares


def _add_certainty(cells: Cells, publication: Publication) -> None:
    """Add what the run itself says of how surely areas differ from the city."""
    units = units_of_point(publication)
    for row in certainty_rows(publication):
        what = str(row["what"])
        cell = cells.get((what, str(row["period"]), str(row["area"])))
        if cell is None or cell["value"] is None:
            continue
        low, high = number_of(row["low"], _EXACT), number_of(row["high"], _EXACT)
        if what not in publication.catalogue.codes and low is not None and high is not None:
            cell["half"] = number_of((high - low) / 2, DECIMALS)
        if row["area"] != CITY:
            cell["apart"] = bool(row["distinct"])
            cell |= _interval(row, ("difference_low", "difference_high"), "gap_", units)


def _interval(
    row: Mapping[str, object], bounds: tuple[str, str], prefix: str, units: Mapping[str, float]
) -> Cell:
    """Return an interval in points of score as one in the theme's own unit."""
    unit = units.get(str(row["what"]))
    low, high = (number_of(row[name], _EXACT) for name in bounds)
    if unit is None or low is None or high is None:
        return {}
    ends = sorted([low * unit, high * unit])
    return {
        f"{prefix}{name}": number_of(end, DECIMALS)
        for name, end in zip(("low", "high"), ends, strict=True)
    }


def units_of_point(publication: Publication) -> dict[str, float]:
    """Return what one point of score is in each theme's own unit, negative where low is good.

    Intervals of differences are made in score. The scale is a straight line, so an indicator's
    are the same in percentage points; without a scale there is no answer.
    """
    catalogue, points = publication.catalogue, points_per_unit(publication.scales)
    units = {INDEX: 1.0, **{dimension.code: 1.0 for dimension in catalogue.dimensions}}
    for code in catalogue.codes:
        if is_fitted(code, publication):
            units[code] = 1 / float(points[code])
    return units


def changes(publication: Publication) -> Changes:
    """Return how far each theme moved from the first edition to the last, where that may be said.

    The index and dimensions are in points, an indicator's share in percentage points.
    """
    table = publication.tables.get(CHANGE)
    if table is None:
        return {}
    units = units_of_point(publication)
    places = {*publication.areas.index, CITY}
    rows = ({str(k): v for k, v in row.items()} for row in table.to_dict("records"))
    return {
        (str(row["what"]), str(row["area"])): _change(row, publication, units)
        for row in rows
        if row["area"] in places
    }


def _change(
    row: Mapping[str, object], publication: Publication, units: Mapping[str, float]
) -> Cell:
    moved = row["points"] if row["what"] in publication.catalogue.codes else row["change"]
    cell = cell_of(moved, "ok" if row["comparable"] else "missing")
    if cell["value"] is None:
        return cell | ({"reason": str(row["reason"])} if row["reason"] else {})
    return cell | _interval(row, ("low", "high"), "", units) | {"sure": bool(row["exceeds"])}


def editions(publication: Publication) -> tuple[str, str] | None:
    """Return the two editions that a change is between."""
    table = publication.tables.get(CHANGE)
    return None if table is None else (str(table["first"].iloc[0]), str(table["last"].iloc[0]))
