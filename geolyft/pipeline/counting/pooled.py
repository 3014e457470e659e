"""Several years of a small area together: of few people each year, more can be said of all years.

Years are pooled in windows that do not overlap and end with the latest edition, so that each
year's counts are in one published figure at most: of windows that overlap, the difference would be
what one year has more than another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.certainty.noise import Noise

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import pandas as pd

    from geolyft.run_file.config import Config

_PARTS: Final = ["numerator", "denominator"]


def windows(periods: Sequence[str], years: int) -> dict[str, str]:
    """Return for each edition the last one of its window; the first window may be shorter.

    Examples
    --------
    >>> windows(["2022", "2023", "2024", "2025"], 3)
    {'2022': '2022', '2023': '2025', '2024': '2025', '2025': '2025'}
    """
    last = len(periods) - 1
    return {each: periods[last - (last - n) // years * years] for n, each in enumerate(periods)}


def pooled(counts: pd.DataFrame, periods: Sequence[str], years: int) -> pd.DataFrame:
    """Say of counts that they are of their window, of which they are summed with the others.

    A reference year that stands in several editions is counted once, in the latest of them. Of
    years of which some are missing or hidden, those that are known are summed: share and base are
    of the same years, which `reference` names from the first to the last.

    Parameters
    ----------
    counts
        ``COUNT_COLUMNS``.
    periods
        All editions, oldest first.

    Examples
    --------
    >>> from geolyft.indicators.aggregate import COUNT_COLUMNS
    >>> rows = [["1", year, year, "alla", "E1", n, 9.0, "ok", "s"]
    ...         for year, n in (("2024", 4.0), ("2025", 5.0))]
    >>> counts = pd.DataFrame(rows, columns=COUNT_COLUMNS)
    >>> pooled(counts, ["2024", "2025"], 2)[["period", "reference", "numerator"]].values.tolist()
    [['2025', '2024–2025', 4.0], ['2025', '2024–2025', 5.0]]
    """
    figure = ["area", "sex", "indicator", "source"]
    moved = counts.assign(edition=counts["period"], period=_window(counts, periods, years))
    latest = moved.groupby([*figure, "period", "reference"])["edition"].transform("max")
    moved = _known(moved[moved["edition"] == latest], [*figure, "period"])
    by_kind = moved.groupby(["indicator", "source", "period"])["reference"]
    first, last = by_kind.transform("min"), by_kind.transform("max")
    span = first.where(first == last, first + "–" + last)
    return moved.assign(reference=span)[list(counts)].reset_index(drop=True)


def pooled_groups(
    groups: pd.DataFrame,
    periods: Sequence[str],
    years: int,
    *,
    references: Mapping[tuple[str, str], str],
) -> pd.DataFrame:
    """Do the same with counts of groups.

    Parameters
    ----------
    references
        Source and edition to the year that its rows are of.
    """
    key = ["area", "indicator", "group_by", "group", "source"]
    sources = zip(groups["source"], groups["period"], strict=True)
    moved = groups.assign(
        edition=groups["period"],
        period=_window(groups, periods, years),
        reference=[references.get(each, each[1]) for each in sources],
    )
    latest = moved.groupby([*key, "period", "reference"])["edition"].transform("max")
    moved = _known(moved[moved["edition"] == latest], [*key, "period"])
    return moved[list(groups)].reset_index(drop=True)


def pooled_noise(config: Config, years: int, *, same: Collection[str]) -> tuple[Noise, ...]:
    """Return by how much pooled figures are less sure than as many persons asked once.

    m years of the same people say as much as ``m / (1 + (m - 1) ρ)`` years of other people. ρ is
    what the run says it is, and 1 where nobody has said it: then m years make a figure no surer.

    Parameters
    ----------
    same
        Indicators of which each year's people are those of the year before.
    """
    said = config.uncertainty.correlation
    among = said.years if "years" in said.model_fields_set else 1.0
    window = windows(config.run.periods, years)
    found = []
    for source in config.sources:
        of = {(window[each], source.reference(each)) for each in config.run.periods}
        ends = [end for end, reference in of if reference is not None]
        most = max((ends.count(end) for end in ends), default=1)
        for code in sorted({each.indicator for each in source.measures}):
            rho = said.years_of.get(code, among if code in same else 0.0)
            effect = 1 + (most - 1) * rho
            if effect > 1:
                of_one = Noise(source=source.name, indicators=(code,), design_effect=effect)
                found.append(of_one)
    return tuple(found)


def _window(counts: pd.DataFrame, periods: Sequence[str], years: int) -> pd.Series[str]:
    return counts["period"].map(windows(periods, years))


def _known(moved: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """Leave out years without figures, unless no year of a figure has any."""
    known = moved[_PARTS].notna().all(axis="columns")
    return moved[known | ~known.groupby([moved[name] for name in key]).transform("any")]
