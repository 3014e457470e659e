"""Made-up cities whose truth is known, and what is published of them.

The errors are drawn from a covariance matrix that is written out here, and by nothing of geolyft's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.disclosure.together.pairs import no_pairs
from geolyft.frames import CITY
from geolyft.index.scales import SCALE_COLUMNS
from geolyft.indicators.aggregate import divide

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geolyft.indicators.catalogue import Catalogue

    Matrix = NDArray[np.float64]

AREAS: Final = tuple(str(n) for n in range(1, 15))
BASE_YEAR: Final = "2000"


@dataclass(frozen=True, kw_only=True)
class World:
    """Fourteen areas with twelve indicators, over and over again.

    Parameters
    ----------
    shares
        True share of 1, by area and indicator.
    sizes
        Persons, by area and indicator.
    indicators, years
        Correlation of the chance errors among indicators, better with better, and between years.
    cell_sd, cells
        The publisher's noise in each of the cells that a count is summed of.
    base
        To which its counts are rounded.
    """

    catalogue: Catalogue
    shares: Matrix
    sizes: NDArray[np.int64]
    indicators: float = 0.0
    years: float = 0.0
    cell_sd: float = 0.0
    cells: int = 1
    base: int = 1

    def counts(self, rng: np.random.Generator, times: int, years: int = 1) -> Matrix:
        """Return numerators and denominators as published: (times, years, 2, areas, indicators)."""
        signs = np.array([1 if i.direction == "high" else -1 for i in self.catalogue.indicators])
        among = _equal(len(signs), self.indicators) * np.outer(signs, signs)
        root = np.linalg.cholesky(np.kron(_equal(years, self.years), among))
        errors = rng.standard_normal((times, len(AREAS), len(root))) @ root.T
        errors = errors.reshape(times, len(AREAS), years, len(signs)).swapaxes(1, 2)
        # Without anything in common the counts are binomial; else as good as normal, of hundreds.
        spread = np.sqrt(self.sizes * self.shares * (1 - self.shares))
        numerators = np.round(self.sizes * self.shares + spread * errors).clip(0, self.sizes)
        if not (self.indicators or self.years):
            numerators = rng.binomial(self.sizes, self.shares, errors.shape).astype("float64")
        both = np.stack([numerators, np.broadcast_to(self.sizes, numerators.shape)], axis=2)
        noise = rng.normal(0, self.cell_sd * self.cells**0.5, both.shape)
        published: Matrix = self.base * np.round((both + noise) / self.base)
        return published

    def sample(
        self, rng: np.random.Generator, times: int, years: int = 1
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return observations of several cities as editions, and that no pairs are counted."""
        counts = self.counts(rng, times, years)
        return observations(counts.reshape(-1, *counts.shape[2:]), self.catalogue), no_pairs()

    def scales(self) -> pd.DataFrame:
        """Return scales on which the true city is 100, and half the range of areas 30 points."""
        city = 100 * (self.shares * self.sizes).sum(axis=0) / self.sizes.sum(axis=0)
        rows = [
            [i.code, reference, 10.0, i.direction, BASE_YEAR]
            for i, reference in zip(self.catalogue.indicators, city, strict=True)
        ]
        return pd.DataFrame(rows, columns=SCALE_COLUMNS)

    def truth(self) -> pd.DataFrame:
        """Return the true scores: ``area, what, truth``, of indicators, dimensions and index."""
        scales = self.scales()
        signs = np.where(scales["direction"] == "high", 1.0, -1.0)
        city = scales["reference_value"].to_numpy()
        points = 100 + 3 * signs * (100 * self.shares - city)
        scores = pd.DataFrame(points, index=list(AREAS), columns=self.catalogue.codes)
        scores.loc[CITY] = 100.0
        parts = {
            d.code: [i.code for i in self.catalogue.of(d.code)] for d in self.catalogue.dimensions
        }
        means = {name: scores[codes].mean(axis=1) for name, codes in parts.items()}
        whole = scores.assign(**means, index=scores.mean(axis=1))
        return (
            whole.rename_axis("area")
            .reset_index()
            .melt("area", var_name="what", value_name="truth")
        )


def _equal(n: int, correlation: float) -> Matrix:
    matrix: Matrix = np.full((n, n), correlation)
    np.fill_diagonal(matrix, 1.0)
    return matrix


def null_world(catalogue: Catalogue, **said: float) -> World:
    """Return a world in which every area is like its city, and nothing changes."""
    rng = np.random.default_rng(5)
    shape = (len(AREAS), len(catalogue.codes))
    shares = np.broadcast_to(np.linspace(0.35, 0.9, shape[1]), shape)
    return World(catalogue=catalogue, shares=shares, sizes=rng.integers(2000, 9000, shape), **said)


def uneven_world(catalogue: Catalogue, *, fewest: int, most: int, **said: float) -> World:
    """Return a world of areas that differ, of so many persons each."""
    rng = np.random.default_rng(6)
    shape = (len(AREAS), len(catalogue.codes))
    shares = rng.uniform(0.35, 0.95, shape)
    return World(
        catalogue=catalogue, shares=shares, sizes=rng.integers(fewest, most, shape), **said
    )


def small_world(catalogue: Catalogue) -> World:
    """Return a world of ten to twenty persons an area, and high shares wherever high is good."""
    rng = np.random.default_rng(7)
    shape = (len(AREAS), len(catalogue.codes))
    high = np.array([i.direction == "high" for i in catalogue.indicators])
    shares = rng.uniform(0.85, 0.95, shape)
    shares = np.where(high, shares, 1 - shares)
    return World(catalogue=catalogue, shares=shares, sizes=rng.integers(10, 21, shape))


def observations(counts: Matrix, catalogue: Catalogue) -> pd.DataFrame:
    """Return published counts (editions, 2, areas, indicators) as observations with their city."""
    editions = [f"{2000 + n}" for n in range(len(counts))]
    index = pd.MultiIndex.from_product(
        [editions, AREAS, catalogue.codes], names=["period", "area", "indicator"]
    )
    table = pd.DataFrame(
        {"numerator": counts[:, 0].ravel(), "denominator": counts[:, 1].ravel()}, index=index
    )
    city = table.groupby(["period", "indicator"]).sum().reset_index().assign(area=CITY)
    whole = pd.concat([table.reset_index(), city], ignore_index=True)
    whole["reference"] = whole["period"]
    return divide(whole.assign(sex="alla", source="register", status="ok"))
