"""The same people are in several figures: what their errors have in common, and what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geolyft.certainty.draws import draw_scores
from geolyft.certainty.errors.correlation import (
    DEFAULT_CORRELATION,
    INDEPENDENT,
    Correlation,
    SamePeople,
    figure_errors,
)
from geolyft.certainty.errors.keyed import keyed_errors
from geolyft.certainty.noise import Noise, chance_part, effective_size
from geolyft.index.scales import points_per_unit

if TYPE_CHECKING:
    from types import SimpleNamespace

    from geolyft.indicators.catalogue import Catalogue

# Of everybody: E1 and B1; of others each year: D3.
FIGURES = pd.DataFrame(
    [
        ["E1", "2024"],
        ["E1", "2025"],
        ["B1", "2024"],
        ["B1", "2025"],
        ["D3", "2024"],
        ["D3", "2025"],
    ],
    columns=["indicator", "reference"],
).assign(area="1", sex="alla", source="register")
_MANY = 40_000
_SHARE = st.floats(0, 1)


def errors_of(
    catalogue: Catalogue, said: Correlation, *, chance: float = 1.0, draws: int = _MANY
) -> np.ndarray:
    ones, people = np.ones(len(FIGURES)), SamePeople(said=said)
    more = {"catalogue": catalogue, "chance": chance * ones, "signs": ones}
    return figure_errors(FIGURES, draws, 1, same_people=people, **more)


def test_errors_have_the_correlations_that_are_said(catalogue: Catalogue) -> None:
    found = np.corrcoef(errors_of(catalogue, Correlation(indicators=0.4, years=0.5)))
    same = pytest.approx
    assert found[0, 1] == same(0.5, abs=0.02)  # two years of E1
    assert found[0, 2] == same(0.4, abs=0.02)  # E1 and B1 of one year
    assert found[0, 3] == same(0.2, abs=0.02)  # E1 and B1 of two years
    assert found[4, 5] == same(0.0, abs=0.02)  # D3 asks others each year
    assert 0 < found[0, 4] <= 0.4  # and yet of the same area


def test_a_run_can_say_it_of_one_indicator(catalogue: Catalogue) -> None:
    said = Correlation(indicators=0, years=0.5, years_of={"D3": 0.9, "E1": 0})
    found = np.corrcoef(errors_of(catalogue, said))
    assert [found[0, 1], found[2, 3], found[4, 5]] == pytest.approx([0, 0.5, 0.9], abs=0.02)


@given(among=_SHARE, years=_SHARE, chance=_SHARE)
def test_errors_stay_standard_normal(
    among: float, years: float, chance: float, catalogue: Catalogue
) -> None:
    said = Correlation(indicators=among, years=years)
    errors = errors_of(catalogue, said, chance=chance, draws=4000)
    assert errors.std(axis=1) == pytest.approx(1, abs=0.06)
    assert errors.mean(axis=1) == pytest.approx(0, abs=0.09)


def test_with_nothing_in_common_errors_are_the_figures_own(catalogue: Catalogue) -> None:
    alone = keyed_errors(FIGURES, 50, 1)
    assert (errors_of(catalogue, INDEPENDENT, draws=50) == alone).all()
    # Added noise is shared by nobody, and is not chance.
    noise = errors_of(catalogue, DEFAULT_CORRELATION, chance=0, draws=50)
    assert (noise == keyed_errors(FIGURES.assign(of="noise"), 50, 1)).all()


def test_only_chance_is_shared(catalogue: Catalogue) -> None:
    found = np.corrcoef(errors_of(catalogue, Correlation(indicators=0.8), chance=0.5))
    assert found[0, 2] == pytest.approx(0.8 * 0.5, abs=0.02)
    seen = FIGURES.assign(period="2025", numerator=50.0, denominator=100.0, status="ok")
    by_design = [Noise(design_effect=2), Noise(fraction=0.5)]
    assert (chance_part(seen, by_design, effective_size(seen, by_design)) == 1).all()
    noise = [*by_design, Noise(cell_sd=5)]
    half = chance_part(seen, noise, effective_size(seen, noise))
    assert ((half > 0) & (half < 1)).all()


def test_figures_err_together_in_the_direction_of_their_scores(
    catalogue: Catalogue, simulations: SimpleNamespace
) -> None:
    worlds = simulations.worlds
    lows = [
        each.model_copy(update={"direction": "low"}) if each.code in ("U1", "B1") else each
        for each in catalogue.indicators
    ]
    catalogue = catalogue.model_copy(update={"indicators": tuple(lows)})
    world = worlds.null_world(catalogue)
    seen = worlds.observations(world.counts(np.random.default_rng(1), 1)[0], catalogue)
    drawn = draw_scores(
        seen,
        world.scales(),
        catalogue,
        noise=[],
        same_people=SamePeople(said=Correlation(indicators=0.5)),
        draws=4000,
    )
    rows = drawn.rows("2000")
    of_area = drawn.scores[[rows["3", code] for code in catalogue.codes]]
    together = np.corrcoef(of_area)[np.triu_indices(len(of_area), 1)]
    assert together.min() > 0.2
    assert {-1.0, 1.0} == set(np.sign(points_per_unit(world.scales())))


def test_a_run_says_what_it_took_figures_to_have_in_common(catalogue: Catalogue) -> None:
    assert DEFAULT_CORRELATION.record(catalogue) == {
        "indicators": 0.2,
        "years": 0.0,
        "years_of": {},
        "assumed": ["indicators", "years"],
    }
    said = Correlation(years=0.5, years_of={"B3": 0.9}).record(catalogue)
    assert said["assumed"] == ["indicators"]
    assert said["years_of"] == {**dict.fromkeys(["D1", "D3", "U2", "U3"], 0.0), "B3": 0.9}


# Simulated, with fixed seeds and few worlds: `make coverage` has the full figures.
def test_nothing_is_called_surely_apart_once_in_twenty_where_the_correlation_is_said(
    catalogue: Catalogue, simulations: SimpleNamespace
) -> None:
    worlds, measures = simulations.worlds, simulations.measures
    said = Correlation(indicators=0.4, years=0.5, years_of=dict.fromkeys(catalogue.codes, 0.5))
    world = worlds.null_world(catalogue, indicators=0.4, years=0.5)
    rates = {}
    for declared in (said, INDEPENDENT):
        table = measures.judged(world, declared=declared, worlds=40, draws=200, years=2)
        kinds = measures.of_kind(table, world)
        rates[declared is said] = {name: measures.rate(of, "apart") for name, of in kinds.items()}
        rates[declared is said]["change"] = measures.rate(kinds["index"], "moved")
    for mean, error in rates[True].values():
        assert abs(mean - 0.05) < 2 * error + 0.01
    # Left out, an index like the city's is called apart far too often; a single figure is not.
    assert rates[False]["index"][0] > 0.2
    assert rates[False]["indicator"][0] == pytest.approx(0.05, abs=0.015)


@pytest.mark.parametrize("years", [0.5, 0.8])
def test_a_change_of_the_same_people_is_as_sure_as_it_is(
    years: float, catalogue: Catalogue, simulations: SimpleNamespace
) -> None:
    worlds, measures = simulations.worlds, simulations.measures
    world = worlds.null_world(catalogue, years=years)
    said = Correlation(indicators=0, years=years, years_of=dict.fromkeys(catalogue.codes, years))
    moved = [
        measures.judged(world, declared=declared, worlds=30, draws=200, years=2)["moved"].mean()
        for declared in (said, INDEPENDENT)
    ]
    assert moved[0] == pytest.approx(0.05, abs=0.02)
    assert moved[1] < 0.015


def test_an_index_of_few_persons_and_high_shares_is_held(
    catalogue: Catalogue, simulations: SimpleNamespace
) -> None:
    worlds, measures = simulations.worlds, simulations.measures
    for world in (
        worlds.small_world(catalogue),
        worlds.uneven_world(catalogue, fewest=1000, most=1001),
    ):
        table = measures.judged(world, worlds=40, draws=200)
        held = table.groupby("what")["holds"].mean()
        assert held["index"] > 0.93
        assert held["index"] < 0.98
        assert held.between(0.925, 0.99).all()


def test_with_all_declared_noise_drawn_intervals_hold(
    catalogue: Catalogue, simulations: SimpleNamespace
) -> None:
    worlds, measures = simulations.worlds, simulations.measures
    world = worlds.uneven_world(
        catalogue, fewest=300, most=3000, cell_sd=2.0, cells=15, base=5, indicators=0.2
    )
    noise = [Noise(cell_sd=2.0), Noise(count_base=5)]
    said = Correlation(indicators=0.2)
    table = measures.judged(world, declared=said, noise=noise, cells=15, worlds=40, draws=200)
    assert table.groupby("what")["holds"].mean().between(0.9, 0.99).all()
    assert table["holds"].mean() == pytest.approx(0.95, abs=0.015)
    without = measures.judged(world, declared=said, worlds=20, draws=200)
    assert without["holds"].mean() < 0.94
