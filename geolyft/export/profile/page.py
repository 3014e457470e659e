"""A page per area: how it stands, how sure that is, which way it goes, and where inside it.

Each page is one file that asks nothing of any network, runs no script and prints on A4. What it
says is worked out in `geolyft.export.profile`; its markup is in ``profile/profil.html``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from markupsafe import Markup

from geolyft.export.figures.schemes import CHANGE, INDEX
from geolyft.export.html.charts import NARROW, ROW_WIDTH, scale_row
from geolyft.export.html.page import environment, package_text, policy
from geolyft.export.profile.blocks.change import Change, change_of
from geolyft.export.profile.blocks.goal import Goal, goal_of
from geolyft.export.profile.blocks.inside import Inside, Insides
from geolyft.export.profile.blocks.key import Key, key_figures
from geolyft.export.profile.blocks.maps import locator
from geolyft.export.profile.blocks.notes import Note, Source, gone_from, notes_of, sources_of
from geolyft.export.profile.blocks.parts import (
    Neighbour,
    Parts,
    neighbour_rows,
    neighbours_of,
    parts_of,
    standing_out,
)
from geolyft.export.profile.blocks.people import Sexes, children_of, sexes_of
from geolyft.export.profile.blocks.spine import Spine, groups
from geolyft.export.profile.book import Book
from geolyft.export.profile.figures import Row, score_rows, standings
from geolyft.export.profile.sentences import NEAR, headline

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geolyft.export.publication import Publication

FOLDER = "omraden"
"""Where the pages are, inside the delivery."""
STYLES = ("html/sida.css", "profile/profil.css")


@dataclass(frozen=True, kw_only=True)
class Profile:
    """All that one area's page says, as it is shown."""

    anchor: str
    period: str
    kicker: str
    title: str
    headline: str
    story: Sequence[str]
    key: Key
    locator: Markup
    scores: Sequence[Row]
    score_scale: Markup
    near: str
    groups: Sequence[tuple[str, Sequence[Row]]]
    spine_scale: Markup
    is_judged: bool
    change: Change | None
    no_trend: str
    parts: Parts | None
    no_parts: str
    part_scale: Markup
    has_standing: bool
    challenges: Sequence[str]
    strengths: Sequence[str]
    neighbours: Sequence[Neighbour]
    index_scale: Markup
    inside: Inside | None
    sexes: Sexes | None
    children: Sequence[str]
    goal: Goal | None
    gone: Sequence[str]
    notes: Sequence[Note]
    sources: Sequence[Source]


class Profiles:
    """The profiles of a publication, in the order of areas.

    Parameters
    ----------
    publication
        What was published; nothing else is read.
    """

    def __init__(self, publication: Publication) -> None:
        self.book = Book(publication)
        self._spine = Spine(self.book)
        self._insides = Insides(self.book)

    def of(self, area: str) -> Profile:
        """Return what an area's page says."""
        book, publication = self.book, self.book.publication
        return Profile(
            anchor=f"omrade-{book.codes.index(area) + 1}",
            period=book.period,
            kicker=book.say("kicker_of", title=publication.title, period=book.period),
            title=book.title(area),
            headline=self.headline(area),
            story=self._story(area),
            key=key_figures(book, area),
            locator=self._locator(area),
            scores=score_rows(book, area),
            score_scale=self._scale(book.score_axis, book.say("scores")),
            near=book.words.count(NEAR),
            groups=groups(book, self._spine, area),
            spine_scale=self._spine_scale(),
            is_judged="osakerhet" in publication.tables,
            change=change_of(book, area),
            no_trend=self._no_trend(),
            parts=parts_of(book, area),
            no_parts=self._no_parts(area),
            part_scale=self._part_scale(),
            has_standing="styrkor" in publication.tables,
            challenges=standing_out(book, area, "challenge"),
            strengths=standing_out(book, area, "strength"),
            neighbours=neighbours_of(book, area),
            index_scale=self.index_scale(),
            inside=self._insides.of(area),
            sexes=sexes_of(book, area),
            children=children_of(book, area),
            goal=goal_of(book, area),
            gone=gone_from(book, area),
            notes=notes_of(book, area),
            sources=sources_of(book, area),
        )

    def headline(self, area: str) -> str:
        """Return how an area stands, in words."""
        book = self.book
        return headline(
            standings(book, area),
            area=book.title(area),
            period=book.period,
            city=book.publication.city,
            words=book.words,
        )

    def _story(self, area: str) -> list[str]:
        book = self.book
        total = len(book.publication.catalogue.indicators)
        counted = book.index_row(area).get("n_indicators")
        is_partial = "partial" in str(book.cell(INDEX, area)["status"]).split("+")
        said = []
        if is_partial and book.value(INDEX, area) is not None:
            said.append(book.say("partial", n=counted, all=total))
        return said

    def _locator(self, area: str) -> Markup:
        book = self.book
        name = book.say("map_name", area=book.title(area), n=len(book.codes))
        return locator(book.shapes, area, name=name)

    def _scale(self, axis: tuple[float, float], name: str, *, width: float = ROW_WIDTH) -> Markup:
        number = self.book.words.count
        ticks = [(each, number(each)) for each in (axis[0], 100.0, axis[1])]
        return scale_row(ticks, axis=axis, name=name, width=width)

    def index_scale(self) -> Markup:
        """Return the axis of the index, for the head of a table."""
        return self._scale(self.book.index_axis, self.book.say("col_index"), width=NARROW)

    def _spine_scale(self) -> Markup:
        book, (low, high) = self.book, self._spine.axis
        ticks = [
            (low, book.say("spine_worse")),
            (0.0, book.publication.city),
            (high, book.say("spine_better")),
        ]
        return scale_row(ticks, axis=(low, high), name=book.say("spine_axis"))

    def _part_scale(self) -> Markup:
        say = self.book.say
        ticks = [(-1.0, say("parts_down")), (1.0, say("parts_up"))]
        return scale_row(ticks, axis=(-1.0, 1.0), name=say("parts_axis"), width=NARROW)

    def _no_trend(self) -> str:
        publication = self.book.publication
        is_told = len(publication.periods) < 2 or CHANGE in publication.tables  # noqa: PLR2004
        return "" if is_told else self.book.say("no_trend_method")

    def _no_parts(self, area: str) -> str:
        known = self.book.value(INDEX, area) is not None
        return self.book.say("parts_method" if known else "parts_absent")


def write_profiles(publication: Publication, folder: Path) -> None:
    """Write ``omraden/<kod>.html`` for each area, and a list of them as ``omraden/index.html``.

    A code that is no safe file name gets one that is, see `geolyft.export.profile.names`. The same
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
    for area, stem in profiles.book.stems.items():
        text = render_profile(profiles, area)
        (pages / f"{stem}.html").write_bytes(text.encode("utf-8", "replace"))
    (pages / "index.html").write_bytes(render_list(profiles).encode("utf-8", "replace"))


def render_profile(profiles: Profiles, area: str) -> str:
    """Return an area's page as text."""
    book = profiles.book
    return _render(
        "profile/omrade.html",
        profiles,
        area=profiles.of(area),
        title=book.say("page_title", area=book.title(area), period=book.period),
        # As the map writes its own state: what stands after the sign never reaches a server.
        map_link=f"../karta.html#tema={INDEX}&period={quote(book.period)}&omrade={quote(area)}",
    )


def render_list(profiles: Profiles) -> str:
    """Return the list of all areas as text, in the order of areas."""
    book = profiles.book
    return _render(
        "profile/omraden.html",
        profiles,
        period=book.period,
        rows=neighbour_rows(book, book.codes),
        headlines={area: profiles.headline(area) for area in book.codes},
        scale=profiles.index_scale(),
    )


def _render(template: str, profiles: Profiles, **content: object) -> str:
    styles = [package_text(name) for name in STYLES]
    return (
        environment()
        .get_template(template)
        .render(
            publication=profiles.book.publication,
            words=profiles.book.words,
            say=profiles.book.say,
            policy=policy([], styles),
            styles=[Markup(style) for style in styles],  # noqa: S704 - our own
            **content,
        )
    )
