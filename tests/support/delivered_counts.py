"""What a delivery's files say of people: numbers, between what they lie, and what sums to what."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pandas as pd
from delivered import ALL, CITY, RESIDUAL, UNKNOWN, Delivered
from unknown_numbers import AREAS, BANDS, BASES, CELLS, IN, INSIDE, OUT, SEXES, Unknown

if TYPE_CHECKING:
    from pathlib import Path

    from unknown_numbers import Cell

BASE = "base"
Place = tuple[str, str, str, str, str]
"""Area, reference year, sex, group and source: whose bases are held against each other."""


def all_that_is_known(folder: Path) -> Unknown:
    """Return the numbers that a delivery is about, and all that its files say of them."""
    delivered = Delivered(folder)
    rule = delivered.manifest["definition"]["protection"]
    made = Unknown(threshold=rule["threshold"], base=rule["base"])
    figures = pd.concat([each for each in delivered.figures() if len(each)], ignore_index=True)
    keys = zip(figures["indicator"], figures["period"], strict=True)
    of = [delivered.of.get(key, ("", "")) for key in keys]
    sides = ["numerator", "denominator"]
    figures[sides] = figures[sides].astype("float64")
    figures["source"], figures["reference"] = zip(*of, strict=True)
    exempt = [n for n, each in delivered.sources.items() if each.get("protected_by")]
    figures = figures[(figures["source"] != "") & ~figures["source"].isin(exempt)]
    _take(made, figures, delivered)
    _sums(made, delivered)
    _ledger(made, delivered)
    return made


def _take(made: Unknown, figures: pd.DataFrame, delivered: Delivered) -> None:
    """Take in what each figure says, beside the bases that are shown of its place."""
    what = {name: delivered.bases(name) for name in figures["source"].unique()}
    rows = list(figures.itertuples())
    bases: dict[Place, dict[str, float]] = defaultdict(dict)
    for row in rows:
        of = bases[_place(row)]
        name = what[row.source][row.indicator]
        of[name] = row.denominator if math.isnan(of.get(name, math.nan)) else of[name]
    first: dict[tuple[Place, str], int] = {}
    for row in rows:
        name = what[row.source][row.indicator]
        nobody = delivered.is_nobody(row.source, name, row.group)
        base = _figure(made, row, bases[_place(row)], name, nobody=nobody)
        same = first.setdefault((_place(row), name), base)
        if same != base:
            made.total(BASES, base, [same])
    _nested(made, first, bases)


def _figure(
    made: Unknown,
    row: Any,  # noqa: ANN401
    bases: dict[str, float],
    of: str,
    *,
    nobody: bool,
) -> int:
    cell: Cell = (row.area, row.reference, row.sex, row.indicator, row.group)
    inside, people = made.number(cell, IN), row.indicator == "population"
    base = inside if people else made.number(cell, BASE)
    if not people:
        made.total(CELLS, base, [inside, made.number(cell, OUT)])
    if "hidden" in row.status:
        made.shown.setdefault(cell, nobody)
        made.between(base, 0, 0 if nobody else made.high[base])
        return base
    made.shown[cell] = True
    made.rounded(inside, row.numerator)
    made.between(inside, made.threshold, made.high[inside])
    if people:
        return base
    outside = made.number(cell, OUT)
    made.between(outside, made.threshold, made.high[outside])
    made.rounded(base, row.denominator, made.threshold - 1 if _alike(bases, of) else 0)
    return base


def _alike(bases: dict[str, float], of: str) -> bool:
    """Say whether a base may be another one's, which is larger.

    It may where it looks like another, where one is not shown, and where others look alike.
    """
    others = [each for name, each in bases.items() if name != of]
    doubtful = any(map(math.isnan, others)) or len(set(others)) < len(others)
    return bases[of] in others or doubtful


def _nested(
    made: Unknown, first: dict[tuple[Place, str], int], bases: dict[Place, dict[str, float]]
) -> None:
    """Take in that who is in a base is in each wider one, and how many are in that one alone."""
    for (place, name), inner in first.items():
        for wider, outer in ((w, first.get((place, w))) for w in bases[place]):
            if outer is None or not _lies_in(name, wider):
                continue
            area, year, sex, group, source = place
            cell = (area, year, sex, f"{source} {wider} - {name}", group)
            beyond = made.number(cell, IN)
            made.total(BASES, outer, [inner, beyond])
            one, other = bases[place][name], bases[place][wider]
            told = not (_alike(bases[place], name) or _alike(bases[place], wider))
            if one != other and told:
                made.between(beyond, made.threshold, made.high[beyond])
                made.shown[cell] = True


def _lies_in(inner: str, wider: str) -> bool:
    one, other = json.loads(inner), json.loads(wider)
    return inner != wider and all(one.get(name) == said for name, said in other.items())


def _place(row: Any) -> Place:  # noqa: ANN401
    return (row.area, row.reference, row.sex, row.group, row.source)


def _sums(made: Unknown, delivered: Delivered) -> None:
    """Take in that women and men, bands, and areas with what is left over make their wholes."""
    cells = set(made.shown)
    bands = sorted({each[4] for each in cells} - {""})
    own = sorted(set(delivered.own["area"]) - {CITY})
    for area, year, sex, indicator, group in sorted(cells):
        cell = (area, year, sex, indicator, group)
        if sex == ALL and not group:
            of_sexes = [(area, year, each, indicator, "") for each in ("kvinnor", "män")]
            of_bands = [(area, year, ALL, indicator, each) for each in bands]
            for kind, parts in ((SEXES, of_sexes), (BANDS, of_bands)):
                if parts and cells.issuperset(parts):
                    _total(made, kind, cell, parts)
        if area == CITY:
            areas = [(each, *cell[1:]) for each in own]
            _total(made, AREAS, cell, [*areas, (RESIDUAL, *cell[1:])])
    for code, lens in delivered.users().items():
        for cell in sorted(each for each in cells if each[3] == code):
            same = (*cell[:3], lens, "")
            if same in cells:
                made.total(BASES, made.number(cell, BASE), [made.number(same, IN)])
    _with_value(made, delivered, cells)
    for pairs in delivered.inside():
        _of_small_areas(made, pairs, cells)


def _with_value(made: Unknown, delivered: Delivered, cells: set[Cell]) -> None:
    """Take in that who has a value in a raster lives there, and of how many others that is said.

    An area is called partial where at least the threshold has none, and more than one in twenty.
    """
    partial = delivered.partial()
    for cell in sorted(each for each in cells if each[3] in delivered.exposure):
        lens = delivered.users().get(UNKNOWN.format(cell[3]))
        same = (*cell[:3], lens, "")
        if lens is None or same not in cells:
            continue
        everyone, beyond = made.number(same, IN), made.number((*cell[:3], f"no {cell[3]}", ""), IN)
        made.total(BASES, everyone, [made.number(cell, BASE), beyond])
        if (cell[0], cell[3]) in partial:
            made.between(beyond, made.threshold, made.high[beyond])
        elif made.shown[cell]:
            most = max(made.threshold - 1, made.high[everyone] // 20)
            made.between(beyond, 0, most)


def _total(made: Unknown, kind: str, whole: Cell, parts: list[Cell]) -> None:
    for side in (IN, OUT, BASE):
        if (whole, side) in made.names:
            some = [made.number(part, side) for part in parts]
            made.total(kind, made.number(whole, side), some)


def _of_small_areas(made: Unknown, pairs: pd.DataFrame, cells: set[Cell]) -> None:
    """Take in that small areas fill larger ones; of one in several an unknown part lies in each."""
    inside, targets = pairs.groupby("target")["source"].agg(list), pairs.groupby("source").size()
    for cell in sorted(each for each in cells if each[0] in inside.index):
        parts = [(each, *cell[1:]) for each in inside[cell[0]]]
        if not cells.issuperset(parts):
            continue
        some = [
            part if targets[part[0]] == 1 else (f"{part[0]} in {cell[0]}", *cell[1:])
            for part in parts
        ]
        _total(made, INSIDE, cell, some)
    for area, of in pairs[pairs["source"].map(targets) > 1].groupby("source")["target"]:
        for cell in sorted(each for each in cells if each[0] == area):
            _total(made, INSIDE, cell, [(f"{area} in {each}", *cell[1:]) for each in of])


def _ledger(made: Unknown, delivered: Delivered) -> None:
    """Take in what is said of who lives in no area."""
    for line in delivered.manifest["ledger"]:
        what = line["indicator"] or line["count"]
        year = delivered.of.get((what, line["period"]), ("", ""))[1]
        side = {"numerator": IN, "denominator": BASE}.get(line["count"], IN)
        number = made.names.get(((RESIDUAL, year, ALL, what, ""), side))
        if number is not None and not line["exact"] and line["residual"] is not None:
            made.rounded(number, line["residual"])
