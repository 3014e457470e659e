"""Which input a result owes its variation to: first-order and total indices.

Sobol' 2001 (Mathematics and Computers in Simulation 55, 271-280), whose sequences the samples are,
with the estimators of Saltelli et al. 2010 (Computer Physics Communications 181, 259-270, table 2)
for the first order and of Jansen 1999 for the total.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.late import scipy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from geolyft.frames import Floats

LARGEST_ERROR: Final = 0.1
"""A standard error of a share of variance above which the share says nothing."""
_BITS: Final = 30


def indices(y_a: Floats, y_b: Floats, y_ab: Floats) -> tuple[Floats, Floats, Floats]:
    """Estimate first-order and total indices from a model's results.

    ``S_i = mean(y_B · (y_ABi - y_A)) / V`` and ``S_Ti = Σ(y_A - y_ABi)² / (2NV)``, where AB_i is
    A with input i from B. What never varies has indices of 0: nothing matters to it.

    Parameters
    ----------
    y_a, y_b
        Results for two independent samples, samples first, then outputs.
    y_ab
        Results for A with one input at a time from B, inputs first.

    Returns
    -------
    tuple of numpy.ndarray
        First-order and total indices, and the total's standard error, inputs by outputs. The error
        is that of a ratio of means (the delta method) of samples drawn by chance: what varies in
        a few samples only has a large one, and more evenly spread samples a smaller one than told.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> a, b = rng.random((2, 4000, 1))
    >>> first, total, error = indices(a, b, b[np.newaxis])
    >>> [round(float(each[0, 0]), 1) for each in (first, total, error)]
    [1.0, 1.0, 0.0]
    """
    both = np.concatenate([y_a, y_b])
    variance = both.var(axis=0)
    step = y_ab - y_a
    # The mean of B times the mean step is 0 in expectation: taking it away only steadies the sum.
    together = ((y_b - both.mean(axis=0)) * step).mean(axis=1)
    alone = step**2 / 2
    first, total = (_parted(part, variance) for part in (together, alone.mean(axis=1)))
    mine = ((y_a - both.mean(axis=0)) ** 2 + (y_b - both.mean(axis=0)) ** 2) / 2
    apart = (alone - total[:, np.newaxis] * mine).std(axis=1) / np.sqrt(len(y_a))
    return first, total, _parted(apart, variance)


def _parted(part: Floats, variance: Floats) -> Floats:
    nothing: Floats = np.zeros_like(part)
    return np.divide(part, variance, out=nothing, where=np.broadcast_to(variance > 0, part.shape))


def sobol(
    model: Callable[[Floats], Floats],
    inputs: Mapping[str, int],
    *,
    outputs: Sequence[str] = ("y",),
    samples: int = 2048,
    seed: int = 0,
) -> pd.DataFrame:
    """Say how much of the variation of each output each input accounts for.

    Parameters
    ----------
    model
        From an array of samples by columns, uniform between 0 and 1, to samples by outputs (or
        samples, where there is one).
    inputs
        Each input's name and how many columns it has; the columns of one input vary together.
    samples
        Rounded up to a power of two, of which Sobol' sequences are evenly spread. The model is run
        on ``samples · (inputs + 2)`` rows. With 2 048 the error of an index is some thousandths.

    Returns
    -------
    pandas.DataFrame
        ``output, input, first, total, variance, error``. `first` is the share of the variance that
        goes if the input alone were known, `total` what remains if all others were. Estimates: they
        can fall below 0 or above 1 as far as `error`, the standard error of `total`, says; an
        input without any effect has exactly 0.

    Examples
    --------
    >>> table = sobol(lambda u: u @ np.array([1.0, 2.0, 3.0]), {"x1": 1, "x2": 1, "x3": 1})
    >>> [round(total * 14) for total in table["total"]]
    [1, 4, 9]
    """
    a, b = np.split(_even(samples, 2 * sum(inputs.values()), seed), 2, axis=1)
    y_a, y_b = (_run(model, sample) for sample in (a, b))
    y_ab, start = [], 0
    for width in inputs.values():
        mixed = a.copy()
        mixed[:, start : start + width] = b[:, start : start + width]
        y_ab.append(_run(model, mixed))
        start += width
    first, total, error = indices(y_a, y_b, np.stack(y_ab))
    return pd.DataFrame(
        {
            "output": np.repeat(list(outputs), len(inputs)),
            "input": list(inputs) * len(outputs),
            "first": first.T.ravel(),
            "total": total.T.ravel(),
            "variance": np.repeat(np.concatenate([y_a, y_b]).var(axis=0), len(inputs)),
            "error": error.T.ravel(),
        }
    )


def _run(model: Callable[[Floats], Floats], sample: Floats) -> Floats:
    return np.asarray(model(sample), float).reshape(len(sample), -1)


def _even(samples: int, columns: int, seed: int) -> Floats:
    """Draw points that fill 0 to 1 more evenly than chance does: a Sobol' sequence, shifted.

    Each column's bits are turned by one draw, which keeps the spread (a digital shift; L'Ecuyer and
    Lemieux 2002). scipy's own scrambling is another in other versions of it.
    """
    sequence = scipy("stats").qmc.Sobol(columns, scramble=False, bits=_BITS)
    points = sequence.random_base2((samples - 1).bit_length()) * 2**_BITS
    shift = np.random.default_rng(seed).integers(0, 2**_BITS, columns)
    shifted: Floats = ((points.astype(np.int64) ^ shift) + 0.5) / 2**_BITS
    return shifted
