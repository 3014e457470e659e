"""Grids of people in the ledger of releases: added by the run that counts the same people."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from pyproj import CRS

from geolyft.disclosure.own_rules.on_grid import GridFigures
from geolyft.disclosure.releases import ReleasedGrid
from geolyft.errors import ReadError, brief
from geolyft.export.releases import add_to_ledger, own_key
from geolyft.frames import EVERYONE
from geolyft.pipeline.releases.marks import definitions_of, sources_of
from geolyft.pipeline.releases.record import origins, release_of
from geolyft.read.cell_grid import CellGrid
from geolyft.read.releases import Ledger
from geolyft.run_file.config import Config, load_config

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from geolyft.disclosure.protect import Protection
    from geolyft.typed import RunFile

_GRID: Final = "grid "
_WHAT: Final = ["period", "indicator", "source"]
_SIDES: Final = ["numerator", "denominator"]


def release_grid(
    figures: GridFigures,
    run: Config | RunFile | str | Path,
    *,
    source: str,
    reference: str,
    indicator: str = "population",
    day: dt.date | None = None,
) -> str:
    """Add a grid of people that is published to the ledger of releases; twice is once.

    From then on no run that names the ledger publishes counts of these people on areas that would
    give away what grid or areas hide.

    Parameters
    ----------
    figures
        What `geolyft.count_on_grid` returned.
    run
        A run file that counts the same people on areas and names the ledger (``[releases]``).
    source, reference, indicator
        Which of its sources, of which year, and which of its shares; by default all residents.
    day
        When it was published, for whoever reads the list; by default today.

    Returns
    -------
    str
        The release's name.

    Raises
    ------
    ReadError
        ``releases-run`` when the run names no ledger or does not count that, or when somebody else
        has protected the counts; ``releases-file``.
    """
    config = run if isinstance(run, Config) else load_config(run)
    periods = [
        period
        for (period, what, sex), of in origins(config).items()
        if (what, sex, of) == (indicator, EVERYONE, (source, reference))
    ]
    if config.releases is None or figures.rule is None or not periods:
        counted = f"{brief(indicator)} of {brief(source)} in {brief(reference)}"
        what = f"names no ledger, or counts no {counted}, or others have protected the grid"
        remedy = "give the run that counts the same people, with [releases], and its own names"
        raise ReadError("releases-run", what, remedy=remedy, where=config.file_name)
    ledger = config.path(config.releases.file)
    crs = figures.crs.to_string()
    level = f"{_GRID}{float(figures.grid.dx)!r} {crs}"
    named = {"level": level, "period": periods[-1], "reference": reference, "source": source}
    marked = sources_of(config, own_key(ledger), references=[reference])
    tables = {
        "level": pd.DataFrame({"level": [level], "crs": [crs]}),
        "area": Ledger.empty()["area"],
        "source": _of(marked, source, reference),
        "definition": _of(definitions_of(config, {}), source, reference, what=indicator),
        "count": _counts(figures, indicator).assign(**named),
    }
    said = {
        "title": config.run.title,
        "periods": json.dumps([periods[-1]]),
        "threshold": figures.rule.threshold,
        "base": figures.rule.base,
    }
    release = release_of(said, tables, day or dt.date.today())  # noqa: DTZ011 - as the city has it
    add_to_ledger(ledger, release)
    return str(release["release"]["release"].item())


def _of(rows: pd.DataFrame, source: str, reference: str, **more: str) -> pd.DataFrame:
    for column, value in {"source": source, "reference": reference, **more}.items():
        rows = rows[rows[column] == value]
    return rows


def _counts(figures: GridFigures, indicator: str) -> pd.DataFrame:
    """Return the shown cells by column and row from the origin, as a ledger has any count."""
    grid, counts = figures.grid, figures.counts
    west, north = round(grid.west / grid.dx), round(grid.north / grid.dy)
    places = zip(west + counts["column"], north - 1 - counts["row"], strict=True)
    told = counts[_SIDES].assign(area=[f"{column}:{row}" for column, row in places])
    if figures.unit == "antal":
        told["numerator"] = np.nan
    plain = {"indicator": indicator, "sex": EVERYONE, "grouping": "", "label": "", "status": "ok"}
    return told.assign(**plain).sort_values("area", ignore_index=True)


def is_grid(level: str) -> bool:
    """Say whether a level of the ledger is a grid, and no division.

    Examples
    --------
    >>> is_grid("grid 250.0 EPSG:3008"), is_grid("geso")
    (True, False)
    """
    return level.startswith(_GRID)


def grids_in(counts: pd.DataFrame, levels: pd.DataFrame) -> Iterator[ReleasedGrid]:
    """Yield the grids among the counts of a ledger; what one release of a grid shows is shown.

    Parameters
    ----------
    counts
        ``level, area, period, indicator, source, numerator, denominator``, the latest first.
    levels
        ``level, crs``.
    """
    for level, crs in levels.drop_duplicates("level")[["level", "crs"]].itertuples(index=False):
        rows = counts[counts["level"] == level]
        if is_grid(level) and len(rows):
            shown = rows.drop_duplicates(["area", *_WHAT])[["area", *_WHAT, *_SIDES]]
            cell = float(level.split()[1])
            yield ReleasedGrid(level=level, cell=cell, crs=crs, counts=shown)


def figures_in(counts: pd.DataFrame, level: str, crs: str, rule: Protection) -> GridFigures:
    """Return a grid in the ledger as `geolyft.count_on_grid` returned it.

    Parameters
    ----------
    counts
        ``area, indicator, numerator, denominator``, of one indicator.
    """
    cell, people = float(level.split()[1]), bool(counts["numerator"].isna().all())
    column, row = np.array([code.split(":") for code in counts["area"]], dtype=np.int64).T
    north, west = row.max() + 1, column.min()
    over = counts["numerator"].fillna(counts["denominator"])
    shown = pd.DataFrame(
        {
            "row": north - 1 - row,
            "column": column - west,
            "numerator": over.to_numpy(),
            "denominator": counts["denominator"].to_numpy(),
        }
    )
    high, wide = (int(shown[name].max()) + 1 for name in ("row", "column"))
    values = np.full((high, wide), np.nan)
    told = over if people else 100 * over / counts["denominator"]
    values[shown["row"], shown["column"]] = told
    return GridFigures(
        grid=CellGrid(
            west=float(west * cell), north=float(north * cell), dx=cell, dy=cell, rows=high,
            columns=wide,
        ),
        crs=CRS.from_user_input(crs),
        values=values,
        indicator=str(counts["indicator"].iloc[0]),
        unit="antal" if people else "procent",
        protection=f"threshold {rule.threshold}, base {rule.base}",
        shown=len(shown),
        unplaced=0,
        counts=shown,
        rule=rule,
    )  # fmt: skip
