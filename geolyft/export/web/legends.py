"""The classes of every view of every theme, with what their legend says.

A legend is shared by all themes that are shown on the same scale: the page holds it once.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from geolyft.export.figures.classes import DECIMALS, Classes, change_classes, score_classes
from geolyft.export.figures.schemes import (
    Legend,
    change_legend,
    chapter_classes,
    chapter_legend,
    is_fitted,
    legend,
    say_range,
    share_scheme,
)
from geolyft.export.figures.themes import UNCERTAIN_BREAKS
from geolyft.export.web.views import units_of_point

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from geolyft.export.publication import Publication
    from geolyft.export.words import Words

SCORE: Final = "score"
"""The name of the legends of the index and its dimensions, which share one scale."""
QUALITY: Final = "quality"
"""The name of the legend of uncertainty, the same for every theme."""
_TENTHS: Final = 10**DECIMALS


def all_legends(publication: Publication, words: Words) -> dict[str, dict[str, object]]:
    """Return every legend by name: the theme's own, and ``-gap`` and ``-change`` after its name."""
    city = publication.city
    legends = {
        SCORE: _entry(score_classes(), legend(score_classes(), "score", city=city, words=words)),
        f"{SCORE}-gap": _signed(around_none(score_classes()), "score", city=city, words=words),
        f"{SCORE}-change": _entry(change_classes(), change_legend(city=city, words=words)),
        QUALITY: _quality(words),
    }
    for code in publication.catalogue.codes:
        classes = share_scheme(publication, code)
        if classes is not None:
            kind: Legend = "share" if is_fitted(code, publication) else "median"
            legends[code] = _entry(classes, legend(classes, kind, city=city, words=words))
            legends[f"{code}-gap"] = _signed(around_none(classes), "share", city=city, words=words)
        moved = share_change_classes(code, publication)
        if moved is not None:
            legends[f"{code}-change"] = _share_change(moved, city=city, words=words)
    for chapter in publication.chapters:
        for theme in chapter.themes:
            of_theme = _entry(chapter_classes(theme), chapter_legend(theme, words=words))
            legends[chapter.theme_code(theme)] = of_theme
    return legends


def around_none(classes: Classes) -> Classes:
    """Return the same classes around no difference instead of around a reference.

    Examples
    --------
    >>> around_none(score_classes()).breaks
    (-15.0, -5.0, 5.0, 15.0)
    """
    first, second, third, fourth = (
        round(each - classes.reference, DECIMALS) + 0.0 for each in classes.breaks
    )
    return Classes(
        breaks=(first, second, third, fourth), direction=classes.direction, reference=0.0
    )


def share_change_classes(code: str, publication: Publication) -> Classes | None:
    """Return the classes of the change of a share: those of the index, in percentage points."""
    unit = units_of_point(publication).get(code)
    if unit is None:
        return None
    _, _, small, large = (round(each * abs(unit), DECIMALS) for each in change_classes().breaks)
    # Never narrower than what one shown decimal can tell apart.
    inner = max(small, 1 / _TENTHS)
    outer = max(large, round(inner + 1 / _TENTHS, DECIMALS))
    direction = publication.catalogue[code].direction
    return Classes(breaks=(-outer, -inner, inner, outer), direction=direction, reference=0.0)


def _entry(classes: Classes, texts: Sequence[Mapping[str, str]]) -> dict[str, object]:
    """Return a legend as the page has it: breaks in tenths, as figures are."""
    return {
        "breaks": _in_tenths(classes.breaks),
        "mirrored": classes.direction == "low",
        "classes": [dict(each) for each in texts],
    }


def _in_tenths(breaks: Iterable[float]) -> list[int]:
    return [round(each * _TENTHS) for each in breaks]


def _signed(classes: Classes, kind: str, *, city: str, words: Words) -> dict[str, object]:
    return _entry(
        classes,
        [
            {
                "range": say_range(low, high, words),
                "meaning": words.say(f"classes.{kind}_{place}", city=city),
            }
            for place, (low, high) in enumerate(classes.ranges())
        ],
    )


def _share_change(classes: Classes, *, city: str, words: Words) -> dict[str, object]:
    """Return a legend whose middle is also for what does not exceed its uncertainty."""
    entry = _signed(classes, "change", city=city, words=words)
    middle = len(classes.breaks) // 2
    texts: list[dict[str, str]] = entry["classes"]  # type: ignore[assignment]
    unsure = say_range(*classes.ranges()[middle], words)
    texts[middle]["range"] = words.say("page.or_unsure", range=unsure)
    return entry


def _quality(words: Words) -> dict[str, object]:
    bounds = pairwise((None, *UNCERTAIN_BREAKS, None))
    return {
        "breaks": _in_tenths(UNCERTAIN_BREAKS),
        "mirrored": False,
        "classes": [
            {
                "range": f"± {say_range(low, high, words)}",
                "meaning": words.say(f"page.quality_{place}"),
            }
            for place, (low, high) in enumerate(bounds)
        ],
    }
