"""A publisher's noise, told from totals whose parts are published too and do not sum to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geolyft.certainty.noise import estimated_sd
from geolyft.errors import ConfigError, brief
from geolyft.indicators.selection import rows_where, selected
from geolyft.pipeline.counting.totals.rows import Chosen, coded, pick, read_totals

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from geolyft.certainty.noise import Noise
    from geolyft.indicators.selection import Selection
    from geolyft.pipeline.counting.ledger import Edition
    from geolyft.run_file.config import Config

_FEWEST: Final = 10
"""Of so many totals the standard deviation is sure to about a quarter of itself."""
_FAR: Final = 4.0
"""Standard errors by which totals may exceed their parts on average. Noise has no direction."""
_DECIMALS: Final = 4
_ROUNDING: Final = 1e-6


@dataclass(frozen=True, kw_only=True)
class Misses:
    """By how much each total of a table exceeds the sum of its parts.

    Parameters
    ----------
    cells
        Of how many published cells the parts are made.
    """

    source: str
    reference: str
    path: str
    total: str
    cells: int
    by: pd.Series[float]

    def record(self, sd: float) -> dict[str, object]:
        """Return what the noise was estimated from, ready for JSON."""
        told = {"source": self.source, "reference": self.reference, "path": self.path}
        return {**told, "total": self.total, "cells": self.cells, "rows": len(self.by), "sd": sd}


def with_estimated_noise(
    config: Config, editions: Sequence[Edition]
) -> tuple[Config, list[dict[str, object]]]:
    """Put a number where a run asks for an estimate of a publisher's noise.

    Returns
    -------
    config
        The run, with every ``cell_sd`` a number.
    records
        ``source, reference, path, total, cells, rows, sd`` of each sum that it was told from.

    Raises
    ------
    ConfigError
        ``run-noise`` when no source that its publisher has protected gives parts and totals, when
        they are too few, or when the totals are of something else than the parts.
    """
    noise, records = [], []
    for each in config.uncertainty.noise:
        if each.cell_sd != "estimate":
            noise.append(each)
            continue
        misses = [miss for edition in editions for miss in _misses(edition, each)]
        _refuse_untold(each, misses, config.file_name)
        sd = round(estimated_sd([miss.by for miss in misses], [m.cells for m in misses]), _DECIMALS)
        noise.append(each.model_copy(update={"cell_sd": sd}))
        records += [miss.record(sd) for miss in misses]
    settings = config.uncertainty.model_copy(update={"noise": tuple(noise)})
    return config.model_copy(update={"uncertainty": settings}), records


def _misses(edition: Edition, noise: Noise) -> Iterator[Misses]:
    """Yield what the sums of an edition miss by, where the noise is in it."""
    source = edition.source
    # What nobody has protected has no publisher's noise, and its raw counts tell nothing outside.
    if not source.sums or source.is_open or edition.reference < noise.since:
        return
    if noise.source not in ("*", source.name):
        return
    chosen = Chosen(read_totals(edition), {})
    codes = chosen.table.frame[str(source.area)].astype("str")
    rows = coded(chosen, codes.mask(codes.isin(source.leave_out)))
    for each in source.sums:
        total, *parts = (_picked(rows, said, edition) for said in (each.total, *each.parts))
        yield Misses(
            source=source.name,
            reference=edition.reference,
            path=edition.path.name,
            total=str(each.total),
            cells=each.cells or sum(cells for _, cells in parts),
            by=(total[0] - sum(figures for figures, _ in parts)).dropna(),
        )


def _picked(rows: Chosen, said: str | Selection, edition: Edition) -> tuple[pd.Series[float], int]:
    """Return an element's figure of each area, and of how many rows it is at most summed."""
    chosen = selected(said)
    wheres = [edition.source.where, chosen.where]
    figures, _ = pick(rows, chosen.column, wheres, edition, share=False)
    frame, labels = rows.table.frame, rows.table.labels
    met = rows_where(frame, wheres, labels=labels, where=edition.path.name)
    return figures, int(frame.loc[met, str(edition.source.area)].value_counts().max())


def _refuse_untold(noise: Noise, misses: Sequence[Misses], where: str) -> None:
    """Refuse to estimate from too little, or from what are not the parts of a total."""
    rows = sum(len(miss.by) for miss in misses)
    if rows < _FEWEST:
        what = f'cell_sd is "estimate", and {rows} totals of {brief(noise.source)} have their parts'
        remedy = f"say sums = [{{ total = …, parts = […] }}] of {_FEWEST} areas or more in its "
        remedy += "[[source]], or give cell_sd as a number"
        raise ConfigError("run-noise", what, remedy=remedy, where=where)
    for miss in misses:
        mean, error = float(miss.by.mean()), float(miss.by.std()) / len(miss.by) ** 0.5
        if abs(mean) > _FAR * error + _ROUNDING:
            what = f"{brief(miss.total)} exceeds its parts by {mean:.1f} on average: no noise does"
            remedy = "name all parts of the total in sums, and no other"
            raise ConfigError("run-noise", what, remedy=remedy, where=miss.path)
