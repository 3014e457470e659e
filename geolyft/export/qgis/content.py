"""What a project shows: which layer in which group, coloured by what, from top to bottom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from geolyft.export.figures.themes import BORDERS, QUALITY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geolyft.export.figures.themes import Theme
    from geolyft.export.layer import Layer
    from geolyft.export.publication import Publication
    from geolyft.export.words import Words

Role = Literal[
    "theme", "things", "outline", "page", "locator", "surroundings", "background", "table"
]
"""What an entry is for.

Colours, things in areas, names over them, the area of a page, where in the city that is, what lies
around the areas, ground.
"""


@dataclass(frozen=True, kw_only=True)
class ProjectLayer:
    """One line of a project's list of layers.

    Parameters
    ----------
    layer
        What it reads; several entries may read the same.
    theme
        How it is coloured, for entries that are.
    group
        The groups it stands in, outermost first.
    name
        What people see in the list.
    visible
        Whether it is on when the project opens.
    role
        What it is for.
    alone
        Whether its group shows one layer at a time.
    preset
        The map theme that shows it; empty for none.
    always
        Whether every map theme shows it.
    """

    layer: Layer
    theme: Theme | None
    group: tuple[str, ...]
    name: str
    visible: bool
    role: Role = "theme"
    alone: bool = False
    preset: str = ""
    always: bool = False


def arrange(
    layers: Sequence[Layer], themes: Sequence[Theme], publication: Publication, words: Words
) -> list[ProjectLayer]:
    """Return a project's entries, top to bottom.

    The first theme of the latest index is on, under names and over a quiet background; whatever
    else there is waits in its group.
    """
    make = _Arranger(tuple(layers), tuple(themes), publication, words)
    entries = [
        *make.borders(),
        *make.things(),
        *make.scores(),
        *make.indicators(),
        *make.others("forandring", "group_change"),
        *make.quality(),
        *make.chapters(),
        *make.smaller(),
        *make.periods(),
        *make.tables(),
        *make.surroundings(),
        *make.background(),
    ]
    taken = {words.say("qgis.preset_page"), words.say("qgis.preset_locator")}
    return _told_apart(entries, taken=taken)


def _told_apart(entries: Sequence[ProjectLayer], *, taken: set[str]) -> list[ProjectLayer]:
    """Give a map theme whose name is another's already its code besides."""
    seen, distinct = {"", *taken}, []
    for entry in entries:
        if entry.preset and entry.preset in seen and entry.theme:
            entry = replace(entry, preset=f"{entry.preset} ({entry.theme.code})")  # noqa: PLW2901
        seen.add(entry.preset)
        distinct.append(entry)
    return distinct


@dataclass(frozen=True)
class _Arranger:
    layers: tuple[Layer, ...]
    themes: tuple[Theme, ...]
    publication: Publication
    words: Words

    def borders(self) -> Iterator[ProjectLayer]:
        group = (self._say("group_borders"),)
        for layer in self.layers:
            if layer.about == BORDERS:
                yield from self._each(layer, group)
        for layer in self._current("index"):
            yield ProjectLayer(
                layer=layer, theme=None, group=group, name=self._say("page_area"), visible=False,
                role="page",
            )  # fmt: skip
            yield ProjectLayer(
                layer=layer, theme=None, group=group, name=self._say("locator"), visible=False,
                role="locator",
            )  # fmt: skip
            yield ProjectLayer(
                layer=layer, theme=None, group=group, name=self._say("outline"), visible=True,
                role="outline", always=True,
            )  # fmt: skip

    def scores(self) -> Iterator[ProjectLayer]:
        group = (self._say("group_index", period=self.publication.periods[-1]),)
        for layer in self._current("index"):
            scores = [theme for theme in self._of(layer) if theme.code != QUALITY]
            # A run without any index has its empty map all the same.
            themes = [theme for theme in scores if self._has_figures(theme)] or scores[:1]
            for place, theme in enumerate(themes):
                yield self._entry(layer, theme, group, visible=place == 0, alone=True, keep=True)

    def indicators(self) -> Iterator[ProjectLayer]:
        catalogue = self.publication.catalogue
        for layer in self._current("indikatorer"):
            themes = {theme.code: theme for theme in self._of(layer) if self._has_figures(theme)}
            for dimension in catalogue.dimensions:
                group = (self._say("group_indicators"), dimension.title(self.publication.lang))
                for code in (indicator.code for indicator in catalogue.of(dimension.code)):
                    if code in themes:
                        yield self._entry(layer, themes[code], group, alone=True, keep=True)

    def others(self, about: str, group: str) -> Iterator[ProjectLayer]:
        for layer in self._current(about):
            for theme in filter(self._has_figures, self._of(layer)):
                yield self._entry(layer, theme, (self._say(group),), keep=True)

    def quality(self) -> Iterator[ProjectLayer]:
        for layer in self._current("index"):
            for theme in self._of(layer):
                if theme.code == QUALITY and self._has_figures(theme):
                    yield self._entry(layer, theme, (self._say("group_quality"),), keep=True)

    def chapters(self) -> Iterator[ProjectLayer]:
        """Yield what stages declare, a group to a stage."""
        titles = {
            c.layer_name(self.publication.division): c.words[self.publication.lang]["title"]
            for c in self.publication.chapters
        }
        for layer in self._current("kapitel"):
            group = (titles[layer.name],)
            for theme in filter(self._has_figures, self._of(layer)):
                yield self._entry(layer, theme, group, keep=True)

    def things(self) -> Iterator[ProjectLayer]:
        """Yield what stages declare of things in areas, above whatever colours these have."""
        for chapter in self.publication.chapters:
            title = chapter.words[self.publication.lang]["title"]
            for layer in self._current("kapitel"):
                if chapter.listed and layer.name == chapter.layer_name(layer.level):
                    yield ProjectLayer(
                        layer=layer, theme=None, group=(title,), name=title, visible=False,
                        role="things", preset=title,
                    )  # fmt: skip

    def smaller(self) -> Iterator[ProjectLayer]:
        for layer in self.layers:
            is_own = layer.level == self.publication.division
            if self._is_area(layer) and self._is_latest(layer) and not is_own:
                group = (self._say("group_smaller"), self._level(layer))
                yield from self._each(layer, group, alone=True)

    def periods(self) -> Iterator[ProjectLayer]:
        """Yield the layers of all periods, which the temporal controller plays."""
        for layer in self.layers:
            if layer.about == "tid":
                yield from self._each(
                    layer, (self._say("group_periods"), self._level(layer)), alone=True
                )

    def tables(self) -> Iterator[ProjectLayer]:
        lang = self.publication.lang
        chapters = {f"tabell_{c.code}": c.words[lang]["title"] for c in self.publication.chapters}
        for layer in self.layers:
            if not layer.is_spatial:
                # A table's title begins with the city: in the city's own project, once is enough.
                name = layer.title.rpartition(f"{self.publication.city}: ")[2]
                if layer.name in chapters:
                    name = f"{chapters[layer.name]} ({layer.name})"
                yield ProjectLayer(
                    layer=layer, theme=None, group=(self._say("group_tables"),),
                    name=name[:1].upper() + name[1:], visible=False, role="table",
                )  # fmt: skip

    def surroundings(self) -> Iterator[ProjectLayer]:
        for layer in self.layers:
            if layer.about == "bakgrund":
                name = layer.title.rpartition(": ")[2]
                yield ProjectLayer(
                    layer=layer, theme=None, group=(self._say("group_background"),), name=name,
                    visible=True, role="surroundings", always=True,
                )  # fmt: skip

    def background(self) -> Iterator[ProjectLayer]:
        for layer in self._current("index"):
            yield ProjectLayer(
                layer=layer, theme=None, group=(self._say("group_background"),),
                name=self._say("background"), visible=True, role="background", always=True,
            )  # fmt: skip

    def _each(
        self, layer: Layer, group: tuple[str, ...], *, alone: bool = False
    ) -> Iterator[ProjectLayer]:
        for theme in self._of(layer):
            if self._has_figures(theme):
                yield self._entry(layer, theme, group, alone=alone)

    def _entry(
        self,
        layer: Layer,
        theme: Theme,
        group: tuple[str, ...],
        *,
        visible: bool = False,
        alone: bool = False,
        keep: bool = False,
    ) -> ProjectLayer:
        return ProjectLayer(
            layer=layer,
            theme=theme,
            group=group,
            name=self._name(layer, theme),
            visible=visible,
            alone=alone,
            preset=self._preset(theme) if keep else "",
        )

    def _name(self, layer: Layer, theme: Theme) -> str:
        """Name an entry as no other: dialogs list layers without their groups."""
        is_own = layer.level == self.publication.division
        return theme.title if is_own else f"{theme.title}, {self._level(layer)}"

    def _preset(self, theme: Theme) -> str:
        """Name a map theme the same in every period, so that layouts find it."""
        catalogue, lang = self.publication.catalogue, self.publication.lang
        names = {each.code: each.title(lang) for each in catalogue.dimensions}
        names |= {each.code: f"{each.code} {each.label(lang)}" for each in catalogue.indicators}
        names |= {code: self._say(f"preset_{code}") for code in ("index", "forandring", QUALITY)}
        return names.get(theme.code, theme.title.removesuffix(f" {self.publication.periods[-1]}"))

    def _has_figures(self, theme: Theme) -> bool:
        """Say whether any area has a figure: what nobody has measured is no map."""
        (frame,) = (layer.frame for layer in self.layers if layer.name == theme.layer)
        return bool(frame[theme.column].notna().any())

    def _current(self, about: str) -> list[Layer]:
        division = self.publication.division
        return [
            layer
            for layer in self.layers
            if layer.about == about and layer.level == division and self._is_latest(layer)
        ]

    def _of(self, layer: Layer) -> list[Theme]:
        return [theme for theme in self.themes if theme.layer == layer.name]

    def _is_area(self, layer: Layer) -> bool:
        return layer.is_spatial and layer.about not in (BORDERS, "tid")

    def _is_latest(self, layer: Layer) -> bool:
        return layer.period in ("", self.publication.periods[-1])

    def _level(self, layer: Layer) -> str:
        return self.words.section("level").get(layer.level, layer.level)

    def _say(self, key: str, **parts: object) -> str:
        return self.words.say(f"qgis.{key}", **parts)
