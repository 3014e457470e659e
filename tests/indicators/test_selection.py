"""Which rows of a table of totals are read."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from geolyft.errors import ConfigError
from geolyft.indicators.measures import Measure
from geolyft.indicators.selection import AgeSpan, Selection, rows_where, unread_classes
from geolyft.read.values.ages import age_class

TABLE = pd.DataFrame(
    {
        "tenure": ["Hyresra\N{COMBINING DIAERESIS}tt ", "bostadsrätt", "äganderätt"],
        "year": [2024.0, 2025.0, 2025.0],
    }
)


def test_what_cannot_be_seen_makes_no_difference_and_numbers_are_their_text() -> None:
    wheres = [{"tenure": ("Hyresrätt", "äganderätt\N{NO-BREAK SPACE}")}]
    assert rows_where(TABLE, wheres).tolist() == [True, False, True]
    owned = {"tenure": ("äganderätt\N{NO-BREAK SPACE}",)}
    assert rows_where(TABLE, [owned, {"year": ("2025",)}]).tolist() == [False, False, True]


def test_what_other_rows_hold_does_not_stand_in_for_what_these_lack() -> None:
    table = pd.DataFrame({"age": ["0-9", "10-17", "0-9"], "year": [2024, 2024, 2025]})
    rows_where(table, [{"age": AgeSpan(max=17)}, {"year": ("2024",)}])
    with pytest.raises(ConfigError, match="no class for the age 10"):
        rows_where(table, [{"age": AgeSpan(max=17)}, {"year": ("2025",)}])


def test_a_text_that_never_occurs_is_refused_with_those_that_do() -> None:
    with pytest.raises(ConfigError, match=r"never holds 'hyresrätt'.*'bostadsrätt'") as refusal:
        rows_where(TABLE, [{"tenure": ("hyresrätt",)}])
    assert refusal.value.code == "run-where"
    assert "did you mean 'Hyresrätt'" in refusal.value.what


def test_a_row_without_a_value_is_not_read() -> None:
    table = pd.DataFrame({"tenure": [None, "rented"]})
    assert rows_where(table, [{"tenure": ("rented",)}]).tolist() == [False, True]


def test_values_that_never_occur_together_are_refused() -> None:
    with pytest.raises(ConfigError, match="narrower conditions") as refusal:
        rows_where(TABLE, [{"tenure": ("Hyresrätt",)}, {"year": ("2025",)}])
    assert refusal.value.code == "run-where"


@pytest.mark.parametrize("text", ["65 år", "65 ÅR", "65 År"])
def test_one_age_is_one_age_in_capitals_too(text: str) -> None:
    assert age_class(text) == (65, 65)


FIVE_YEARS = [*(f"{low}-{low + 4} år" for low in range(0, 100, 5)), "100+ år", "totalt"]


@given(low=st.integers(0, 99), high=st.integers(0, 99))
def test_ages_are_picked_whole_or_not_at_all(low: int, high: int) -> None:
    low, high = min(low, high), max(low, high)
    span = AgeSpan(min=low, max=high)
    singles = [*map(str, range(100)), "100+", "tot"]
    assert span.picks(singles) == [str(age) for age in range(low, high + 1)]
    if low % 5 == 0 and high % 5 == 4:
        assert len(span.picks(FIVE_YEARS)) == (high + 1 - low) // 5
    else:
        with pytest.raises(ConfigError, match="is cut"):
            span.picks(FIVE_YEARS)


@pytest.mark.parametrize(
    ("texts", "span", "reason"),
    [
        (["0-19", "20-64", "65+"], {"min": 20, "max": 70}, "'65\\+' is cut"),
        (["0-19", "20-64", "20-24"], {"min": 20, "max": 64}, "overlaps"),
        (["0-19", "25-64"], {"min": 20, "max": 64}, "no class for the age 20"),
        (["20-24", "30-64"], {"min": 20, "max": 64}, "no class for the age 25"),
        (["20-64"], {"min": 20}, "no class for the age 65"),
        (["16-64"], {"max": 64}, "no class for the age 0"),
        (["totalt"], {"min": 20, "max": 64}, "no class for the age 20"),
    ],
)
def test_ages_that_no_classes_make_up_are_refused(
    texts: list[str], span: dict[str, int], reason: str
) -> None:
    with pytest.raises(ConfigError, match=reason) as refusal:
        AgeSpan.model_validate(span).picks(texts)
    assert refusal.value.code == "run-where"


@pytest.mark.parametrize(
    ("text", "picked"),
    [("65+", True), ("65 + år", True), ("65 år och äldre", True), ("65-w", True), ("65–", True),
     ("-64", False), ("tot65+", False), ("2065", False)],
)  # fmt: skip
def test_top_coded_classes_are_open(text: str, picked: bool) -> None:  # noqa: FBT001
    texts = [text, "65-69", "70+"] if not picked else [text]
    assert (text in AgeSpan(min=65).picks(texts)) == picked


def test_classes_that_are_no_ages_are_said() -> None:
    table = pd.DataFrame({"age": ["20-64", "totalt", "tot", "totalt"]})
    assert unread_classes(table, [{"age": AgeSpan(min=20, max=64)}, {}]) == ["tot", "totalt"]
    assert unread_classes(table, [{"age": ("tot",)}]) == []


@pytest.mark.parametrize("said", [{}, {"min": 3, "max": 2}, {"max": -1}])
def test_a_span_of_no_ages_is_refused_by_the_form(said: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        AgeSpan.model_validate(said)


def test_a_measure_reads_columns_of_all_its_rows() -> None:
    one = {"column": "value", "where": {"tenure": "2"}}
    more = [{"column": "value", "where": {"age": {"min": 20}}}, "other"]
    said = {"numerator": one, "denominator": more, "where": {"year": ["2025"]}}
    measure = Measure.model_validate({"indicator": "B3", **said})
    assert measure.kind == "totals"
    assert measure.numbers == {"value", "other"}
    assert measure.columns == {"value", "other", "tenure", "age", "year"}
    assert [str(each) for each in measure.totals] == [
        "value (tenure: 2)",
        "value (age: 20-)",
        "other",
    ]


def test_only_totals_are_picked() -> None:
    with pytest.raises(ValidationError):
        Measure.model_validate(
            {"indicator": "E1", "counted": {"a": {"min": 1}}, "where": {"b": "c"}}
        )
    with pytest.raises(ValidationError):
        Selection.model_validate({"column": "value", "where": {"b": []}})
