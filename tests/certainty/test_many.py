"""Many comparisons at once: few false ones among those called apart, and none that was not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geolyft.certainty.draws import Draws
from geolyft.certainty.many import (
    LEVEL,
    among_lowest,
    benjamini_hochberg,
    rank_intervals,
    told_apart,
    two_sided,
)
from geolyft.frames import CITY

# Benjamini and Hochberg (1995), section 3.2: fifteen tests of which four hold at 5 per cent.
PUBLISHED = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240,
             0.4262, 0.5719, 0.6528, 0.7590, 1.0000]  # fmt: skip


def summary(
    difference: np.ndarray, half: np.ndarray | float, *, what: str = "index"
) -> pd.DataFrame:
    areas = [*(str(n) for n in range(1, len(difference) + 1)), CITY]
    middle = np.append(difference, 0.0)
    half = np.append(np.broadcast_to(half, difference.shape), 0.0)
    table = pd.DataFrame({"area": areas, "period": "2025", "what": what, "difference": middle})
    table["difference_low"], table["difference_high"] = middle - half, middle + half
    table["distinct"] = (table["difference_low"] > 0) | (table["difference_high"] < 0)
    return table


def test_the_published_example_has_four_that_hold() -> None:
    assert benjamini_hochberg(PUBLISHED).tolist() == [True] * 4 + [False] * 11
    mixed = np.random.default_rng(1).permutation(PUBLISHED)
    assert (benjamini_hochberg(mixed) == (mixed <= 0.0095)).all()
    assert not benjamini_hochberg([]).any()


@given(
    ends=st.lists(
        st.tuples(
            st.floats(-9, 9).filter(lambda x: abs(x) > 1e-6), st.floats(0.01, 9), st.floats(0.01, 9)
        ),
        min_size=1,
        max_size=20,
    )
)
def test_a_p_value_below_the_level_is_an_interval_without_zero(
    ends: list[tuple[float, float, float]],
) -> None:
    value, below, above = np.array(ends).T
    p = two_sided(value, value - below, value + above)
    sure = (value - below > 0) | (value + above < 0)
    near = np.abs(p - LEVEL) < 1e-9
    assert ((p < LEVEL) == sure)[~near].all()


@given(differences=st.lists(st.floats(-6, 6), min_size=1, max_size=14), half=st.floats(0.1, 5))
def test_what_is_apart_among_many_is_apart_alone(differences: list[float], half: float) -> None:
    made = told_apart(summary(np.array(differences), half))
    assert not (made["distinct_fdr"] & ~made["distinct"]).any()
    assert not made.loc[made["area"] == CITY, "distinct_fdr"].any()
    if len(differences) == 1:
        assert made["distinct_fdr"].tolist() == made["distinct"].tolist()


def test_each_period_and_what_is_asked_by_itself() -> None:
    # 0.03 alone holds; beside nineteen that show nothing it does not.
    alone = summary(np.array([2.17]), 1.96, what="ekonomi")
    among = summary(np.array([2.17, *np.zeros(19)]), 1.96)
    made = told_apart(pd.concat([among, alone], ignore_index=True)).set_index(["what", "area"])
    assert made.loc["index", "1"][["distinct", "distinct_fdr"]].tolist() == [True, False]
    assert made.loc["ekonomi", "1"]["distinct_fdr"]


def test_an_area_without_a_difference_is_not_among_those_compared() -> None:
    some = summary(np.array([2.17, np.nan, np.nan]), 1.96)
    assert told_apart(some)["distinct_fdr"].tolist() == [True, False, False, False]


def test_of_areas_all_like_the_city_few_worlds_call_any_apart() -> None:
    """Fourteen areas, 400 worlds: any false one in 5 per cent of them instead of about half."""
    rng, worlds = np.random.default_rng(14), 400
    alone = among = 0
    for _ in range(worlds):
        made = told_apart(summary(rng.standard_normal(14), 1.959964))
        alone += bool(made["distinct"].any())
        among += bool(made["distinct_fdr"].any())
    error = 2 * np.sqrt(LEVEL * (1 - LEVEL) / worlds)
    assert alone / worlds == pytest.approx(1 - 0.95**14, abs=0.06)
    assert among / worlds == pytest.approx(LEVEL, abs=error)


def test_places_are_ranked_within_each_draw_and_the_city_has_none() -> None:
    keys = pd.DataFrame({"area": ["1", "2", "3", CITY], "period": "2025", "what": "index"})
    keys = keys.assign(reference="", value=[80.0, 90.0, 100.0, 95.0], whole=True)
    rng = np.random.default_rng(3)
    common = rng.normal(0, 50, 1000)
    # The first two change places half of the time; what is common to all moves no place.
    first, second = 80 + rng.normal(0, 3, 1000), 80 + rng.normal(0, 3, 1000)
    scores = np.stack([first, second, np.full(1000, 100.0), np.full(1000, 0.0)]) + common
    drawn = Draws(keys=keys, scores=scores, scales=pd.DataFrame())
    made = rank_intervals(drawn).set_index("area")
    assert CITY not in made.index
    assert made[["rank_low", "rank_high"]].to_numpy().tolist() == [[1, 2], [1, 2], [3, 3]]
    often = among_lowest(drawn, 2).set_index("area")["share_among_lowest"]
    assert often.to_dict() == {"1": 1.0, "2": 1.0, "3": 0.0}
    # Where no more are ranked than are told, each is among them, whatever its figure.
    unknown = Draws(
        keys=keys,
        scores=np.where(np.arange(4)[:, None] == 2, np.nan, scores),
        scales=pd.DataFrame(),
    )
    assert among_lowest(unknown, 2)["share_among_lowest"].isna().all()
