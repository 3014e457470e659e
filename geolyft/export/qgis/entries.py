"""A line of a project's list of layers, and the ways in which it can be drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from geolyft.export.figures.themes import Theme
    from geolyft.export.layer import Layer

Role = Literal["theme", "things", "outline", "surroundings", "background", "table"]
"""What an entry is for.

Colours, things in areas, names over them, what lies around the areas, ground.
"""


@dataclass(frozen=True, kw_only=True)
class Style:
    """One way of drawing a layer, by a name of its own.

    Parameters
    ----------
    name
        What QGIS lists under the layer's styles, and what a page says that it shows.
    theme
        How it is coloured; nothing where that is for the entry's role to say.
    preset
        The map theme that shows it; empty for none.
    period
        The only one whose rows are drawn; empty for all.
    """

    name: str
    theme: Theme | None = None
    preset: str = ""
    period: str = ""


@dataclass(frozen=True, kw_only=True)
class ProjectLayer:
    """One line of a project's list of layers.

    Parameters
    ----------
    layer
        What it reads; several entries may read the same.
    group
        The groups it stands in, outermost first.
    name
        What people see in the list.
    styles
        How it can be drawn, the first until somebody chooses another; a table has none.
    visible
        Whether it is on when the project opens.
    role
        What it is for.
    alone
        Whether its group shows one layer at a time.
    always
        Whether every map theme shows it.
    """

    layer: Layer
    group: tuple[str, ...]
    name: str
    styles: tuple[Style, ...] = ()
    visible: bool = False
    role: Role = "theme"
    alone: bool = False
    always: bool = False

    @property
    def themes(self) -> list[Theme]:
        """What it can be coloured by."""
        return [style.theme for style in self.styles if style.theme]
