"""The figures as they are shown: one cell per theme, period and area, rounded and classed.

A value that is missing or hidden leaves nothing behind, whatever else its row holds.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final, TypeAlias

from geolyft.export.classes import DECIMALS, Classes, change_classes, score_classes
from geolyft.export.schemes import CHANGE, INDEX, share_scheme
from geolyft.frames import CITY, EVERYONE, combine_status, has_status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from geolyft.export.publication import Publication

Key: TypeAlias = tuple[str, str, str]
"""Theme, period and area."""
Cell: TypeAlias = dict[str, object]
"""One area's figure in one theme and period."""
Cells: TypeAlias = dict[Key, Cell]

_UNSEEN: Final = ("missing", "hidden")


def area_order(codes: Iterable[str]) -> list[str]:
    """Return the codes as people order them: 2 before 10.

    Examples
    --------
    >>> area_order(["10", "2", "1B", "1"])
    ['1', '1B', '2', '10']
    """
    return sorted(codes, key=_code_key)


def _code_key(code: str) -> tuple[list[tuple[int, str]], str]:
    # isdecimal() alone also accepts digits of other scripts, which int() reads as well.
    parts = [part for part in re.split(r"(\d+)", code) if part]
    return [(int(p), "") if p.isdecimal() else (-1, p) for p in parts], code


def theme_codes(publication: Publication) -> list[str]:
    """Return every theme in the order it is listed: the index, then each dimension and its parts.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from geolyft.indicators import load_catalogue
    >>> theme_codes(SimpleNamespace(catalogue=load_catalogue(), tables={}))[:3]
    ['index', 'delaktighet', 'D1']
    """
    codes = [INDEX, *([CHANGE] if has_change(publication) else [])]
    for dimension in publication.catalogue.dimensions:
        codes.append(dimension.code)
        codes += [indicator.code for indicator in publication.catalogue.of(dimension.code)]
    return codes


def has_change(publication: Publication) -> bool:
    """Say whether the run can tell how far the index moved."""
    return CHANGE in publication.tables


def all_cells(publication: Publication) -> Cells:
    """Return a cell for every theme, period and area, the city included."""
    found = {
        **_index_cells(publication),
        **_dimension_cells(publication),
        **_indicator_cells(publication),
        **_change_cells(publication),
    }
    _add_certainty(found, publication)
    places = [*area_order(publication.areas.index), CITY]
    return {
        (theme, period, area): found.get((theme, period, area), _cell(None, "missing"))
        for theme in theme_codes(publication)
        for period in publication.periods
        for area in places
    }


def _cell(value: object, status: str, *, empty: str = "missing") -> Cell:
    """Return a cell whose status and value agree; the value may not be seen unless both allow."""
    number = number_of(value, DECIMALS)
    parts = status.split("+")
    if number is None and not set(parts) & set(_UNSEEN):
        status = combine_status(empty, *(part for part in parts if part == "synthetic"))
    unseen = bool(set(status.split("+")) & set(_UNSEEN))
    return {"value": None if unseen else number, "status": status}


def number_of(value: object, decimals: int) -> float | None:
    """Return a finite number as it is shown, or nothing."""
    if not isinstance(value, int | float) or not math.isfinite(value):
        return None
    # "+ 0.0" turns a rounded -0.0 into 0.0.
    return round(float(value), decimals) + 0.0


def count_of(value: object) -> int | None:
    """Return a count as it is shown, or nothing."""
    number = number_of(value, 0)
    return None if number is None else int(number)


def records(frame: pd.DataFrame, publication: Publication) -> list[dict[str, object]]:
    """Return the rows of areas and periods that the page shows."""
    places = [*publication.areas.index, CITY]
    shown = frame["area"].isin(places) & frame["period"].isin(publication.periods)
    return [{str(k): v for k, v in row.items()} for row in frame[shown].to_dict("records")]


def _index_cells(publication: Publication) -> Cells:
    cells: Cells = {}
    for row in records(publication.index, publication):
        cell = _cell(row["index"], str(row["status"]))
        cell["counted"] = count_of(row["n_indicators"])
        cell["total"] = len(publication.catalogue.indicators)
        _classify(cell, score_classes())
        cells[INDEX, str(row["period"]), str(row["area"])] = cell
    return cells


def _dimension_cells(publication: Publication) -> Cells:
    catalogue = publication.catalogue
    statuses = _statuses_by_dimension(publication)
    hidden = _with_hidden_part(publication)
    cells: Cells = {}
    for row in records(publication.index, publication):
        for dimension in catalogue.dimensions:
            key = (dimension.code, str(row["period"]), str(row["area"]))
            known = statuses.get(key, [])
            total = len(catalogue.of(dimension.code))
            cell = _cell(
                row[dimension.code],
                combine_status("partial" if len(known) < total else "", *known),
                empty="hidden" if key in hidden else "missing",
            )
            cell |= {"counted": len(known), "total": total}
            _classify(cell, score_classes())
            cells[key] = cell
    return cells


def _statuses_by_dimension(publication: Publication) -> dict[Key, list[str]]:
    of = {i.code: i.dimension for i in publication.catalogue.indicators}
    statuses: dict[Key, list[str]] = {}
    for row in records(publication.scores, publication):
        dimension = of.get(str(row["indicator"]))
        if dimension and number_of(row["score"], DECIMALS) is not None:
            key = (dimension, str(row["period"]), str(row["area"]))
            statuses.setdefault(key, []).append(str(row["status"]))
    return statuses


def _with_hidden_part(publication: Publication) -> set[Key]:
    """Return the dimensions of areas in which an indicator is hidden."""
    of = {i.code: i.dimension for i in publication.catalogue.indicators}
    seen = publication.observations
    hidden = seen[(seen["sex"] == EVERYONE) & has_status(seen["status"], "hidden")]
    return {
        (of[str(row["indicator"])], str(row["period"]), str(row["area"]))
        for row in records(hidden, publication)
        if str(row["indicator"]) in of
    }


def _indicator_cells(publication: Publication) -> Cells:
    seen = publication.observations
    schemes = {code: share_scheme(publication, code) for code in publication.catalogue.codes}
    everyone = seen[(seen["sex"] == EVERYONE) & seen["indicator"].isin(list(schemes))]
    differences = _differences(publication)
    cells: Cells = {}
    for row in records(everyone, publication):
        key = (str(row["indicator"]), str(row["period"]), str(row["area"]))
        cell = _cell(row["value"], str(row["status"]))
        if cell["value"] is not None:
            cell |= {
                "low": number_of(row["low"], DECIMALS),
                "high": number_of(row["high"], DECIMALS),
                "numerator": count_of(row["numerator"]),
                "denominator": count_of(row["denominator"]),
                "difference": differences.get(key),
            }
        cell["reference"] = str(row["reference"])
        _classify(cell, schemes[key[0]])
        cells[key] = {name: part for name, part in cell.items() if part not in (None, "nan", "")}
        cells[key].setdefault("value", None)
    return cells


def _change_cells(publication: Publication) -> Cells:
    """Return the change of the index, in the last period; elsewhere there is nothing to show."""
    if not has_change(publication):
        return {}
    table = publication.tables[CHANGE]
    cells: Cells = {}
    for row in table[table["what"] == INDEX].to_dict("records"):
        cell = _cell(row["change"], "ok" if row["comparable"] else "missing")
        if cell["value"] is not None:
            cell |= {
                "low": number_of(row["low"], DECIMALS),
                "high": number_of(row["high"], DECIMALS),
            }
            cell["sure"] = bool(row["exceeds"])
        elif row["reason"]:
            cell["reason"] = str(row["reason"])
        classes = change_classes()
        _classify(cell, classes)
        if cell.get("sure") is False:
            cell["class"] = len(classes.breaks) // 2
        cells[CHANGE, str(row["last"]), str(row["area"])] = cell
    return cells


def _add_certainty(cells: Cells, publication: Publication) -> None:
    """Add the interval of the index and dimensions, and whether an area is apart from the city."""
    table = publication.tables.get("osakerhet")
    if table is None:
        return
    scores = {INDEX, *(dimension.code for dimension in publication.catalogue.dimensions)}
    for row in table[table["what"].isin(scores)].to_dict("records"):
        cell = cells.get((str(row["what"]), str(row["period"]), str(row["area"])))
        if cell is not None and cell["value"] is not None:
            low, high = number_of(row["low"], DECIMALS), number_of(row["high"], DECIMALS)
            cell |= {"low": low, "high": high}
            if row["area"] != CITY:
                cell["apart"] = bool(row["distinct"])


def _classify(cell: Cell, classes: Classes | None) -> None:
    value = cell["value"]
    if isinstance(value, float) and classes is not None:
        cell["class"] = classes.place(value)


def _differences(publication: Publication) -> dict[Key, float]:
    """Return what each indicator does to an area's index, rounded so that the sum holds."""
    shown = {
        (str(row["period"]), str(row["area"])): number_of(row["index"], DECIMALS)
        for row in records(publication.index, publication)
    }
    parts: dict[tuple[str, str], dict[str, float]] = {}
    for row in records(publication.scores, publication):
        difference = row["difference"]
        if isinstance(difference, float) and math.isfinite(difference):
            place = (str(row["period"]), str(row["area"]))
            parts.setdefault(place, {})[str(row["indicator"])] = difference
    rounded: dict[Key, float] = {}
    for place, exact in parts.items():
        index = shown.get(place)
        if index is not None:
            whole = apportion(exact, total=round(index - 100, DECIMALS))
            rounded |= {(code, *place): value for code, value in whole.items()}
    return rounded


def apportion(parts: Mapping[str, float], *, total: float) -> dict[str, float]:
    """Round parts to the shown decimals so that they sum to the shown total.

    Every part becomes one of its two nearest shown numbers, the one further away only where the
    sum needs it and where it costs least.

    Examples
    --------
    >>> apportion({"a": -1.26, "b": -1.26, "c": 0.42}, total=-2.1)
    {'a': -1.2, 'b': -1.3, 'c': 0.4}
    """
    unit = 10**DECIMALS
    floors = {code: math.floor(value * unit) for code, value in parts.items()}
    short = round(total * unit) - sum(floors.values())
    if not 0 <= short <= len(parts):
        # The parts are not those of this total; plain rounding says so openly.
        return {code: round(value, DECIMALS) + 0.0 for code, value in parts.items()}
    by_remainder = sorted(parts, key=lambda code: (floors[code] - parts[code] * unit, code))
    raised = set(by_remainder[:short])
    return {code: (floor + (code in raised)) / unit for code, floor in floors.items()}
