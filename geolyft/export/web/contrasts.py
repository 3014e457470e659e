"""How far the two sides of each border are apart, said by the digit that the figures do not tell.

The page has both sides' figures: what it computes from them is rounded twice. What is computed from
figures that are not rounded differs from that by a digit, which is all that is sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geolyft.export.figures.cells import area_order, theme_codes
from geolyft.export.figures.reader import reader_of
from geolyft.export.findings import contrasts_of
from geolyft.export.web.columns import digits, tenths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geolyft.export.figures.cells import Cell
    from geolyft.export.publication import Publication

_PARTS = ("size", "least", "most")


def border_contrasts(publication: Publication) -> dict[str, dict[str, dict[str, object]]]:
    """Return the digits of each border, by period and theme; nothing where nobody has judged."""
    told = {
        period: {theme: _columns(publication, theme, period) for theme in theme_codes(publication)}
        for period in publication.periods
    }
    return {
        period: {theme: columns for theme, columns in themes.items() if columns}
        for period, themes in told.items()
    }


def _columns(publication: Publication, theme: str, period: str) -> dict[str, object]:
    reader = reader_of(publication)
    found = contrasts_of(reader, theme, period)
    if not found:
        return {}
    pairs = _borders(publication)
    known = [found.get(pair) or found.get(pair[::-1]) for pair in pairs]
    guesses = [guess_of(*(reader.cell(theme, area, period) for area in pair)) for pair in pairs]
    return {
        part: digits(
            [None if each is None else tenths(getattr(each, part)) for each in known],
            [guess[place] for guess in guesses],
        )
        for place, part in enumerate(_PARTS)
    }


def _borders(publication: Publication) -> list[tuple[str, str]]:
    """Return each border once, in the order in which the page finds them."""
    order = {code: place for place, code in enumerate(area_order(publication.areas.index))}
    near = reader_of(publication).neighbours
    return [(one, other) for one in order for other in near[one] if order[one] < order[other]]


def guess_of(one: Cell, other: Cell) -> Sequence[int | None]:
    """Return what shown figures say of a border, in tenths: size, and from where to where.

    Examples
    --------
    >>> one = {"value": 90.0, "low": 89.0, "high": 91.0}
    >>> guess_of(one, {"value": 95.0, "low": 93.0, "high": 97.0})
    (50, 20, 80)
    """
    lower, higher = sorted((one, other), key=lambda cell: tenths(cell.get("value")) or 0)
    return (
        _apart(higher, lower, "value", "value"),
        _apart(higher, lower, "low", "high"),
        _apart(higher, lower, "high", "low"),
    )


def _apart(higher: Cell, lower: Cell, end: str, from_end: str) -> int | None:
    upper, under = tenths(higher.get(end)), tenths(lower.get(from_end))
    return None if upper is None or under is None else upper - under
