"""The scale of an indicator: fitted once, kept, and every formula of the score said here.

The goalpost step of the Adjusted Mazziotta-Pareto index (Mazziotta and Pareto 2016, Social
Indicators Research 127, 983-1003): linear, and comparable over time because the scale is fitted on
a base period and kept from one delivery to the next. The city in the base period is 100, and half
the range of the areas is 30 points.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np
import pandas as pd

from geolyft.errors import GeolyftWarning, IndexComputationError, ReadError, brief
from geolyft.frames import CITY, EVERYONE, check_frame, check_known
from geolyft.indicators.catalogue import Catalogue
from geolyft.read.delivery import MANIFEST, Delivery

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from geolyft.indicators.catalogue import Direction

BASE: Final = 100.0
"""The score of the city in the base period."""

HALF_RANGE_POINTS: Final = 30.0
"""How many points of score half the range of the areas is."""

NEAR: Final = 5.0
"""Points within which an area is close to the city: the middle class of the maps, too."""

SIGN: Final[Mapping[Direction, float]] = MappingProxyType({"high": 1.0, "low": -1.0})
"""What turns a value so that higher is better, by its indicator's direction."""

SCALE_COLUMNS: Final = ["indicator", "reference_value", "half_range", "direction", "base_period"]

Values = TypeVar("Values", float, "pd.Series[float]", "npt.NDArray[np.float64]")


def points_from(value: Values, reference: Values, *, half_range: Values, sign: Values) -> Values:
    """Return how many points of score above or below a reference each value is.

    Examples
    --------
    >>> points_from(62.0, 72.0, half_range=10.0, sign=SIGN["high"])
    -30.0
    """
    # Divided before it is multiplied: another order has other last bits, in every delivery.
    return sign * HALF_RANGE_POINTS * ((value - reference) / half_range)


def signs_of(catalogue: Catalogue) -> npt.NDArray[np.float64]:
    """Return every indicator's sign, in the catalogue's order."""
    return np.array([SIGN[indicator.direction] for indicator in catalogue.indicators])


def fit_scales(
    observations: pd.DataFrame,
    catalogue: Catalogue,
    *,
    base_period: str,
    fitted: Sequence[str] = (),
) -> pd.DataFrame:
    """Fit one scale per indicator, over all areas, both sexes together.

    Parameters
    ----------
    observations
        Published observations with the city's rows.
    base_period
        The period in which the city is 100.
    fitted
        Periods whose areas set the range; the base period alone by default.

    Returns
    -------
    pandas.DataFrame
        ``SCALE_COLUMNS``; no row for an indicator without figures in the base period.

    Raises
    ------
    IndexComputationError
        ``index-constant`` when an indicator has the same value in every area, ``index-base`` when
        the areas have figures in the base period and the city has not, ``index-empty`` when no
        indicator has any.

    Examples
    --------
    >>> from geolyft.indicators.catalogue import load_catalogue
    >>> seen = pd.DataFrame({"area": ["1", "2", "city"], "period": "2025", "sex": "alla",
    ...                      "indicator": "E1", "value": [60.0, 80.0, 72.0]})
    >>> fit_scales(seen, load_catalogue(), base_period="2025")[SCALE_COLUMNS[:4]]
      indicator  reference_value  half_range direction
    0        E1             72.0        10.0      high
    """
    everyone = observations[observations["sex"] == EVERYONE]
    known = everyone[everyone["value"].notna()]
    areas = known[(known["area"] != CITY) & known["period"].isin([base_period, *fitted])]
    by_indicator = areas.groupby("indicator")["value"]
    ranges = by_indicator.max() - by_indicator.min()
    city = known[(known["area"] == CITY) & (known["period"] == base_period)]
    reference = city.set_index("indicator")["value"]
    rows = []
    for indicator in catalogue.indicators:
        if indicator.code not in ranges:
            continue
        half_range = float(ranges[indicator.code]) / 2
        _check_fit(indicator.code, reference, half_range, base_period)
        value = reference[indicator.code]
        rows.append([indicator.code, value, half_range, indicator.direction, base_period])
    if not rows:
        raise IndexComputationError(
            "index-empty",
            f"no indicator has figures of all people for areas in {base_period}",
            remedy="choose a base period that has; figures by sex alone make no index",
        )
    return pd.DataFrame(rows, columns=SCALE_COLUMNS)


def _check_fit(code: str, reference: pd.Series[float], half_range: float, base_period: str) -> None:
    if code not in reference:
        raise IndexComputationError(
            "index-base",
            f"indicator {code} has no value for the city in {base_period}",
            remedy="choose a base period in which the city's value can be published",
        )
    if not half_range > 0:
        raise IndexComputationError(
            "index-constant",
            f"indicator {code} does not differ between the areas in {base_period}",
            remedy="leave it out of the catalogue, or choose another base period",
        )


def score(observations: pd.DataFrame, scales: pd.DataFrame) -> pd.DataFrame:
    """Place every value on its indicator's scale: higher is always better.

    ``score = 100 ± 30 · (value - reference_value) / half_range``, the sign by direction.

    Returns
    -------
    pandas.DataFrame
        ``area, period, sex, indicator, score, status``; missing values have no row, and nor has
        an indicator without a scale, see `fit_scales`.

    Warns
    -----
    GeolyftWarning
        Of indicators that have values and no scale.

    Raises
    ------
    ReadError
        ``frame-columns``, ``frame-text`` or ``frame-number`` for either frame, ``frame-unknown``
        for a direction that is none, ``frame-duplicate`` for two scales of one indicator.

    Examples
    --------
    >>> scales = pd.DataFrame([["E1", 72.0, 10.0, "high", "2025"]], columns=SCALE_COLUMNS)
    >>> seen = pd.DataFrame({"area": ["1", "city"], "period": "2025", "sex": "alla",
    ...                      "indicator": "E1", "value": [62.0, 72.0], "status": "ok"})
    >>> score(seen, scales)["score"].tolist()
    [70.0, 100.0]
    """
    texts = ["area", "period", "sex", "indicator", "status"]
    check_frame(observations, texts=texts, numbers=["value"], what="observations")
    _refuse_odd_scales(scales)
    values = observations[observations["value"].notna()]
    _warn_of_no_scale(values["indicator"], scales["indicator"])
    known = values.merge(scales, on="indicator")
    known["score"] = BASE + points_from(
        known["value"],
        known["reference_value"],
        half_range=known["half_range"],
        sign=known["direction"].map(SIGN),
    )
    return known[["area", "period", "sex", "indicator", "score", "status"]]


def _warn_of_no_scale(measured: pd.Series[str], scaled: pd.Series[str]) -> None:
    without = sorted(set(measured.unique()).difference(scaled))
    if without:
        what = f"no scale, and so no score, has {', '.join(map(brief, without))}"
        remedy = "fit scales in a period with figures of all"
        warnings.warn(f"{what}; {remedy}", GeolyftWarning, stacklevel=3)


def _refuse_odd_scales(scales: pd.DataFrame) -> None:
    numbers = ["reference_value", "half_range"]
    texts = [name for name in SCALE_COLUMNS if name not in numbers]
    check_frame(scales, texts=texts, numbers=numbers, what="scales")
    remedy = f"give {' or '.join(SIGN)}"
    check_known(scales["direction"], SIGN, what="scales, column direction", remedy=remedy)
    twice = scales["indicator"].duplicated()
    if twice.any():
        what = f"{brief(scales.loc[twice, 'indicator'].iloc[0])} has two scales"
        remedy = "give each indicator one scale: a second one would score every figure twice"
        raise ReadError("frame-duplicate", what, remedy=remedy, where="scales")


def points_per_unit(scales: pd.DataFrame) -> pd.Series[float]:
    """Return how many points of score one percentage point is, negative where high is bad.

    Examples
    --------
    >>> scales = pd.DataFrame([["E1", 72.0, 10.0, "high", "2025"]], columns=SCALE_COLUMNS)
    >>> points_per_unit(scales)["E1"]
    np.float64(3.0)
    """
    by_code = scales.set_index("indicator")
    return by_code["direction"].map(SIGN).astype("float64") * (
        HALF_RANGE_POINTS / by_code["half_range"]
    )


def read_scales(folder: str | Path, catalogue: Catalogue) -> pd.DataFrame:
    """Return the scales of an earlier delivery, so that a later run scores on the same.

    Parameters
    ----------
    folder
        A delivery with its ``manifest.json``.
    catalogue
        The later run's catalogue, its readings decided.

    Returns
    -------
    pandas.DataFrame
        ``SCALE_COLUMNS``, what `fit_scales` returned then.

    Raises
    ------
    IndexComputationError
        ``timeline-manifest`` when the folder has no readable scales, ``timeline-definition`` when
        an indicator, its direction or what it counts is not the same.
    """
    delivery = Delivery(Path(folder))
    try:
        manifest = delivery.proven()
        scales = pd.DataFrame(manifest["scales"], columns=SCALE_COLUMNS)
        earlier = Catalogue.model_validate(manifest["definition"]["catalogue"])
        scales = _check_scales(scales)
    except (ReadError, ValueError, KeyError, TypeError):
        raise IndexComputationError(
            "timeline-manifest",
            f"{MANIFEST} is missing, or the delivery is changed, or it has no readable scales",
            remedy="see geolyft verify, and give the folder of a delivery as geolyft made it",
            where=delivery.folder.name,
        ) from None
    _check_definition(scales, earlier, catalogue, delivery.folder.name)
    return scales


def _check_scales(scales: pd.DataFrame) -> pd.DataFrame:
    scales = scales.astype({"reference_value": "float64", "half_range": "float64"})
    numbers = scales[["reference_value", "half_range"]]
    usable = (
        len(scales) > 0
        and bool(np.isfinite(numbers).all(axis=None))
        and bool((scales["half_range"] > 0).all())
        and scales["indicator"].is_unique
        and bool(scales["direction"].isin(["high", "low"]).all())
    )
    if not usable:
        raise ValueError("scales")
    return scales


def _check_definition(
    scales: pd.DataFrame, earlier: Catalogue, catalogue: Catalogue, where: str
) -> None:
    def meaning(of: Catalogue) -> dict[str, tuple[str, ...]]:
        return {i.code: (i.direction, i.numerator, i.denominator) for i in of.indicators}

    then, now = meaning(earlier), meaning(catalogue)
    differs = sorted(code for code in {*then, *now} if then.get(code) != now.get(code))
    directions = zip(scales["indicator"], scales["direction"], strict=True)
    differs += sorted(code for code, way in directions if code not in now or now[code][0] != way)
    if differs:
        raise IndexComputationError(
            "timeline-definition",
            f"{len(set(differs))} indicators are not what they were, first {brief(differs[0])}",
            remedy="use the earlier catalogue and readings, or fit new scales and show no change",
            where=where,
        )
