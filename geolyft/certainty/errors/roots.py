"""Errors that are independent become such that belong together, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geolyft.frames import Floats

_NOTHING: Final = 0.05
"""What is left of an error that others before it tell already, but for two decimals."""


def combine(root: Floats, errors: Floats) -> None:
    """Make independent errors, in place, into those that belong together.

    Term by term, as a product of matrices rounds as the machine likes.
    """
    for n in reversed(range(len(root))):
        errors[n] *= root[n, n]
        for before in np.flatnonzero(root[n, :n]):
            errors[n] += root[n, before] * errors[before]


def lower_root(matrix: Floats, counted: NDArray[np.bool_]) -> Floats:
    """Return the lower triangle whose rows have the products that a matrix of correlations says.

    Row by row, so that a row depends on those before it alone. What is counted of some pairs and
    assumed of others need not be possible at once. Then what is assumed of a row gives way, all of
    it alike, towards what follows from the counted pairs alone; and where not even these are
    possible, a row has less in common with those before it.

    Parameters
    ----------
    matrix
        The lower half is read.
    counted
        Which of the correlations are counted.

    Examples
    --------
    >>> none = np.zeros((2, 2), dtype=bool)
    >>> lower_root(np.array([[1.0, 0.6], [0.6, 1.0]]), none).round(9).tolist()
    [[1.0, 0.0], [0.6, 0.8]]
    >>> apart = np.array([[1.0, 0.9, 0.0], [0.9, 1.0, 0.9], [0.0, 0.9, 1.0]])
    >>> root = lower_root(apart, apart == 0.9)
    >>> (root @ root.T).round(2).tolist()
    [[1.0, 0.9, 0.62], [0.9, 1.0, 0.9], [0.62, 0.9, 1.0]]
    """
    root, inverse = np.zeros_like(matrix), np.zeros_like(matrix)
    for n, (said, sure) in enumerate(zip(matrix, counted, strict=True)):
        row = (inverse[:n, :n] * said[:n]).sum(axis=1)
        if (row**2).sum() > 1 or (root.diagonal()[:n] <= _NOTHING).any():
            row = _row(root[:n, :n], said[:n], sure[:n])
        left = np.sqrt(max(0.0, 1 - (row**2).sum()))
        root[n, : n + 1] = *row, left
        if left > _NOTHING:
            further = (row[:, None] * inverse[:n, :n]).sum(axis=0)
            inverse[n, : n + 1] = *(-further / left), 1 / left
    return root


def _row(rows: Floats, products: Floats, sure: NDArray[np.bool_]) -> Floats:
    """Return the shortest row that has some products with others, if it can be of length 1."""
    basis, parts = np.zeros_like(rows), np.zeros(len(rows))
    # What is sure comes first: what the others add to it is at right angles to it.
    for n in np.argsort(~sure, kind="stable"):
        told = (basis * rows[n]).sum(axis=1)
        new = rows[n] - (told[:, None] * basis).sum(axis=0)
        length = np.sqrt((new**2).sum())
        # Else it says nothing that those before it do not.
        if length > _NOTHING:
            basis[n], parts[n] = new / length, (products[n] - (told * parts).sum()) / length
    left, more = 1 - (parts[sure] ** 2).sum(), (parts[~sure] ** 2).sum()
    if more > max(0.0, left):
        parts[~sure] *= np.sqrt(max(0.0, left) / more)
    parts /= max(1.0, np.sqrt((parts**2).sum()))
    found: Floats = (parts[:, None] * basis).sum(axis=0)
    return found
