"""A delivery opened again: its tables and layers for a script, and what changed between periods."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import geopandas as gpd
import pyogrio

from geolyft.action.access.exposure import ExposureSettings
from geolyft.action.access.settings import AccessSettings
from geolyft.certainty.draws import draw_scores
from geolyft.certainty.errors.correlation import SamePeople
from geolyft.errors import (
    GeolyftWarning,
    IndexComputationError,
    LacksError,
    ReadError,
    brief,
    nearest,
)
from geolyft.findings import change as over_time
from geolyft.findings.against import AgainstSettings
from geolyft.index.scales import read_scales
from geolyft.pipeline.earlier import read_published
from geolyft.pipeline.scoring.stages import columns
from geolyft.read.delivery import UNREADABLE, Delivery, kinds_of, sha256
from geolyft.run_file.tables import UncertaintySettings
from geolyft.shown import Shown, index_html

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import pandas as pd

    from geolyft.form import FormT
    from geolyft.pipeline.earlier import Earlier

Content = TypeVar("Content")

_GEOPACKAGE: Final = "omradeslyft.gpkg"
_MAP: Final = "karta.html"
_TABLES: Final = "tabeller/"


def open(folder: str | Path) -> Delivered:  # noqa: A001 - geolyft.open, as of other libraries
    """Open a delivery, to go on with its figures.

    Parameters
    ----------
    folder
        What `geolyft.run` or ``geolyft run`` wrote.

    Raises
    ------
    ReadError
        ``verify-manifest`` when the folder is no delivery.

    Examples
    --------
    >>> try:
    ...     open("no such folder")
    ... except ReadError as refusal:
    ...     refusal.code
    'verify-manifest'
    """
    delivery = Delivery(Path(folder))
    _ = delivery.manifest  # a folder that is none is refused here, not when a table is asked for
    return Delivered(files=delivery)


@dataclass(frozen=True, kw_only=True)
class MapPage:
    """The planners' map of a delivery; a notebook shows it, with all that it can.

    Parameters
    ----------
    path
        The file, to send or to open in a browser.
    height
        Of the frame in a notebook, in pixels.
    """

    path: Path
    height: int

    def _repr_html_(self) -> str:
        page = escape(self.path.read_text(encoding="utf-8"))
        style = f"width: 100%; height: {self.height}px; border: 0"
        return f'<iframe srcdoc="{page}" style="{style}" title="{escape(self.path.name)}"></iframe>'


@dataclass(frozen=True, kw_only=True, repr=False)
class Delivered(Shown):
    """What a delivery holds; each file is held against the manifest when it is first read.

    Every property that reads raises ReadError, ``verify-differs``, when its file is not as it was
    delivered.
    """

    files: Delivery

    @property
    def manifest(self) -> dict[str, Any]:
        """How it was made: configuration, sources, scales, versions, ledger, warnings."""
        return self.files.manifest

    @property
    def title(self) -> str:
        """What it is called."""
        return str(self.manifest["title"])

    @property
    def periods(self) -> tuple[str, ...]:
        """The editions, oldest first."""
        return tuple(self.manifest["periods"])

    @cached_property
    def index(self) -> pd.DataFrame:
        """``index.csv``: a row per area and period, the city first.

        Its column ``index`` is ``frame["index"]``: ``frame.index`` is pandas' own.
        """
        return self._read("index.csv", lambda: self.files.index)

    @cached_property
    def observations(self) -> pd.DataFrame:
        """Every published figure: ``OBSERVATION_COLUMNS``, a row per area, period, sex and code."""
        return self._read("resultat.parquet", lambda: self.files.observations)

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The tables behind the index by name; each is read when it is asked for."""
        return _Tables(self)

    @cached_property
    def layers(self) -> tuple[str, ...]:
        """The layers with geometry that `layer` gives."""
        listed = self._read(
            _GEOPACKAGE, lambda: pyogrio.list_layers(self.files.folder / _GEOPACKAGE)
        )
        return tuple(str(name) for name, geometry in listed if geometry)

    def layer(self, name: str) -> gpd.GeoDataFrame:
        """Return a layer of the GeoPackage, with its CRS.

        Parameters
        ----------
        name
            One of `layers`, or without the division that it begins with: ``index`` is
            ``geso_index``.

        Returns
        -------
        geopandas.GeoDataFrame
            Index: text codes named ``area`` where a row is an area, so that ``frame.area`` is
            what geopandas measures and nothing else. The column ``index`` is ``frame["index"]``.

        Raises
        ------
        LacksError
            ``delivery-lacks``.
        """
        level = self.manifest["division"]["level"]
        known = [each for each in (name, f"{level}_{name}") if each in self.layers]
        if not known:
            raise self._lacks("layer", name, self.layers)
        file = self.files.folder / _GEOPACKAGE
        frame = self._read(_GEOPACKAGE, lambda: gpd.read_file(file, layer=known[0]))
        code = f"{known[0].partition('_')[0]}_kod"
        return frame.set_index(code).rename_axis("area") if code in frame else frame

    def change(
        self, first: str | None = None, last: str | None = None, *, strict: bool = False
    ) -> pd.DataFrame:
        """Return how far every score moved between two of the periods, with its interval.

        Scales, noise, breaks, small areas that are split and everything else that makes a change
        more or less sure are those of the delivery.

        Parameters
        ----------
        first, last
            Periods; by default the base period (or the first) and the last.
        strict
            Whether to refuse what is not comparable, rather than to list it with its reason.

        Returns
        -------
        pandas.DataFrame
            See `geolyft.findings.change.change`.

        Raises
        ------
        LacksError
            ``delivery-lacks`` when it has no such period.
        IndexComputationError
            ``delivery-method`` when the index is not the one whose uncertainty over time is known;
            when strict, as `geolyft.findings.change.change`.
        ReadError
            ``earlier-lacks`` when another version of geolyft made the delivery.
        """
        base, ends = self.manifest["definition"]["base_period"], (self.periods[0], self.periods[-1])
        span = (base if base != ends[1] else ends[0], ends[1])
        first, last = (asked or own for asked, own in zip((first, last), span, strict=True))
        for period in (first, last):
            if period not in self.periods:
                raise self._lacks("period", period, self.periods)
        self._check("resultat.parquet")
        return _change(self, read_published(self.files), first, last, strict=strict)

    def map(self, *, height: int = 700) -> MapPage:
        """Return the planners' map, which a notebook shows.

        Parameters
        ----------
        height
            In pixels.
        """
        self._check(_MAP)
        return MapPage(path=self.files.folder / _MAP, height=height)

    def _fields(self) -> dict[str, Any]:
        names = {"title": self.title, "periods": self.periods, "tables": list(self.tables)}
        return {"folder": str(self.files.folder), **names}

    def _repr_html_(self) -> str:
        """Return the index of the last period."""
        return index_html(self.index, self.title, self.periods[-1])

    def _read(self, name: str, read: Callable[[], Content]) -> Content:
        self._check(name)
        try:
            return read()
        except UNREADABLE:
            raise self._differs(name) from None

    def _check(self, name: str) -> None:
        """Refuse a file that is not as it was delivered; of a database say so."""
        path = self.files.folder / name
        if path.is_file() and sha256(path) == self.files.listed.get(name):
            return
        refused = self._differs(name)
        if name != _GEOPACKAGE or not path.is_file():
            raise refused
        # QGIS writes into a GeoPackage that it only looks at.
        warnings.warn(str(refused), GeolyftWarning, stacklevel=2)

    def _differs(self, name: str) -> ReadError:
        what = f"{name} is not as it was delivered, or is missing"
        remedy = "see geolyft verify, and get the delivery again as it was made"
        return ReadError("verify-differs", what, remedy=remedy, where=self.files.folder.name)

    def _lacks(self, kind: str, name: str, known: Iterable[str]) -> LacksError:
        names, where = list(known), self.files.folder.name
        what = f"has no {kind} {brief(name)}{nearest(name, names)}"
        remedy = f"use one of {', '.join(names)}"
        return LacksError("delivery-lacks", what, remedy=remedy, where=where)


class _Tables(Mapping[str, "pd.DataFrame"]):
    def __init__(self, of: Delivered) -> None:
        self._of = of

    def __getitem__(self, name: str) -> pd.DataFrame:
        of, file = self._of, f"{_TABLES}{name}.csv"
        if file not in of.files.listed:
            raise of._lacks("table", name, self)  # noqa: SLF001 - a part of it
        declared = columns(
            _said_in(of.manifest, "access", AccessSettings),
            _said_in(of.manifest, "exposure", ExposureSettings),
            _said_in(of.manifest, "against", AgainstSettings),
        )
        section = f"tabell_{name}" if f"tabell_{name}" in declared.sections else name
        kinds = kinds_of(declared, section)
        table: pd.DataFrame = of._read(file, lambda: of.files.table(name, kinds=kinds))  # noqa: SLF001
        return table

    def __iter__(self) -> Iterator[str]:
        listed = (Path(each) for each in self._of.files.listed if each.startswith(_TABLES))
        return (each.stem for each in listed if each.suffix == ".csv")

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"tables: {', '.join(self)}"


def _said_in(manifest: Mapping[str, Any], section: str, form: type[FormT]) -> list[FormT]:
    """Return what a delivery's run said in a section that may stand several times."""
    return [form.model_validate(each) for each in manifest["config"].get(section, [])]


def _change(
    of: Delivered, published: Earlier, first: str, last: str, *, strict: bool
) -> pd.DataFrame:
    then, figures = published.manifest, published.figures
    definition = then.definition
    if not definition.index.comparable:
        method = f"{definition.index.normalisation} and {definition.index.aggregation}"
        remedy = "make it with goalpost and arithmetic, or read the table forandring of both"
        where = of.files.folder.name
        what = f"the index is made with {method}: how sure a change of it is, is not known"
        raise IndexComputationError("delivery-method", what, remedy=remedy, where=where)
    settings = UncertaintySettings.model_validate(of.manifest["config"].get("uncertainty", {}))
    drawn = draw_scores(
        figures.observations,
        read_scales(of.files.folder, definition.catalogue),
        definition.catalogue,
        noise=figures.noise,
        parts=figures.parts,
        same_people=SamePeople(counted=figures.counted, said=settings.correlation),
        splits=figures.splits,
        draws=settings.draws,
        seed=settings.seed,
        minimums=definition.index.minimums,
    )
    judged = over_time.comparable(
        figures.observations,
        definition.catalogue,
        first=first,
        last=last,
        breaks=then.breaks,
        noise=figures.noise,
    )
    return over_time.change(drawn, judged, strict=strict)
