"""What the map is put together from: classes and legends, columns of figures, and shapes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely
from hypothesis import given
from hypothesis import strategies as st
from web_levels import LOW_IS_GOOD
from web_levels import publication as with_levels
from web_publication import (
    publish,
    squares,
)

from geolyft.export.figures.cells import area_order, theme_codes
from geolyft.export.figures.classes import (
    PLACES,
    Classes,
    change_classes,
    score_classes,
    share_classes,
)
from geolyft.export.figures.palette import SCALE, UNCERTAIN
from geolyft.export.figures.reader import reader_of
from geolyft.export.figures.schemes import units_of_point
from geolyft.export.figures.themes import UNCERTAIN_BREAKS
from geolyft.export.web.columns import Texts, column
from geolyft.export.web.content import cells_by_sex
from geolyft.export.web.legends import all_legends, around_none, share_change_classes
from geolyft.export.web.levels import generalise, outlines, parents
from geolyft.export.words import load_words
from geolyft.frames import CITY

if TYPE_CHECKING:
    from geolyft.export.figures.cells import Cell
    from geolyft.indicators.catalogue import Direction


# ---- classes ---


def test_a_class_has_a_colour_and_a_meaning() -> None:
    assert len(SCALE) == len(PLACES) == len(score_classes().ranges())
    assert len(UNCERTAIN) == len(UNCERTAIN_BREAKS) + 1


@given(
    value=st.floats(0, 100),
    reference=st.floats(0, 100),
    half_range=st.floats(0, 50),
    direction=st.sampled_from(["high", "low"]),
)
def test_a_value_lies_in_the_range_its_class_shows(
    value: float, reference: float, half_range: float, direction: Direction
) -> None:
    classes = share_classes(reference, half_range, direction=direction)
    low, high = classes.ranges()[classes.place(value)]
    shown = round(value, 1)
    assert (low is None or low <= shown) and (high is None or shown < high)  # noqa: PT018


@given(reference=st.floats(0, 100), half_range=st.floats(0, 50))
def test_what_is_like_the_city_is_in_the_middle(reference: float, half_range: float) -> None:
    classes = share_classes(reference, half_range, direction="high")
    assert classes.place(reference) == 2
    assert len(set(classes.breaks)) == 4


def test_a_low_share_is_on_the_good_side_where_low_is_good() -> None:
    assert share_classes(20, 12, direction="low").place(5) == 4
    assert share_classes(20, 12, direction="high").place(5) == 0


def test_a_share_is_in_the_class_of_its_score() -> None:
    share = share_classes(70, 12, direction="high")
    for value in (60.0, 65.0, 69.0, 70.0, 72.5, 77.0):
        assert share.place(value) == score_classes().place(100 + 30 * (value - 70) / 12)


@given(half_range=st.floats(1, 40), direction=st.sampled_from(["high", "low"]))
def test_a_difference_is_in_the_class_of_its_share(half_range: float, direction: Direction) -> None:
    share = share_classes(70, half_range, direction=direction)
    gap = around_none(share)
    assert gap.place(0) == share.place(70) == 2
    for middle in gap.breaks:
        assert gap.place(middle + 0.05) == share.place(70 + middle + 0.05)


def test_a_change_of_a_share_is_in_the_class_of_the_same_change_of_its_score() -> None:
    whole = with_levels(small=0)
    for code in ("E1", LOW_IS_GOOD):
        classes = share_change_classes(code, whole)
        assert isinstance(classes, Classes)
        unit = units_of_point(whole)[code]
        for points in (-6.0, -3.0, 0.0, 3.0, 6.0):
            assert classes.place(points * unit) == change_classes().place(points)


def test_every_legend_has_a_range_and_a_meaning_for_each_of_its_classes() -> None:
    for lang in ("sv", "en"):
        for name, legend in all_legends(with_levels(small=0, lang=lang), load_words(lang)).items():
            assert len(legend["classes"]) == len(legend["breaks"]) + 1, name
            assert all(one["range"] and one["meaning"] for one in legend["classes"])
            assert legend["breaks"] == sorted(legend["breaks"])
            assert legend["mirrored"] == (name.split("-")[0] == LOW_IS_GOOD)


# ---- columns ---


def decoded(coded: dict[str, object], place: int, texts: Texts) -> Cell:
    """Read a column back as the page does."""
    coded = with_shares(coded)
    parts = {
        name: part[place] if isinstance(part, list | str) else part for name, part in coded.items()
    }
    value = parts.pop("value", None)
    guesses = guessed(coded, place)
    read: Cell = {}
    for name, part in parts.items():
        if name in ("low", "high") and part is not None:
            read[name] = (value + (part if name == "high" else -part)) / 10
        elif name in ("status", "reference", "reason"):
            read[name] = None if part is None else texts.all[part]
        elif name in ("apart", "better", "sure"):
            read[name] = {"1": True, "0": False, "-": None}[part]
        elif name in ("half", "gap") and isinstance(part, str):
            read[name] = None if part == "-" else (guesses[name] + int(part) - 4) / 10
        elif name in ("half", "gap", "gap_low", "gap_high", "part") and part is not None:
            read["difference" if name == "part" else name] = part / 10
        else:
            read[name] = part
    known = {name: part for name, part in read.items() if part is not None}
    return {"value": None if value is None else value / 10, **known}


def with_shares(coded: dict[str, object]) -> dict[str, object]:
    """Return a column with its values, where these are digits beside what its counts make."""
    digits = coded.get("value")
    if not isinstance(digits, str):
        return coded
    counts = [coded[name] for name in ("numerator", "denominator")]
    above, below = (each if isinstance(each, list) else [each] * len(digits) for each in counts)
    shares = [
        None if digit == "-" else math.floor(1000 * n / of + 0.5) + int(digit) - 4
        for digit, n, of in zip(digits, above, below, strict=True)
    ]
    return {**coded, "value": shares}


def guessed(coded: dict[str, object], place: int) -> dict[str, int]:
    """Return what a half and a difference are but for their last digit."""
    value, low, high = (coded.get(name, [None]) for name in ("value", "low", "high"))
    found = {}
    if value[place % len(value)] is not None and value[-1] is not None:
        found["gap"] = value[place] - value[-1]
    if low[place % len(low)] is not None:
        found["half"] = (low[place] + high[place]) // 2
    return found


def test_what_is_rounded_once_is_not_what_the_shown_figures_make_of_it() -> None:
    cells = [{"value": 7.2, "status": "ok", "gap": 2.3, "low": 6.0, "high": 8.5, "half": 1.3},
             {"value": None, "status": "missing"},
             {"value": 5.0, "status": "ok", "gap": 0.0}]  # fmt: skip
    texts = Texts()
    coded = column(cells, texts)
    assert (coded["gap"], coded["half"]) == ("5-4", "5--")
    assert [decoded(coded, n, texts).get("gap") for n in range(3)] == [2.3, None, 0.0]
    cells[0]["gap"] = 3.3
    assert column(cells, Texts())["gap"] == [33, None, 0]


def test_a_column_holds_every_cell_and_nothing_else() -> None:
    whole = with_levels(small=4)
    for publication in (whole, whole.inner[0]):
        for cells in cells_by_sex(publication).values():
            places = [*area_order(publication.areas.index), CITY]
            for theme in theme_codes(publication):
                texts = Texts()
                expected = [cells[theme, "2024", place] for place in places]
                read = [decoded(column(expected, texts), n, texts) for n in range(len(expected))]
                # How many there should be is the theme's to say.
                assert read == [{k: v for k, v in one.items() if k != "total"} for one in expected]


# ---- levels ---


def test_areas_that_share_a_border_are_neighbours() -> None:
    near = reader_of(publish()).neighbours
    assert near["1"] == ["2", "10"]
    assert near["2"] == ["1", "3", "11"]


def test_a_small_area_lies_in_the_area_that_holds_most_of_it() -> None:
    areas = squares()
    small = gpd.GeoDataFrame(
        geometry=[shapely.box(118_900, 6_160_000, 119_400, 6_161_000), shapely.box(0, 0, 1, 1)],
        index=["over the border", "elsewhere"],
        crs=areas.crs,
    )
    assert parents(small, areas) == {"over the border": "2"}


def test_outlines_give_the_shapes_back_to_the_metre() -> None:
    areas = squares()
    shapes = generalise(areas)
    degrees = shapes.geometry.to_crs("EPSG:4326")
    for steps, shape in zip(outlines(shapes), degrees, strict=True):
        latitudes, longitudes = pd.Series(steps[0][0][::2]), pd.Series(steps[0][0][1::2])
        ring = shapely.LinearRing(
            list(zip(longitudes.cumsum() / 1e5, latitudes.cumsum() / 1e5, strict=True))
        )
        assert shapely.hausdorff_distance(ring, shape.exterior) < 1e-5


def test_a_level_with_too_many_corners_is_generalised_further() -> None:
    areas = squares()
    wavy = shapely.LineString([(119_000 + 12 * (n % 3), 6_160_000 + n) for n in range(0, 2001, 2)])
    block = shapely.box(118_000, 6_160_000, 120_500, 6_162_000)
    halves = shapely.ops.split(block, shapely.LineString([*wavy.coords, (119_000, 6_163_000)]))
    areas = areas.iloc[:2].set_geometry(list(halves.geoms), crs=3008)
    counts = [
        shapely.get_num_coordinates(generalise(areas, most_corners=most).geometry).sum()
        for most in (100_000, 100)
    ]
    assert counts[1] <= 100 < counts[0]


def test_neighbours_keep_one_border_when_generalised() -> None:
    areas = squares()
    wavy = shapely.LineString([(119_000 + 7 * (n % 3), 6_160_000 + n) for n in range(0, 2001, 2)])
    block = shapely.box(118_000, 6_160_000, 120_500, 6_162_000)
    halves = shapely.ops.split(block, shapely.LineString([*wavy.coords, (119_000, 6_163_000)]))
    areas = areas.iloc[:2].set_geometry(list(halves.geoms), crs=3008)
    shapes = generalise(areas)
    assert shapely.coverage_is_valid(shapes.geometry.to_numpy())
    before, after = (shapely.get_num_coordinates(a.geometry).sum() for a in (areas, shapes))
    assert after < before / 20
