"""Who is in two figures is counted, and their errors then have that in common and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geolyft.certainty.errors.correlation import (
    INDEPENDENT,
    Correlation,
    SamePeople,
    figure_errors,
)
from geolyft.certainty.errors.counted import counted_correlations
from geolyft.certainty.errors.roots import lower_root
from geolyft.disclosure.protect import Protection, round_counts
from geolyft.disclosure.together.pairs import CELLS, PAIR, protect_pairs
from geolyft.frames import CITY, EVERYONE
from geolyft.indicators.aggregate import divide

if TYPE_CHECKING:
    from types import SimpleNamespace

    from geolyft.indicators.catalogue import Catalogue

RULE = Protection()
YEARS = ("2024", "2025")


def seen_of(home: np.ndarray, states: np.ndarray, codes: list[str], year: str) -> pd.DataFrame:
    """Return observations of persons: by indicator, 2 is counted, 1 in the base alone."""
    rows = [
        (area, code, float((mine == 2).sum()), float((mine > 0).sum()))
        for code, state in zip(codes, states, strict=True)
        for area in (*np.unique(home), CITY)
        for mine in [state if area == CITY else state[home == area]]
    ]
    table = pd.DataFrame(rows, columns=["area", "indicator", "numerator", "denominator"])
    more = {"sex": EVERYONE, "source": "register", "status": "ok"}
    return divide(table.assign(period=year, reference=year, **more))


def joint(first: np.ndarray, second: np.ndarray) -> list[float]:
    """Count four cells of two indicators, one after the other."""
    yes, no, yes_2, no_2 = first == 2, first == 1, second == 2, second == 1
    sides = [(yes, yes_2), (yes, no_2), (no, yes_2), (no, no_2)]
    return [float((one & two).sum()) for one, two in sides]


def pairs_of(years: dict[str, np.ndarray], codes: list[str]) -> pd.DataFrame:
    """Count every two figures of the same persons."""
    figures = [(c, y, s) for y, each in years.items() for c, s in zip(codes, each, strict=True)]
    rows = [
        ("register", one, year, two, year_2, *joint(state, state_2))
        for n, (one, year, state) in enumerate(figures)
        for two, year_2, state_2 in figures[n + 1 :]
    ]
    return pd.DataFrame(rows, columns=[*PAIR, *CELLS])


def counted(
    home: np.ndarray, states: np.ndarray, *, exempt: tuple[str, ...] = ()
) -> dict[tuple[str, str], float]:
    codes = [f"I{n}" for n in range(len(states))]
    pairs = protect_pairs(pairs_of({"2025": states}, codes), RULE, exempt=exempt)
    table = counted_correlations(pairs, seen_of(home, states, codes, "2025"))
    keys = zip(table["indicator"], table["other"], strict=True)
    return dict(zip(keys, table["correlation"], strict=True))


@pytest.fixture
def homes() -> np.ndarray:
    return np.repeat(["1", "2", "3"], [3000, 5000, 8000])


def test_the_same_indicator_twice_has_all_in_common(homes: np.ndarray) -> None:
    rng = np.random.default_rng(1)
    state = 1 + (rng.random(len(homes)) < 0.3).astype(np.int8)
    opposite = 3 - state
    found = counted(homes, np.stack([state, state, opposite]), exempt=("register",))
    assert found == {("I0", "I1"): 1.0, ("I0", "I2"): -1.0, ("I1", "I2"): -1.0}


def test_indicators_that_areas_alone_have_in_common_have_nothing_in_common(
    homes: np.ndarray,
) -> None:
    rng = np.random.default_rng(2)
    level = pd.Series({"1": 0.2, "2": 0.5, "3": 0.8})[homes].to_numpy()
    states = 1 + (rng.random((2, len(homes))) < level).astype(np.int8)
    # In the whole city who has one has the other; among neighbours that says nothing.
    assert np.corrcoef(states)[0, 1] > 0.2
    assert counted(homes, states)["I0", "I1"] == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize("ends", [(400, 0), (300, 100), (220, 150), (400, 250)])
def test_it_is_the_correlation_of_the_errors_of_two_shares(ends: tuple[int, int]) -> None:
    rng, n = np.random.default_rng(3), 400
    bases = np.stack([np.arange(n) < ends[0], np.arange(n) >= ends[1]])

    def drawn() -> np.ndarray:
        latent = rng.standard_normal(n)
        own = rng.standard_normal((2, n))
        return np.where(bases, 1 + (0.8 * latent + 0.6 * own > [[0.3], [-0.2]]), 0)

    shares = [(s == 2).sum(axis=1) / (s > 0).sum(axis=1) for s in (drawn() for _ in range(4000))]
    truth = np.corrcoef(np.transpose(shares))[0, 1]
    many = np.concatenate([drawn() for _ in range(400)], axis=1).astype(np.int8)
    found = counted(np.repeat("1", many.shape[1]), many)
    assert found["I0", "I1"] == pytest.approx(truth, abs=0.04)


def test_bases_without_anybody_in_both_have_nothing_in_common(homes: np.ndarray) -> None:
    rng = np.random.default_rng(4)
    child = rng.random(len(homes)) < 0.2
    state = 1 + (rng.random((2, len(homes))) < 0.5).astype(np.int8)
    state[0, child], state[1, ~child] = 0, 0
    assert counted(homes, state) == {("I0", "I1"): 0.0}
    # Of a handful of persons nine in both may be much.
    few = np.where(np.arange(60) < 30, [[1], [0]], [[0], [1]])
    few[0, :10], few[1, 30:40] = 2, 2
    assert counted(np.repeat("1", 60), few.astype(np.int8)) == {}


def test_a_pair_with_a_small_cell_is_not_counted(homes: np.ndarray) -> None:
    rng = np.random.default_rng(5)
    first = 1 + (rng.random(len(homes)) < 0.5).astype(np.int8)
    second = first.copy()
    second[np.flatnonzero(first == 2)[:9]] = 1
    second[np.flatnonzero(first == 1)[:50]] = 2
    assert counted(homes, np.stack([first, second])) == {}
    second[np.flatnonzero(first == 2)[9]] = 1
    assert counted(homes, np.stack([first, second]))["I0", "I1"] > 0.98


cell = st.integers(10, 5000)


@given(cells=st.tuples(cell, cell, cell, cell), moved=st.tuples(*[st.integers(-2, 2)] * 4))
def test_what_rounds_alike_gives_the_same_table(
    cells: tuple[int, ...], moved: tuple[int, ...]
) -> None:
    def published(counts: np.ndarray) -> pd.DataFrame:
        key = ("register", "I0", "2025", "I1", "2025")
        return protect_pairs(
            pd.DataFrame([(*key, *counts.astype(float))], columns=[*PAIR, *CELLS]), RULE
        )

    rounded = round_counts(pd.Series(cells, dtype="float64"), RULE.base).to_numpy()
    other = np.maximum(rounded + np.array(moved), RULE.threshold)
    pd.testing.assert_frame_equal(published(np.array(cells)), published(other))
    # And what is small is the same whatever it is.
    for n in range(4):
        small = [np.where(np.arange(4) == n, few, other) for few in (0, 9)]
        first, second = map(published, small)
        pd.testing.assert_frame_equal(first, second)
        assert first[[*CELLS, "common"]].isna().all(axis=None)


FIGURES = pd.DataFrame(
    [(code, year) for year in ("2023", *YEARS) for code in ("E1", "B1", "B3")],
    columns=["indicator", "reference"],
).assign(area="1", sex=EVERYONE, source="register")
TABLE = pd.DataFrame(
    [
        ("E1", "2023", "B1", "2023", -0.4),
        ("E1", "2023", "E1", "2024", 0.7),
        ("B1", "2023", "E1", "2024", -0.3),
        ("E1", "2024", "E1", "2025", 0.8),
        ("B3", "2023", "B3", "2024", 1.0),
    ],
    columns=[name for name in PAIR if name != "source"] + ["correlation"],
).assign(source="register")


def errors_of(figures: pd.DataFrame, catalogue: Catalogue, table: pd.DataFrame) -> np.ndarray:
    ones = np.ones(len(figures))
    said = Correlation(indicators=0.2, years=0.5)
    more = {"chance": ones, "signs": ones, "same_people": SamePeople(said=said, counted=table)}
    return figure_errors(figures, 40_000, 1, catalogue=catalogue, **more)


def test_errors_have_what_is_counted_in_common_and_else_what_is_said(catalogue: Catalogue) -> None:
    found = np.corrcoef(errors_of(FIGURES, catalogue, TABLE))
    place = {key: n for n, key in enumerate(zip(FIGURES["indicator"], FIGURES["reference"]))}  # noqa: B905
    for row in TABLE.itertuples():
        pair = place[row.indicator, row.reference], place[row.other, row.other_reference]
        assert found[pair] == pytest.approx(row.correlation, abs=0.02)
    assert found[place["E1", "2025"], place["B1", "2025"]] == pytest.approx(0.2, abs=0.02)
    assert found[place["B1", "2023"], place["B1", "2024"]] == pytest.approx(0.5, abs=0.02)


def test_an_edition_more_moves_no_earlier_error(catalogue: Catalogue) -> None:
    first = FIGURES[FIGURES["reference"] < "2025"]
    then = TABLE[TABLE["other_reference"] < "2025"]
    before, after = errors_of(first, catalogue, then), errors_of(FIGURES, catalogue, TABLE)
    assert (before == after[: len(first)]).all()


def test_a_figure_that_an_area_lacks_moves_no_other(catalogue: Catalogue) -> None:
    both = pd.concat([FIGURES, FIGURES.assign(area="2")], ignore_index=True)
    whole = errors_of(both, catalogue, TABLE)
    lacks = both.index != len(FIGURES)
    assert (errors_of(both[lacks], catalogue, TABLE) == whole[lacks]).all()


@given(st.integers(1, 9), st.integers(0, 10_000))
def test_the_lower_root_is_one_of_what_is_possible(size: int, seed: int) -> None:
    rows = np.random.default_rng(seed).standard_normal((size, size + 3))
    matrix = 0.9 * np.corrcoef(rows).reshape(size, size) + 0.1 * np.eye(size)
    root = lower_root(matrix, matrix > 0)
    assert root @ root.T == pytest.approx(matrix, abs=1e-6)


@given(st.integers(2, 8), st.integers(0, 10_000), st.sampled_from([0.0, 0.3, 1.0]))
def test_of_what_is_impossible_something_is_drawn_and_what_comes_later_does_not_matter(
    size: int, seed: int, often: float
) -> None:
    rng = np.random.default_rng(seed)
    matrix, counted = rng.uniform(-1, 1, (size, size)).round(2), rng.random((size, size)) < often
    root = lower_root(matrix, counted)
    assert (root**2).sum(axis=1) == pytest.approx(1)
    assert (np.diag(root) >= 0).all()
    assert (lower_root(matrix[:-1, :-1], counted[:-1, :-1]) == root[:-1, :-1]).all()


@given(st.integers(1, 5), st.integers(1, 5), st.integers(0, 10_000))
def test_what_is_assumed_gives_way_to_what_is_counted(one: int, two: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    matrix = rng.uniform(-1, 1, (one + two, one + two))
    # One source with an edition after the other, and other sources among its figures.
    among = rng.permutation(one + two)[:one]
    rows = rng.standard_normal((one, one + 3))
    matrix[np.ix_(among, among)] = 0.9 * np.corrcoef(rows).reshape(one, one)
    matrix[range(len(matrix)), range(len(matrix))] = 1
    counted = np.zeros(matrix.shape, dtype=bool)
    counted[np.ix_(among, among)] = True
    root = lower_root(matrix, counted)
    assert (root @ root.T)[counted] == pytest.approx(matrix[counted], abs=1e-6)


# Simulated, with a fixed seed and few worlds: `make coverage` has the full figures.
def test_nothing_is_called_surely_apart_or_changed_once_in_twenty_where_it_is_counted(
    catalogue: Catalogue, simulations: SimpleNamespace
) -> None:
    world, measures = simulations.people.people(catalogue), simulations.measures
    rates: dict[bool, dict[str, tuple[float, float]]] = {}
    for count in (True, False):
        table = measures.judged(
            world, declared=INDEPENDENT, count=count, worlds=20, draws=200, years=2
        )
        index = measures.of_kind(table, world)["index"]
        rates[count] = {name: measures.rate(index, name) for name in ("apart", "moved")}
    for mean, error in rates[True].values():
        assert abs(mean - 0.05) < 2 * error + 0.01
    # Taken as independent, an index like the city's is called apart far too often.
    assert rates[False]["apart"][0] > 0.2
