"""Categories are compared by what they say, not by how a file holds them."""

from __future__ import annotations

import unicodedata

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geolyft.indicators.categories import among, categories_of, named
from geolyft.indicators.measures import Condition
from geolyft.run_file.sources import GroupColumn

WORDS = st.text(st.sampled_from("aåÅéKz1-"), min_size=1, max_size=6)
BLANKS = st.text(st.sampled_from(" \t\u00a0\u2009"), max_size=3)


@given(words=st.lists(WORDS, min_size=1, max_size=3), before=BLANKS, after=BLANKS, gap=BLANKS)
def test_what_cannot_be_seen_makes_no_difference(
    words: list[str], before: str, after: str, gap: str
) -> None:
    said = " ".join(words)
    written = before + unicodedata.normalize("NFD", f"{gap or ' '}".join(words)) + after
    assert among(pd.Series([written]), [said]).all()
    assert among(pd.Series([said]), [written]).all()


@pytest.mark.parametrize(
    "column",
    [
        pd.Series([12800101, 1]),
        pd.Series([12800101.0, 1.0]),
        pd.Series([12800101, 1, None], dtype="Int64"),
        pd.Series(["12800101.0", "1.0"]),
        pd.Series(["12800101,0", "1,00"]),
        pd.Series([12800101.0, 1.0, None], dtype=object),
        pd.Series(["12800101", "1"], dtype="category"),
    ],
)
def test_a_whole_number_is_one_category_however_it_is_stored(column: pd.Series) -> None:
    for code in ("12800101", "12800101.0"):
        assert among(column, [code]).tolist()[:2] == [True, False]
    assert categories_of(column).tolist()[:2] == ["12800101", "1"]


@pytest.mark.parametrize("column", [[True, False], ["True", "False"], ["TRUE", "FALSE"]])
def test_a_truth_value_is_one_category_however_it_is_written(column: list[object]) -> None:
    for said in ("true", "True"):
        assert among(pd.Series(column), [said]).tolist() == [True, False]


def test_what_only_looks_alike_stays_apart() -> None:
    for one, other in [("01", "1"), ("1,000", "1"), ("10.10", "10.1"), ("Ja", "ja"), ("1", "true")]:
        assert named(pd.Series([one, other])).nunique() == 2
        assert not among(pd.Series([one]), [other]).any()


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_no_number_is_named_with_an_exponent_and_none_is_changed(values: list[float]) -> None:
    names = named(pd.Series(values)).tolist()
    assert [float(name) for name in names] == values
    assert not any("e" in name for name in names)


@given(st.lists(st.sampled_from(["1", "1.0", " 1", "2", "ja", "ja ", None]), max_size=20))
def test_categories_of_categories_are_the_same(values: list[str | None]) -> None:
    once = categories_of(pd.Series(values, dtype="str"))
    again = categories_of(once)
    assert once.tolist() == again.tolist() or once.isna().equals(again.isna())
    assert once.isna().tolist() == [value is None for value in values]
    assert not once.cat.categories.duplicated().any()


def test_an_unknown_value_is_in_no_category() -> None:
    for column in (pd.Series([np.nan, 1.0]), pd.Series([None, "1"], dtype="str")):
        assert Condition(one_of=("nan", "1")).holds(column).tolist() == [False, True]


def test_groups_are_categories_too() -> None:
    group = GroupColumn(column="g")
    for column in (pd.Series(["1.0", "1 ", None]), pd.Series([1.0, 1, None])):
        labels = group.labels(column)
        assert labels.tolist()[:2] == ["1", "1"]
        assert labels.isna().tolist() == [False, False, True]
