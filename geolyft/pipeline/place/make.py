"""Drawn polygons and a run become a page of places, and a layer of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd

from geolyft.action.places.estimated import estimated
from geolyft.action.places.page import places_page
from geolyft.action.places.place import Place
from geolyft.action.places.polygons import check_places, lying
from geolyft.disclosure.own_rules.places import check_residents
from geolyft.disclosure.raw import Raw
from geolyft.export.aside import one_by_one
from geolyft.export.delivery import check_destination
from geolyft.export.formats.pdf import require_weasyprint, tagged
from geolyft.export.geo.places import FILE, KNOWN, joined, write_places
from geolyft.export.words import load_words
from geolyft.frames import CHILDREN, EVERYONE, POPULATION
from geolyft.pipeline.place.beside import beside_of, nearest, published_beside
from geolyft.pipeline.place.inside import figures_inside, of_registers, refuse_differences
from geolyft.pipeline.run import publish
from geolyft.read import read_layer
from geolyft.run_file.config import Config, load_config

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geolyft.action.places.place import Near
    from geolyft.export.publication import Publication
from geolyft.pipeline.place.inside import Inside

_FIGURES: Final = ["value", "low", "high", "status", "how"]
_COUNTS: Final = ["area", "indicator", "numerator", "denominator", "status"]


def make_places(
    polygons: str | Path,
    config: Config | str | Path,
    *,
    out: str | Path,
    layer: str | None = None,
    name: str | None = None,
    pdf: bool = False,
) -> list[Place]:
    """Say what is known of places that somebody drew, beside their area and the city.

    Where the run has a register of residents, figures are counted of those who live inside, and
    protected and audited as those of areas. Else they are weighed from the small areas that the run
    looks at, by ground, and are approximate. A place that is an area has the area's figures.

    Parameters
    ----------
    polygons
        A vector file of polygons: drawn in QGIS, or exported from the map.
    config
        A run, or the path of its file.
    out
        The folder of ``plats.html`` and ``platser.gpkg``.
    layer
        Which layer of the file, where there are several.
    name
        The column with the places' names.
    pdf
        Whether to write ``plats.pdf`` as well.

    Raises
    ------
    AreaError
        ``place-many``, ``place-shape``, ``place-outside``.
    DisclosureError
        ``protect-place-few``, ``protect-place-difference``.
    OutputError
        See `geolyft.export.delivery.check_destination`.
    """
    config = config if isinstance(config, Config) else load_config(config)
    check_destination(Path(out), inputs=[Path(polygons)])
    if pdf:
        require_weasyprint()
    publication = publish(config)
    drawn = _drawn(Path(polygons), publication, layer=layer, name=name)
    where, levels = Path(polygons).name, [publication, *publication.inner]
    check_places(drawn, publication.areas, where=where)
    lies = [lying(drawn, each.areas) for each in levels]
    memory = config.path(config.releases.file) if config.releases else None
    memory = memory.with_suffix(".platser.gpkg") if memory else None
    # Two at once would each forget the other's polygons, and the difference of both be seen.
    with one_by_one(memory or Path(out)):
        before = _before(memory or Path(out) / FILE, drawn)
        # What is an area has the area's figures, and says nothing that these do not.
        own = drawn[~drawn.index.isin(lies[0].loc[lies[0]["is_same"], "place"])]
        register = of_registers(config) if len(own) else None
        inside = None
        if register is not None:
            inside = figures_inside(register, own, publication.areas, where=where)
            known = [each.areas for each in levels]
            refuse_differences(register, own, known, before, where=where)
        figures, people = _figures(config, levels, lies, inside)
        if register is None:
            check_residents(Raw(people[POPULATION].reindex(own.index)), where=where)
        found = _Found(
            drawn=drawn,
            lies=lies[0],
            figures=figures,
            people=people,
            publication=publication,
            near=nearest(config, drawn),
            config=config,
        )
        made = [_place(str(code), found) for code in drawn.index]
        page = places_page(publication, made)
        write_places(
            Path(out),
            page=page,
            pdf=tagged(page) if pdf else None,
            layer=_layer(config, drawn, made, publication),
            known=joined(before, drawn[["namn", "geometry"]]),
            memory=memory,
            manifest={
                "title": publication.title,
                "places": len(made),
                "config": publication.provenance["config"],
            },
        )
        return made


def _drawn(
    path: Path, publication: Publication, *, layer: str | None, name: str | None
) -> gpd.GeoDataFrame:
    """Return the polygons in the areas' CRS, by a code of their own."""
    read = read_layer(path, layer=layer, columns=[name] if name else [])
    words = load_words(publication.lang)
    frame = read.frame.to_crs(publication.areas.crs)
    names = frame[name].astype("str") if name else pd.Series("", index=frame.index)
    said = [text or words.say("place.name", n=n) for n, text in enumerate(names, start=1)]
    index = pd.Index([f"plats{n}" for n in range(1, len(said) + 1)], name="area")
    return gpd.GeoDataFrame(
        {"name": said, "namn": said}, geometry=frame.geometry.to_numpy(), index=index, crs=frame.crs
    )


def _before(file: Path, drawn: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the polygons that were published before, in the CRS of those drawn now."""
    if not file.exists():
        return drawn[["namn", "geometry"]].iloc[:0]
    return read_layer(file, layer=KNOWN).frame.to_crs(drawn.crs)


def _figures(
    config: Config,
    levels: Sequence[Publication],
    lies: Sequence[pd.DataFrame],
    inside: Inside | None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return by place and indicator what is known and how, and residents by place."""
    seen, who = [], []
    # The best last: smaller areas are nearer to the place, residents are it, and areas are areas.
    # An area's own figure is none of a part of it, unless the run looks at nothing smaller.
    smaller = list(zip(levels, lies, strict=True))[1:] or [(levels[0], lies[0])]
    for publication, within in sorted(smaller, key=lambda each: len(each[0].areas)):
        counts, people = _published(config, publication)
        seen.append(estimated(counts, within).assign(how="approximate"))
        who.append(_people(estimated(people, within, people=[POPULATION, CHILDREN])))
    if inside is not None:
        shown = inside.observations[inside.observations["status"] != "missing"]
        seen.append(shown.assign(how="exact"))
        who.append(inside.people.set_index("place"))
    counts, people = _published(config, levels[0])
    same = lies[0][lies[0]["is_same"]][["place", "area"]]
    seen.append(same.merge(counts, on="area").assign(how="area"))
    who.append(_people(same.merge(people, on="area").assign(value=lambda t: t["denominator"])))
    every = pd.concat(seen, ignore_index=True)
    every = every[every["status"] != "missing"]
    last = every.drop_duplicates(["place", "indicator"], keep="last")
    residents = pd.concat(who)
    return (
        last.set_index(["place", "indicator"]).reindex(columns=_FIGURES),
        residents[~residents.index.duplicated(keep="last")],
    )


def _published(config: Config, publication: Publication) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what is published of everyone in the last period, and residents in the same form."""
    period, seen = publication.periods[-1], publication.observations
    seen = seen[(seen["period"] == period) & (seen["sex"] == EVERYONE)]
    table = publication.tables.get("befolkning", publication.population)
    table = table[table["period"] == period]
    names = [each for each in (POPULATION, CHILDREN) if each in table]
    people = table.melt(["area"], names, "indicator", "denominator").dropna(subset="denominator")
    people = people.assign(numerator=people["denominator"], status="ok")
    of_index = seen[[*_COUNTS, "value", "low", "high"]]
    shares = pd.concat([of_index, published_beside(config, publication)])
    return shares, people[_COUNTS]


def _people(rows: pd.DataFrame) -> pd.DataFrame:
    wide = rows.pivot(index="place", columns="indicator", values="value")
    return wide.reindex(columns=[POPULATION, CHILDREN]).round()


@dataclass(frozen=True, kw_only=True, repr=False)
class _Found:
    """All that was found of all places."""

    drawn: gpd.GeoDataFrame
    lies: pd.DataFrame
    figures: pd.DataFrame
    people: pd.DataFrame
    publication: Publication
    near: Mapping[str, tuple[Near, ...]]
    config: Config


def _place(code: str, found: _Found) -> Place:
    lies, figures, people = found.lies, found.figures, found.people
    mine = lies[lies["place"] == code].sort_values("of_place", ascending=False)
    same = mine.loc[mine["is_same"], "area"].tolist()
    own = figures[figures.index.get_level_values("place") == code].droplevel("place")
    return Place(
        code=code,
        name=str(found.drawn["name"][code]),
        shape=found.drawn.geometry[code],
        area=str(same[0]) if same else "",
        lies=mine,
        figures=own,
        people=people.reindex([code]).iloc[0],
        efforts=_efforts(found.publication, set(mine["area"])),
        near=found.near[code],
        beside=tuple(beside_of(found.config, found.publication, own, str(mine["area"].iloc[0]))),
    )


def _efforts(publication: Publication, areas: set[str]) -> tuple[str, ...] | None:
    table = publication.tables.get("insatser")
    if table is None:
        return None
    rows = table[table[f"{publication.division}_kod"].isin(areas)]
    return tuple(dict.fromkeys(rows["namn"] + " (" + rows["namnd"] + ")"))


def _layer(
    config: Config, drawn: gpd.GeoDataFrame, made: Sequence[Place], publication: Publication
) -> gpd.GeoDataFrame:
    """Return the layer ``platser``: a row a place, a column each indicator."""
    beside = published_beside(config, publication)["indicator"]
    codes = [*publication.catalogue.codes, *dict.fromkeys(beside)]
    rows = [
        {
            "plats": place.name,
            "omraden": ", ".join(place.lies["area"]),
            "befolkning": place.people.get(POPULATION),
            "barn": place.people.get(CHILDREN),
            "period": publication.periods[-1],
            "underlag": "+".join(sorted(set(place.figures["how"]))),
            **{code: place.figures["value"].get(code) for code in codes},
        }
        for place in made
    ]
    frame = pd.DataFrame(rows)
    numbers = ["befolkning", "barn", *codes]
    frame[numbers] = frame[numbers].astype("float64")
    return gpd.GeoDataFrame(frame, geometry=drawn.geometry.to_numpy(), crs=drawn.crs)
