"""Classes and colours of the maps, said once for the web page and for QGIS.

Colour means the same everywhere: brown is the side of larger challenges, teal the side of smaller
ones, and the pale class is what is close to the city. Brown and teal stay apart for readers who
do not tell red from green, and differ in lightness from the pale class in print.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from geolyft.index.scales import BASE, NEAR

if TYPE_CHECKING:
    from geolyft.indicators.catalogue import Direction

PLACES: Final = ("much_worse", "worse", "near", "better", "much_better")
"""What each class means, worst first."""
DECIMALS: Final = 1
"""Values are shown, and therefore classed, with this many decimals."""
_STEP: Final = 10**-DECIMALS
_INNER: Final = 1 / 6
_OUTER: Final = 1 / 2


@dataclass(frozen=True, kw_only=True)
class Classes:
    """Breaks that part a scale into classes around a reference: four into five, as a rule.

    Parameters
    ----------
    breaks
        Ascending; a value on a break belongs above it.
    direction
        Which end is good.
    reference
        What the middle class is close to.
    """

    breaks: tuple[float, ...]
    direction: Direction = "high"
    reference: float = 100.0

    def place(self, value: float) -> int:
        """Return the class of a value, 0 the worst and 4 the best.

        Examples
        --------
        >>> [score_classes().place(score) for score in (84.9, 85, 100, 115)]
        [0, 1, 2, 4]
        """
        ascending = bisect_right(self.breaks, round(value, DECIMALS))
        return ascending if self.direction == "high" else len(self.breaks) - ascending

    def ranges(self) -> list[tuple[float | None, float | None]]:
        """Return the lower bound (belongs) and the upper (does not) of each class, worst first.

        Examples
        --------
        >>> score_classes().ranges()[0]
        (None, 85.0)
        """
        bounds = (None, *self.breaks, None)
        ascending = list(pairwise(bounds))
        return ascending if self.direction == "high" else ascending[::-1]


def score_classes() -> Classes:
    """Return the classes of the index and its dimensions, where 100 is the city in the base year.

    On the default scale one indicator runs over 60 points between its worst and best area; means
    of three or twelve lie closer to 100.

    Examples
    --------
    >>> score_classes().breaks
    (85.0, 95.0, 105.0, 115.0)
    """
    far = 3 * NEAR
    return Classes(breaks=(BASE - far, BASE - NEAR, BASE + NEAR, BASE + far))


def change_classes() -> Classes:
    """Return the classes of a change of the index, in points around none.

    Examples
    --------
    >>> change_classes().place(-0.4)
    2
    """
    return Classes(breaks=(-5.0, -1.0, 1.0, 5.0), reference=0.0)


def share_classes(reference: float, half_range: float, *, direction: Direction) -> Classes:
    """Return the classes of an indicator, the same for every period.

    The breaks are those of ``score_classes`` said in per cent: on the default scale 30 points are
    half the range of the areas, so 5 and 15 points are 1/6 and 1/2 of it.

    Parameters
    ----------
    reference
        The city's value in the base period.
    half_range
        Half the range of the areas.
    direction
        Which end is good.

    Examples
    --------
    >>> share_classes(75.0, 12.0, direction="high").breaks
    (69.0, 73.0, 77.0, 81.0)
    """
    centre = round(reference, DECIMALS)
    # Never narrower than what one shown decimal can tell apart.
    inner = max(round(half_range * _INNER, DECIMALS), _STEP)
    outer = max(round(half_range * _OUTER, DECIMALS), inner + _STEP)
    first, second, third, fourth = (
        round(centre + step, DECIMALS) for step in (-outer, -inner, inner, outer)
    )
    return Classes(breaks=(first, second, third, fourth), direction=direction, reference=centre)
