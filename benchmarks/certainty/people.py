"""Made-up persons: the same are in every indicator and in every year, and can be counted in two.

Their answers are drawn person by person, and the pairs are counted here, by nothing of geolyft's.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from worlds import AREAS, BASE_YEAR, World, observations

from geolyft.disclosure.together.pairs import CELLS, PAIR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geolyft.indicators.catalogue import Catalogue

    Answers = NDArray[np.bool_]

_WHO: Final = 0.5
_LASTS: Final = 0.3
"""Of what decides an answer: what is a person's in all indicators and years, and in one of all."""


@dataclass(frozen=True, kw_only=True)
class People(World):
    """Persons who are better off in all indicators or in none, and mostly stay so."""

    def answers(self, rng: np.random.Generator, years: int) -> Answers:
        """Return whether each person is counted: (years, indicators, persons), area by area."""
        persons, number = int(self.sizes[:, 0].sum()), len(self.catalogue.codes)
        who, lasts = rng.standard_normal(persons), rng.standard_normal((number, persons))
        own = rng.standard_normal((years, number, persons))
        decides = _WHO**0.5 * who + _LASTS**0.5 * lasts + (1 - _WHO - _LASTS) ** 0.5 * own
        limits = [-NormalDist().inv_cdf(share) for share in self.shares[0]]
        return decides > np.array(limits)[:, None]

    def sample(
        self, rng: np.random.Generator, times: int, years: int = 1
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return observations of several cities as editions, and who is in two of their figures."""
        first = np.cumsum(self.sizes[:, 0]) - self.sizes[:, 0]
        counts, pairs = [], []
        for n in range(times):
            answers = self.answers(rng, years)
            counted = np.add.reduceat(answers, first, axis=2, dtype=np.int64).swapaxes(1, 2)
            counts += [[each, self.sizes] for each in counted]
            start = int(BASE_YEAR) + n * years
            pairs.append(self._pairs(answers, [str(start + year) for year in range(years)]))
        seen = observations(np.array(counts, dtype="float64"), self.catalogue)
        return seen, pd.concat(pairs, ignore_index=True)

    def _pairs(self, answers: Answers, names: list[str]) -> pd.DataFrame:
        figures = [(code, name) for name in names for code in self.catalogue.codes]
        yes = answers.reshape(len(figures), -1).astype("float64")
        both, each = yes @ yes.T, yes.sum(axis=1)
        rows = [
            ("register", *figures[a], *figures[b], both[a, b], each[a] - both[a, b],
             each[b] - both[a, b], yes.shape[1] - each[a] - each[b] + both[a, b])
            for a, b in combinations(range(len(figures)), 2)
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=[*PAIR, *CELLS])


def people(catalogue: Catalogue, *, fewest: int = 300, most: int = 1200) -> People:
    """Return areas of so many persons each, all like their city, where nothing changes."""
    sizes = np.random.default_rng(8).integers(fewest, most, (len(AREAS), 1))
    shape = (len(AREAS), len(catalogue.codes))
    shares = np.broadcast_to(np.linspace(0.35, 0.9, shape[1]), shape)
    return People(catalogue=catalogue, shares=shares, sizes=np.broadcast_to(sizes, shape))
