"""Which classes a figure is shown in, and what its legend says; the web page and QGIS read this."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.export.figures.classes import (
    DECIMALS,
    Classes,
    score_classes,
    share_classes,
)
from geolyft.frames import EVERYONE, has_status
from geolyft.index.scales import points_per_unit

if TYPE_CHECKING:
    import pandas as pd

    from geolyft.export.chapter import ChapterTheme
    from geolyft.export.publication import Publication
    from geolyft.export.words import Words

INDEX: Final = "index"
"""The theme of the index."""
CHANGE: Final = "forandring"
"""The theme of how far the index moved; only in runs that can tell."""


def share_scheme(publication: Publication, code: str) -> Classes | None:
    """Return an indicator's classes: from its scale, else from the values that are shown."""
    direction = publication.catalogue[code].direction
    if is_fitted(code, publication):
        scale = publication.scales[publication.scales["indicator"] == code].iloc[0]
        return share_classes(
            float(scale["reference_value"]), float(scale["half_range"]), direction=direction
        )
    values = _area_values(publication, code)
    if values.empty:
        return None
    half_range = float(values.max() - values.min()) / 2
    return share_classes(float(values.median()), half_range, direction=direction)


def is_fitted(code: str, publication: Publication) -> bool:
    """Say whether an indicator has a scale."""
    scales = publication.scales
    return "indicator" in scales and code in set(scales["indicator"])


def units_of_point(publication: Publication) -> dict[str, float]:
    """Return what one point of score is in each theme's own unit, negative where low is good.

    Intervals of differences are made in score. The scale is a straight line, so an indicator's
    are the same in percentage points; without a scale there is no answer.
    """
    catalogue, points = publication.catalogue, points_per_unit(publication.scales)
    units = {INDEX: 1.0, **{dimension.code: 1.0 for dimension in catalogue.dimensions}}
    for code in catalogue.codes:
        if code in points:
            units[code] = 1 / float(points[code])
    return units


def _area_values(publication: Publication, code: str) -> pd.Series[float]:
    seen = publication.observations
    rows = seen[(seen["indicator"] == code) & (seen["sex"] == EVERYONE)]
    rows = rows[rows["area"].isin(publication.areas.index)]
    unseen = has_status(rows["status"], "hidden") | has_status(rows["status"], "missing")
    return rows.loc[~unseen, "value"].dropna()


def legend(
    classes: Classes | None, *, than: str, words: Words, unit: str = ""
) -> list[dict[str, str]]:
    """Return what a legend says of each class, worst first: its ``range`` and its ``meaning``.

    A class goes by value, so it says lower or higher and than what, never better or worse: whether
    an area is surely that is told by its difference to the city of the same period.

    Parameters
    ----------
    than
        What the classes are around, with its year.

    Examples
    --------
    >>> from geolyft.export.words import load_words
    >>> legend(score_classes(), than="Malmö 2021", words=load_words("sv"))[1]
    {'range': '85,0–94,9', 'meaning': 'lägre än Malmö 2021'}
    """
    if classes is None:
        return []
    # In the order of classes, which begin with the highest where low is good.
    steps = _STEPS if classes.direction == "high" else _STEPS[::-1]
    return [
        {
            "range": say_range(low, high, words, unit=unit),
            "meaning": words.say(f"classes.{step}", than=than),
        }
        for step, (low, high) in zip(steps, classes.ranges(), strict=True)
    ]


_STEPS: Final = ("much_lower", "lower", "near", "higher", "much_higher")


def score_legend(publication: Publication, words: Words) -> list[dict[str, str]]:
    """Return the legend of the index and its dimensions, around the city in the base year."""
    return legend(score_classes(), than=base_city(publication, words), words=words)


def share_legend(
    code: str, classes: Classes | None, publication: Publication, words: Words
) -> list[dict[str, str]]:
    """Return an indicator's legend, around the city in the base year or the middle area."""
    fitted = is_fitted(code, publication)
    than = base_city(publication, words) if fitted else words.say("classes.median")
    return legend(classes, than=than, words=words, unit=words.section("number")["percent"])


def base_city(publication: Publication, words: Words) -> str:
    """Name what 100 is: the city in the base year."""
    return words.say("classes.city", city=publication.city, period=publication.base_period)


def change_legend(classes: Classes, *, words: Words) -> list[dict[str, str]]:
    """Return the legend of change, whose middle is also for what is not surely changed.

    Colour is for what exceeds its uncertainty; the rest is pale, however large it looks.
    """
    said = [
        {"range": say_range(low, high, words), "meaning": words.say(f"classes.change_{place}")}
        for place, (low, high) in enumerate(classes.ranges())
    ]
    middle = said[len(said) // 2]
    middle["range"] = words.say("page.or_unsure", range=middle["range"])
    return said


def chapter_classes(theme: ChapterTheme) -> Classes:
    """Return the classes that a stage declares, around the middle of the middle class."""
    below = (len(theme.breaks) - 1) // 2
    reference = (theme.breaks[below] + theme.breaks[-1 - below]) / 2
    return Classes(breaks=theme.breaks, direction=theme.direction, reference=reference)


def chapter_legend(theme: ChapterTheme, *, words: Words) -> list[dict[str, str]]:
    """Return the legend of a theme that a stage declares, worst first.

    Classes with colours of their own are no ranges but kinds, and go by number.
    """
    meanings, decimals = theme.meanings[words.lang], 0 if theme.is_whole else DECIMALS
    if theme.colours != "scale":
        return [{"range": f"{n}", "meaning": each} for n, each in enumerate(meanings, start=1)]
    return [
        {"range": say_range(low, high, words, decimals=decimals), "meaning": meaning}
        for (low, high), meaning in zip(chapter_classes(theme).ranges(), meanings, strict=True)
    ]


def say_range(
    low: float | None, high: float | None, words: Words, *, unit: str = "", decimals: int = DECIMALS
) -> str:
    """Say from where to where a class goes, in the numbers that are shown.

    Examples
    --------
    >>> from geolyft.export.words import load_words
    >>> say_range(None, 85.0, load_words("sv"))
    'under 85,0'
    >>> say_range(2.0, 3.0, load_words("sv"), decimals=0)
    '2'
    """
    if low is None:
        return words.say("classes.range_below", high=words.number(high, decimals=decimals) + unit)
    if high is None:
        return words.say("classes.range_above", low=words.number(low, decimals=decimals) + unit)
    # The upper bound is not in the class: the last shown number that is.
    first, last = (words.number(n, decimals=decimals) for n in (low, high - 10**-decimals))
    if first == last:
        return first + unit
    key = "range_between_signed" if low < 0 else "range_between"
    return words.say(f"classes.{key}", low=first, high=last + unit)
