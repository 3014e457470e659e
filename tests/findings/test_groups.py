"""For whom: gaps with their intervals, one scale for all groups, children's own mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geolyft.certainty.errors.splits import WEIGHT_COLUMNS, Splits
from geolyft.errors import IndexComputationError
from geolyft.findings.groups import (
    exposed_by_limit,
    exposed_by_share,
    gaps,
    index_by_group,
    lens_weighted,
    shares_by_group,
)
from geolyft.frames import CITY, RESIDUAL
from geolyft.index.combine import combine, weigh
from geolyft.index.scales import fit_scales, score
from geolyft.indicators.aggregate import divide

if TYPE_CHECKING:
    from collections.abc import Callable

    from geolyft.indicators.catalogue import Catalogue

counts = st.tuples(st.integers(0, 60), st.integers(1, 60))


def by_sex(women: tuple[float, float], men: tuple[float, float], **more: object) -> pd.DataFrame:
    rows = {"sex": ["kvinnor", "män"], "numerator": [women[0], men[0]]}
    table = pd.DataFrame({**rows, "denominator": [women[1], men[1]]}).astype(
        {"numerator": float, "denominator": float}
    )
    return divide(table.assign(area="1", period="2025", indicator="E1", status="ok", **more))


def test_the_interval_of_a_gap_is_newcombes() -> None:
    # Newcombe 1998, table II, example (a), method 10: 56/70 against 48/80.
    row = gaps(by_sex((56, 70), (48, 80))).iloc[0]
    assert row["gap"] == pytest.approx(20)
    assert [row["low"], row["high"]] == pytest.approx([5.24, 33.39], abs=5e-3)
    assert row["exceeds"]


@given(women=counts, men=counts)
def test_a_gap_turns_with_its_groups_and_lies_in_its_interval(
    women: tuple[int, int], men: tuple[int, int]
) -> None:
    seen = by_sex((women[0], sum(women)), (men[0], sum(men)))
    row = gaps(seen).iloc[0]
    turned = gaps(seen, first="män", second="kvinnor").iloc[0]
    assert turned["gap"] == -row["gap"]
    assert turned["low"] == pytest.approx(-row["high"])
    assert row["low"] <= row["gap"] <= row["high"]
    assert row["low"] >= -100 - 1e-9
    assert row["high"] <= 100 + 1e-9


def test_equal_groups_have_no_gap() -> None:
    row = gaps(by_sex((30, 50), (60, 100))).iloc[0]
    assert row["gap"] == pytest.approx(0)
    assert not row["exceeds"]


def test_a_gap_with_a_hidden_side_is_missing_and_says_so() -> None:
    seen = by_sex((30, 50), (60, 100))
    seen.loc[1, ["value", "low", "high"]] = np.nan
    seen.loc[1, "status"] = "hidden"
    row = gaps(seen).iloc[0]
    assert row[["gap", "low", "high", "exceeds"]].isna().all()
    assert row["status"] == "hidden"
    other = pd.concat([seen, seen[seen["sex"] == "kvinnor"].assign(area="2")])
    assert gaps(other).set_index("area").loc["2", "status"] == "missing"


def test_a_group_that_is_not_there_is_refused() -> None:
    with pytest.raises(IndexComputationError, match="the groups are: kvinnor, män") as refusal:
        gaps(by_sex((1, 2), (1, 2)), second="alla")
    assert refusal.value.code == "groups-unknown"


@given(
    rows=st.lists(
        st.tuples(st.sampled_from(["1", "2", RESIDUAL]), st.sampled_from("xyz"), counts),
        min_size=1,
        max_size=12,
    ),
    seed=st.integers(0, 9),
)
def test_groups_and_areas_add_up_to_everyone_and_the_city(
    rows: list[tuple[str, str, tuple[int, int]]], seed: int
) -> None:
    table = pd.DataFrame(
        {
            "area": [r[0] for r in rows],
            "born": [r[1] for r in rows],
            "numerator": [float(r[2][0]) for r in rows],
            "denominator": [float(sum(r[2])) for r in rows],
        }
    ).assign(period="2025", indicator="E1", status="ok")
    made = shares_by_group(table, column="born")
    pd.testing.assert_frame_equal(
        made, shares_by_group(table.sample(frac=1, random_state=seed), column="born")
    )
    for parts in ("numerator", "denominator"):
        all_of_it = made[(made["area"] == CITY) & (made["born"] == "alla")][parts].iloc[0]
        assert all_of_it == table[parts].sum()
        assert made.loc[made["born"] != "alla", parts].sum() == 2 * all_of_it


def test_everyone_is_what_the_data_say_it_is() -> None:
    table = pd.DataFrame(
        {"area": "1", "period": "2025", "indicator": "E1", "status": "ok",
         "sex": ["kvinnor", "män", "alla"], "numerator": [1.0, 2, 4], "denominator": [5.0, 5, 11]}
    )  # fmt: skip
    made = shares_by_group(table, column="sex").set_index(["area", "sex"])
    assert made.loc[("1", "alla"), "denominator"] == 11
    assert made.loc[(CITY, "alla"), "numerator"] == 4


def test_a_sum_without_one_of_its_parts_is_missing() -> None:
    table = pd.DataFrame(
        {"area": "1", "period": "2025", "indicator": "E1", "status": ["ok", "hidden"],
         "born": ["x", "y"], "numerator": [1.0, np.nan], "denominator": [5.0, np.nan]}
    )  # fmt: skip
    made = shares_by_group(table, column="born").set_index(["area", "born"])
    assert np.isnan(made.loc[("1", "alla"), "value"])
    assert made.loc[("1", "x"), "value"] == pytest.approx(20)


@pytest.fixture
def whole(seen: Callable[..., pd.DataFrame], catalogue: Catalogue) -> pd.DataFrame:
    rows = [
        (area, "2025", code, value + n)
        for n, code in enumerate(catalogue.codes)
        for area, value in (("1", 20.0), ("2", 60.0), (CITY, 45.0))
    ]
    everyone = seen(*rows)
    women = everyone.assign(sex="kvinnor", value=everyone["value"] + 3)
    men = everyone.assign(sex="män", value=everyone["value"] - 3)
    return pd.concat([everyone, women, men], ignore_index=True)


def test_groups_are_on_the_scale_of_everyone(whole: pd.DataFrame, catalogue: Catalogue) -> None:
    scales = fit_scales(whole, catalogue, base_period="2025")
    index = index_by_group(whole, scales, catalogue).set_index(["area", "sex"])["index"]
    usual = combine(weigh(score(whole, scales), catalogue), catalogue)
    pd.testing.assert_series_equal(index, usual.set_index(["area", "sex"])["index"])
    assert index[(CITY, "alla")] == 100
    # Ten indicators are good when high, by whatever the catalogue says: 3 of a half range of 20.
    up = sum(1 if i.direction == "high" else -1 for i in catalogue.indicators) / 12
    assert index[("1", "kvinnor")] - index[("1", "män")] == pytest.approx(2 * 3 / 20 * 30 * up)


def test_any_column_can_be_the_group(whole: pd.DataFrame, catalogue: Catalogue) -> None:
    scales = fit_scales(whole, catalogue, base_period="2025")
    named = whole.rename(columns={"sex": "born"})
    first = index_by_group(whole, scales, catalogue)
    second = index_by_group(named, scales, catalogue, column="born")
    pd.testing.assert_frame_equal(first, second.rename(columns={"born": "sex"}))


def test_an_indicator_without_groups_leaves_theirs_empty(
    whole: pd.DataFrame, catalogue: Catalogue
) -> None:
    scales = fit_scales(whole, catalogue, base_period="2025")
    cut = whole[(whole["sex"] == "alla") | (whole["indicator"] != "D1")]
    index = index_by_group(cut, scales, catalogue)
    women = index[index["sex"] == "kvinnor"]
    assert women[["index", "delaktighet"]].isna().all(axis=None)
    assert women["boende"].notna().all()


# The child lens -----------------------------------------------------------------------------------

people = st.lists(
    st.tuples(st.integers(0, 900), st.integers(0, 2000), st.floats(0, 100)), min_size=1, max_size=6
)


def city_of(rows: list[tuple[int, int, float]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    areas = [str(i) for i in range(len(rows))]
    weights = pd.DataFrame({"area": areas, "period": "2025"}).assign(
        children=[float(r[0]) for r in rows], population=[float(r[0] + r[1]) for r in rows]
    )
    values = pd.DataFrame({"area": areas, "period": "2025", "sex": "alla", "indicator": "E1"})
    return values.assign(value=[r[2] for r in rows]), weights


@given(rows=people, seed=st.integers(0, 9))
def test_the_shares_of_exposed_children_sum_to_one(
    rows: list[tuple[int, int, float]], seed: int, catalogue: Catalogue
) -> None:
    values, weights = city_of(rows)
    made = exposed_by_share(values, weights, catalogue)
    if made["exposed"].sum() > 0:
        assert made["share"].sum() == pytest.approx(1, abs=1e-12)
    mixed = values.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(made, exposed_by_share(mixed, weights, catalogue))
    below = exposed_by_limit(values, weights, column="value", limit=50)
    if below["exposed"].sum() > 0:
        assert below["share"].sum() == pytest.approx(1, abs=1e-12)
    else:
        assert below["share"].isna().all()


def test_the_direction_says_which_share_exposes(
    seen: Callable[..., pd.DataFrame], catalogue: Catalogue
) -> None:
    weights = pd.DataFrame({"area": ["1"], "period": "2025", "children": [200.0]})
    table = seen(("1", "2025", "U1", 30.0))
    for reading, exposed in (("minst", 140.0), ("högst", 60.0)):
        made = exposed_by_share(table, weights, catalogue.decide({"U1": reading}))
        assert made["exposed"].tolist() == pytest.approx([exposed])


@given(rows=people)
def test_splitting_an_area_changes_no_childrens_mean(rows: list[tuple[int, int, float]]) -> None:
    values, weights = city_of(rows)
    made = lens_weighted(values, weights, column="value")
    half = weights.assign(children=weights["children"] / 2, population=weights["population"] / 2)
    twice = (
        pd.concat([values, values.assign(area=values["area"] + "b")]),
        pd.concat([half, half.assign(area=half["area"] + "b")]),
    )
    split = lens_weighted(*twice, column="value")
    pd.testing.assert_frame_equal(made, split, rtol=1e-9)
    level = lens_weighted(values.assign(value=90.0), weights, column="value")
    if weights["children"].sum() > 0:
        assert level["difference"].iloc[0] == pytest.approx(0, abs=1e-9)


def test_children_without_a_value_are_said_and_not_guessed() -> None:
    values, weights = city_of([(100, 100, 80.0), (300, 100, 40.0)])
    values.loc[1, "value"] = np.nan
    row = lens_weighted(values, weights, column="value").iloc[0]
    assert row["lens_mean"] == pytest.approx(80)
    assert row["coverage"] == pytest.approx(0.25)
    rest = pd.DataFrame({"area": [RESIDUAL], "period": "2025", "children": 100.0})
    more = pd.concat([weights, rest.assign(population=100.0)])
    assert lens_weighted(values, more, column="value")["coverage"].tolist() == [0.2]


def test_the_city_is_no_area_of_its_own() -> None:
    values, weights = city_of([(100, 100, 80.0), (300, 100, 40.0)])
    city = pd.DataFrame({"area": [CITY], "period": "2025", "children": 400.0, "population": 600.0})
    values = pd.concat([values, values.iloc[:1].assign(area=CITY)])
    made = lens_weighted(values, pd.concat([weights, city]), column="value")
    assert made["lens_mean"].tolist() == pytest.approx([50])
    assert made["coverage"].tolist() == [1]
    limit = exposed_by_limit(values, pd.concat([weights, city]), column="value", limit=50)
    assert limit["share"].tolist() == [0, 1]


def of_split(women: float, men: float, *, known: bool = True) -> Splits:
    """Return one split that moves the two by so many percentage points."""
    figure = {"area": "1", "indicator": "E1", "reference": "2025", "source": "SCB"}
    rows = [{**figure, "sex": sex, "moves": moves} for sex, moves in zip(SEXES, (women, men))]  # noqa: B905
    weights = pd.DataFrame(rows).assign(part="C1650", axis="1", known=known)
    return Splits(weights=weights[WEIGHT_COLUMNS], bases=Splits.none().bases)


SEXES = ("kvinnor", "män")


@given(women=st.floats(-9, 9), men=st.floats(-9, 9))
def test_a_split_moves_a_gap_by_as_much_as_it_moves_women_and_men_apart(
    women: float, men: float
) -> None:
    seen = by_sex((300, 500), (300, 500), reference="2025", source="SCB")
    alone = gaps(seen).iloc[0]
    row = gaps(seen, splits=of_split(women, men)).iloc[0]
    both = np.hypot(alone["high"] - alone["gap"], 1.959964 * (women - men))
    assert row["high"] - row["gap"] == pytest.approx(both, abs=1e-5)
    # Which way it moves them is not always known.
    unknown = gaps(seen, splits=of_split(women, men, known=False)).iloc[0]
    either = np.hypot(alone["high"] - alone["gap"], 1.959964 * np.hypot(women, men))
    assert unknown["high"] - unknown["gap"] == pytest.approx(either, abs=1e-5)
