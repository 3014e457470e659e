"""What is sure of a theme, in a few sentences that each lead to a view of the map.

One function for each kind of finding, from published tables. What is not sure is not told; where
nothing is, there is no finding.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from geolyft.export.figures.cells import (
    area_order,
    float_of,
    percent_of_ways,
    statuses_of,
)
from geolyft.export.figures.schemes import CHANGE, INDEX
from geolyft.export.standing import count, inline
from geolyft.frames import CITY

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geolyft.export.figures.cells import Record
    from geolyft.export.figures.reader import Reader

Kind = Literal["lowest", "deep", "apart", "persons", "moved", "sexes", "pockets", "contrast"]
OFTEN: Final = 90.0
"""In what per cent of the ways to compute an area is among the lowest before that is told."""
MOST: Final = 5
"""Sentences of one theme."""
_MOST_NAMED: Final = 8
_ALWAYS: Final = 100.0
_TENS: Final = 10
_SEVERAL: Final = 2
"""A pocket in several indicators is a finding, in a single one a question."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A sentence, and the view of its theme in which it is seen.

    Parameters
    ----------
    areas
        Whom it is said of; the first is the one to look at.
    view
        As the map names it.
    level
        The division of small areas in which it is seen; empty for the run's own.
    theme
        The theme in which it is seen, where that is another than the one it is told of.
    """

    kind: Kind
    text: str
    areas: tuple[str, ...] = ()
    view: Literal["value", "gap", "change"] = "value"
    level: str = ""
    theme: str = ""


def findings_of(reader: Reader, theme: str, period: str) -> list[Finding] | None:
    """Return what is sure of a theme in a period, at most five; nothing where nobody has judged.

    Parameters
    ----------
    theme
        The index, a dimension or an indicator.

    Examples
    --------
    >>> from geolyft.export.figures.reader import reader_of
    >>> [each.text for each in findings_of(reader_of(publication), "index", "2024")]
    ... # doctest: +SKIP
    ['Område 10 och 11 är bland de tre lägsta i alla 1 305 sätt att räkna, 12 i 90,3 %.']
    """
    asked = _Asked(reader, theme, period)
    if not asked.judged:
        return None
    kinds = _OF_INDICATOR if asked.is_share else _OF_INDEX if theme == INDEX else _OF_DIMENSION
    found = (make(asked) for make in kinds)
    return [each for each in found if each is not None][:MOST]


class _Asked:
    """A theme in a period, and what the tables say of it."""

    def __init__(self, reader: Reader, theme: str, period: str) -> None:
        self.reader, self.theme, self.period = reader, theme, period
        self.is_share = theme in reader.publication.catalogue.codes
        self.is_latest = period == reader.period
        self.unit = reader.units.get(theme)

    @cached_property
    def known(self) -> list[str]:
        """The areas that show a figure."""
        codes = self.reader.codes
        return [c for c in codes if self.reader.value(self.theme, c, self.period) is not None]

    @cached_property
    def judged(self) -> dict[str, Record]:
        """How sure each of them is, where the run can tell."""
        rows = self.reader.rows("osakerhet", what=self.theme, period=self.period)
        return {str(row["area"]): row for row in rows if row["area"] in self.known}

    def apart(self, side: int) -> list[str]:
        """Return the areas surely worse (-1) or better (1) than the city, all tested at once."""
        return [
            area
            for area, row in self.judged.items()
            if is_true(row["distinct_fdr"]) and side * (float_of(row["difference"]) or 0.0) > 0
        ]

    def say(self, key: str, **parts: object) -> str:
        reader = self.reader
        known = {"city": reader.publication.city, "period": self.period}
        return reader.words.say(f"findings.{key}", **{**known, **parts})

    def listed(self, areas: Iterable[str]) -> str:
        """Name areas by code, in order; many are counted."""
        codes = area_order(areas)
        if len(codes) > _MOST_NAMED:
            key = "every" if len(codes) == len(self.reader.codes) else "many"
            return self.say(key, n=len(codes))
        return self.reader.words.listed(codes)

    def named(self, areas: Sequence[str]) -> str:
        """Name areas where a sentence begins."""
        return self.say("area" if len(areas) == 1 else "areas", list=self.listed(areas))

    def of_whom(self) -> str:
        """Say of how many areas and indicators this is, where it is not of all."""
        cells = [self.reader.cell(self.theme, area, self.period) for area in self.known]
        said = []
        if len(self.known) < len(self.reader.codes):
            said.append(self.say("of_areas", n=len(self.known), all=len(self.reader.codes)))
        # A share can be partial too: of a raster with holes.
        means = [cell for cell in cells if "total" in cell]
        if any("partial" in statuses_of(cell) for cell in means):
            counted = max(int(float_of(cell.get("counted")) or 0) for cell in means)
            said.append(self.say("of_indicators", n=counted, all=means[0]["total"]))
        return f" ({'; '.join(said)})" if said else ""


def is_true(value: object) -> bool:
    """Say whether a truth of a table holds; what is empty does not."""
    return str(value) == "True"


def _lowest(asked: _Asked) -> Finding | None:
    """Return the areas that are among the lowest in nearly all ways to compute the index."""
    rows = asked.reader.rows("robusthet", period=asked.period)
    often = _often(row for row in rows if row["area"] in asked.known)
    most = int(float_of(rows[0]["lowest"]) or 0) if rows else 0
    if not often:
        return None
    always = [area for area in often if often[area] == _ALWAYS]
    nearly = [a for a in sorted(often, key=lambda a: -often[a]) if a not in always]
    words = asked.reader.words
    parts = {
        "k": count(most, words),
        "n": words.count(float_of(rows[0]["n_variants"])),
        "areas": asked.named(always),
        "often": words.listed(
            [asked.say("in_share", area=a, share=words.percent(often[a])) for a in nearly]
        ),
    }
    key = "lowest_both" if always and nearly else "lowest_all" if always else "lowest_often"
    return Finding(
        kind="lowest",
        text=asked.say(key, **parts) + asked.of_whom() + ".",
        areas=(*always, *nearly),
    )


def _often(rows: Iterable[Record]) -> dict[str, float]:
    """Return in what per cent of the ways areas are among the lowest, where it is nearly all."""
    shares = {str(row["area"]): float_of(row["share_among_lowest"]) or 0.0 for row in rows}
    often = {area: percent_of_ways(shares[area]) for area in area_order(shares)}
    return {area: percent for area, percent in often.items() if percent >= OFTEN}


def _deep(asked: _Asked) -> Finding | None:
    """Return the areas that are surely below the city in every dimension of the index."""
    of = [_Asked(asked.reader, each, asked.period) for each in asked.reader.dimensions]
    of = [each for each in of if each.judged]
    everywhere = set.intersection(*(set(each.apart(-1)) for each in of)) if of else set()
    if not everywhere or len(of) < _SEVERAL:
        return None
    areas = area_order(everywhere)
    whole = len(of) == len(asked.reader.dimensions)
    n, key = count(len(of), asked.reader.words), "deep" if whole else "deep_some"
    return Finding(
        kind="deep", text=asked.say(key, areas=asked.named(areas), n=n), areas=tuple(areas)
    )


def _apart(asked: _Asked) -> Finding | None:
    """Return which areas are surely below and above the city, all of them tested at once."""
    below, above = area_order(asked.apart(-1)), area_order(asked.apart(1))
    if not below and not above:
        return None
    side = "mixed" if below and above else "below" if below else "above"
    key = f"apart_{'share_' if asked.is_share else ''}{side}"
    return Finding(
        kind="apart",
        text=asked.say(key, below=asked.listed(below), above=asked.listed(above)),
        areas=(*below, *above),
        view="gap",
    )


def _persons(asked: _Asked) -> Finding | None:
    """Return where the distance of those who are surely worse off is of most people."""
    sizes = {area: size for area in asked.apart(-1) if (size := _size(asked, area)) is not None}
    if not sizes:
        return None
    first = max(area_order(sizes), key=lambda area: sizes[area].size)
    is_first = all(sizes[first].least > sizes[area].most for area in sizes if area != first)
    indicator, words = asked.reader.publication.catalogue[asked.theme], asked.reader.words
    least = math.floor(sizes[first].least / _TENS) * _TENS
    text = asked.say(
        "persons_fewer" if indicator.direction == "high" else "persons_more",
        most=asked.say("most" if is_first else "among_most"),
        area=first,
        n=words.count(sizes[first].size),
        least=asked.say("at_least", n=words.count(least)) if least else "",
        counted=indicator.numerator,
    )
    return Finding(kind="persons", text=text, areas=(first,))


class Size(NamedTuple):
    """How large a difference is, and from where to where it may be."""

    size: float
    least: float
    most: float


def _size(asked: _Asked, area: str) -> Size | None:
    """Return of how many persons a sure difference to the city is; nothing of less than is told."""
    cell, row = asked.reader.cell(asked.theme, area, asked.period), asked.judged[area]
    base, persons = float_of(cell.get("denominator")), float_of(cell.get("persons"))
    low, high = float_of(row["difference_low"]), float_of(row["difference_high"])
    if not base or not persons or asked.unit is None or low is None or high is None:
        return None
    # The difference is sure, so that both ends are on one side of none.
    least, most = sorted(abs(end * asked.unit) / 100 * base for end in (low, high))
    return Size(abs(persons), least, most)


def _moved(asked: _Asked) -> Finding | None:
    """Return which areas have surely changed, and whether the city has."""
    rows = asked.reader.rows(CHANGE, what=asked.theme) if asked.is_latest else []
    compared = [row for row in rows if is_true(row["comparable"])]
    ways = {str(row["area"]): _way(row, asked) for row in compared}
    up, down = ([c for c in asked.known if ways.get(c) == way] for way in ("up", "down"))
    if not up and not down:
        return None
    side = "mixed" if up and down else "up" if up else "down"
    parts = {name: compared[0][name] for name in ("first", "last")}
    label = asked.reader.label(asked.theme)
    what = asked.say("the_index") if asked.theme == INDEX else inline(label)
    up_down = {"up": asked.listed(up), "down": asked.listed(down)}
    city = asked.say(f"moved_city_{ways[CITY]}") if CITY in ways else ""
    text = asked.say(f"moved_{side}", what=what, **up_down, **parts) + city + "."
    return Finding(kind="moved", text=text, areas=(*up, *down), view="change")


def _way(row: Record, asked: _Asked) -> str:
    change = float_of(row["points" if asked.is_share else "change"]) or 0.0
    return "unsure" if not is_true(row["exceeds"]) else "up" if change > 0 else "down"


def _sexes(asked: _Asked) -> Finding | None:
    """Return whether women's and men's shares surely differ, in the city and in which areas."""
    rows = {
        str(row["area"]): row
        for row in asked.reader.rows("kon_skillnad", indicator=asked.theme, period=asked.period)
        if is_true(row["exceeds"]) and float_of(row["gap"]) is not None
    }
    if not rows:
        return None
    areas = [code for code in asked.reader.codes if code in rows]
    sort = "child" if asked.reader.publication.catalogue[asked.theme].children else "adult"
    parts = {"sexes": asked.say(f"sexes_{sort}"), "areas": asked.listed(areas)}
    if CITY in rows:
        percent = asked.reader.words.percent
        for name in ("first", "second"):
            share = percent(float_of(rows[CITY][name]))
            parts[name] = asked.say(f"{name}_{sort}", share=share)
    key = "sexes_city" if CITY in rows else "sexes_areas"
    also = asked.say("sexes_also", **parts) if CITY in rows and areas else ""
    widest = sorted(areas, key=lambda a: -abs(float_of(rows[a]["gap"]) or 0.0))
    return Finding(kind="sexes", text=asked.say(key, **parts) + also + ".", areas=tuple(widest))


def _pockets(asked: _Asked) -> Finding | None:
    """Return where small areas surely lie far below their area: of the index in several parts."""
    is_index = asked.theme == INDEX
    whats = asked.reader.publication.catalogue.codes if is_index else (asked.theme,)
    least = _SEVERAL if is_index else 1
    held = asked.reader.rows("fickor", period=asked.period)
    held = [row for row in held if is_true(row["sure"]) and row["what"] in whats]
    for level in sorted(asked.reader.inner, key=lambda each: -len(each.codes)):
        division = level.publication.division
        rows = [row for row in held if division_of(row["level"]) == division]
        often = Counter((str(row["area"]), str(row["small"])) for row in rows)
        by_area = Counter(area for (area, _), n in often.items() if n >= least)
        if by_area:
            areas = sorted(area_order(by_area), key=lambda area: -by_area[area])
            name = asked.reader.words.section("level").get(division, division)
            n = len({small for (_, small), n in often.items() if n >= least})
            key = "findings.pockets_index" if is_index else "findings.pockets"
            text = asked.reader.words.plural(key, n, level=name, areas=asked.listed(areas))
            return Finding(kind="pockets", text=text, areas=tuple(areas), level=division)
    return None


def division_of(level: object) -> str:
    """Return the division that small areas are of, whatever its year.

    Examples
    --------
    >>> division_of("deso2025")
    'deso'
    """
    return re.sub(r"\d+$", "", str(level))


def contrasts_of(reader: Reader, theme: str, period: str) -> dict[tuple[str, str], Size]:
    """Return how far the two sides of each border are apart, where somebody has judged them.

    In the theme's own unit; the side with the lower score first.
    """
    return _contrasts(_Asked(reader, theme, period))


def _contrast(asked: _Asked) -> Finding | None:
    """Return the border with the largest contrast, where there surely is one.

    The two sides are not tested against each other. From the lower end of one interval to the
    upper end of the other is as wide as the difference can be, however they hang together.
    """
    contrasts = _contrasts(asked)
    if not contrasts:
        return None
    (low, high), widest = max(contrasts.items(), key=lambda item: item[1].size)
    if widest.least <= 0:
        return None
    others = [each.most for pair, each in contrasts.items() if pair != (low, high)]
    first, second = area_order([low, high])
    number = asked.reader.words.number
    unit = "unit_share" if asked.is_share else "unit_score"
    text = asked.say(
        "contrast" if all(widest.least > each for each in others) else "contrast_among",
        one=first,
        other=second,
        size=number(widest.size),
        unit=asked.reader.words.say(f"page.{unit}"),
        low=number(widest.least),
        high=number(widest.most),
    )
    return Finding(kind="contrast", text=text + asked.of_whom() + ".", areas=(low, high))


def _contrasts(asked: _Asked) -> dict[tuple[str, str], Size]:
    """Return how far the sides of each border are apart, the lower score first."""
    ends = {
        area: [(float_of(row[name]) or 0.0) * abs(asked.unit) for name in ("value", "low", "high")]
        for area, row in asked.judged.items()
        if asked.unit is not None
    }
    return {
        (one, other): Size(
            ends[other][0] - ends[one][0],
            ends[other][1] - ends[one][2],
            ends[other][2] - ends[one][1],
        )
        for one, near in asked.reader.neighbours.items()
        for other in near
        if one in ends and other in ends and ends[one][0] < ends[other][0]
    }


_OF_INDEX: Final = (_lowest, _deep, _contrast, _moved, _pockets, _apart)
_OF_DIMENSION: Final = (_apart, _contrast, _moved, _pockets)
_OF_INDICATOR: Final = (_apart, _persons, _moved, _sexes, _pockets, _contrast)
