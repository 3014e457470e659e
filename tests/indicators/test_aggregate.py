"""Sum first, divide last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geolyft.disclosure.protect import Protection, protect
from geolyft.errors import GeolyftWarning, JoinError
from geolyft.frames import CITY, RESIDUAL
from geolyft.indicators.aggregate import COUNT_COLUMNS, aggregate, count_moved, wilson
from geolyft.indicators.measures import Measure
from geolyft.join.small_areas import move_totals

if TYPE_CHECKING:
    from collections.abc import Callable

    from geolyft.divisions.crosswalks import Crosswalk
    from geolyft.indicators.catalogue import Catalogue


def counts(*rows: tuple[str, float, float, str], reference: str = "2024") -> pd.DataFrame:
    return pd.DataFrame(
        [[area, "2025", reference, "alla", "E1", n, d, s, "register"] for area, n, d, s in rows],
        columns=COUNT_COLUMNS,
    )


def shares(table: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    areas = sorted({area for area in table["area"] if area != RESIDUAL})
    made = aggregate(table, areas=areas, periods=["2025"], catalogue=catalogue)
    return made[made["indicator"] == "E1"].set_index("area")


def test_the_city_is_all_of_it_and_no_mean_of_areas(catalogue: Catalogue) -> None:
    table = counts(("1", 40, 100, "ok"), ("2", 90, 900, "ok"), (RESIDUAL, 0, 1000, "ok"))
    made = shares(table, catalogue)
    assert made.loc[CITY, "value"] == pytest.approx(6.5)
    assert made.loc[CITY, "denominator"] == 2000


@given(
    parts=st.lists(
        st.tuples(st.sampled_from("123"), st.integers(0, 50), st.integers(50, 99)), min_size=1
    ),
    seed=st.integers(0, 9),
)
def test_parts_and_their_order_do_not_matter(
    parts: list[tuple[str, int, int]], seed: int, catalogue: Catalogue
) -> None:
    table = counts(*((a, float(n), float(d), "ok") for a, n, d in parts))
    summed = table.groupby([c for c in COUNT_COLUMNS if c not in ("numerator", "denominator")])
    once = summed[["numerator", "denominator"]].sum().reset_index()
    mixed = table.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(shares(once, catalogue), shares(mixed, catalogue))


@given(whole=st.integers(10, 40), rest=st.integers(10, 40))
def test_an_area_that_comes_in_parts_is_the_area_to_the_last_bit_and_hidden_as_it_is(
    whole: int, rest: int, catalogue: Catalogue
) -> None:
    # Binary fractions: 49 times a 49th of ten persons is a little less than ten persons.
    areas = [str(parts) for parts in range(1, 60)]
    cut = [
        (area, whole * (1 / int(area)), (whole + rest) * (1 / int(area)), "ok")
        for area in areas
        for _ in range(int(area))
    ]
    made = shares(counts(*cut), catalogue).drop(CITY).reset_index()
    for protection in (Protection(threshold=whole), Protection(threshold=rest)):
        published = protect(made, protection)
        figures = published[["numerator", "denominator", "value", "low", "high", "status"]]
        assert len(figures) == len(areas)
        assert len(figures.drop_duplicates()) == 1
        assert published["value"].notna().all() == (min(whole, rest) >= protection.threshold)


def test_every_indicator_has_a_row_and_missing_stays_missing(catalogue: Catalogue) -> None:
    table = counts(("1", 40, 100, "ok"))
    made = aggregate(table, areas=["1", "2"], periods=["2025"], catalogue=catalogue)
    assert len(made) == 3 * 12
    absent = made[(made["indicator"] == "D2") | (made["area"] == "2")]
    assert absent["value"].isna().all()
    assert set(absent["status"]) == {"missing"}


def test_an_empty_base_is_missing_and_not_zero(catalogue: Catalogue) -> None:
    made = shares(counts(("1", 0, 0, "ok"), ("2", 1, 2, "ok")), catalogue)
    assert np.isnan(made.loc["1", "value"])
    assert made.loc["1", "status"] == "missing"


def test_a_count_of_nobody_is_a_share_of_zero(catalogue: Catalogue) -> None:
    made = shares(counts(("1", 0, 20, "ok")), catalogue)
    assert made.loc["1", ["value", "status"]].tolist() == [0.0, "ok"]


def test_parts_that_are_all_unknown_make_no_zero(catalogue: Catalogue) -> None:
    hidden = ("1", np.nan, np.nan, "hidden")
    made = shares(counts(hidden, hidden, ("2", 1, 2, "ok")), catalogue)
    assert made.loc["1", ["numerator", "denominator"]].isna().all()
    assert made.loc["1", "status"] == "hidden"


def test_a_missing_part_makes_the_city_partial(catalogue: Catalogue) -> None:
    made = shares(counts(("1", np.nan, np.nan, "missing"), ("2", 1, 2, "ok")), catalogue)
    assert made.loc[CITY, "status"] == "partial"
    assert made.loc["1", "status"] == "missing"


def test_figures_older_than_their_lag_are_stale(catalogue: Catalogue) -> None:
    assert shares(counts(("1", 1, 2, "ok")), catalogue).loc["1", "status"] == "ok"
    old = shares(counts(("1", 1, 2, "ok"), reference="2023"), catalogue)
    assert old.loc["1", "status"] == "stale"


@pytest.mark.parametrize(
    ("weight", "share", "status"),
    [(0.01, False, "ok"), (0.02, False, "approximate"), (1.0, False, "ok"),
     (1.0, True, "approximate")],
)  # fmt: skip
def test_counts_are_approximate_where_more_than_a_hundredth_is_split_or_shares_are_moved(
    weight: float, status: str, crosswalk_of: Callable[..., Crosswalk], *, share: bool
) -> None:
    # Area 1 has 100 persons, of whom `weight` times 100 come from a source that is split.
    walk = crosswalk_of(("whole", "1", 1), ("part", "1", 0.5), ("part", "2", 0.5), ("no", "3", 1))
    if weight == 1.0:
        walk = crosswalk_of(("whole", "1", 1), ("part", "2", 1), ("no", "3", 1))
    known = [100 - 100 * weight if weight < 1 else 100.0, 200 * weight, np.nan]
    # It is the base that tells: nobody of the part has the thing.
    has = [known[0], 0.0, np.nan]
    totals = pd.DataFrame({"numerator": has, "denominator": known}, index=["whole", "part", "no"])
    said = {"share": "s"} if share else {"numerator": "n"}
    measure = Measure.model_validate({"indicator": "E1", "sex": "män", "denominator": "d", **said})
    made = count_moved(move_totals(totals, walk), measure, hidden=["3"]).set_index("area")
    assert made.loc["1", ["sex", "indicator", "status"]].tolist() == ["män", "E1", status]
    assert made.loc["1", "denominator"] == pytest.approx(100)
    assert made.loc["3", "status"] == "hidden"
    again = count_moved(move_totals(totals, walk), measure).set_index("area")
    assert again.loc["3", "status"] == "missing"


def test_an_area_that_lacks_a_part_is_partial(crosswalk_of: Callable[..., Crosswalk]) -> None:
    totals = pd.DataFrame({"numerator": [5.0, 0.0], "denominator": [9.0, np.nan]}, index=["a", "b"])
    moved = move_totals(totals, crosswalk_of(("a", "1", 1), ("b", "1", 1)))
    measure = Measure.model_validate({"indicator": "E1", "numerator": "n", "denominator": "d"})
    assert count_moved(moved, measure).set_index("area").loc["1", "status"] == "partial"


@pytest.mark.parametrize("numerator", [11.0, -1.0])
def test_a_share_outside_0_to_100_is_refused(numerator: float, catalogue: Catalogue) -> None:
    with pytest.raises(JoinError, match="E1 in area 1"):
        shares(counts(("1", numerator, 10, "ok")), catalogue)


def test_what_noise_explains_is_shown_within_bounds_and_said(catalogue: Catalogue) -> None:
    table = counts(
        ("1", 102, 100, "ok"), ("2", -1, 50, "ok"), ("3", 0, -2, "ok"), ("4", 1, 2, "ok")
    )

    def of(persons: float) -> pd.DataFrame:
        made = aggregate(
            table,
            areas=list("1234"),
            periods=["2025"],
            catalogue=catalogue,
            reach=lambda seen: pd.Series(persons, index=seen.index),
        )
        return made[made["indicator"] == "E1"].set_index("area")

    with pytest.warns(GeolyftWarning, match="register: 3 shares .* first E1 in area 1"):
        made = of(2)
    assert made.loc[["1", "2", "4"], "value"].tolist() == [100, 0, 50]
    assert made.loc["3", ["numerator", "denominator", "status"]].tolist() == [0, 0, "missing"]
    assert made.loc[["1", "2"], "status"].tolist() == ["approximate", "approximate"]
    assert made.loc["4", "status"] == "ok"
    assert made.loc[CITY, ["numerator", "denominator"]].tolist() == [102, 150]
    with pytest.raises(JoinError, match="2 shares"):
        of(1)


@pytest.mark.parametrize(
    ("n", "d", "low", "high"),
    [
        (1, 100, 0.0017674321, 0.0544861962),
        (5, 100, 0.0215436792, 0.1117504692),
        # Printed as 0.161130 where z is cut to 1.96; here z has all its digits, as above.
        (0, 20, 0.0, 0.1611251581),
    ],
)
def test_wilson_gives_the_published_bounds(n: int, d: int, low: float, high: float) -> None:
    bounds = wilson(pd.Series([float(n)]), pd.Series([float(d)]))
    assert bounds[0][0] == pytest.approx(low, abs=1e-10)
    assert bounds[1][0] == pytest.approx(high, abs=1e-10)
