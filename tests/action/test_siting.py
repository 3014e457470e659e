"""Where new places serve most: against every choice there is, ties, and what was not proven."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy import optimize

from geolyft.action.siting.solve import Goal, best_sites
from geolyft.errors import JoinError

USERS = np.array([0.0, 1, 2, 6, 7, 8, 20])
WEIGHTS = np.array([5.0, 3, 4, 6, 2, 5, 1])
SITES = [1, 7, 20, 4]
PAIRS = {
    (1, 7): (25, 33),
    (1, 20): (13, 86),
    (1, 4): (18, 63),
    (7, 20): (14, 84),
    (7, 4): (17, 61),
    (20, 4): (11, 75),
}
"""Each pair of sites: the weight within 2, and weighted metres."""


@pytest.mark.parametrize("pair", PAIRS)
def test_each_pair_of_the_worked_example_is_worth_what_it_says(pair: tuple[int, int]) -> None:
    metres = abs(USERS[:, None] - np.array(pair, dtype=float))
    covered = best_sites(metres, WEIGHTS, new=2, goal="covered", limit=2)
    assert (covered.value, best_sites(metres, WEIGHTS, new=2).value) == PAIRS[pair]


def worth(goal: Goal, metres: np.ndarray, weights: np.ndarray, limit: float) -> float:
    nearest = metres.min(axis=1)
    return float(weights[nearest <= limit].sum() if goal == "covered" else weights @ nearest)


@pytest.mark.parametrize("goal", ["distance", "covered"])
@pytest.mark.parametrize("has_places", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_the_best_of_every_choice_is_found_and_every_tie(
    goal: Goal,
    seed: int,
    has_places: bool,  # noqa: FBT001 - a parameter of a test
) -> None:
    rng = np.random.default_rng(seed)
    # On a grid of few places, so that choices tie.
    users, sites = rng.integers(0, 12, (30, 2)), rng.integers(0, 12, (10, 2))
    metres = np.abs(users[:, None] - sites).sum(axis=2).astype(float)
    weights = rng.integers(0, 4, 30).astype(float)
    before = np.abs(users - np.array([6, 6])).sum(axis=1).astype(float)
    existing = before if has_places else None
    found = best_sites(metres, weights, new=3, goal=goal, existing=existing, limit=3)

    def of(choice: tuple[int, ...]) -> float:
        chosen = metres[:, list(choice)]
        both = np.column_stack([chosen, before]) if has_places else chosen
        return worth(goal, both, weights, 3)

    every = {choice: of(choice) for choice in combinations(range(10), 3)}
    best = (max if goal == "covered" else min)(every.values())
    tied = {choice for choice, value in every.items() if value == best}
    assert found.value == pytest.approx(best)
    assert found.is_proven
    assert found.chosen in tied
    if found.is_whole:
        assert set(found.ties) == tied
    else:
        assert set(found.ties) < tied


def test_places_that_there_are_stay_and_no_new_one_is_put_where_it_saves_nothing() -> None:
    metres = np.array([[0.0, 9], [9, 0]])
    found = best_sites(metres, np.ones(2), new=1, existing=np.array([0.0, 50]))
    assert found.chosen == (1,)
    assert found.value == 0


def test_where_all_is_covered_every_choice_is_as_good() -> None:
    near = np.zeros((2, 3))
    found = best_sites(near, np.ones(2), new=1, goal="covered", existing=np.zeros(2), limit=1)
    assert (found.value, set(found.ties), found.is_whole) == (2, {(0,), (1,), (2,)}, True)


def test_what_is_not_proven_has_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    real = optimize.milp

    def hasty(*args: object, **options: object) -> object:
        made = real(*args, **options)
        made.status, made.mip_gap = 1, 0.07
        return made

    monkeypatch.setattr(optimize, "milp", hasty)
    found = best_sites(abs(USERS[:, None] - np.array(SITES)), WEIGHTS, new=2)
    assert (found.is_proven, found.gap, found.is_whole) == (False, 0.07, False)


@pytest.mark.parametrize("new", [0, 5])
def test_more_places_than_candidates_are_refused(new: int) -> None:
    with pytest.raises(JoinError) as refusal:
        best_sites(abs(USERS[:, None] - np.array(SITES)), WEIGHTS, new=new)
    assert refusal.value.code == "siting-candidates"
