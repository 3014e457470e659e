"""What a project shows: which layer in which group, in which styles, from top to bottom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from geolyft.export.figures.schemes import CHANGE, INDEX
from geolyft.export.figures.themes import BORDERS, QUALITY
from geolyft.export.layers.build import map_theme_layer
from geolyft.export.qgis.entries import ProjectLayer, Role, Style

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geolyft.export.figures.themes import Theme
    from geolyft.export.layer import Layer
    from geolyft.export.publication import Publication
    from geolyft.export.words import Words


@dataclass(frozen=True, kw_only=True)
class Arranged:
    """A project's entries, top to bottom, and the table of its map themes, which is one of them."""

    entries: tuple[ProjectLayer, ...]
    listed: Layer


def arrange(
    layers: Sequence[Layer], themes: Sequence[Theme], publication: Publication, words: Words
) -> Arranged:
    """Return what a project shows.

    The first theme of the latest index is on, under names and over a quiet background; whatever
    else there is waits in its group.
    """
    make = _Arranger(tuple(layers), tuple(themes), publication, words)
    coloured = _told_apart(
        [
            *make.borders(),
            *make.things(),
            *make.areas(),
            *make.smaller(),
            *make.periods(),
        ],
        taken={words.say("qgis.preset_locator")},
    )
    listed = map_theme_layer(pd.DataFrame(_pages(coloured, publication)), publication)
    entries = [
        *coloured,
        *make.tables(listed),
        *make.surroundings(),
        *make.background(),
    ]
    return Arranged(entries=tuple(entries), listed=listed)


def front_of(entries: Sequence[ProjectLayer]) -> ProjectLayer | None:
    """Return what is coloured when the project opens."""
    return next((each for each in entries if each.visible and each.role == "theme"), None)


def _told_apart(entries: Sequence[ProjectLayer], *, taken: set[str]) -> list[ProjectLayer]:
    """Give a style, or a map theme, whose name is another's already its code besides."""
    presets, names, distinct = {"", *taken}, set[str](), []
    for entry in entries:
        styles = []
        for style in entry.styles:
            code = f" ({style.theme.code})" if style.theme else ""
            preset = style.preset + (code if style.preset in presets else "")
            name = style.name + (code if style.name in names else "")
            presets.add(style.preset)
            names.add(style.name)
            styles.append(replace(style, name=name, preset=preset if style.preset else ""))
        distinct.append(replace(entry, styles=tuple(styles)))
    return distinct


def _pages(entries: Sequence[ProjectLayer], publication: Publication) -> Iterator[dict[str, str]]:
    """Yield what a page says of each map theme: its name, and how what it shows is read."""
    chapters = {
        c.layer_name(publication.division): c.words[publication.lang]["about"]
        for c in publication.chapters
    }
    front = front_of(entries)
    for entry in entries:
        for style in entry.styles:
            # Things are seen over the colours that the project opens on.
            over = front.styles[0] if entry.role == "things" and front else None
            shown = [(style.name, _reading(entry, style) or chapters.get(entry.layer.name, ""))]
            shown += [(over.name, _reading(front, over))] if front and over else []
            if style.preset:
                names, readings = zip(*shown, strict=True)
                yield {
                    "tema": style.preset,
                    "rubrik": " · ".join(names),
                    "lasning": "\n\n".join(readings),
                    "lager": entry.layer.name,
                    "kolumn": style.theme.column if style.theme else "",
                    "period": style.period or entry.layer.period,
                }


def _reading(entry: ProjectLayer, style: Style) -> str:
    meant = {field.name: field.comment for field in entry.layer.fields}
    return style.theme.noted(meant[style.theme.column]) if style.theme else ""


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
                yield from self._coloured(layer, group)
        for layer in self._current("index"):
            styles = [
                Style(name=self._say("outline")),
                Style(name=self._say("locator")),
            ]
            yield ProjectLayer(
                layer=layer, group=group, name=self._say("outline"), styles=tuple(styles),
                visible=True, role="outline", always=True,
            )  # fmt: skip

    def areas(self) -> Iterator[ProjectLayer]:
        """Yield the layers of the run's own areas, the index first."""
        group = (self._say("group_maps"),)
        for about in ("index", "indikatorer", "forandring", "kapitel"):
            for layer in self._current(about):
                yield from self._coloured(layer, group, visible=about == "index", alone=True)

    def things(self) -> Iterator[ProjectLayer]:
        """Yield what stages declare of things in areas, above whatever colours these have."""
        for chapter in self.publication.chapters:
            title = chapter.words[self.publication.lang]["title"]
            for layer in self._current("kapitel"):
                if chapter.listed and layer.name == chapter.layer_name(layer.level):
                    yield ProjectLayer(
                        layer=layer, group=(title,), name=title, role="things",
                        styles=(Style(name=title, preset=title),),
                    )  # fmt: skip

    def smaller(self) -> Iterator[ProjectLayer]:
        for layer in self.layers:
            if self._is_area(layer) and self._is_latest(layer) and not self._is_own(layer):
                group = (self._say("group_smaller"), self._level(layer))
                yield from self._coloured(layer, group, alone=True)

    def periods(self) -> Iterator[ProjectLayer]:
        """Yield the layers of all periods, which the temporal controller plays."""
        for layer in self.layers:
            if layer.about == "tid":
                yield from self._coloured(layer, (self._say("group_periods"),), alone=True)

    def tables(self, listed: Layer) -> Iterator[ProjectLayer]:
        lang = self.publication.lang
        chapters = {f"tabell_{c.code}": c.words[lang]["title"] for c in self.publication.chapters}
        for layer in (*self.layers, listed):
            if not layer.is_spatial:
                # A table's title begins with the city: in the city's own project, once is enough.
                name = layer.title.rpartition(f"{self.publication.city}: ")[2]
                if layer.name in chapters:
                    name = f"{chapters[layer.name]} ({layer.name})"
                yield ProjectLayer(
                    layer=layer, group=(self._say("group_tables"),),
                    name=name[:1].upper() + name[1:], role="table",
                )  # fmt: skip

    def surroundings(self) -> Iterator[ProjectLayer]:
        for layer in self.layers:
            if layer.about == "bakgrund":
                yield self._ground(layer, layer.title.rpartition(": ")[2], "surroundings")

    def background(self) -> Iterator[ProjectLayer]:
        for layer in self._current("index"):
            yield self._ground(layer, self._say("background"), "background")

    def _ground(self, layer: Layer, name: str, role: Role) -> ProjectLayer:
        return ProjectLayer(
            layer=layer, group=(self._say("group_background"),), name=name,
            styles=(Style(name=name),), visible=True, role=role, always=True,
        )  # fmt: skip

    def _coloured(
        self, layer: Layer, group: tuple[str, ...], *, visible: bool = False, alone: bool = False
    ) -> Iterator[ProjectLayer]:
        """Yield the entry of a layer that has figures, with a style for each of its themes."""
        styles = tuple(self._styles(layer))
        if styles:
            yield ProjectLayer(
                layer=layer,
                group=group,
                name=self._name(layer, styles),
                styles=styles,
                visible=visible,
                alone=alone,
            )

    def _styles(self, layer: Layer) -> Iterator[Style]:
        """Yield how a layer can be coloured: what nobody has measured is no map."""
        known = layer.frame.notna()
        themes = [theme for theme in self.themes if theme.layer == layer.name]
        filled = [theme for theme in themes if known[theme.column].any()]
        # A run without any index has its empty map all the same.
        is_front = layer.about == "index" and self._is_own(layer)
        for theme in filled or (themes[:1] if is_front else []):
            yield Style(
                name=self._placed(theme.title, layer),
                theme=theme,
                preset=self._placed(self._timeless(theme, layer), layer),
            )
        if layer.about == "tid":
            yield from self._earlier(layer, filled)

    def _earlier(self, layer: Layer, themes: Sequence[Theme]) -> Iterator[Style]:
        """Yield the styles of single periods; the latest has a layer of its own."""
        for period in self.publication.periods[-2::-1]:
            rows = layer.frame[layer.frame["period"] == period]
            for theme in themes:
                if rows[theme.column].notna().any():
                    name = self._placed(f"{self._names[theme.code]} {period}", layer)
                    drawn = theme.seen_in(rows)
                    yield Style(name=name, theme=drawn, preset=name, period=period)

    def _name(self, layer: Layer, styles: Sequence[Style]) -> str:
        """Name an entry as no other: dialogs list layers without their groups."""
        if layer.about in ("index", "indikatorer", "tid"):
            return self._placed(self._say(f"entry_{layer.about}", period=layer.period), layer)
        titles = {
            c.layer_name(self.publication.division): c.words[self.publication.lang]["title"]
            for c in self.publication.chapters
        }
        return f"{titles[layer.name]} {layer.period}" if layer.name in titles else styles[0].name

    def _placed(self, name: str, layer: Layer) -> str:
        return name if self._is_own(layer) else f"{name}, {self._level(layer)}"

    def _timeless(self, theme: Theme, layer: Layer) -> str:
        """Name a map theme the same in every period, so that layouts find it."""
        if layer.about == "tid":
            return theme.title
        latest = f" {self.publication.periods[-1]}"
        return self._names.get(theme.code, theme.title.removesuffix(latest))

    @cached_property
    def _names(self) -> dict[str, str]:
        catalogue, lang = self.publication.catalogue, self.publication.lang
        names = {each.code: each.title(lang) for each in catalogue.dimensions}
        names |= {each.code: f"{each.code} {each.label(lang)}" for each in catalogue.indicators}
        return names | {code: self._say(f"preset_{code}") for code in (INDEX, CHANGE, QUALITY)}

    def _current(self, about: str) -> list[Layer]:
        return [
            layer
            for layer in self.layers
            if layer.about == about and self._is_own(layer) and self._is_latest(layer)
        ]

    def _is_own(self, layer: Layer) -> bool:
        return layer.level == self.publication.division

    def _is_area(self, layer: Layer) -> bool:
        return layer.is_spatial and layer.about not in (BORDERS, "tid", "bakgrund")

    def _is_latest(self, layer: Layer) -> bool:
        return layer.period in ("", self.publication.periods[-1])

    def _level(self, layer: Layer) -> str:
        return self.words.section("level").get(layer.level, layer.level)

    def _say(self, key: str, **parts: object) -> str:
        return self.words.say(f"qgis.{key}", **parts)
