"""Which classes a figure is shown in, and what its legend says; the web page and QGIS read this."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from geolyft.export.figures.classes import DECIMALS, Classes, change_classes, share_classes
from geolyft.frames import EVERYONE, has_status

if TYPE_CHECKING:
    import pandas as pd

    from geolyft.export.chapter import ChapterTheme
    from geolyft.export.publication import Publication
    from geolyft.export.words import Words

INDEX: Final = "index"
"""The theme of the index."""
CHANGE: Final = "forandring"
"""The theme of how far the index moved; only in runs that can tell."""
Legend = Literal["score", "change", "share", "median"]
"""What the classes of a legend are around: 100, no change, the city's share, the middle area."""


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


def _area_values(publication: Publication, code: str) -> pd.Series[float]:
    seen = publication.observations
    rows = seen[(seen["indicator"] == code) & (seen["sex"] == EVERYONE)]
    rows = rows[rows["area"].isin(publication.areas.index)]
    unseen = has_status(rows["status"], "hidden") | has_status(rows["status"], "missing")
    return rows.loc[~unseen, "value"].dropna()


def legend(
    classes: Classes | None, kind: Legend, *, city: str, words: Words
) -> list[dict[str, str]]:
    """Return what a legend says of each class, worst first: its ``range`` and its ``meaning``.

    Examples
    --------
    >>> from geolyft.export.figures.classes import score_classes
    >>> from geolyft.export.words import load_words
    >>> legend(score_classes(), "score", city="Malmö", words=load_words("sv"))[2]
    {'range': '95,0–104,9', 'meaning': 'nära Malmö'}
    """
    if classes is None:
        return []
    unit = "" if kind in ("score", "change") else words.section("number")["percent"]
    return [
        {
            "range": say_range(low, high, words, unit=unit),
            "meaning": words.say(f"classes.{kind}_{place}", city=city),
        }
        for place, (low, high) in enumerate(classes.ranges())
    ]


def change_legend(*, city: str, words: Words) -> list[dict[str, str]]:
    """Return the legend of change, whose middle is also for what does not exceed its uncertainty.

    Colour is for what exceeds it; the rest is pale, however large it looks.
    """
    said = legend(change_classes(), "change", city=city, words=words)
    said[len(said) // 2]["range"] = words.say("page.change_unsure")
    return said


def chapter_classes(theme: ChapterTheme) -> Classes:
    """Return the classes that a stage declares, around the middle of the middle class."""
    reference = (theme.breaks[1] + theme.breaks[2]) / 2
    return Classes(breaks=theme.breaks, direction=theme.direction, reference=reference)


def chapter_legend(theme: ChapterTheme, *, words: Words) -> list[dict[str, str]]:
    """Return the legend of a theme that a stage declares, worst first."""
    meanings = theme.meanings[words.lang]
    return [
        {"range": say_range(low, high, words), "meaning": meaning}
        for (low, high), meaning in zip(chapter_classes(theme).ranges(), meanings, strict=True)
    ]


def say_range(low: float | None, high: float | None, words: Words, *, unit: str = "") -> str:
    """Say from where to where a class goes, in the numbers that are shown.

    Examples
    --------
    >>> from geolyft.export.words import load_words
    >>> say_range(None, 85.0, load_words("sv"))
    'under 85,0'
    """
    if low is None:
        return words.say("classes.range_below", high=words.number(high) + unit)
    if high is None:
        return words.say("classes.range_above", low=words.number(low) + unit)
    # The upper bound is not in the class: the last shown number that is.
    last = words.number(high - 10**-DECIMALS)
    key = "range_between_signed" if low < 0 else "range_between"
    return words.say(f"classes.{key}", low=words.number(low), high=last + unit)
