"""Scales kept from one delivery to the next, so that scores of different runs can be compared."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from geolyft.errors import IndexComputationError, ReadError, brief
from geolyft.index.combine import HALF_RANGE_POINTS, SCALE_COLUMNS
from geolyft.indicators.catalogue import Catalogue
from geolyft.read.delivery import MANIFEST, Delivery


def score_per_point(scales: pd.DataFrame) -> pd.Series[float]:
    """Return how many points of score one percentage point is, negative where high is bad.

    Examples
    --------
    >>> scales = pd.DataFrame([["E1", 72.0, 10.0, "high", "2025"]], columns=SCALE_COLUMNS)
    >>> score_per_point(scales)["E1"]
    np.float64(3.0)
    """
    by_code = scales.set_index("indicator")
    return by_code["direction"].map({"high": 1.0, "low": -1.0}) * (
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
        ``SCALE_COLUMNS``, what `geolyft.index.combine.fit_scales` returned then.

    Raises
    ------
    IndexComputationError
        ``timeline-manifest`` when the folder has no readable scales, ``timeline-definition`` when
        an indicator, its direction or what it counts is not the same.
    """
    delivery = Delivery(Path(folder))
    try:
        manifest = delivery.manifest
        scales = pd.DataFrame(manifest["scales"], columns=SCALE_COLUMNS)
        earlier = Catalogue.model_validate(manifest["definition"]["catalogue"])
        scales = _check_scales(scales)
    except (ReadError, ValueError, KeyError, TypeError):
        raise IndexComputationError(
            "timeline-manifest",
            f"{MANIFEST} is missing or has no readable scales",
            remedy="give the folder of a delivery that geolyft made",
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
    said = zip(scales["indicator"], scales["direction"], strict=True)
    differs += sorted(code for code, way in said if code not in now or now[code][0] != way)
    if differs:
        raise IndexComputationError(
            "timeline-definition",
            f"{len(set(differs))} indicators are not what they were, first {brief(differs[0])}",
            remedy="use the earlier catalogue and readings, or fit new scales and show no change",
            where=where,
        )


def check_same_scales(first: pd.DataFrame, last: pd.DataFrame) -> None:
    """Refuse to compare scores that stand on different scales.

    Parameters
    ----------
    first, last
        The scales of two runs, in any order of rows.

    Raises
    ------
    IndexComputationError
        ``timeline-scale``.

    Examples
    --------
    >>> scales = pd.DataFrame([["E1", 72.0, 10.0, "high", "2025"]], columns=SCALE_COLUMNS)
    >>> check_same_scales(scales, scales.copy())
    """
    then, now = (each.set_index("indicator")[SCALE_COLUMNS[1:]] for each in (first, last))
    both = sorted(set(then.index) & set(now.index))
    differs = sorted(set(then.index) ^ set(now.index))
    differs += [code for code in both if not then.loc[code].equals(now.loc[code])]
    if differs:
        raise IndexComputationError(
            "timeline-scale",
            f"{len(differs)} indicators stand on different scales, first {brief(differs[0])}",
            remedy="score both on the scales of the earlier delivery (read_scales)",
        )
