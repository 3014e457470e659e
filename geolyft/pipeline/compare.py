"""Deliveries held against their manifest, and against each other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from geolyft.errors import ReadError
from geolyft.export import delivery
from geolyft.export.delivery import MANIFEST, sha256
from geolyft.frames import EVERYONE, KEY

Cause = Literal["data", "division", "definition", "software"]
_MOVED: Final = 1e-9


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What a delivery's files are against its manifest; all three empty when it is intact."""

    changed: tuple[str, ...]
    missing: tuple[str, ...]
    unlisted: tuple[str, ...]

    @property
    def intact(self) -> bool:
        """Whether every file is the one that was delivered."""
        return not (self.changed or self.missing or self.unlisted)


def verify(folder: str | Path) -> Verification:
    """Compare every file of a delivery with the manifest's SHA-256.

    Raises
    ------
    ReadError
        ``verify-manifest`` when the folder is no delivery.
    """
    folder = Path(folder)
    listed = {each["path"]: each["sha256"] for each in read_manifest(folder)["outputs"]}
    present = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}
    return Verification(
        changed=tuple(
            name
            for name in sorted(listed)
            if name in present and not _is(folder / name, listed[name])
        ),
        missing=tuple(sorted(set(listed) - present)),
        unlisted=tuple(sorted(present - set(listed) - {MANIFEST})),
    )


def _is(file: Path, digest: str) -> bool:
    try:
        return sha256(file) == digest
    except OSError:  # what cannot be read cannot be shown to be what was delivered
        return False


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read a delivery's manifest.

    Raises
    ------
    ReadError
        ``verify-manifest`` when it is missing or damaged, or names files outside the folder.
    """
    content = delivery.read_manifest(folder)
    if content is None:
        raise ReadError(
            "verify-manifest",
            f"{MANIFEST} is missing or damaged",
            remedy="give the folder of a delivery",
            where=folder.name,
        )
    return content


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What differs between two deliveries.

    Parameters
    ----------
    causes
        What changed among the inputs: ``data`` (the sources' files), ``division`` (areas or
        crosswalks), ``definition`` (catalogue, readings, minimums, base period, protection) or
        ``software`` (versions). Nothing changed and still a difference is a bug.
    moved
        ``area, period, sex, indicator, value_a, value_b, difference``: every published value that
        is not the same, the index as indicator ``index``. When ``causes`` is only ``data`` and the
        periods are new, this is real change; otherwise it is not to be read as such.
    """

    causes: tuple[Cause, ...]
    moved: pd.DataFrame


def compare(folder_a: str | Path, folder_b: str | Path) -> Comparison:
    """Say what moved between two deliveries, and what could have moved it.

    Raises
    ------
    ReadError
        ``verify-manifest``, or ``compare-damaged`` when a delivery is not intact.
    """
    folders = (Path(folder_a), Path(folder_b))
    for folder in folders:
        if not verify(folder).intact:
            raise _damaged(folder, "is not as its manifest says")
    first, second = (read_manifest(folder) for folder in folders)
    causes = tuple(
        cause
        for cause, keys in _CAUSES.items()
        if any(first.get(key) != second.get(key) for key in keys)
    )
    return Comparison(causes=causes, moved=_moved(*map(_values, folders)))


def _damaged(folder: Path, what: str) -> ReadError:
    return ReadError(
        "compare-damaged",
        what,
        remedy="see geolyft verify, and make the delivery again",
        where=folder.name,
    )


_CAUSES: Final[dict[Cause, tuple[str, ...]]] = {
    "data": ("inputs",),
    "division": ("division",),
    # Scales are computed from the data: they differ because something above them does.
    "definition": ("definition",),
    "software": ("versions",),
}


def _values(folder: Path) -> pd.Series[float]:
    """Return every published value of a delivery by its key, the index among them."""
    try:
        seen = pq.read_table(folder / "resultat.parquet", columns=[*KEY, "value"]).to_pandas()
        index = _index(folder / "index.csv")
        both = pd.concat([seen, index]).set_index(KEY)
        values: pd.Series[float] = both["value"].astype("float64")
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
        raise _damaged(folder, "lacks a readable resultat.parquet or index.csv") from None
    if values.index.has_duplicates:
        raise _damaged(folder, "has a value of the same area, period, sex and indicator twice")
    return values


def _index(path: Path) -> pd.DataFrame:
    # An area called NA is no missing value; an empty index is.
    index = pd.read_csv(
        path,
        usecols=["area", "period", "index"],
        dtype={"area": "str", "period": "str"},
        keep_default_na=False,
        na_values={"index": [""]},
    )
    return index.rename(columns={"index": "value"}).assign(sex=EVERYONE, indicator="index")


def _moved(first: pd.Series[float], second: pd.Series[float]) -> pd.DataFrame:
    table = pd.DataFrame({"value_a": first, "value_b": second})
    table["difference"] = table["value_b"] - table["value_a"]
    appeared = table["value_a"].isna() != table["value_b"].isna()
    return table[(table["difference"].abs() > _MOVED) | appeared].reset_index()
