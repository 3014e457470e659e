"""The QGIS project of a delivery, written without QGIS: ``omradeslyft.qgz`` beside the GeoPackage.

It opens on the index, has every other theme a click away, and pages to print. Paths are relative,
so that the folder can be moved.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import geopandas as gpd
from pyproj import CRS

from geolyft.export.qgis.content import Arranged, arrange, front_of
from geolyft.export.qgis.document import (
    VERSION,
    crs_element,
    document_bytes,
    element,
    ellipsoid,
    identifier,
    zipped,
)
from geolyft.export.qgis.drawn.surface import surface_group, surfaces_of
from geolyft.export.qgis.entries import ProjectLayer
from geolyft.export.qgis.maplayer import map_layer
from geolyft.export.qgis.printed.content import FIELDS, SHOWN, Printed, Shown
from geolyft.export.qgis.printed.page import layouts
from geolyft.export.qgis.relations import relations
from geolyft.export.qgis.tree import layer_tree, map_themes, presets
from geolyft.export.words import load_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from geolyft.export.publication import Publication
    from geolyft.export.qgis.printed.items import Extent
    from geolyft.export.words import Words

__all__ = ["Arranged", "ProjectLayer", "arrange", "write_project"]

_MARGIN: Final = 0.05
_SOURCES_SHOWN: Final = 330
_UNDER_BORDERS: Final = 2
"""Where surfaces stand in the list: after what a group itself says, and the borders."""


def write_project(
    arranged: Arranged,
    path: Path,
    *,
    publication: Publication,
    geopackage: str = "omradeslyft.gpkg",
    crs: int,
) -> None:
    """Write a project of layers that stand in a GeoPackage beside it.

    Parameters
    ----------
    arranged
        What it shows; see `arrange`.
    path
        A ``.qgz``.
    geopackage
        The file's name, in the same folder.
    crs
        EPSG code of the layers, and of the project.
    """
    project = _Project(arranged, publication, geopackage, crs)
    content = document_bytes(project.document())
    path.write_bytes(zipped(f"{path.stem}.qgs", content))


@dataclass(frozen=True)
class _Project:
    arranged: Arranged
    publication: Publication
    geopackage: str
    crs: int

    @property
    def entries(self) -> Sequence[ProjectLayer]:
        return self.arranged.entries

    def document(self) -> Element:
        ids = [_id_of(entry) for entry in self.entries]
        sources = [self._source(entry) for entry in self.entries]
        placed = list(zip(self.entries, ids, sources, strict=True))
        related = relations(list(zip(self.entries, ids, strict=True)))
        surfaces = surfaces_of(self.publication)
        tree = layer_tree(placed)
        for group in surface_group(surfaces):
            tree.insert(_UNDER_BORDERS, group)
        make = partial(map_layer, publication=self.publication, crs=self.crs, relations=related)
        return element(
            "qgis",
            element("homePath", path=""),
            element("title", text=self.publication.title),
            element("projectCrs", crs_element(self.crs)),
            tree,
            self._canvas(),
            element(
                "projectlayers",
                *(make(*each) for each in placed),
                *(each.layer() for each in surfaces),
            ),
            element("layerorder", *(element("layer", id=each) for each in ids)),
            self._properties(),
            self._time(),
            element("relations", *(each.element() for each in related)),
            presets(map_themes(self.entries, locator=self._locator()), _id_of),
            self._metadata(),
            layouts(printed) if (printed := self._printed()) else element("Layouts"),
            element("ProjectViewSettings", self._rectangle("DefaultViewExtent"), rotation="0"),
            projectname=self.publication.title,
            version=VERSION,
        )

    def _source(self, entry: ProjectLayer) -> str:
        return f"./{self.geopackage}|layername={entry.layer.name}"

    def _locator(self) -> str:
        return load_words(self.publication.lang).say("qgis.preset_locator")

    def _printed(self) -> Printed | None:
        """Return what pages are made from, where there is a theme to print."""
        front = front_of(self.entries)
        if front is None:
            return None
        (areas,) = (each for each in self.entries if each.role == "outline")
        (listed,) = (each for each in self.entries if each.layer is self.arranged.listed)
        return Printed(
            publication=self.publication,
            words=load_words(self.publication.lang),
            shown=tuple(self._shown(each) for each in self.entries if each.themes),
            areas=self._shown(areas),
            listed=self._shown(listed),
            preset=front.styles[0].preset,
            locator_preset=self._locator(),
            extent=self._extent(),
            is_metric={axis.unit_name for axis in CRS.from_epsg(self.crs).axis_info} == {"metre"},
        )

    def _shown(self, entry: ProjectLayer) -> Shown:
        return Shown(entry=entry, layer_id=_id_of(entry), source=self._source(entry))

    def _extent(self) -> Extent:
        """Return where the areas are, with a margin."""
        shown = [entry.layer.frame for entry in self.entries if entry.visible]
        areas = next(frame for frame in shown if isinstance(frame, gpd.GeoDataFrame))
        west, south, east, north = (float(side) for side in areas.to_crs(self.crs).total_bounds)
        wide, high = (east - west) * _MARGIN, (north - south) * _MARGIN
        return west - wide, south - high, east + wide, north + high

    def _rectangle(self, tag: str) -> Element:
        sides = zip(("xmin", "ymin", "xmax", "ymax"), self._extent(), strict=True)
        return element(tag, crs_element(self.crs), **{side: repr(place) for side, place in sides})

    def _canvas(self) -> Element:
        """Return what the window shows when the project opens."""
        sides = zip(("xmin", "ymin", "xmax", "ymax"), self._extent(), strict=True)
        return element(
            "mapcanvas",
            element("extent", *(element(side, text=repr(place)) for side, place in sides)),
            element("rotation", text="0"),
            element("destinationsrs", crs_element(self.crs)),
            name="theMapCanvas",
        )

    def _time(self) -> Element | None:
        """Return from when to when the temporal controller plays, a year at a time."""
        days = [day for entry in self.entries if entry.layer.about == "tid"
                for end in ("fran", "till") for day in entry.layer.frame[end] if day]  # fmt: skip
        if not days:
            return None
        return element(
            "ProjectTimeSettings",
            element(
                "TemporalRange",
                element("start", text=f"{min(days)}T00:00:00Z"),
                element("end", text=f"{max(days)}T00:00:00Z"),
            ),
            timeStep="1",
            timeStepUnit="y",
            frameRate="1",
            cumulativeTemporalRange="0",
        )

    def _properties(self) -> Element:
        known = self._variables()
        return element(
            "properties",
            element("Paths", element("Absolute", type="bool", text="false")),
            element("SpatialRefSys", element("ProjectionsEnabled", type="int", text="1")),
            element("WMSServiceCapabilities", type="bool", text="true"),
            element("WMSServiceTitle", type="QString", text=self.publication.title),
            element("WMSContactOrganization", type="QString", text=self.publication.city),
            element("Measure", element("Ellipsoid", type="QString", text=ellipsoid(self.crs))),
            element(
                "Variables",
                _texts("variableNames", [f"geolyft_{name}" for name in known]),
                _texts("variableValues", list(known.values())),
            ),
        )

    def _variables(self) -> Mapping[str, str]:
        """Return the texts of the printed pages; QGIS shows a variable's value as it is."""
        publication = self.publication
        words = load_words(publication.lang)
        texts = {
            "titel": publication.title,
            "stad": publication.city,
            "period": publication.periods[-1],
            SHOWN: front.styles[0].preset if (front := front_of(self.entries)) else "",
            "forsiktighet": words.say("html.care"),
            "kallor": self._sources(),
            "syntetiskt": words.say("html.synthetic") if publication.synthetic else "",
        }
        names = [each.title(publication.lang) for each in publication.catalogue.dimensions]
        texts |= {f"dimension_{place}": name for place, name in enumerate(names, start=1)}
        # What only the office knows: empty until somebody fills it in.
        return {name: text for name, text in texts.items() if text} | dict.fromkeys(FIELDS, "")

    def _sources(self) -> str:
        """Return whose figures they are, in the space a page has for it."""
        words = load_words(self.publication.lang)
        names: dict[str, list[str]] = {}
        for each in self.publication.sources:
            names.setdefault(each.publisher, []).append(each.name)
        sources = [
            words.say("qgis.source", publisher=publisher, names=", ".join(theirs))
            if publisher
            else ", ".join(theirs)
            for publisher, theirs in names.items()
        ]
        return words.say("qgis.sources", sources=_shortened("; ".join(sources), words))

    def _metadata(self) -> Element:
        publication = self.publication
        words = load_words(publication.lang)
        meaning = words.say("html.meaning", city=publication.city, base=publication.base_period)
        synthetic = [words.say("html.synthetic")] if publication.synthetic else []
        licences = [f"{each.name}: {each.licence}" for each in publication.sources if each.licence]
        about = [
            *synthetic,
            meaning,
            words.say("html.care"),
            *publication.warnings,
            self._sources(),
            *licences,
        ]
        return element(
            "projectMetadata",
            element("identifier"),
            element("language", text=publication.lang),
            element("type", text="dataset"),
            element("title", text=publication.title),
            element("abstract", text="\n".join(about)),
            element("author", text=publication.city),
            element("creation", text=publication.created) if publication.created else None,
        )


def _id_of(entry: ProjectLayer) -> str:
    return identifier(entry.layer.name, entry.role)


def _shortened(text: str, words: Words) -> str:
    if len(text) <= _SOURCES_SHOWN:
        return text
    return f"{text[:_SOURCES_SHOWN].rpartition(',')[0]}, {words.say('qgis.more_sources')}"


def _texts(tag: str, content: Sequence[str]) -> Element:
    return element(tag, *(element("value", text=text) for text in content), type="QStringList")
