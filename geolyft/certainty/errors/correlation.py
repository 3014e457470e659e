"""The same people are in several figures: their chance errors are drawn together.

What two figures have in common is counted where a run reads both of the same persons
(`geolyft.certainty.errors.counted`), and else what is said or assumed (`Correlation`). All of it is
one matrix, the same for every area. Its lower root makes errors that are independent into such
that belong together: the error of a figure is a sum of its own and of those before it, in order of
editions. So what is added later does not move an earlier error.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Final

import numpy as np
import pandas as pd
from pydantic import Field

from geolyft.certainty.errors.counted import no_correlations
from geolyft.certainty.errors.keyed import keyed_errors
from geolyft.certainty.errors.roots import combine, lower_root
from geolyft.form import Form

if TYPE_CHECKING:
    from geolyft.frames import Floats
    from geolyft.indicators.catalogue import Catalogue

Share = Annotated[float, Field(ge=0, le=1)]
_PEOPLE: Final = ["area", "sex"]
_KIND: Final = ["indicator", "reference", "source"]


class Correlation(Form):
    """How much the chance errors of an area's figures have in common, where it is not counted.

    The defaults are assumptions, on the side that makes less look sure: a high one among
    indicators (it widens the index), none between years (it would narrow a change).

    Parameters
    ----------
    indicators
        Among indicators of one area and year, each turned so that higher is better.
    years
        Between two years of one indicator and area; 0 where the catalogue says that other people
        are counted each year.
    years_of
        The same by indicator, where it is another.

    Examples
    --------
    >>> from geolyft.indicators.catalogue import load_catalogue
    >>> said = Correlation(years=0.5, years_of={"B3": 0.9})
    >>> {code: said.of_years(load_catalogue())[code] for code in ("D1", "E1", "B3")}
    {'D1': 0.0, 'E1': 0.5, 'B3': 0.9}
    """

    indicators: Share = 0.2
    years: Share = 0.0
    years_of: dict[str, Share] = Field(default_factory=dict)

    def of_years(self, catalogue: Catalogue) -> dict[str, float]:
        """Return the correlation between years of every indicator."""
        kept = {i.code: self.years if i.same_people else 0.0 for i in catalogue.indicators}
        return {**kept, **self.years_of}

    def record(self, catalogue: Catalogue) -> dict[str, object]:
        """Return what holds where nothing is counted, and which of it nobody has said."""
        assumed = [name for name in ("indicators", "years") if name not in self.model_fields_set]
        return {
            "indicators": self.indicators,
            "years": self.years,
            "years_of": {
                code: rho for code, rho in self.of_years(catalogue).items() if rho != self.years
            },
            "assumed": assumed,
        }


DEFAULT_CORRELATION: Final = Correlation()
INDEPENDENT: Final = Correlation(indicators=0, years=0)


@dataclass(frozen=True, kw_only=True)
class SamePeople:
    """What figures of the same people have in common.

    Parameters
    ----------
    counted
        ``geolyft.certainty.errors.counted.COUNTED_COLUMNS``.
    said
        What holds of all other pairs.
    """

    counted: pd.DataFrame = field(default_factory=no_correlations)
    said: Correlation = DEFAULT_CORRELATION


def figure_errors(
    figures: pd.DataFrame,
    draws: int,
    seed: int,
    *,
    same_people: SamePeople,
    catalogue: Catalogue,
    chance: Floats,
    signs: Floats,
) -> Floats:
    """Draw standard normal errors of figures, with what they have in common.

    Parameters
    ----------
    figures
        ``area, sex, indicator, reference, source`` of each, those of earlier editions first.
    chance
        Which part of each figure's variance is chance; what else makes it unsure is its own.
    signs
        1 where a higher share is better, else -1.

    Examples
    --------
    >>> from geolyft.indicators.catalogue import load_catalogue
    >>> figures = pd.DataFrame({"area": "1", "sex": "alla", "indicator": ["E1", "B1"],
    ...                         "reference": "2025", "source": "register"})
    >>> errors = figure_errors(figures, 20_000, 2030, catalogue=load_catalogue(),
    ...     same_people=SamePeople(said=Correlation(indicators=0.4)), chance=np.ones(2),
    ...     signs=np.array([1, -1]))
    >>> float(np.corrcoef(errors)[0, 1].round(1))
    -0.4
    """
    kinds, people = (
        figures[names].drop_duplicates(ignore_index=True) for names in (_KIND, _PEOPLE)
    )
    which, whose = (
        figures.groupby(names, sort=False).ngroup().to_numpy() for names in (_KIND, _PEOPLE)
    )
    # Of everybody in every figure: one that an area lacks moves no other one.
    every = kinds.merge(people, how="cross")
    together = keyed_errors(every, draws, seed).reshape(len(kinds), len(people), draws)
    better = kinds["indicator"].map(dict(zip(figures["indicator"], signs, strict=True)))
    known, signs = _known(kinds, same_people.counted), better.to_numpy(dtype="float64")
    matrix = _matrix(kinds, known, signs, same_people.said, catalogue)
    combine(lower_root(matrix, ~np.isnan(known)), together)
    errors: Floats = together[which, whose]
    if (chance < 1).any():
        own = keyed_errors(figures.assign(of="noise"), draws, seed)
        errors = np.sqrt(chance)[:, None] * errors + np.sqrt(1 - chance)[:, None] * own
    return errors


def _known(kinds: pd.DataFrame, counted: pd.DataFrame) -> Floats:
    """Return the correlation of every two figures of an area that is counted, else missing."""
    places = {key: n for n, key in enumerate(kinds[_KIND].itertuples(index=False, name=None))}
    known = np.full((len(kinds), len(kinds)), np.nan)
    for pair in counted.itertuples(index=False):
        one = places.get((pair.indicator, pair.reference, pair.source))
        two = places.get((pair.other, pair.other_reference, pair.source))
        if one is not None and two is not None:
            known[one, two] = known[two, one] = pair.correlation
    return known


def _matrix(
    kinds: pd.DataFrame,
    known: Floats,
    signs: Floats,
    correlation: Correlation,
    catalogue: Catalogue,
) -> Floats:
    """Return the correlation of every two figures of an area, a later one's in the lower half.

    What is assumed is a sum of what lasts and what each year has of its own (`people`, `years`),
    so that it can never contradict itself.
    """
    code, year = (pd.factorize(kinds[name])[0] for name in ("indicator", "reference"))
    grid = np.full((code.max() + 1, year.max() + 1), -1)
    # From behind: of two sources in one year it is the first.
    grid[code[::-1], year[::-1]] = np.arange(len(kinds))[::-1]
    # The row's indicator in the column's year.
    there = grid[code[:, None], year]
    rows = np.arange(len(kinds))[:, None]
    of_rows = np.where(there < 0, np.nan, known[rows, there])
    # Where the years of one are counted and not of the other, these are the same people too.
    of_rows = np.where(np.isnan(of_rows), of_rows.T, of_rows)
    lasts = np.sqrt((of_rows * of_rows.T).clip(min=0))
    kept = np.sqrt(kinds["indicator"].map(correlation.of_years(catalogue)).to_numpy("float64"))
    lasts = np.where(np.isnan(lasts), np.outer(kept, kept), lasts)
    gone = np.sqrt(1 - kept**2)
    among = np.where(there < 0, np.nan, known[rows.T, there])
    among = np.where(np.isnan(among), correlation.indicators * np.outer(signs, signs), among)
    among = among * (lasts + np.outer(gone, gone) * (year[:, None] == year))
    return np.where(np.isnan(known), np.where(code[:, None] == code, lasts, among), known)
