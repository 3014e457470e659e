"""What counts, and what does not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from geolyft.indicators.measures import Condition, Measure, counts_of_totals


def test_an_unknown_value_never_counts() -> None:
    assert not Condition(min=0).holds(pd.Series([np.nan])).any()
    assert not Condition(one_of=("nan", "")).holds(pd.Series([None], dtype="str")).any()


@pytest.mark.parametrize(
    "column",
    [
        pd.Series([1, 0]),
        pd.Series([1.0, 0.0]),
        pd.Series([1.0, np.nan]),
        pd.Series(["1", "0"]),
        pd.Series([1, None], dtype="Int64"),
    ],
)
def test_the_same_number_counts_however_it_is_typed(column: pd.Series) -> None:
    assert Condition(one_of=("1",)).holds(column).tolist() == [True, False]


def test_truth_values_are_said_as_true_and_false() -> None:
    assert Condition(one_of=("true",)).holds(pd.Series([True, False])).tolist() == [True, False]


def test_bounds_are_included() -> None:
    ages = pd.Series([19, 20, 64, 65])
    assert Condition(min=20, max=64).holds(ages).tolist() == [False, True, True, False]


@pytest.mark.parametrize(
    "bounds", [{"min": np.nan}, {"max": np.inf}, {"min": -np.inf, "max": 1}, {"min": 2, "max": 1}]
)
def test_bounds_that_are_none_are_refused(bounds: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Condition(**bounds)


@pytest.mark.parametrize("said", ["x", 1, ["numerator"], None])
def test_what_is_no_measure_is_refused_by_the_form(said: object) -> None:
    with pytest.raises(ValidationError):
        Measure.model_validate(said)


TOTALS = {"numerator": ["a"], "denominator": ["b", "c"]}
SHARE = {"share": "s", "denominator": "b"}
POINTS = {"counted": {"v": {"min": 3}}, "among": {"w": {"one_of": ["1"]}}}
MEAN = {"statistic": "mean"}
OVER = {"statistic": "share_over", "limit": 55.0}


@pytest.mark.parametrize(
    ("said", "kind", "numbers", "columns"),
    [
        (TOTALS, "totals", "abc", "abc"),
        (SHARE, "totals", "sb", "sb"),
        (POINTS, "points", "v", "vw"),
        (MEAN, "raster", "", ""),
        (OVER, "raster", "", ""),
    ],
)
def test_a_measure_knows_what_it_adds_up_and_which_columns_it_reads(
    said: dict[str, object], kind: str, numbers: str, columns: str
) -> None:
    measure = Measure.model_validate({"indicator": "E1", **said})
    assert measure.kind == kind
    assert measure.numbers == set(numbers)
    assert measure.columns == set(columns)


@pytest.mark.parametrize(
    "said",
    [TOTALS | MEAN, SHARE | POINTS, POINTS | OVER, {"statistic": "share_over"}, MEAN | {"limit": 1},
     {"limit": 1}, {"among": {"w": {"min": 1}}}, {"share": "s"}, TOTALS | {"numerator": []}],
)  # fmt: skip
def test_a_measure_of_two_kinds_or_of_half_a_kind_is_refused(said: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Measure.model_validate({"indicator": "E1", **said})


def test_a_row_missing_in_one_part_is_missing_in_both() -> None:
    table = pd.DataFrame({"a": [1.0, np.nan], "b": [2.0, 2.0]})
    counts = counts_of_totals(table, Measure(indicator="B3", numerator="a", denominator=["b"]))
    assert counts.iloc[1].isna().all()


@pytest.mark.parametrize(
    "said",
    [
        {"indicator": "E1"},
        {"indicator": "E1", "numerator": "a"},
        {"indicator": "E1", "numerator": "a", "share": "s", "denominator": "b"},
        {"indicator": "E1", "counted": {"a": {"one_of": ["1"]}}, "denominator": "b"},
        {"indicator": "E1", "counted": {"a": {"one_of": ["1"], "min": 3}}},
        {"indicator": "E1", "counted": {"a": {}}},
    ],
)
def test_a_measure_says_one_thing(said: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Measure.model_validate(said)
