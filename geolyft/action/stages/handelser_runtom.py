"""Where more events lie together than chance gives, as a stage: a class of each area."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

from geolyft.action.events.around import around, latest_counts
from geolyft.action.events.rates import LEAST_RESIDENTS
from geolyft.findings.stages.stage import Stage
from geolyft.frames import POPULATION, combine_status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from geolyft.action.known import Known


def table_of(
    counts: pd.Series[float],
    people: pd.DataFrame,
    neighbours: Mapping[str, Sequence[str]],
    *,
    period: str,
    least: float,
    synthetic: str,
) -> pd.DataFrame:
    """Return the stage's table of some areas.

    Parameters
    ----------
    counts, neighbours, least
        See `geolyft.action.events.around.around`.
    people
        ``area, period, population``, as published.
    synthetic
        The status of figures that somebody made up; empty of others.
    """
    then = people[people["period"] == period].set_index("area")[POPULATION]
    seen = around(counts, then, neighbours, least=least)
    status = seen["klass"].isna().map({True: "missing", False: "ok"}).astype("str")
    words = {each: combine_status(each, synthetic) for each in status.unique()}
    return seen.assign(period=period, status=status.map(words))


def _compute(known: Known, _settings: object) -> pd.DataFrame:
    if known.events is None:
        return known.rates.iloc[:0]
    counts = known.events.counts
    return table_of(
        latest_counts(counts),
        known.people,
        known.events.neighbours,
        period=counts["period"].max(),
        least=LEAST_RESIDENTS,
        synthetic="synthetic" if counts["status"].str.contains("synthetic").any() else "",
    )


STAGE: Final = Stage("handelser_runtom", _compute, setting="events", folder=files(__package__))
