"""Figures as columns: one array per figure in the order of the areas, and each text once.

A cell per area would say the same names thousands of times. Numbers are whole tenths, which is how
they are shown; the bounds of an interval are said as how far from the figure they lie. What follows
from others but for its last digit, as it is rounded once, is said as that digit.
"""

from __future__ import annotations

import math
from itertools import starmap
from typing import TYPE_CHECKING, Final, TypeAlias

from geolyft.export.figures.cells import NUMBERS
from geolyft.export.figures.classes import DECIMALS
from geolyft.export.figures.partial import is_partial, partial_among

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geolyft.export.figures.cells import Cell, Cells
    from geolyft.export.web.views import Changes

Column: TypeAlias = dict[str, object]
"""What is known of one theme, period and sex in every area, the city last."""
_TENTHS: Final = 10**DECIMALS
_FIGURES: Final = {
    "value": "value",
    "half": "half",
    "gap": "gap",
    "gap_low": "gap_low",
    "gap_high": "gap_high",
    "difference": "part",
}
_COUNTS: Final = ("numerator", "denominator", "persons", "counted")
_TRUTHS: Final = ("apart", "better", "sure", "pocket")
_UNKNOWN: Final = "-"
_MIDDLE: Final = 4
"""The digit of what is as guessed."""
_TEXTS: Final = ("status", "reference", "reason")


class Texts:
    """Texts that stand in the page once; elsewhere their place does.

    Examples
    --------
    >>> texts = Texts()
    >>> [texts.place(text) for text in ("ok", "stale", "ok")], texts.all
    ([0, 1, 0], ['ok', 'stale'])
    """

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    @property
    def all(self) -> list[str]:
        """Every text, in the order of its place."""
        return list(self._places)

    def place(self, text: str) -> int:
        """Return where a text stands."""
        return self._places.setdefault(text, len(self._places))


def figures(
    cells: Cells,
    *,
    themes: Sequence[str],
    periods: Sequence[str],
    places: Sequence[str],
    texts: Texts,
) -> dict[str, dict[str, Column]]:
    """Return a column per period and theme."""
    return {
        period: {
            theme: column([cells[theme, period, place] for place in places], texts)
            for theme in themes
        }
        for period in periods
    }


def changed(
    moved: Changes, *, themes: Sequence[str], places: Sequence[str], texts: Texts
) -> dict[str, Column]:
    """Return a column per theme of how far its figures moved."""
    absent: Cell = {"value": None, "status": "missing"}
    return {
        theme: column([moved.get((theme, place), absent) for place in places], texts)
        for theme in themes
        if any((theme, place) in moved for place in places)
    }


def column(cells: Sequence[Cell], texts: Texts) -> Column:
    """Return the cells of all areas as arrays; what no area has is not there.

    Examples
    --------
    >>> cells = [{"value": 78.5, "status": "ok"}, {"value": None, "status": "ok"}]
    >>> column(cells, Texts())
    {'value': [785, None], 'status': 0}
    """
    # Most of what a cell may say no cell of a column says.
    told = set().union(*cells)
    parts: Column = {
        **{
            short: [tenths(cell.get(name)) for cell in cells]
            for name, short in _FIGURES.items()
            if name in told
        },
        **(_bounds(cells) if "low" in told else {}),
        **{name: _same([cell.get(name) for cell in cells]) for name in _COUNTS if name in told},
        **{
            name: "".join(_truth(cell.get(name)) for cell in cells)
            for name in _TRUTHS
            if name in told
        },
        **_dots(cells),
        **{
            name: _same([_text(cell.get(name), texts) for cell in cells])
            for name in _TEXTS
            if name in told
        },
    }
    _shorten(parts)
    return {name: part for name, part in parts.items() if not _is_empty(part)}


def _shorten(parts: Column) -> None:
    """Say shares, halves of intervals and differences to the city by how far off a guess is."""
    values, low, high = (parts.get(name) for name in ("value", "low", "high"))
    if isinstance(values, list):
        city = values[-1]
        parts["gap"] = digits(parts.get("gap"), [_apart(value, city) for value in values])
        counts = (parts.get(name) for name in ("numerator", "denominator"))
        parts["value"] = digits(values, [*starmap(_share, _each(len(values), *counts))])
    if isinstance(low, list) and isinstance(high, list):
        middle = [None if None in pair else sum(pair) // 2 for pair in zip(low, high, strict=True)]
        parts["half"] = digits(parts.get("half"), middle)


def _each(count: int, *parts: object) -> list[tuple[object, ...]]:
    """Return parts area by area; what all areas have in common stands once."""
    lists = (part if isinstance(part, list) else [part] * count for part in parts)
    return list(zip(*lists, strict=True))


def _share(numerator: object, denominator: object) -> int | None:
    """Return a share in tenths of a per cent, rounded as browsers round."""
    if (
        not isinstance(numerator, NUMBERS)
        or not isinstance(denominator, NUMBERS)
        or not denominator
    ):
        return None
    return math.floor(1000 * numerator / denominator + 0.5)


def _apart(value: int | None, city: int | None) -> int | None:
    return None if value is None or city is None else value - city


def digits(part: object, guesses: Sequence[int | None]) -> object:
    """Return how far numbers are from guesses, a digit each; the numbers where that is too far.

    Examples
    --------
    >>> digits([12, None], [11, None]), digits([12, 5], [30, 5])
    ('5-', [12, 5])
    """
    if not isinstance(part, list):
        return part
    pairs = list(zip(part, guesses, strict=True))
    if any(number is not None and (guess is None or abs(number - guess) > _MIDDLE)
           for number, guess in pairs):  # fmt: skip
        return part
    return "".join(
        _UNKNOWN if number is None or guess is None else str(number - guess + _MIDDLE)
        for number, guess in pairs
    )


def _dots(cells: Sequence[Cell]) -> Column:
    """Return which areas have dots; the city, which comes last, is no area."""
    known = [None if cell.get("value") is None else cell.get("status") for cell in cells[:-1]]
    if partial_among(each for each in known if each is not None) != "some":
        return {}
    signs = [_truth(None if status is None else is_partial(status)) for status in known]
    return {"dotted": "".join([*signs, _UNKNOWN])}


def _bounds(cells: Sequence[Cell]) -> Column:
    """Return how far below and above the shown figure its interval goes."""
    below: list[int | None] = []
    above: list[int | None] = []
    for cell in cells:
        figure = tenths(cell.get("value"))
        low, high = tenths(cell.get("low")), tenths(cell.get("high"))
        unknown = figure is None or low is None or high is None
        below.append(None if unknown else figure - low)  # type: ignore[operator]
        above.append(None if unknown else high - figure)  # type: ignore[operator]
    return {"low": below, "high": above}


def tenths(value: object) -> int | None:
    """Return a number as whole tenths, as it is shown."""
    return round(value * _TENTHS) if isinstance(value, NUMBERS) else None


def _truth(value: object) -> str:
    return _UNKNOWN if value is None else str(int(bool(value)))


def _text(value: object, texts: Texts) -> int | None:
    return None if value is None else texts.place(str(value))


def _same(parts: Sequence[object]) -> object:
    """Return what all areas have in common once, else the whole list."""
    return parts[0] if len(set(parts)) == 1 else list(parts)


def _is_empty(part: object) -> bool:
    if isinstance(part, str):
        return not part.strip(_UNKNOWN)
    return part is None or (isinstance(part, list) and all(each is None for each in part))
