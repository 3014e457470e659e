"""The figures as they are shown: one cell per theme, period and area, rounded.

A value that is missing or hidden leaves nothing behind, whatever else its row holds.
"""

from __future__ import annotations

import math
import re
from functools import cache, lru_cache
from itertools import product
from numbers import Real
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

import numpy as np

from geolyft.export.figures.classes import DECIMALS
from geolyft.export.figures.schemes import INDEX
from geolyft.frames import CITY, EVERYONE, Sex, combine_status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt
    import pandas as pd

    from geolyft.export.publication import Publication

Key: TypeAlias = tuple[str, str, str]
"""Theme, period and area."""
Cell: TypeAlias = dict[str, object]
"""One area's figure in one theme and period."""
Cells: TypeAlias = dict[Key, Cell]
Record: TypeAlias = dict[str, object]
"""A row of a table, by its columns."""

Exact = TypeVar("Exact", float, "npt.NDArray[np.float64]")
_FEW: Final = 100
_THOUSAND: Final = 1000
NUMBERS: Final = (int, float)
"""Named once: ``int | float`` makes a new type every time it is asked for, of every figure."""
_UNSEEN: Final = frozenset({"missing", "hidden"})


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
    """Return every theme in the order it is listed: index, dimensions with their parts, stages'.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from geolyft.indicators.catalogue import load_catalogue
    >>> theme_codes(SimpleNamespace(catalogue=load_catalogue(), chapters=()))[:3]
    ['index', 'delaktighet', 'D1']
    """
    codes = [INDEX]
    for dimension in publication.catalogue.dimensions:
        codes.append(dimension.code)
        codes += [indicator.code for indicator in publication.catalogue.of(dimension.code)]
    return [*codes, *(c.theme_code(t) for c in publication.chapters for t in c.themes)]


def all_cells(publication: Publication, *, sex: Sex = EVERYONE) -> Cells:
    """Return a cell for every theme, period and area, the city included.

    Parameters
    ----------
    sex
        Whose figures: of a sex alone, the index and its dimensions are those of ``kon_index``.
    """
    observations = publication.observations
    shares = records(observations[observations["sex"] == sex], publication)
    # Scores by sex are not published; what has a figure has a score.
    scores = records(publication.scores, publication) if sex == EVERYONE else []
    known = _scored(scores) if sex == EVERYONE else _visible(shares)
    combined = score_rows(publication, sex)
    cells = {
        **_index_cells(publication, combined),
        **_dimension_cells(publication, combined, known, shares),
        **_indicator_cells(shares, _differences(combined, scores)),
        **(_chapter_cells(publication) if sex == EVERYONE else {}),
    }
    if sex == EVERYONE:
        _add_intervals(cells, publication)
    _add_differences(cells, shares, combined)
    places = [*area_order(publication.areas.index), CITY]
    keys = product(theme_codes(publication), publication.periods, places)
    return {key: cells.get(key) or cell_of(None, "missing") for key in keys}


def score_rows(publication: Publication, sex: Sex) -> list[Record]:
    """Return the rows with the index and its dimensions, of everyone or of a sex."""
    if sex == EVERYONE:
        return records(publication.index, publication)
    table = publication.tables.get("kon_index")
    return [] if table is None else records(table[table["sex"] == sex], publication)


def cell_of(value: object, status: str, *, empty: str = "missing") -> Cell:
    """Return a cell whose status and value agree; the value may not be seen unless both allow."""
    number = number_of(value, DECIMALS)
    if number is None and not _is_unseen(status):
        status = combine_status(empty, "synthetic" if "synthetic" in status.split("+") else "")
    return {"value": None if _is_unseen(status) else number, "status": status}


@lru_cache(maxsize=256)  # a run has a few statuses and a few hundred thousand cells
def _is_unseen(status: str) -> bool:
    return not _UNSEEN.isdisjoint(status.split("+"))


def number_of(value: object, decimals: int) -> float | None:
    """Return a finite number as it is shown, or nothing."""
    if not isinstance(value, NUMBERS) or not math.isfinite(value):
        return None
    # "+ 0.0" turns a rounded -0.0 into 0.0.
    return round(float(value), decimals) + 0.0


def float_of(value: object) -> float | None:
    """Return a finite number as it is, or nothing.

    Examples
    --------
    >>> float_of(2), float_of(float("nan")), float_of("2")
    (2.0, None, None)
    """
    # numpy's whole numbers are Real and no int; to ask that of a float first takes long.
    if not isinstance(value, (float, Real)) or not math.isfinite(value):
        return None
    return float(value)


def count_of(value: object) -> int | None:
    """Return a count as it is shown, or nothing."""
    number = number_of(value, 0)
    return None if number is None else int(number)


def statuses_of(cell: Cell) -> list[str]:
    """Return the parts of a cell's status."""
    return str(cell["status"]).split("+")


def records(frame: pd.DataFrame, publication: Publication) -> list[Record]:
    """Return the rows of areas and periods that are shown."""
    places = [*publication.areas.index, CITY]
    return rows_of(frame[frame["area"].isin(places) & frame["period"].isin(publication.periods)])


def rows_of(frame: pd.DataFrame) -> list[Record]:
    """Return the rows of a table."""
    names = [str(name) for name in frame]
    # Several times faster than to_dict, which a page of many small areas feels.
    columns = [frame[name].to_numpy(dtype=object) for name in frame]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _index_cells(publication: Publication, rows: list[Record]) -> Cells:
    cells: Cells = {}
    for row in rows:
        cell = cell_of(row["index"], str(row["status"]))
        cell["counted"] = count_of(row["n_indicators"])
        cell["total"] = len(publication.catalogue.indicators)
        cells[INDEX, str(row["period"]), str(row["area"])] = cell
    return cells


def _dimension_cells(
    publication: Publication, rows: list[Record], known: list[Record], shares: list[Record]
) -> Cells:
    """Return the dimensions' cells, from the indicators that are known and the shares of all."""
    catalogue = publication.catalogue
    of = {each.code: each.dimension for each in catalogue.indicators}
    statuses: dict[Key, list[str]] = {}
    for row in known:
        statuses.setdefault(_dimension_key(row, of), []).append(str(row["status"]))
    hidden = {_dimension_key(r, of) for r in shares if "hidden" in str(r["status"]).split("+")}
    totals = {each.code: len(catalogue.of(each.code)) for each in catalogue.dimensions}
    combined = cache(combine_status)
    cells: Cells = {}
    for row in rows:
        for dimension, total in totals.items():
            key = (dimension, str(row["period"]), str(row["area"]))
            of_parts = statuses.get(key, [])
            cell = cell_of(
                row[dimension],
                combined("partial" if len(of_parts) < total else "", *of_parts),
                empty="hidden" if key in hidden else "missing",
            )
            cells[key] = cell | {"counted": len(of_parts), "total": total}
    return cells


def _dimension_key(row: Record, of: Mapping[str, str]) -> Key:
    # What is in no dimension has a key that nobody asks for.
    return of.get(str(row["indicator"]), ""), str(row["period"]), str(row["area"])


def _scored(scores: list[Record]) -> list[Record]:
    return [row for row in scores if number_of(row["score"], DECIMALS) is not None]


def _visible(shares: list[Record]) -> list[Record]:
    return [r for r in shares if cell_of(r["value"], str(r["status"]))["value"] is not None]


def _indicator_cells(shares: list[Record], parts: Mapping[Key, float]) -> Cells:
    cells: Cells = {}
    for row in shares:
        key = (str(row["indicator"]), str(row["period"]), str(row["area"]))
        cell = cell_of(row["value"], str(row["status"]))
        if cell["value"] is not None:
            cell |= {
                "low": number_of(row["low"], DECIMALS),
                "high": number_of(row["high"], DECIMALS),
                "numerator": count_of(row["numerator"]),
                "denominator": count_of(row["denominator"]),
                "difference": parts.get(key),
            }
        cell["reference"] = str(row["reference"])
        cells[key] = {name: part for name, part in cell.items() if part not in (None, "nan", "")}
        cells[key].setdefault("value", None)
    return cells


def _chapter_cells(publication: Publication) -> Cells:
    """Return what stages found, of the columns that they colour a map by."""
    return {
        (chapter.theme_code(theme), str(row["period"]), str(row["area"])): cell_of(
            row[theme.column], str(row.get("status", "ok"))
        )
        for chapter in publication.chapters
        if chapter.themes and chapter.code in publication.tables
        for row in records(publication.tables[chapter.code], publication)
        for theme in chapter.themes
    }


def _add_intervals(cells: Cells, publication: Publication) -> None:
    """Add the interval of the index and of the dimensions."""
    for row in certainty_rows(publication):
        cell = cells.get((str(row["what"]), str(row["period"]), str(row["area"])))
        if cell is None or cell["value"] is None or str(row["what"]) in publication.catalogue.codes:
            continue
        cell |= {name: number_of(row[name], DECIMALS) for name in ("low", "high")}


def _add_differences(cells: Cells, shares: list[Record], combined: list[Record]) -> None:
    """Add how far each figure is from the city's of the same period, and how many that is.

    The difference is that of the figures as they were published, rounded once: it may differ by
    the last digit from that of the figures as they are shown.
    """
    exact: dict[Key, tuple[float | None, float | None]] = {
        (str(row["indicator"]), str(row["period"]), str(row["area"])): (
            float_of(row["value"]),
            float_of(row["denominator"]),
        )
        for row in shares
    }
    for row in combined:
        place = (str(row["period"]), str(row["area"]))
        exact |= {(name, *place): (float_of(value), None) for name, value in row.items()}
    for key, cell in cells.items():
        at_city = (*key[:2], CITY)
        city, (there, _) = cells.get(at_city, {}), exact.get(at_city, (None, None))
        here, base = exact.get(key, (None, None))
        # What is hidden may still stand in a row.
        if None in (cell["value"], city.get("value")) or here is None or there is None:
            continue
        cell["gap"] = number_of(here - there, DECIMALS)
        if base is not None and key[2] != CITY:
            cell["persons"] = count_of(round_persons((here - there) / 100 * base))


def round_persons(exact: Exact) -> Exact:
    """Round how many a difference of shares is of, which is about so many: to tens, few to fives.

    Examples
    --------
    >>> [float(round_persons(each)) for each in (-2886.7, 43.2, 2.0)]
    [-2890.0, 45.0, 0.0]
    """
    step = np.where(np.abs(exact) < _FEW, 5.0, 10.0)
    # "+ 0.0" turns a rounded -0.0 into 0.0.
    return np.round(exact / step) * step + 0.0  # type: ignore[return-value]


def percent_of_ways(share: float) -> float:
    """Return a share of the ways to compute in per cent as it is shown: never rounded up.

    What is true of "at least nine ways of ten" reads 90.0 or more, and nothing else does.

    Examples
    --------
    >>> [percent_of_ways(share) for share in (0.9, 0.8997, 1174 / 1305, 1.0)]
    [90.0, 89.9, 89.9, 100.0]
    """
    # A whole number of ways may lie a hair below its share.
    return math.floor(round(share * _THOUSAND, 6)) / 10


def certainty_rows(publication: Publication) -> list[Record]:
    """Return how sure scores and their differences to the city are, where the run can tell."""
    table = publication.tables.get("osakerhet")
    return [] if table is None else records(table, publication)


def _differences(rows: list[Record], scores: list[Record]) -> dict[Key, float]:
    """Return what each indicator does to an area's index, rounded so that the sum holds."""
    shown = {
        (str(row["period"]), str(row["area"])): number_of(row["index"], DECIMALS) for row in rows
    }
    parts: dict[tuple[str, str], dict[str, float]] = {}
    for row in scores:
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
