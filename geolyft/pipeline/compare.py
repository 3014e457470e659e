"""Deliveries held against their manifest, and against each other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import pandas as pd

from geolyft.errors import ReadError
from geolyft.frames import EVERYONE, KEY
from geolyft.pipeline.became import became
from geolyft.read.delivery import UNREADABLE, Delivery, Verification
from geolyft.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Mapping

Cause = Literal["data", "division", "definition", "software"]
_MOVED: Final = 1e-9


def verify(folder: str | Path) -> Verification:
    """Compare every file of a delivery with the manifest's SHA-256.

    Raises
    ------
    ReadError
        ``verify-manifest`` when the folder is no delivery.
    """
    return Delivery(Path(folder)).verify()


@dataclass(frozen=True, kw_only=True, repr=False)
class Comparison(Shown):
    """What differs between two deliveries.

    Parameters
    ----------
    causes
        What changed among the inputs: ``data`` (the sources' files), ``division`` (areas or
        crosswalks), ``definition`` (catalogue, readings, minimums, base period, protection) or
        ``software`` (versions). Nothing changed and still a difference is a bug.
    named
        By cause what it is: files, divisions, keys of the definition, packages with both versions.
    moved
        ``area, period, sex, indicator, value_a, value_b, difference, name`` (of the area): every
        published value that is not the same, the index as indicator ``index``. When ``causes`` is
        only ``data`` and the periods are new, this is real change; otherwise it is not to be read
        as such.
    became
        What became of plans, efforts and problems, see `geolyft.pipeline.became.became`.
    """

    causes: tuple[Cause, ...]
    named: Mapping[Cause, tuple[str, ...]]
    moved: pd.DataFrame
    became: pd.DataFrame

    @property
    def differ(self) -> bool:
        """Whether the two are not the same."""
        changed = (self.became["became"] != "same").any()
        return bool(self.causes) or len(self.moved) > 0 or bool(changed)


def compare(folder_a: str | Path, folder_b: str | Path) -> Comparison:
    """Say what moved between two deliveries, and what could have moved it.

    Raises
    ------
    ReadError
        ``verify-manifest``, or ``compare-damaged`` when a delivery is not intact.
    """
    deliveries = (Delivery(Path(folder_a)), Delivery(Path(folder_b)))
    for delivery in deliveries:
        if not delivery.verify().intact:
            raise _damaged(delivery, "is not as its manifest says")
    first, second = (delivery.manifest for delivery in deliveries)
    causes = tuple(
        cause
        for cause, keys in _CAUSES.items()
        if any(first.get(key) != second.get(key) for key in keys)
    )
    named = {cause: _named(cause, first, second) for cause in causes}
    moved = _moved(*map(_values, deliveries))
    names = pd.concat([each.index[["area", "name"]] for each in deliveries]).drop_duplicates("area")
    moved = moved.merge(names, on="area", how="left")
    return Comparison(causes=causes, named=named, moved=moved, became=became(*deliveries))


def _damaged(delivery: Delivery, what: str) -> ReadError:
    remedy = "see geolyft verify, and make the delivery again"
    return ReadError("compare-damaged", what, remedy=remedy, where=delivery.folder.name)


_CAUSES: Final[dict[Cause, tuple[str, ...]]] = {
    "data": ("inputs",),
    "division": ("division",),
    # Scales are computed from the data: they differ because something above them does.
    "definition": ("definition",),
    "software": ("versions",),
}


def _named(cause: Cause, first: Mapping[str, Any], second: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of what is not the same in the parts of two manifests."""
    (key,) = _CAUSES[cause]
    then, now = (_by_name(each.get(key)) for each in (first, second))
    differs = [name for name in {**then, **now} if then.get(name) != now.get(name)]
    if cause != "software":
        return tuple(differs)
    return tuple(f"{name} {then.get(name, '-')} → {now.get(name, '-')}" for name in differs)


def _by_name(part: Any) -> dict[str, Any]:  # noqa: ANN401 - of a manifest
    """Return a part of a manifest by names: inputs by their file, the rest by its keys."""
    if isinstance(part, dict):
        return part
    return {str(each["path"]): each for each in part or () if isinstance(each, dict)}


def _values(delivery: Delivery) -> pd.Series[float]:
    """Return every published value of a delivery by its key, the index among them."""
    try:
        index = delivery.index[["area", "period", "index"]].rename(columns={"index": "value"})
        index = index.assign(sex=EVERYONE, indicator="index")
        both = pd.concat([delivery.observations[[*KEY, "value"]], index]).set_index(KEY)
        values: pd.Series[float] = both["value"].astype("float64")
    except UNREADABLE:
        raise _damaged(delivery, "lacks a readable resultat.parquet or index.csv") from None
    if values.index.has_duplicates:
        raise _damaged(delivery, "has a value of the same area, period, sex and indicator twice")
    return values


def _moved(first: pd.Series[float], second: pd.Series[float]) -> pd.DataFrame:
    table = pd.DataFrame({"value_a": first, "value_b": second})
    table["difference"] = table["value_b"] - table["value_a"]
    appeared = table["value_a"].isna() != table["value_b"].isna()
    return table[(table["difference"].abs() > _MOVED) | appeared].reset_index()
