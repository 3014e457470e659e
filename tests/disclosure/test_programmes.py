"""What a solver calls a solution is believed where it is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import optimize

from geolyft.disclosure.auditor.knowledge.family import MOST, NONE, Sums, family_of
from geolyft.disclosure.auditor.programmes import intervals

if TYPE_CHECKING:
    from geolyft.disclosure.auditor.knowledge.family import Family


@pytest.fixture
def family() -> Family:
    """Return a part of 0–9 beside one of 20–24, of a whole of 28–32: the part is 4–9."""
    whole = Sums(whole=np.array([2]), of=np.array([0, 0]), part=np.array([0, 1]))
    return family_of([0, 20, 28], [9, 24, 32], whole, hidden=[(0, NONE)])


@pytest.mark.parametrize("wrong", [-1.0, 1.0, 20.0])
def test_what_breaks_a_sum_or_a_bound_shows_nothing(
    family: Family, monkeypatch: pytest.MonkeyPatch, wrong: float
) -> None:
    solve = optimize.milp

    def claimed(aim: np.ndarray, **asked: object) -> optimize.OptimizeResult:
        made = solve(aim, **asked)
        made.x = made.x.copy()
        made.x[0] += wrong
        made.fun = float(aim @ made.x)
        return made

    said = [each.tolist() for each in intervals(family, np.array([0]), width=5)]
    assert said == [[4], [9], [1]]
    monkeypatch.setattr(optimize, "milp", claimed)
    _, _, settled = intervals(family, np.array([0]), width=5)
    assert settled.tolist() == [0]


def cells(seed: int) -> Family:
    """Return hidden cells in bases with no known end, and how many are counted in all of them."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 30))
    one = np.arange(n)
    whole = np.concatenate([one + 2 * n, [3 * n]])
    of, part = np.concatenate([one, one, one * 0 + n]), np.concatenate([one, one + n, one])
    base, told = rng.integers(20, 200, n), rng.integers(9 * n // 2, 60 * n)
    low = [*np.zeros(2 * n, dtype=int), *base, told]
    sums = Sums(whole=whole, of=of, part=part)
    return family_of(low, [*[MOST] * 3 * n, told], sums, hidden=[(m, m + n) for m in range(n)])


def test_the_solver_is_asked_nothing_that_its_tolerance_blurs(
    capfd: pytest.CaptureFixture[str],
) -> None:
    family = cells(25)
    intervals(family, np.arange((len(family.low) - 1) // 3), width=20)
    assert capfd.readouterr().out == ""  # HiGHS says so where a solution does not hold
