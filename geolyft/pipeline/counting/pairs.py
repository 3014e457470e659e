"""Persons are counted in two figures at once: what these have in common is told from that.

Two measures of a file are of the same rows. Two editions of a source are joined where it says in
which column a person is known again (`id`). Of that column only salted hashes are kept, mixed with
the area, until the source's editions are counted; they are written nowhere.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from pandas.util import hash_pandas_object

from geolyft.disclosure.raw import Raw
from geolyft.disclosure.together.pairs import CELLS, PAIR, no_pairs
from geolyft.errors import GeolyftWarning
from geolyft.indicators.categories import named

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from geolyft.pipeline.counting.ledger import Edition

    Counts = NDArray[np.int64]
    States = NDArray[np.int8]

COUNTED: Final = 2
"""The state of a row that is in the numerator; 1 is in the denominator alone, 0 in neither."""
_ROWS: Final = 1 << 18
"""Counted at a time: small beside what they are of, and exact in 32 bits."""
_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, kw_only=True)
class Followed:
    """Persons of an edition who can be known again in another.

    Parameters
    ----------
    keys
        A hash of each person and area: who has moved is another one, in no figure of both areas.
    states
        By measure, and person.
    """

    keys: NDArray[np.uint64]
    states: States


def crossed(first: States, second: States) -> Counts:
    """Count persons by their states in every measure of one and every measure of the other.

    Returns
    -------
    numpy.ndarray
        By measure of `first`, measure of `second`, and ``CELLS``: of who is in both denominators.

    Examples
    --------
    >>> states = np.array([[2, 2, 1, 0], [2, 1, 1, 2]], dtype=np.int8)
    >>> crossed(states, states)[0, 1].tolist()
    [1, 1, 0, 1]
    """
    summed = np.zeros((len(CELLS), len(first), len(second)), dtype=np.int64)
    for start in range(0, first.shape[1], _ROWS):
        (yes, no), (yes_2, no_2) = (
            [(part == state).astype(np.float32) for state in (COUNTED, 1)]
            for part in (each[:, start : start + _ROWS] for each in (first, second))
        )
        products = (yes @ yes_2.T, yes @ no_2.T, no @ yes_2.T, no @ no_2.T)
        summed += np.stack(products).astype(np.int64)
    return np.moveaxis(summed, 0, -1)


def follow(ids: pd.Series, area: NDArray[np.intp], states: States, salt: str) -> Followed:
    """Return the rows of which it is known whose they are.

    Parameters
    ----------
    area
        Where each row is: a person is followed within an area.
    salt
        Sixteen letters nobody else knows, the same for all editions that are held together.
    """
    known = (ids.notna() & (ids != "")).to_numpy(dtype=bool)
    texts = ids[known] if isinstance(ids.dtype, pd.StringDtype) else named(ids[known])
    whose = hash_pandas_object(texts, index=False, hash_key=salt, categorize=False)
    where = (area[known].astype(np.uint64) + np.uint64(1)) * _SPREAD
    keys: NDArray[np.uint64] = np.asarray(whose, dtype=np.uint64) ^ where
    return Followed(keys=keys, states=states[:, known])


def in_order(parts: Sequence[Followed]) -> Followed:
    """Return persons in order of their keys, without those that have several rows."""
    keys, at, rows = np.unique(
        np.concatenate([part.keys for part in parts]), return_index=True, return_counts=True
    )
    states = np.concatenate([part.states for part in parts], axis=1)
    return Followed(keys=keys[rows == 1], states=states[:, at[rows == 1]])


def followed_on(first: Followed, second: Followed) -> tuple[States, States]:
    """Return the states in one and in the other of those who are in both; both are in order."""
    at = np.searchsorted(first.keys, second.keys)
    found = np.zeros(len(at), dtype=bool)
    inside = at < len(first.keys)
    found[inside] = first.keys[at[inside]] == second.keys[inside]
    return first.states[:, at[found]], second.states[:, found]


@dataclass(frozen=True)
class _Known:
    """An edition whose persons can be known again, and the indicator and year of its figures."""

    source: str
    file: str
    figures: list[tuple[str, str]]
    persons: Followed


@dataclass
class PairCounts:
    """Joint counts of a run's points, as its editions are counted one after the other.

    Parameters
    ----------
    frames
        Of ``PAIR`` and ``CELLS``.
    threshold
        How many persons are so many that they are told of.
    """

    threshold: int
    frames: list[Raw[pd.DataFrame]] = field(default_factory=list)
    _before: list[_Known] = field(default_factory=list)

    def add(self, edition: Edition, within: Counts, parts: Sequence[Followed]) -> None:
        """Count the pairs within an edition, and those with the same source's earlier ones.

        Parameters
        ----------
        within
            What `crossed` has made of its own rows.
        """
        source = edition.source
        figures = [(m.indicator, m.reference or edition.reference) for m in source.measures]
        own = combinations(range(len(figures)), 2)
        self._keep(source.name, figures, figures, within, own)
        # What is of another source is forgotten here.
        self._before = [each for each in self._before if each.source == source.name]
        is_new = all(each.figures != figures for each in self._before)
        if is_new and source.id is not None and figures and parts:
            self._follow(_Known(source.name, edition.path.name, figures, in_order(parts)))
            rows = sum(len(part.keys) for part in parts) - len(self._before[-1].persons.keys)
            if rows >= self.threshold:
                what = f"the same {source.id} stands in several rows of {edition.path.name}"
                remedy = "these are not followed from year to year"
                warnings.warn(f"{source.name}: {what}; {remedy}", GeolyftWarning, stacklevel=4)

    def _follow(self, now: _Known) -> None:
        """Count who was in an earlier edition too. Where nobody was, its `id` means other ones."""
        for before in self._before:
            first, second = followed_on(before.persons, now.persons)
            if first.shape[1] < self.threshold:
                what = f"hardly anybody of {before.file} is known again in {now.file}"
                remedy = "what these years have in common is assumed; see id"
                warnings.warn(f"{now.source}: {what}; {remedy}", GeolyftWarning, stacklevel=5)
                continue
            every = product(range(len(before.figures)), range(len(now.figures)))
            counts = crossed(first, second)
            self._keep(now.source, before.figures, now.figures, counts, every)
        self._before.append(now)

    def _keep(
        self,
        source: str,
        first: Sequence[tuple[str, str]],
        second: Sequence[tuple[str, str]],
        counts: Counts,
        which: Iterator[tuple[int, int]],
    ) -> None:
        rows = [
            (source, *first[a], *second[b], *counts[a, b].astype(np.float64))
            for a, b in which
            if first[a] != second[b]
        ]
        if rows:
            self.frames.append(Raw(pd.DataFrame(rows, columns=[*PAIR, *CELLS])))

    def table(self) -> Raw[pd.DataFrame]:
        """Return all of them, each pair once: an edition may use another's year again."""
        return Raw.all(self.frames).then(_each_once)


def _each_once(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    if not frames:
        return no_pairs()
    return pd.concat(frames, ignore_index=True).drop_duplicates(PAIR, ignore_index=True)
