"""A page per area: how it stands, how sure that is, which way it goes, and where inside it.

Each page is one file that asks nothing of any network, runs no script and prints on A4. What it
says is worked out in `geolyft.export.profile`; its markup is in ``profile/profil.html``.
"""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import shapely

from geolyft.divisions.gazetteer.places import DELOMRADE
from geolyft.export.figures.cells import statuses_of
from geolyft.export.figures.reader import reader_of
from geolyft.export.figures.schemes import CHANGE, INDEX
from geolyft.export.figures.stems import file_stems
from geolyft.export.html.beside import LIST
from geolyft.export.html.charts import NARROW, scale_row
from geolyft.export.html.maps import locator, tolerance
from geolyft.export.html.page import render
from geolyft.export.profile.blocks.change import change_of
from geolyft.export.profile.blocks.chapters import chapters_of
from geolyft.export.profile.blocks.goal import goal_of
from geolyft.export.profile.blocks.inside import Insides
from geolyft.export.profile.blocks.key import key_figures
from geolyft.export.profile.blocks.notes import gone_from, notes_of, sources_of
from geolyft.export.profile.blocks.parts import neighbour_rows, parts_of, standing_out
from geolyft.export.profile.blocks.people import children_of, lenses_of, sexes_of
from geolyft.export.profile.blocks.spine import Spine, groups
from geolyft.export.profile.figures import Block, round_scale, score_rows, standings
from geolyft.export.profile.sentences import say
from geolyft.export.standing import headline

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from markupsafe import Markup

    from geolyft.export.figures.reader import Reader
    from geolyft.export.publication import Publication

FOLDER = "omraden"
"""Where the pages are, inside the delivery."""
STYLES = ("html/sida.css", "profile/profil.css")


BLOCKS: Final[Mapping[str, Callable[[Reader, str], object]]] = {
    "key": key_figures,
    "scores": score_rows,
    "change": change_of,
    "parts": parts_of,
    "challenges": partial(standing_out, kind="challenge"),
    "strengths": partial(standing_out, kind="strength"),
    "sexes": sexes_of,
    "children": children_of,
    "lenses": lenses_of,
    "goal": goal_of,
    "chapters": chapters_of,
    "gone": gone_from,
    "notes": notes_of,
    "sources": sources_of,
}
"""What the reader alone tells of an area, by the name the template has for it."""


class Profiles:
    """The profiles of a publication, in the order of areas.

    Parameters
    ----------
    publication
        What was published; nothing else is read.
    """

    def __init__(self, publication: Publication) -> None:
        self.reader = reader_of(publication)
        self.stems = file_stems(self.reader.codes)
        self._spine = Spine(self.reader)
        self._insides = Insides(self.reader)

    @cached_property
    def _shapes(self) -> Mapping[str, shapely.Geometry]:
        """The areas as small maps show them: simplified together, so that borders stay shared."""
        codes = self.reader.codes
        shapes = self.reader.publication.areas.geometry.loc[codes].to_numpy()
        simple = shapely.coverage_simplify(shapes, tolerance=tolerance(shapes))
        return dict(zip(codes, simple, strict=True))

    def of(self, area: str) -> Block:
        """Return what an area's page says."""
        reader, publication = self.reader, self.reader.publication
        return Block(
            **{name: block(reader, area) for name, block in BLOCKS.items()},
            anchor=f"omrade-{reader.codes.index(area) + 1}",
            period=reader.period,
            kicker=say(reader, "kicker_of", title=publication.title, period=reader.period),
            title=reader.title(area),
            made_of=self._made_of(area),
            headline=self.headline(area),
            story=self._story(area),
            locator=self._locator(area),
            score_scale=round_scale(reader, reader.score_axis, say(reader, "scores")),
            groups=groups(reader, self._spine, area),
            spine_scale=self._spine_scale(),
            is_judged="osakerhet" in publication.tables,
            no_trend=self._no_trend(),
            no_parts=self._no_parts(area),
            part_scale=self._part_scale(),
            has_standing="styrkor" in publication.tables,
            neighbours=neighbour_rows(reader, reader.neighbours[area], self.stems),
            index_scale=self.index_scale(),
            inside=self._insides.of(area),
        )

    def headline(self, area: str) -> str:
        """Return how an area stands, in words."""
        reader = self.reader
        return headline(
            standings(reader, area),
            area=reader.title(area),
            period=reader.period,
            city=reader.publication.city,
            words=reader.words,
        )

    def _made_of(self, area: str) -> str:
        """Name what the area is made of, where the city has names for that."""
        places = self.reader.publication.places
        names = [each.name for each in places if (each.kind, each.area) == (DELOMRADE, area)]
        return self.reader.words.say("page.parts_of", names=", ".join(names)) if names else ""

    def _story(self, area: str) -> list[str]:
        reader, cell = self.reader, self.reader.cell(INDEX, area)
        if "partial" not in statuses_of(cell) or cell["value"] is None:
            return []
        counted = reader.index_rows.get(area, {}).get("n_indicators")
        total = len(reader.publication.catalogue.indicators)
        return [say(reader, "partial", n=counted, all=total)]

    def _locator(self, area: str) -> Markup:
        reader = self.reader
        name = say(reader, "map_name", area=reader.title(area), n=len(reader.codes))
        return locator(self._shapes, area, name=name)

    def index_scale(self) -> Markup:
        """Return the axis of the index, for the head of a table."""
        name = say(self.reader, "col_index")
        return round_scale(self.reader, self.reader.index_axis, name, width=NARROW)

    def _spine_scale(self) -> Markup:
        reader, (low, high) = self.reader, self._spine.axis
        ticks = [
            (low, say(reader, "spine_worse")),
            (0.0, reader.publication.city),
            (high, say(reader, "spine_better")),
        ]
        return scale_row(ticks, axis=(low, high), name=say(reader, "spine_axis"))

    def _part_scale(self) -> Markup:
        down, up, name = (say(self.reader, f"parts_{part}") for part in ("down", "up", "axis"))
        return scale_row([(-1.0, down), (1.0, up)], axis=(-1.0, 1.0), name=name, width=NARROW)

    def _no_trend(self) -> str:
        publication = self.reader.publication
        is_told = len(publication.periods) < 2 or CHANGE in publication.tables  # noqa: PLR2004
        return "" if is_told else say(self.reader, "no_trend_method")

    def _no_parts(self, area: str) -> str:
        known = self.reader.value(INDEX, area) is not None
        return say(self.reader, "parts_method" if known else "parts_absent")


def write_profiles(publication: Publication, folder: Path) -> None:
    """Write ``omraden/<kod>.html`` for each area, and a list of them as ``omraden/index.html``.

    A code that is no safe file name gets one that is, see `geolyft.export.figures.stems`. The same
    publication gives the same bytes.

    Parameters
    ----------
    folder
        The delivery's; the pages go into a folder of their own in it.

    Examples
    --------
    >>> from geolyft.export.profile.page import write_profiles
    >>> write_profiles(publication, Path("out"))  # doctest: +SKIP
    """
    pages = folder / FOLDER
    pages.mkdir(exist_ok=True)
    profiles = Profiles(publication)
    for area, stem in profiles.stems.items():
        text = render_profile(profiles, area)
        (pages / f"{stem}.html").write_bytes(text.encode("utf-8", "replace"))
    (pages / "index.html").write_bytes(render_list(profiles).encode("utf-8", "replace"))


def render_profile(profiles: Profiles, area: str) -> str:
    """Return an area's page as text."""
    reader = profiles.reader
    return render(
        "profile/omrade.html",
        reader,
        STYLES,
        page=f"{FOLDER}/{profiles.stems[area]}.html",
        say=partial(say, reader),
        area=profiles.of(area),
        title=say(reader, "page_title", area=reader.title(area), period=reader.period),
        # As the map writes its own state: what stands after the sign never reaches a server.
        map_link=f"../karta.html#tema={INDEX}&period={quote(reader.period)}&omrade={quote(area)}",
    )


def render_list(profiles: Profiles) -> str:
    """Return the list of all areas as text, in the order of areas."""
    reader = profiles.reader
    return render(
        "profile/omraden.html",
        reader,
        STYLES,
        page=LIST,
        say=partial(say, reader),
        period=reader.period,
        rows=neighbour_rows(reader, reader.codes, profiles.stems),
        headlines={area: profiles.headline(area) for area in reader.codes},
        scale=profiles.index_scale(),
    )
