"""The index: fixed scales, equal weights, nothing re-weighted in silence, all of it explained."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geolyft.certainty.sensitivity import rank_ranges
from geolyft.errors import IndexComputationError
from geolyft.frames import CITY
from geolyft.index.combine import combine, contributions, rebase, weigh
from geolyft.index.scales import fit_scales, score
from geolyft.indicators.catalogue import Catalogue

if TYPE_CHECKING:
    from collections.abc import Callable

AREAS = ["1", "2", "3", "4", CITY]
values = st.lists(
    st.lists(st.floats(1, 99), min_size=5, max_size=5), min_size=12, max_size=12
).filter(lambda columns: all(max(c[:4]) - min(c[:4]) > 1 for c in columns))


def observe(
    seen: Callable[..., pd.DataFrame], catalogue: Catalogue, columns: list[list[float]]
) -> pd.DataFrame:
    return seen(
        *(
            (area, "2025", code, value)
            for code, column in zip(catalogue.codes, columns, strict=True)
            for area, value in zip(AREAS, column, strict=True)
        )
    )


def index_of(
    table: pd.DataFrame, catalogue: Catalogue, **minimums: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    scales = fit_scales(table, catalogue, base_period="2025")
    weighed = weigh(score(table, scales), catalogue, **minimums)
    return combine(weighed, catalogue).set_index("area"), weighed


@given(columns=values)
def test_the_city_in_the_base_year_is_100(
    columns: list[list[float]], seen: Callable[..., pd.DataFrame], catalogue: Catalogue
) -> None:
    index, _ = index_of(observe(seen, catalogue, columns), catalogue)
    assert index.loc[CITY, "index"] == pytest.approx(100, abs=1e-12)
    assert index.loc[CITY, "boende"] == pytest.approx(100, abs=1e-12)


@given(columns=values)
def test_contributions_add_up_to_the_index(
    columns: list[list[float]], seen: Callable[..., pd.DataFrame], catalogue: Catalogue
) -> None:
    index, weighed = index_of(observe(seen, catalogue, columns), catalogue)
    explained = contributions(weighed).groupby("area")[["contribution", "difference"]].sum()
    gap = (explained["contribution"] - index["index"]).abs()
    assert gap.max() <= 1e-12 * index["index"].abs().max()
    assert (explained["difference"] + 100 - index["index"]).abs().max() < 1e-9


@given(columns=values, worse=st.floats(0.5, 20), which=st.integers(0, 11))
def test_a_better_value_never_lowers_the_index(
    columns: list[list[float]],
    worse: float,
    which: int,
    seen: Callable[..., pd.DataFrame],
    catalogue: Catalogue,
) -> None:
    table = observe(seen, catalogue, columns)
    scales = fit_scales(table, catalogue, base_period="2025")
    hit = (table["area"] == "2") & (table["indicator"] == catalogue.codes[which])
    lower = table.assign(value=table["value"].where(~hit, table["value"] - worse))
    before, after = (
        combine(weigh(score(t, scales), catalogue), catalogue).set_index("area")["index"]["2"]
        for t in (table, lower)
    )
    assert after < before


@given(columns=values, factor=st.floats(0.1, 10), shift=st.floats(-50, 50), seed=st.integers(0, 9))
def test_units_and_row_order_do_not_matter(
    columns: list[list[float]],
    factor: float,
    shift: float,
    seed: int,
    seen: Callable[..., pd.DataFrame],
    catalogue: Catalogue,
) -> None:
    table = observe(seen, catalogue, columns)
    other = table.assign(value=table["value"] * factor + shift).sample(frac=1, random_state=seed)
    first, second = (index_of(t, catalogue)[0]["index"].sort_index() for t in (table, other))
    assert (first - second).abs().max() < 1e-6 * max(1, first.abs().max())


@given(columns=values, factor=st.floats(0.1, 10), shift=st.floats(-50, 50))
def test_on_the_common_footing_the_city_is_100_and_half_the_range_30_points(
    columns: list[list[float]],
    factor: float,
    shift: float,
    seen: Callable[..., pd.DataFrame],
    catalogue: Catalogue,
) -> None:
    index = index_of(observe(seen, catalogue, columns), catalogue)[0].reset_index()
    made = ["index", *(dimension.code for dimension in catalogue.dimensions)]
    assume((index.loc[index["area"] != CITY, made].agg(np.ptp) > 0.1).all())
    other = index.assign(**(index[made] * factor + shift))
    based = rebase(other, catalogue, base_period="2025").set_index("area")[made]
    assert based.loc[CITY].to_numpy() == pytest.approx(100)
    assert based.drop(CITY).agg(np.ptp).to_numpy() == pytest.approx(60)
    again = rebase(index, catalogue, base_period="2025")[made].to_numpy()
    assert based.to_numpy() == pytest.approx(again, rel=1e-6)


def test_on_the_common_footing_a_column_without_a_range_has_no_figures(
    catalogue: Catalogue,
) -> None:
    table = pd.DataFrame({"area": ["1", "2", CITY], "period": "2025", "sex": "alla"})
    made = table.assign(index=[50.0, 70.0, 60.0], boende=50.0)
    based = rebase(made, catalogue, base_period="2025")
    assert based["boende"].isna().all()
    assert based["index"].tolist() == pytest.approx([70, 130, 100])
    assert rebase(made, catalogue, base_period="2024")["index"].isna().all()


def test_an_explanation_has_a_row_for_every_score_of_all_people(
    seen: Callable[..., pd.DataFrame], catalogue: Catalogue
) -> None:
    table = observe(seen, catalogue, [[10.0, 40, 50, 60, 45]] * 12)
    both = pd.concat([table.assign(sex="kvinnor"), table])
    scales = fit_scales(table, catalogue, base_period="2025")
    explained = contributions(weigh(score(both, scales), catalogue))
    columns = ["area", "period", "indicator", "score", "weight"]
    assert list(explained) == [*columns, "contribution", "difference", "status"]
    assert len(explained) == len(table)
    assert explained.index.tolist() == list(range(len(table)))


def test_direction_turns_the_scale(seen: Callable[..., pd.DataFrame], catalogue: Catalogue) -> None:
    table = seen(("1", "2025", "U1", 10), ("2", "2025", "U1", 30), (CITY, "2025", "U1", 15))
    by_reading = {
        reading: score(table, fit_scales(table, catalogue.decide({"U1": reading}),
                                         base_period="2025")).set_index("area")["score"]
        for reading in ("minst", "högst")
    }  # fmt: skip
    assert by_reading["minst"]["1"] == pytest.approx(85)
    assert by_reading["högst"]["1"] == pytest.approx(115)
    assert (by_reading["minst"] + by_reading["högst"]).tolist() == pytest.approx([200] * 3)


def test_the_linear_part_of_the_published_ampi_example(
    seen: Callable[..., pd.DataFrame],
) -> None:
    # method.md section 1: two years, three areas, three indicators, reference (76, 72, 77).
    years = {
        "1": [(60, 50, 70), (75, 80, 65), (90, 85, 95)],
        "2": [(65, 52, 75), (74, 81, 66), (92, 86, 94)],
    }
    rows = [
        (area, year, code, float(value))
        for year, areas in years.items()
        for area, triple in zip("abc", areas, strict=True)
        for code, value in zip("XYZ", triple, strict=True)
    ]
    rows += [(CITY, "1", code, float(ref)) for code, ref in zip("XYZ", (76, 72, 77), strict=True)]
    catalogue = Catalogue.model_validate(
        {
            "index": {"code": "a", "name": "a"},
            "dimension": [{"code": "all", "name": "all"}],
            "indicator": [
                {"code": code, "name": code, "dimension": "all", "numerator": "n",
                 "denominator": "d", "direction": "high"} for code in "XYZ"
            ],
        }
    )  # fmt: skip
    table = seen(*rows)
    scales = fit_scales(table, catalogue, base_period="1", fitted=["1", "2"])
    index = combine(weigh(score(table, scales), catalogue), catalogue)
    first = index[index["period"] == "1"].set_index("area")["index"]
    assert first[["a", "b", "c"]].tolist() == pytest.approx([73.1111, 95.8194, 127.9722], abs=5e-5)


def without(table: pd.DataFrame, area: str, *codes: str) -> pd.DataFrame:
    return table[~((table["area"] == area) & table["indicator"].isin(codes))]


@pytest.fixture
def whole(seen: Callable[..., pd.DataFrame], catalogue: Catalogue) -> pd.DataFrame:
    columns = [[20.0 + n, 40 + 2 * n, 60 - n, 80, 50] for n in range(12)]
    return observe(seen, catalogue, columns)


def test_a_missing_indicator_empties_its_dimension_and_the_index(
    whole: pd.DataFrame, catalogue: Catalogue
) -> None:
    index, _ = index_of(without(whole, "2", "E1"), catalogue)
    assert index.loc["2", ["index", "ekonomi"]].isna().all()
    assert index.loc["2", "boende"] > 0
    assert index.loc["2", "status"] == "missing"
    assert index.loc["2", "n_indicators"] == 11
    assert index.loc["1", "status"] == "ok"


def test_a_run_that_asks_for_fewer_gets_them_marked_partial(
    whole: pd.DataFrame, catalogue: Catalogue
) -> None:
    index, weighed = index_of(without(whole, "2", "E1"), catalogue, minimum_indicators=2)
    assert index.loc["2", "status"] == "partial"
    mine = weighed[(weighed["area"] == "2") & (weighed["dimension"] == "ekonomi")]
    assert index.loc["2", "ekonomi"] == pytest.approx(mine["score"].mean())
    assert weighed[weighed["area"] == "2"]["weight"].sum() == pytest.approx(1, abs=1e-12)


def test_a_missing_dimension_needs_leave_of_its_own(
    whole: pd.DataFrame, catalogue: Catalogue
) -> None:
    cut = without(whole, "2", "U1", "U2", "U3")
    assert index_of(cut, catalogue, minimum_indicators=1)[0]["index"].isna()["2"]
    index, _ = index_of(cut, catalogue, minimum_indicators=1, minimum_dimensions=3)
    three = index.loc["2", ["delaktighet", "ekonomi", "boende"]].mean()
    assert index.loc["2", "index"] == pytest.approx(three)


def test_an_indicator_that_does_not_differ_is_named(
    seen: Callable[..., pd.DataFrame], catalogue: Catalogue
) -> None:
    table = seen(*((area, "2025", "E2", 98.0) for area in AREAS))
    with pytest.raises(IndexComputationError, match="E2 does not differ") as refusal:
        fit_scales(table, catalogue, base_period="2025")
    assert refusal.value.code == "index-constant"


def test_a_city_that_cannot_be_published_has_no_scale(
    seen: Callable[..., pd.DataFrame], catalogue: Catalogue
) -> None:
    with pytest.raises(IndexComputationError, match="no value for the city"):
        fit_scales(seen(("1", "2025", "E1", 1.0)), catalogue, base_period="2025")


@given(columns=values)
def test_a_rank_range_holds_the_rank_itself(
    columns: list[list[float]], seen: Callable[..., pd.DataFrame], catalogue: Catalogue
) -> None:
    table = observe(seen, catalogue, columns)
    index, _ = index_of(table, catalogue)
    areas = index["index"].drop(CITY)
    assume(areas.is_unique)
    scales = fit_scales(table, catalogue, base_period="2025")
    ranges = rank_ranges(score(table, scales), catalogue).set_index("area")
    rank = areas.rank()
    assert (ranges["rank_low"] <= rank).all()
    assert (rank <= ranges["rank_high"]).all()
    assert ranges.index.tolist() == ["1", "2", "3", "4"]


def test_an_area_that_is_worst_in_everything_is_first_in_every_variant(
    seen: Callable[..., pd.DataFrame], catalogue: Catalogue
) -> None:
    table = observe(seen, catalogue, [[10.0, 40, 50, 60, 45]] * 12)
    scales = fit_scales(table, catalogue, base_period="2025")
    ranges = rank_ranges(score(table, scales), catalogue).set_index("area")
    assert ranges.loc["1"].tolist()[1:] == [1, 1]


def test_a_base_period_without_any_figure_is_refused(
    seen: Callable[..., pd.DataFrame], catalogue: Catalogue
) -> None:
    women = seen(("1", "2025", "E1", 60.0), ("2", "2025", "E1", 80.0), ("city", "2025", "E1", 70.0))
    for table in (women.assign(sex="kvinnor"), women.assign(period="2024")):
        with pytest.raises(IndexComputationError) as refused:
            fit_scales(table, catalogue, base_period="2025")
        assert refused.value.code == "index-empty"
