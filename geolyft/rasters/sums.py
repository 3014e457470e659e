"""Sums of cells over areas: exactly by coverage, or block by block with a bound of the error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geolyft.errors import AreaError
from geolyft.optional import optional
from geolyft.read import MOST_CELLS
from geolyft.read.cell_grid import Window

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from geolyft.frames import Floats
    from geolyft.rasters.cells import Block, Cells


_PARTS: Final = ("product", "weight", "valid")
_UNWEIGHTED: Final = ("product", "valid")


@dataclass(frozen=True, kw_only=True)
class Border:
    """What of an area is not known to a cell: the cells its border touches.

    Parameters
    ----------
    product, weight
        Sums over the area's other cells, which lie in it whole.
    touched, weights
        Values and weights of the touched cells; the area has from none to all of each.
    """

    product: float
    weight: float
    touched: Floats
    weights: Floats

    def sum_bounds(self) -> tuple[float, float]:
        """Return the least and the most that value · weight can sum to.

        Examples
        --------
        >>> border = Border(product=10, weight=2, touched=np.array([-3.0, 4]), weights=np.ones(2))
        >>> border.sum_bounds()
        (7.0, 14.0)
        """
        parts = self.touched * self.weights
        low, high = parts[parts < 0].sum(), parts[parts > 0].sum()
        return float(self.product + low), float(self.product + high)

    def mean_bounds(self) -> tuple[float, float]:
        """Return the least and the most that the weighted mean can be.

        The mean is largest when the touched cells above it count whole and the others not at all;
        which they are is found by adding them from the largest down.

        Examples
        --------
        >>> border = Border(product=10, weight=2, touched=np.array([2.0, 8.0]), weights=np.ones(2))
        >>> border.mean_bounds()
        (4.0, 6.0)
        """
        order = np.argsort(self.touched)
        return -self._most(-1.0, order), self._most(1.0, order[::-1])

    def _most(self, sign: float, order: NDArray[np.intp]) -> float:
        weights = self.weights[order]
        products = sign * self.product + np.cumsum(
            np.concatenate([[0.0], sign * self.touched[order] * weights])
        )
        wholes = self.weight + np.cumsum(np.concatenate([[0.0], weights]))
        # Where nothing has weight yet there is no mean to be the largest.
        some = wholes > 0
        return float((products[some] / wholes[some]).max()) if some.any() else float("nan")


@dataclass(frozen=True, kw_only=True)
class Sums:
    """What the cells of each area sum to, in cells.

    Parameters
    ----------
    product, weight, valid
        Per area, of its cells with data: value · weight, weight, and how many they are.
    borders
        Of sums block by block: per area, what bounds the error.
    """

    product: Floats
    weight: Floats
    valid: Floats
    borders: tuple[Border, ...] | None = None


def exact_sums(cells: Cells, areas: gpd.GeoDataFrame) -> Sums:
    """Sum cells by the share of each that lies in the area (exactextract).

    Baston, D. exactextract: fast and accurate zonal statistics. github.com/isciences/exactextract

    Raises
    ------
    AreaError
        ``areas-geometry`` for slivers of rounding.
    """
    extract = optional("exactextract", "raster", cells.raster.name)
    # Where every value weighs the same, the weights are the cells with data.
    parts = _PARTS if cells.weights else _UNWEIGHTED
    try:
        table = extract.exact_extract(
            _sources(extract, cells, parts),
            areas[[areas.geometry.name]].reset_index(drop=True),
            ["sum"],
            output="pandas",
            max_cells_in_memory=MOST_CELLS,
        )
    except RuntimeError:
        # exactextract cannot follow a border that returns on itself within rounding.
        what = "an area has a part so thin that cells cannot be cut by it"
        remedy = "mend the areas' slivers (shapely.set_precision), or sum by blocks"
        raise AreaError("areas-geometry", what, remedy=remedy) from None
    # Of no cells there is no sum: 0, and a weight of 0 says below that there is no mean.
    sums = dict(zip(parts, table.fillna(0.0).to_numpy(dtype=np.float64).T, strict=True))
    return Sums(**{"weight": sums["valid"], **sums})


def _sources(extract: Any, cells: Cells, parts: Sequence[str]) -> list[Any]:  # noqa: ANN401 - an optional module
    """Return the numbers of a cell as rasters that exactextract reads window by window."""

    # In here, since what it inherits from is there only with the optional package.
    class Part(extract.raster.RasterSource):  # type: ignore[misc]
        def __init__(self, part: str) -> None:
            super().__init__()
            self.part = part
            self.set_name(part)

        def res(self) -> tuple[float, float]:
            return cells.grid.dx, cells.grid.dy

        def extent(self) -> tuple[float, float, float, float]:
            return cells.grid.bounds

        def srs_wkt(self) -> None:
            return None

        def nodata_value(self) -> None:
            return None

        def read_window(self, column: int, row: int, columns: int, rows: int) -> Floats:
            # exactextract counts across before down, a window down before across.
            block = cells.read(Window(row, column, rows, columns))
            part = {"product": block.product, "weight": block.weights, "valid": block.valid}
            return part[self.part].astype(np.float64)

    return [Part(part) for part in parts]


def block_sums(cells: Cells, areas: gpd.GeoDataFrame) -> Sums:
    """Sum whole cells, each to the area its middle lies in, and keep what bounds the error.

    Reads each cell once and holds `geolyft.read.MOST_CELLS` of them.
    """
    features = optional("rasterio.features", "raster", cells.raster.name)
    rasterio = optional("rasterio", "raster", cells.raster.name)
    shapes, grid = list(areas.geometry), cells.grid
    borders = [_Touched(grid.touched(shape)) for shape in shapes]
    inner = np.zeros((3, len(shapes) + 1))
    for strip in grid.window(tuple(areas.total_bounds)).strips(MOST_CELLS):
        block = cells.read(strip)
        ids = features.rasterize(
            # From 1: where no area is, 0 stays, and its column is left out of the sums.
            zip(shapes, range(1, len(shapes) + 1), strict=True),
            out_shape=block.values.shape,
            transform=rasterio.Affine(*grid.transform(strip)),
            dtype=np.int32,
        )
        for n, border in enumerate(borders):
            border.take(block, ids, n + 1, strip, grid.columns)
        # After the borders, which have taken their cells out of `ids`: none is counted twice.
        inner += _inner(block, ids, len(shapes) + 1)
    sums = inner[:, 1:] + np.array([each.counted for each in borders]).T
    kept = tuple(each.border(*inner[:2, n + 1]) for n, each in enumerate(borders))
    return Sums(**dict(zip(_PARTS, sums, strict=True)), borders=kept)


def _inner(block: Block, ids: NDArray[np.int32], size: int) -> Floats:
    flat = ids.ravel().astype(np.intp)
    product = np.bincount(flat, block.product.ravel(), size)
    # Counting is much quicker than adding ones.
    valid = np.bincount(flat if block.valid.all() else flat[block.valid.ravel()], minlength=size)
    # The very array, as `Block` promises: a sum over millions of cells is saved.
    same = block.weights is block.valid
    weight = valid if same else np.bincount(flat, block.weights.ravel(), size)
    return np.stack([product, weight, valid])


class _Touched:
    """The cells that one area's border touches, taken out of the others strip by strip."""

    def __init__(self, cells: NDArray[np.int64]) -> None:
        self.cells = cells
        self.counted = np.zeros(3)
        self.values: list[Floats] = []
        self.weights: list[Floats] = []

    def take(
        self, block: Block, ids: NDArray[np.int32], mine: int, strip: Window, columns: int
    ) -> None:
        """Keep the strip's touched cells, and take those that are counted as mine out of `ids`."""
        ends = (strip.row * columns, (strip.row + strip.rows) * columns)
        # Cells are numbered row by row, ascending: those of a strip lie together.
        rows, across = np.divmod(self.cells[slice(*np.searchsorted(self.cells, ends))], columns)
        inside = (across >= strip.column) & (across < strip.column + strip.columns)
        at = rows[inside] - strip.row, across[inside] - strip.column
        product, values, weights, valid = (part[at] for part in block)
        held = ids[at] == mine
        self.counted += [part[held].sum() for part in (product, weights, valid)]
        ids[at[0][held], at[1][held]] = 0
        # What weighs nothing moves no bound.
        self.values.append(values[weights > 0])
        self.weights.append(weights[weights > 0].astype(np.float64))

    def border(self, product: float, weight: float) -> Border:
        """Return what was kept, beside the sums over the area's other cells."""
        return Border(
            product=float(product),
            weight=float(weight),
            touched=np.concatenate([np.zeros(0), *self.values]),
            weights=np.concatenate([np.zeros(0), *self.weights]),
        )
