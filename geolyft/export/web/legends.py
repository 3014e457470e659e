"""The classes of every view of every theme, with what their legend says.

A legend is shared by all themes that are shown on the same scale: the page holds it once.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from geolyft.export.children import CHILDREN, children_breaks
from geolyft.export.figures.classes import DECIMALS, Classes, change_classes, score_classes
from geolyft.export.figures.reader import reader_of
from geolyft.export.figures.schemes import (
    change_legend,
    chapter_classes,
    chapter_legend,
    legend,
    say_range,
    score_legend,
    share_legend,
)
from geolyft.export.figures.themes import UNCERTAIN_BREAKS

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
    than = words.say("classes.city_same", city=publication.city)
    legends = {
        SCORE: _entry(score_classes(), score_legend(publication, words)),
        f"{SCORE}-gap": _gap(score_classes(), than, words),
        f"{SCORE}-change": _change(change_classes(), words),
        QUALITY: _quality(words),
    }
    for code in publication.catalogue.codes:
        classes = reader_of(publication).share_classes[code]
        if classes is not None:
            legends[code] = _entry(classes, share_legend(code, classes, publication, words))
            legends[f"{code}-gap"] = _gap(classes, than, words)
        moved = share_change_classes(code, publication)
        if moved is not None:
            legends[f"{code}-change"] = _change(moved, words)
    for chapter in publication.chapters:
        for theme in chapter.themes:
            of_theme = _entry(chapter_classes(theme), chapter_legend(theme, words=words))
            legends[chapter.theme_code(theme)] = of_theme
    breaks = children_breaks(publication)
    return legends if breaks is None else {**legends, CHILDREN: _children(breaks, words)}


def _children(breaks: Sequence[float], words: Words) -> dict[str, object]:
    percent = words.section("number")["percent"]
    bounds = pairwise((None, *breaks, None))
    ranges = [say_range(low, high, words, unit=percent) for low, high in bounds]
    return {
        "breaks": _in_tenths(breaks),
        "mirrored": False,
        "classes": [{"range": each, "meaning": words.say("children.meaning")} for each in ranges],
    }


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
    unit = reader_of(publication).units.get(code)
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


def _gap(classes: Classes, than: str, words: Words) -> dict[str, object]:
    around = around_none(classes)
    return _entry(around, legend(around, than=than, words=words))


def _change(classes: Classes, words: Words) -> dict[str, object]:
    return _entry(classes, change_legend(classes, words=words))


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
