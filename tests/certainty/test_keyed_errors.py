"""Errors are drawn by what they are of, so that what is added later does not move them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from geolyft.certainty.draws import draw_scores, summarise_draws
from geolyft.certainty.errors.keyed import keyed_errors
from geolyft.certainty.noise import Noise
from geolyft.frames import CITY, EVERYONE, OBSERVATION_COLUMNS
from geolyft.index.scales import fit_scales
from geolyft.indicators.aggregate import divide

if TYPE_CHECKING:
    from geolyft.indicators.catalogue import Catalogue

AREAS = [str(n) for n in range(1, 6)]


def seen_of(catalogue: Catalogue, periods: list[str], *, seed: int = 3) -> pd.DataFrame:
    """Return observations of five areas; a period's figures do not depend on the others."""
    every = []
    for period in periods:
        rng = np.random.default_rng([seed, int(period)])
        keys = pd.MultiIndex.from_product([AREAS, catalogue.codes], names=["area", "indicator"])
        counts = pd.DataFrame(index=keys).reset_index()
        counts["denominator"] = rng.integers(200, 900, len(counts)).astype(float)
        counts["numerator"] = np.floor(counts["denominator"] * rng.uniform(0.3, 0.9, len(counts)))
        city = counts.groupby("indicator", as_index=False)[["numerator", "denominator"]].sum()
        both = pd.concat([counts, city.assign(area=CITY)], ignore_index=True)
        every.append(both.assign(period=period, reference=period))
    # Figures of 2022 stand in 2023 too, as an election's do.
    table = pd.concat(every, ignore_index=True)
    kept = (table["indicator"] == catalogue.codes[0]) & (table["period"] == "2023")
    table = table[~kept]
    carried = table[(table["indicator"] == catalogue.codes[0]) & (table["period"] == "2022")]
    if "2023" in periods:
        table = pd.concat([table, carried.assign(period="2023")], ignore_index=True)
    table = table.assign(sex=EVERYONE, status="ok", source="register")
    return divide(table)[OBSERVATION_COLUMNS]


@given(
    names=st.lists(st.sampled_from(["area", "indicator", "year"]), min_size=1, unique=True),
    values=st.lists(st.text("ab", max_size=2), min_size=1, max_size=9),
    order=st.randoms(use_true_random=False),
)
def test_an_error_depends_on_its_own_row_alone(
    names: list[str], values: list[str], order: object
) -> None:
    keys = pd.DataFrame({name: values[n:] + values[:n] for n, name in enumerate(names)})
    errors = keyed_errors(keys, 3, seed=1)
    places = list(range(len(keys)))
    order.shuffle(places)  # type: ignore[attr-defined]
    again = keyed_errors(keys.iloc[places, ::-1], 3, seed=1)
    assert (again == errors[places]).all()
    same = keys.apply(tuple, axis=1)
    assert len(np.unique(errors, axis=0)) == same.nunique()


def test_other_rows_names_and_seeds_have_independent_standard_normal_errors() -> None:
    keys = pd.DataFrame({"area": [str(n) for n in range(400)], "indicator": "E1"})
    errors = keyed_errors(keys, 500, seed=1)
    assert abs(errors.mean()) < 0.01
    assert abs(errors.std() - 1) < 0.01
    # Correlations of independent rows of 500 have a standard deviation of 1/√500.
    apart = np.corrcoef(errors)[np.triu_indices(len(keys), 1)]
    assert abs(apart.std() - 500**-0.5) < 0.002
    others = [
        keyed_errors(keys.rename(columns={"area": "zone"}), 500, seed=1),
        keyed_errors(keys, 500, seed=2),
    ]
    for other in others:
        assert abs((errors * other).mean()) < 0.01
    assert keyed_errors(keys.iloc[:0], 5, seed=1).shape == (0, 5)


def test_a_period_more_moves_no_earlier_interval(catalogue: Catalogue) -> None:
    noise = [Noise(cell_sd=2, share_unit=1, base_change=0.02)]
    short, long = (
        seen_of(catalogue, years) for years in (["2021", "2022"], ["2021", "2022", "2023", "2024"])
    )
    long = long.sample(frac=1, random_state=2)
    scales = fit_scales(short, catalogue, base_period="2021")
    first, second = (
        summarise_draws(draw_scores(seen, scales, catalogue, noise=noise, draws=60))
        for seen in (short, long)
    )
    earlier = second[second["period"].isin(["2021", "2022"])].reset_index(drop=True)
    assert_frame_equal(first, earlier, check_exact=True)


def test_the_sexes_and_the_sources_of_a_figure_err_on_their_own(catalogue: Catalogue) -> None:
    seen = seen_of(catalogue, ["2021"])
    scales = fit_scales(seen, catalogue, base_period="2021")
    both = pd.concat([seen, seen.assign(sex="kvinnor")])
    everyone, women = (
        draw_scores(both, scales, catalogue, noise=[], draws=50, sex=sex).scores
        for sex in (EVERYONE, "kvinnor")
    )
    other = draw_scores(seen.assign(source="other"), scales, catalogue, noise=[], draws=50).scores
    assert (everyone != women).any(axis=1).all()
    assert (everyone != other).any(axis=1).all()
