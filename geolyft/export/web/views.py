"""How a figure can be looked at: itself, against the city, over time, and how sure it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from geolyft.export.figures.cells import Cell, cell_of, certainty_rows, float_of, number_of, records
from geolyft.export.figures.classes import DECIMALS
from geolyft.export.figures.reader import reader_of
from geolyft.export.figures.schemes import CHANGE
from geolyft.export.findings import division_of, is_true
from geolyft.export.words import beside_zero
from geolyft.frames import CITY, EVERYONE, Sex

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
    own interval. ``better`` says on which side, where it is apart.
    """
    shares = _shares(publication, sex)
    judged = sex == EVERYONE and bool(certainty_rows(publication))
    directions = {each.code: each.direction for each in publication.catalogue.indicators}
    for key, share in shares.items():
        cell, city = cells.get(key), shares.get((key[0], key[1], CITY))
        if cell is None or cell["value"] is None:
            continue
        cell["half"] = number_of((share.high - share.low) / 2, DECIMALS)
        if city is not None and key[2] != CITY and not judged:
            is_higher, is_high = share.value > city.value, directions[key[0]] == "high"
            cell |= _side(not share.low <= city.value <= share.high, is_higher == is_high)
    if judged:
        _add_certainty(cells, publication)


def _side(apart: bool, better: bool) -> Cell:  # noqa: FBT001 - what a cell says
    return {"apart": apart, **({"better": better} if apart else {})}


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
    units = reader_of(publication).units
    for row in certainty_rows(publication):
        what = str(row["what"])
        cell = cells.get((what, str(row["period"]), str(row["area"])))
        if cell is None or cell["value"] is None:
            continue
        low, high = number_of(row["low"], _EXACT), number_of(row["high"], _EXACT)
        if what not in publication.catalogue.codes and low is not None and high is not None:
            cell["half"] = number_of((high - low) / 2, DECIMALS)
        if row["area"] != CITY:
            cell |= _side(bool(row["distinct"]), (float_of(row["difference"]) or 0.0) > 0)
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
        f"{prefix}{name}": number_of(beside_zero(end, decimals=DECIMALS), DECIMALS)
        for name, end in zip(("low", "high"), ends, strict=True)
    }


def changes(publication: Publication) -> Changes:
    """Return how far each theme moved from the first edition to the last, where that may be said.

    The index and dimensions are in points, an indicator's share in percentage points.
    """
    table = publication.tables.get(CHANGE)
    if table is None:
        return {}
    units = reader_of(publication).units
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


def differences_of_sexes(publication: Publication, period: str) -> Changes:
    """Return how far women's shares are from men's in a period, in percentage points."""
    table = publication.tables.get("kon_skillnad")
    rows = [] if table is None else records(table[table["period"] == period], publication)
    found: Changes = {}
    for row in rows:
        cell = cell_of(row["gap"], "ok")
        if cell["value"] is not None:
            cell |= {end: number_of(row[end], DECIMALS) for end in ("low", "high") if end in row}
            found[str(row["indicator"]), str(row["area"])] = cell | {
                "sure": is_true(row["exceeds"])
            }
    return found


def add_pockets(cells: Cells, whole: Publication, small: Publication) -> None:
    """Add to the cells of small areas which of them are pockets, and whether that is sure."""
    for row in reader_of(whole).rows("fickor"):
        cell = cells.get((str(row["what"]), str(row["period"]), str(row["small"])))
        is_here = division_of(row["level"]) == small.division
        if is_here and cell is not None and cell["value"] is not None:
            cell["pocket"] = is_true(row.get("sure"))


def editions(publication: Publication) -> tuple[str, str] | None:
    """Return the two editions that a change is between."""
    table = publication.tables.get(CHANGE)
    return None if table is None else (str(table["first"].iloc[0]), str(table["last"].iloc[0]))
