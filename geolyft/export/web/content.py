"""What the page may know: the figures, names and words of the map, and nothing else.

Everything the script shows is decided here: rounding, classes, which parts of a row may be seen.
A value that is missing or hidden leaves nothing behind, whatever else its row holds.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final, TypeAlias

from geolyft.export.classes import COLOURS, DECIMALS, Classes, score_classes, share_classes
from geolyft.export.words import load_words
from geolyft.frames import CITY, EVERYONE, combine_status, has_status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from geolyft.export.publication import Publication
    from geolyft.export.words import Words
    from geolyft.indicators import Indicator

Key: TypeAlias = tuple[str, str, str]
"""Theme, period and area."""
Cell: TypeAlias = dict[str, object]
"""One area's figure in one theme and period."""
Cells: TypeAlias = dict[Key, Cell]

INDEX: Final = "index"
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


def page_content(
    publication: Publication, *, labels: Mapping[str, Sequence[float]]
) -> dict[str, object]:
    """Return all that the page's script may know, ready for JSON.

    Parameters
    ----------
    labels
        Latitude and longitude of each area's label.
    """
    words = load_words(publication.lang)
    cells = _all_cells(publication)
    codes = area_order(publication.areas.index)
    themes = [_theme(code, publication, words, cells) for code in theme_codes(publication)]
    return {
        "lang": publication.lang,
        "city": publication.city,
        "base": publication.base_period,
        "synthetic": publication.synthetic,
        "periods": list(publication.periods),
        "areas": [
            {
                "code": code,
                "name": str(publication.areas.loc[code, "name"]),
                "label": list(labels[code]),
            }
            for code in codes
        ],
        "colours": list(COLOURS),
        "themes": themes,
        "start": first_theme(themes),
        "values": _nest(cells),
        "facts": _facts(publication),
        "words": {name: dict(words.section(name)) for name in ("page", "number", "status")},
    }


def theme_codes(publication: Publication) -> list[str]:
    """Return every theme in the order it is listed: the index, then each dimension and its parts.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from geolyft.indicators import load_catalogue
    >>> theme_codes(SimpleNamespace(catalogue=load_catalogue()))[:3]
    ['index', 'delaktighet', 'D1']
    """
    codes = [INDEX]
    for dimension in publication.catalogue.dimensions:
        codes.append(dimension.code)
        codes += [indicator.code for indicator in publication.catalogue.of(dimension.code)]
    return codes


def first_theme(themes: Sequence[Mapping[str, object]]) -> str:
    """Return the first theme that has a figure: an empty map is no way to open a page."""
    return next((str(theme["code"]) for theme in themes if not theme["empty"]), INDEX)


def _all_cells(publication: Publication) -> Cells:
    found = {
        **_index_cells(publication),
        **_dimension_cells(publication),
        **_indicator_cells(publication),
    }
    places = [*area_order(publication.areas.index), CITY]
    return {
        (theme, period, area): found.get((theme, period, area), _cell(None, "missing"))
        for theme in theme_codes(publication)
        for period in publication.periods
        for area in places
    }


def _cell(value: object, status: str, *, empty: str = "missing") -> Cell:
    """Return a cell whose status and value agree; the value may not be seen unless both allow."""
    number = _number(value, DECIMALS)
    parts = status.split("+")
    if number is None and not set(parts) & set(_UNSEEN):
        status = combine_status(empty, *(part for part in parts if part == "synthetic"))
    unseen = bool(set(status.split("+")) & set(_UNSEEN))
    return {"value": None if unseen else number, "status": status}


def _number(value: object, decimals: int) -> float | None:
    if not isinstance(value, int | float) or not math.isfinite(value):
        return None
    # "+ 0.0" turns a rounded -0.0 into 0.0.
    return round(float(value), decimals) + 0.0


def _count(value: object) -> int | None:
    number = _number(value, 0)
    return None if number is None else int(number)


def _records(frame: pd.DataFrame, publication: Publication) -> list[dict[str, object]]:
    """Return the rows of areas and periods that the page shows."""
    places = [*publication.areas.index, CITY]
    shown = frame["area"].isin(places) & frame["period"].isin(publication.periods)
    return [{str(k): v for k, v in row.items()} for row in frame[shown].to_dict("records")]


def _index_cells(publication: Publication) -> Cells:
    cells: Cells = {}
    for row in _records(publication.index, publication):
        cell = _cell(row["index"], str(row["status"]))
        cell["counted"] = _count(row["n_indicators"])
        cell["total"] = len(publication.catalogue.indicators)
        _classify(cell, score_classes())
        cells[INDEX, str(row["period"]), str(row["area"])] = cell
    return cells


def _dimension_cells(publication: Publication) -> Cells:
    catalogue = publication.catalogue
    statuses = _statuses_by_dimension(publication)
    hidden = _with_hidden_part(publication)
    cells: Cells = {}
    for row in _records(publication.index, publication):
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
    for row in _records(publication.scores, publication):
        dimension = of.get(str(row["indicator"]))
        if dimension and _number(row["score"], DECIMALS) is not None:
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
        for row in _records(hidden, publication)
        if str(row["indicator"]) in of
    }


def _indicator_cells(publication: Publication) -> Cells:
    seen = publication.observations
    schemes = {code: _share_scheme(publication, code) for code in publication.catalogue.codes}
    everyone = seen[(seen["sex"] == EVERYONE) & seen["indicator"].isin(list(schemes))]
    differences = _differences(publication)
    cells: Cells = {}
    for row in _records(everyone, publication):
        key = (str(row["indicator"]), str(row["period"]), str(row["area"]))
        cell = _cell(row["value"], str(row["status"]))
        if cell["value"] is not None:
            cell |= {
                "low": _number(row["low"], DECIMALS),
                "high": _number(row["high"], DECIMALS),
                "numerator": _count(row["numerator"]),
                "denominator": _count(row["denominator"]),
                "difference": differences.get(key),
            }
        cell["reference"] = str(row["reference"])
        _classify(cell, schemes[key[0]])
        cells[key] = {name: part for name, part in cell.items() if part not in (None, "nan", "")}
        cells[key].setdefault("value", None)
    return cells


def _classify(cell: Cell, classes: Classes | None) -> None:
    value = cell["value"]
    if isinstance(value, float) and classes is not None:
        cell["class"] = classes.place(value)


def _share_scheme(publication: Publication, code: str) -> Classes | None:
    """Return an indicator's classes: from its scale, else from the values that are shown."""
    direction = publication.catalogue[code].direction
    if _is_fitted(code, publication):
        scale = publication.scales[publication.scales["indicator"] == code].iloc[0]
        return share_classes(
            float(scale["reference_value"]), float(scale["half_range"]), direction=direction
        )
    values = _area_values(publication, code)
    if values.empty:
        return None
    half_range = float(values.max() - values.min()) / 2
    return share_classes(float(values.median()), half_range, direction=direction)


def _is_fitted(code: str, publication: Publication) -> bool:
    scales = publication.scales
    return "indicator" in scales and code in set(scales["indicator"])


def _area_values(publication: Publication, code: str) -> pd.Series[float]:
    seen = publication.observations
    rows = seen[(seen["indicator"] == code) & (seen["sex"] == EVERYONE)]
    rows = rows[rows["area"].isin(publication.areas.index)]
    unseen = has_status(rows["status"], "hidden") | has_status(rows["status"], "missing")
    return rows.loc[~unseen, "value"].dropna()


def _differences(publication: Publication) -> dict[Key, float]:
    """Return what each indicator does to an area's index, rounded so that the sum holds."""
    shown = {
        (str(row["period"]), str(row["area"])): _number(row["index"], DECIMALS)
        for row in _records(publication.index, publication)
    }
    parts: dict[tuple[str, str], dict[str, float]] = {}
    for row in _records(publication.scores, publication):
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


def _theme(code: str, publication: Publication, words: Words, cells: Cells) -> dict[str, object]:
    catalogue = publication.catalogue
    empty = all(cell["value"] is None for key, cell in cells.items() if key[0] == code)
    if code in catalogue.codes:
        theme = _indicator_theme(catalogue[code], publication, words)
    else:
        theme = _score_theme(code, publication, words)
    return {"code": code, "empty": empty, **theme}


def _score_theme(code: str, publication: Publication, words: Words) -> dict[str, object]:
    catalogue = publication.catalogue
    names = {dimension.code: dimension for dimension in catalogue.dimensions}
    name = names.get(code, catalogue.index)
    key = "theme_dimension" if code in names else "theme_index"
    about = words.say(
        f"page.{key}",
        count=_parts_known(code, publication, words),
        city=publication.city,
        base=publication.base_period,
    )
    title = name.title(publication.lang)
    return {
        "kind": "dimension" if code in names else INDEX,
        "name": title,
        "short": title if code in names else words.say("html.index"),
        "about": [about],
        "notes": [],
        "classes": _legend(score_classes(), "score", publication.city, words),
    }


def _parts_known(code: str, publication: Publication, words: Words) -> str:
    """Say of how many parts a mean is, and of how many it should be."""
    catalogue = publication.catalogue
    if code in {dimension.code for dimension in catalogue.dimensions}:
        parts = [indicator.code for indicator in catalogue.of(code)]
        known = len(set(parts).intersection(publication.scores["indicator"]))
    else:
        parts = [dimension.code for dimension in catalogue.dimensions]
        known = int(publication.index[parts].notna().any().sum())
    if known in (0, len(parts)):
        return str(len(parts))
    return words.say("page.some_of", known=known, count=len(parts))


def _indicator_theme(
    indicator: Indicator, publication: Publication, words: Words
) -> dict[str, object]:
    classes = _share_scheme(publication, indicator.code)
    kind = "share" if _is_fitted(indicator.code, publication) else "median"
    return {
        "kind": "indicator",
        "dimension": indicator.dimension,
        "name": indicator.title(publication.lang),
        "short": indicator.label(publication.lang),
        "good": indicator.direction,
        "about": _about(indicator, publication, classes, words),
        "notes": list(indicator.notes),
        "classes": _legend(classes, kind, publication.city, words),
    }


def _about(
    indicator: Indicator, publication: Publication, classes: Classes | None, words: Words
) -> list[str]:
    share = words.say(
        "page.theme_share", numerator=indicator.numerator, denominator=indicator.denominator
    )
    sentences = [share]
    if indicator.source:
        sentences.append(words.say("page.theme_source", source=indicator.source))
    if classes:
        fitted = _is_fitted(indicator.code, publication)
        key = "page.theme_reference" if fitted else "page.theme_reference_median"
        sentences.append(
            words.say(
                key,
                city=publication.city,
                period=publication.base_period,
                value=words.percent(classes.reference),
            )
        )
    return sentences


def _legend(classes: Classes | None, kind: str, city: str, words: Words) -> list[dict[str, str]]:
    if classes is None:
        return []
    unit = "" if kind == "score" else words.section("number")["percent"]
    return [
        {
            "range": _range(low, high, words, unit=unit),
            "meaning": words.say(f"classes.{kind}_{place}", city=city),
        }
        for place, (low, high) in enumerate(classes.ranges())
    ]


def _range(low: float | None, high: float | None, words: Words, *, unit: str) -> str:
    if low is None:
        return words.say("classes.range_below", high=words.number(high) + unit)
    if high is None:
        return words.say("classes.range_above", low=words.number(low) + unit)
    # The upper bound is not in the class: the last shown number that is.
    last = words.number(high - 10**-DECIMALS)
    return words.say("classes.range_between", low=words.number(low), high=last + unit)


def _facts(publication: Publication) -> dict[str, dict[str, dict[str, object]]]:
    """Return residents and rank range by period and area."""
    facts: dict[str, dict[str, dict[str, object]]] = {p: {} for p in publication.periods}
    for row in _records(publication.index, publication):
        if row["area"] == CITY or _number(row["index"], DECIMALS) is None:
            continue
        ranks = {"rank_low": _count(row["rank_low"]), "rank_high": _count(row["rank_high"])}
        if None not in ranks.values():
            facts[str(row["period"])].setdefault(str(row["area"]), {}).update(ranks)
    for row in _records(publication.population, publication):
        count = _count(row["population"])
        if count is not None:
            place = facts[str(row["period"])].setdefault(str(row["area"]), {})
            place["population"] = count
    return facts


def _nest(cells: Cells) -> dict[str, dict[str, dict[str, Cell]]]:
    nested: dict[str, dict[str, dict[str, Cell]]] = {}
    for (theme, period, area), cell in cells.items():
        nested.setdefault(theme, {}).setdefault(period, {})[area] = cell
    return nested
