"""The library's door: what would join nothing, or count for nothing, is refused by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from shapely import box

import geolyft
from geolyft.errors import GeolyftError
from geolyft.index.scales import SCALE_COLUMNS
from geolyft.indicators.aggregate import COUNT_COLUMNS

if TYPE_CHECKING:
    import geopandas as gpd

    from geolyft.divisions.crosswalks import Crosswalk
    from geolyft.indicators.catalogue import Catalogue

COUNTS = pd.DataFrame(
    [["1", "2025", "2025", "alla", "E1", 30.0, 40.0, "ok", "s"]], columns=COUNT_COLUMNS
)
SEEN = pd.DataFrame({"area": ["1"], "period": "2025", "sex": "alla", "indicator": "E1",
                     "value": 62.0, "status": "ok"})  # fmt: skip
SCALES = pd.DataFrame([["E1", 72.0, 10.0, "high", "2025"]], columns=SCALE_COLUMNS)


def code_of(*steps: object) -> str:
    call, *given = steps
    assert callable(call)
    with pytest.raises(GeolyftError) as refusal:
        call(*given)
    assert refusal.value.remedy
    return refusal.value.code


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"area": 1}, "frame-text"),
        ({"area": "2"}, "frame-unknown"),
        ({"area": None}, "frame-text"),
        ({"period": 2025}, "frame-text"),
        ({"period": "2024"}, "frame-unknown"),
        ({"indicator": "E9"}, "frame-unknown"),
        ({"sex": "kvinna"}, "frame-unknown"),
        ({"status": "fine"}, "frame-unknown"),
        ({"status": "ok+fine"}, "frame-unknown"),
        ({"numerator": "30"}, "frame-number"),
        ({"denominator": np.inf}, "frame-number"),
    ],
)
def test_counts_that_are_of_nothing_are_refused(
    changed: dict[str, object], code: str, catalogue: Catalogue
) -> None:
    def given(counts: pd.DataFrame) -> None:
        geolyft.aggregate(counts, areas=["1"], periods=["2025"], catalogue=catalogue)

    given(COUNTS)
    assert code_of(given, COUNTS.assign(**changed)) == code
    name = next(iter(changed))
    assert code_of(given, COUNTS.drop(columns=name)) == "frame-columns"


def test_the_areas_of_a_result_are_texts(catalogue: Catalogue) -> None:
    def given(areas: list[object]) -> None:
        geolyft.aggregate(COUNTS, areas=areas, periods=["2025"], catalogue=catalogue)  # type: ignore[arg-type]

    assert code_of(given, [1]) == "frame-text"


@pytest.mark.parametrize("name", ["area", "period", "sex", "indicator", "status"])
def test_scores_need_texts_to_join_on(name: str, catalogue: Catalogue) -> None:
    scores = geolyft.score(SEEN, SCALES)
    weighed = geolyft.weigh(scores, catalogue, minimum_indicators=1, minimum_dimensions=1)
    assert code_of(geolyft.score, SEEN.assign(**{name: 1}), SCALES) == "frame-text"
    assert code_of(geolyft.weigh, scores.assign(**{name: 1}), catalogue) == "frame-text"
    assert code_of(geolyft.combine, weighed.assign(**{name: 1}), catalogue) == "frame-text"
    assert code_of(geolyft.combine, weighed.drop(columns=name), catalogue) == "frame-columns"


def test_an_indicator_that_no_catalogue_knows_is_not_left_out_of_an_index(
    catalogue: Catalogue,
) -> None:
    scores = geolyft.score(SEEN, SCALES).assign(indicator="E9")
    assert code_of(geolyft.weigh, scores, catalogue) == "frame-unknown"


def test_scales_are_one_an_indicator_and_have_a_direction() -> None:
    twice = pd.concat([SCALES, SCALES], ignore_index=True)
    assert code_of(geolyft.score, SEEN, twice) == "frame-duplicate"
    assert code_of(geolyft.score, SEEN, SCALES.assign(direction="up")) == "frame-unknown"
    assert code_of(geolyft.score, SEEN, SCALES.assign(half_range=np.inf)) == "frame-number"


@pytest.mark.parametrize(
    ("totals", "code"),
    [
        (pd.DataFrame({"n": [10.0]}, index=[1]), "frame-text"),
        (pd.DataFrame({"n": ["10"]}, index=["a"]), "frame-number"),
        (pd.DataFrame({"n": [np.inf]}, index=["a"]), "frame-number"),
    ],
)
def test_totals_are_numbers_by_texts(totals: pd.DataFrame, code: str, halves: Crosswalk) -> None:
    assert code_of(geolyft.move_totals, totals, halves) == code


@pytest.fixture
def halves() -> Crosswalk:
    table = pd.DataFrame({"source": ["a", "a"], "target": ["1", "2"], "weight": [0.5, 0.5]})
    return geolyft.Crosswalk(name="halves", source="small", target="large", table=table)


def test_one_residual_code_is_a_code_and_not_its_letters(halves: Crosswalk) -> None:
    totals = pd.DataFrame({"n": [10.0, 2.0]}, index=["a", "övriga"])
    moved = geolyft.move_totals(totals, halves, residual="övriga")
    assert moved.totals["n"].to_dict() == {"1": 5.0, "2": 5.0, "residual": 2.0}


@pytest.mark.parametrize(
    ("x", "y"),
    [([0.5], None), ([0.5], [0.5, 0.6]), (["118000,5"], [0.5]), ([0.5, 0.6], 0.5), (0.5, 0.5)],
)
def test_points_are_as_many_numbers_of_x_as_of_y(
    x: list[object], y: object, squares: gpd.GeoDataFrame
) -> None:
    def given(x: list[object], y: object) -> None:
        geolyft.assign_points(x, squares, y=y, crs=3008)  # type: ignore[call-overload]

    assert code_of(given, x, y) == "join-coordinates"
    assert len(geolyft.assign_points([box(0, 0, 1, 1).centroid.x], squares, y=[0.5], crs=3008)) == 1
