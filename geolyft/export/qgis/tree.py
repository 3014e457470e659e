"""A project's list of layers in groups, and the map themes that show one of them at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geolyft.export.qgis.document import element

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from xml.etree.ElementTree import Element

    from geolyft.export.qgis.content import ProjectLayer


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


def presets(named: Sequence[tuple[ProjectLayer, str]], *, page: str, locator: str) -> Element:
    """Return the map themes: one for each entry that has a name for it, and that of the atlas.

    Parameters
    ----------
    page
        What the theme of the atlas is called: the first that is on, and the page's own area.
    locator
        What the theme of the small map is called that says where the page's area is.
    """
    shown = {entry.preset: entry for entry, _ in named if entry.preset}
    always = [entry for entry, _ in named if entry.always]
    front = [entry for entry, _ in named if entry.preset and entry.visible][:1]
    themes = [
        # Things in areas are shown over the theme that the project opens on.
        _preset(name, named, [entry, *(front if entry.role == "things" else []), *always])
        for name, entry in shown.items()
    ]
    framed = [entry for entry, _ in named if entry.role == "page"]
    if front and framed:
        # The page's own area draws outlines and names for all of them.
        ground = [entry for entry in always if entry.role != "outline"]
        themes.append(_preset(page, named, [*front, *framed, *ground]))
        small = [entry for entry, _ in named if entry.role == "locator"]
        themes.append(_preset(locator, named, small))
    return element("visibility-presets", *themes)


def _preset(
    name: str, named: Sequence[tuple[ProjectLayer, str]], chosen: Sequence[ProjectLayer]
) -> Element:
    on = [(entry, layer_id) for entry, layer_id in named if any(entry is each for each in chosen)]
    paths = {entry.group[:depth] for entry, _ in on for depth in range(1, len(entry.group) + 1)}
    return element(
        "visibility-preset",
        # No style is named: the theme shows each layer as it is, also after somebody restyled it.
        *(element("layer", id=layer_id, visible="1", expanded="1") for _, layer_id in on),
        element("checked-group-nodes", *_nodes("checked-group-node", sorted(paths))),
        element("expanded-group-nodes", *_nodes("expanded-group-node", sorted(paths))),
        **{"name": name, "has-expanded-info": "1", "has-checked-group-info": "1"},
    )


def _nodes(tag: str, paths: Sequence[tuple[str, ...]]) -> Iterator[Element]:
    # QGIS names a group by the way to it.
    return (element(tag, id="/".join(path)) for path in paths)
