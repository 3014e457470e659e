"""What is known of points once they are placed: counts that add up over any number of batches."""

from __future__ import annotations

import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geolyft.errors import GeolyftWarning, JoinError, ReadError, count
from geolyft.join.area_lookup import processors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from geolyft.frames import Floats
    from geolyft.join.area_lookup import AreaGrid
    from geolyft.read import PointFile

    Positions = NDArray[np.int32]

# So many points at one place are a default, not a house.
_CROWD: Final = 100
_CROWD_SHARE: Final = 0.05
_CHUNK: Final = 1 << 17
_SLICE: Final = 1 << 21
# The golden ratio's bits spread neighbouring numbers; the upper twelve of the product are kept.
_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)
_BUCKET_BITS: Final = 12


@dataclass(frozen=True, kw_only=True)
class PointAudit:
    """Where the points went; ``placed + outside + unplaced == total``.

    Parameters
    ----------
    outside
        Points with coordinates that lie in no area.
    unplaced
        Points without coordinates (protected identities, the "restpost").
    """

    total: int
    placed: int
    outside: int
    unplaced: int


@dataclass(frozen=True, kw_only=True)
class Places:
    """Counts of points, of one batch or of several added.

    Parameters
    ----------
    total, located, placed, zero
        All points, those with coordinates, those in an area, those at 0, 0.
    columns
        How many points there are in each of 4 096 bags of x coordinates. No place has more points
        than its bag, which is how crowds are ruled out without sorting.
    """

    total: int
    located: int
    placed: int
    zero: int
    columns: NDArray[np.int64]

    def __add__(self, other: Places) -> Places:
        """Return the counts of both batches."""
        return Places(
            total=self.total + other.total,
            located=self.located + other.located,
            placed=self.placed + other.placed,
            zero=self.zero + other.zero,
            columns=self.columns + other.columns,
        )

    def audit(self) -> PointAudit:
        """Return where the points went.

        Examples
        --------
        >>> look_at(np.array([1.0, np.nan]), np.array([1.0, 2.0])).audit()
        PointAudit(total=2, placed=0, outside=1, unplaced=1)
        """
        return PointAudit(
            total=self.total,
            placed=self.placed,
            outside=self.located - self.placed,
            unplaced=self.total - self.located,
        )


def no_places() -> Places:
    """Return the counts of no points."""
    columns = np.zeros(1 << _BUCKET_BITS, dtype=np.int64)
    return Places(total=0, located=0, placed=0, zero=0, columns=columns)


def look_at(xs: Floats, ys: Floats, *, where: str = "points") -> Places:
    """Count points before they are placed.

    Raises
    ------
    JoinError
        ``join-coordinates`` for infinite coordinates.
    """
    infinite = located = zero = 0
    columns = np.zeros(1 << _BUCKET_BITS, dtype=np.int64)
    for start in range(0, xs.size, _CHUNK):
        x, y = xs[start : start + _CHUNK], ys[start : start + _CHUNK]
        known = np.isfinite(x) & np.isfinite(y)
        located += int(np.count_nonzero(known))
        if not known.all():
            infinite += int(np.count_nonzero(np.isinf(x) | np.isinf(y)))
        zero += int(np.count_nonzero((x == 0) & (y == 0)))
        columns += np.bincount(_bag(x), minlength=columns.size)
    if infinite:
        what = f"{count(infinite)} of {count(xs.size)} points are infinite"
        remedy = "leave coordinates that are not known empty"
        raise JoinError("join-coordinates", what, remedy=remedy, where=where)
    return Places(total=xs.size, located=located, placed=0, zero=zero, columns=columns)


def with_positions(seen: Places, position: Positions) -> Places:
    """Return the counts of a batch once its points have their positions, -1 for none."""
    return replace(seen, placed=int(np.count_nonzero(position >= 0)))


def check_placed(
    seen: Places, *, max_outside: float, where: str, swapped: Callable[[], int] | None = None
) -> None:
    """Refuse points of which none has a place, or too many lie outside every area.

    Parameters
    ----------
    swapped
        How many points lie in an area once x and y are swapped; only asked for when too many lie
        outside. Degrees of Sweden are degrees somewhere on the globe that way, too.

    Raises
    ------
    JoinError
        ``join-unplaced`` or ``join-outside``.
    ReadError
        ``read-places-swapped``.
    """
    if seen.total and not seen.located:
        what = f"not one of {count(seen.total)} points has coordinates"
        raise JoinError("join-unplaced", what, remedy="check the coordinate columns", where=where)
    outside = seen.located - seen.placed
    if outside > max_outside * seen.located:
        there = swapped() if swapped else 0
        if there > max(seen.located / 2, seen.placed):
            which = f"{count(there)} of {count(seen.located)} points"
            what = f"{which} are in the areas once x and y are swapped"
            remedy = "swap x (east) and y (north)"
            raise ReadError("read-places-swapped", what, remedy=remedy, where=where)
        which = f"{count(outside)} of {count(seen.located)} points"
        what = f"{which} fall outside every area ({max_outside:.0%} may)"
        remedy = "check the CRS and the areas, or allow more with max_outside"
        raise JoinError("join-outside", what, remedy=remedy, where=where)


def warn_of_defaults(
    seen: Places,
    batches: Iterable[tuple[Floats, Floats, Positions]],
    *,
    where: str,
    stacklevel: int = 2,
) -> None:
    """Warn of places that stand for none; the places themselves are persons' homes, not said.

    Parameters
    ----------
    batches
        The points once more, with their positions; only looked at when some bag is so full that
        there may be a crowd.
    """
    if seen.zero:
        which = f"{count(seen.zero)} of {count(seen.total)} points"
        message = f"{where}: {which} lie at 0, 0: a default coordinate?"
        warnings.warn(message, GeolyftWarning, stacklevel=stacklevel + 1)
    limit = max(_CROWD, _CROWD_SHARE * seen.placed)
    full = seen.columns > limit
    most = _largest_crowd(full, batches) if full.any() else 0
    if most > limit:
        which = f"{count(most)} of {count(seen.placed)} points"
        message = f"{where}: {which} share one place: a default coordinate?"
        warnings.warn(message, GeolyftWarning, stacklevel=stacklevel + 1)


def placed_again(file: PointFile, grid: AreaGrid) -> Iterator[tuple[Floats, Floats, Positions]]:
    """Yield a file's points once more, with their positions, for what sums cannot tell."""
    for batch in file.batches():
        xs, ys = batch.frame["x"].to_numpy(), batch.frame["y"].to_numpy()
        yield xs, ys, grid.positions(*file.there(xs, ys))


def placed_swapped(file: PointFile, grid: AreaGrid) -> int:
    """Return how many of a file's points lie in an area once x and y are swapped."""
    swapped = ((batch.frame["y"], batch.frame["x"]) for batch in file.batches())
    placed = (grid.positions(*file.there(x.to_numpy(), y.to_numpy())) >= 0 for x, y in swapped)
    return sum(int(np.count_nonzero(each)) for each in placed)


def _largest_crowd(
    full: NDArray[np.bool_], batches: Iterable[tuple[Floats, Floats, Positions]]
) -> int:
    """Return how many placed points share the most common place of the full bags."""
    places, times = np.empty(0, dtype=np.complex128), np.empty(0, dtype=np.int64)
    for x, y, position in batches:
        suspects = np.flatnonzero((position >= 0) & full[_bag(x)])
        theirs, each = np.unique(x[suspects] + 1j * y[suspects], return_counts=True)
        places, which = np.unique(np.concatenate([places, theirs]), return_inverse=True)
        summed = np.bincount(which, np.concatenate([times, each]), minlength=places.size)
        times = summed.astype(np.int64)
    return int(times.max(initial=0))


def _bag(x: Floats) -> NDArray[np.int64]:
    """Return each coordinate's bag; -0 and 0 are one place."""
    bits = (x + 0.0).view(np.uint64)
    bits *= _SPREAD
    bits >>= np.uint64(64 - _BUCKET_BITS)
    return bits.view(np.int64)


def codes_at(position: Positions, codes: pd.Index[str], index: pd.Index[int]) -> pd.Series[str]:
    """Return the code at each position, missing where it is -1.

    Examples
    --------
    >>> at = codes_at(np.array([1, -1], dtype=np.int32), pd.Index(["a", "b"]), pd.RangeIndex(2))
    >>> at.tolist()
    ['b', nan]
    """
    taken = texts_at(position, codes).to_pandas()
    return pd.Series(taken, dtype="str").set_axis(index).rename("area")


def texts_at(position: Positions, codes: pd.Index[str]) -> Any:  # noqa: ANN401 - pyarrow is not typed
    """Return the code at each position as Arrow's texts, null where it is -1."""
    texts = pa.array(codes.astype("str"), pa.large_string())

    def take(start: int) -> Any:  # noqa: ANN401 - pyarrow is not typed
        part = position[start : start + _SLICE]
        return pc.take(texts, pa.array(part, mask=part < 0))

    with ThreadPoolExecutor(processors()) as pool:
        parts = list(pool.map(take, range(0, position.size, _SLICE)))
    return pa.chunked_array(parts, type=pa.large_string())
