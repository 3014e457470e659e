"""A project's list of layers in groups, and the map themes that show one thing at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geolyft.export.qgis.content import front_of
from geolyft.export.qgis.document import element

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from xml.etree.ElementTree import Element

    from geolyft.export.qgis.entries import ProjectLayer, Style


def layer_tree(placed: Sequence[tuple[ProjectLayer, str, str]]) -> Element:
    """Return the list of layers.

    Parameters
    ----------
    placed
        Entries with their ids and data sources, top to bottom.
    """
    root = _group("", checked=True)
    groups: dict[tuple[str, ...], Element] = {(): root}
    for entry, layer_id, source in placed:
        parent = _group_of(entry.group, groups, placed)
        parent.append(_leaf(entry, layer_id, source))
    return root


def _group_of(
    path: tuple[str, ...],
    groups: dict[tuple[str, ...], Element],
    placed: Sequence[tuple[ProjectLayer, str, str]],
) -> Element:
    if path not in groups:
        inside = [entry for entry, _, _ in placed if entry.group[: len(path)] == path]
        directly = [entry for entry in inside if entry.group == path]
        group = _group(path[-1], checked=any(entry.visible for entry in inside))
        if directly and all(entry.alone for entry in directly):
            on = [place for place, entry in enumerate(directly) if entry.visible]
            group.set("mutually-exclusive", "1")
            group.set("mutually-exclusive-child", str(on[0] if on else -1))
        _group_of(path[:-1], groups, placed).append(group)
        groups[path] = group
    return groups[path]


def _group(name: str, *, checked: bool) -> Element:
    return element(
        "layer-tree-group",
        element("customproperties"),
        name=name,
        checked=_state(checked),
        expanded=str(int(checked)),
    )


def _leaf(entry: ProjectLayer, layer_id: str, source: str) -> Element:
    return element(
        "layer-tree-layer",
        element("customproperties"),
        id=layer_id,
        name=entry.name,
        source=source,
        providerKey="ogr",
        checked=_state(entry.visible),
        expanded=str(int(entry.visible and entry.role == "theme")),
        legend_exp="",
        patch_size="-1,-1",
    )


def _state(checked: bool) -> str:  # noqa: FBT001 - the one thing it says
    return "Qt::Checked" if checked else "Qt::Unchecked"


@dataclass(frozen=True)
class MapTheme:
    """What a click on a map theme shows: entries, topmost first, each in one of its styles."""

    name: str
    shown: tuple[tuple[ProjectLayer, Style], ...]


def map_themes(entries: Sequence[ProjectLayer], *, locator: str) -> list[MapTheme]:
    """Return a map theme for each style that has a name for it, under names and over the ground.

    Parameters
    ----------
    locator
        What the theme of the small map is called that says where the page's area is.
    """
    front = front_of(entries)
    themes = []
    for entry in entries:
        # Things in areas are shown over what the project opens on.
        over = front if entry.role == "things" else None
        for style in (each for each in entry.styles if each.preset):
            shown = (
                (each, style if each is entry else each.styles[0])
                for each in entries
                if each.always or each is entry or each is over
            )
            themes.append(MapTheme(style.preset, tuple(shown)))
    small = tuple((each, each.styles[-1]) for each in entries if each.role == "outline")
    return [*themes, MapTheme(locator, small)]


def presets(themes: Sequence[MapTheme], id_of: Callable[[ProjectLayer], str]) -> Element:
    """Return map themes as a project keeps them."""
    return element("visibility-presets", *(_preset(theme, id_of) for theme in themes))


def _preset(theme: MapTheme, id_of: Callable[[ProjectLayer], str]) -> Element:
    groups = [entry.group for entry, _ in theme.shown]
    paths = {group[:depth] for group in groups for depth in range(1, len(group) + 1)}
    return element(
        "visibility-preset",
        *(_shown(id_of(entry), style) for entry, style in theme.shown),
        element("checked-group-nodes", *_nodes("checked-group-node", sorted(paths))),
        element("expanded-group-nodes", *_nodes("expanded-group-node", sorted(paths))),
        **{"name": theme.name, "has-expanded-info": "1", "has-checked-group-info": "1"},
    )


def _shown(layer_id: str, style: Style) -> Element:
    return element("layer", id=layer_id, style=style.name, visible="1", expanded="1")


def _nodes(tag: str, paths: Sequence[tuple[str, ...]]) -> Iterator[Element]:
    # QGIS names a group by the way to it.
    return (element(tag, id="/".join(path)) for path in paths)
