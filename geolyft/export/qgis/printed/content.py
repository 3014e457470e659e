"""What the printed pages are made from: the project's layers, and what is said of each theme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geolyft.export.figures.rules import rules_of
from geolyft.export.qgis.document import string_literal
from geolyft.export.qgis.expressions import quoted
from geolyft.export.qgis.printed.items import PrintedSheet

if TYPE_CHECKING:
    from geolyft.export.layer import Layer
    from geolyft.export.publication import Publication
    from geolyft.export.qgis.entries import ProjectLayer
    from geolyft.export.qgis.printed.items import Extent
    from geolyft.export.words import Words

SHOWN: Final = "tema"
"""The variable, and the column of the table of map themes, with the theme that a page shows."""
LOGO: Final = "logotyp"
CASE: Final = "diarienummer"
AUTHOR: Final = "handlaggare"
FIELDS: Final = (LOGO, CASE, AUTHOR)
"""Variables that an office fills in: a picture's path, the number of its case, who made the map."""
_LEGEND_ROW: Final = 5.2


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A layer of the project that pages name."""

    entry: ProjectLayer
    layer_id: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Printed:
    """What the pages are made from.

    Parameters
    ----------
    shown
        Every coloured layer of the project; legends have room for any of its styles.
    areas
        The areas with names, of which the atlas has a page each.
    listed
        The table of map themes, with what a page says of each.
    preset, locator_preset
        The map themes of the map, and of the atlas' small map of the whole.
    extent
        Of the areas.
    is_metric
        Whether it is in metres.
    """

    publication: Publication
    words: Words
    shown: tuple[Shown, ...]
    areas: Shown
    listed: Shown
    preset: str
    locator_preset: str
    extent: Extent
    is_metric: bool

    def say(self, key: str) -> str:
        """Return a text of the pages."""
        return self.words.say(f"qgis.{key}")

    def sheet(self, name: str, width: float, height: float, scale: float = 1.0) -> PrintedSheet:
        """Return a sheet of paper."""
        decimal = self.words.section("number")["decimal"]
        return PrintedSheet(
            name=self.say(name), width=width, height=height, scale=scale, decimal=decimal
        )

    def said(self, column: str, of: str) -> str:
        """Return an expression of what the table of map themes says of one.

        Parameters
        ----------
        of
            An expression of its name.
        """
        row = f"get_feature({string_literal(self.listed.layer_id)}, '{SHOWN}', {of})"
        return f"attribute({row}, '{column}')"

    @property
    def layer(self) -> Layer:
        """The areas that the atlas has pages of."""
        return self.areas.entry.layer

    @property
    def named(self) -> tuple[str, str]:
        """The columns of an area's code and name, as expressions name them."""
        level = self.layer.level
        return quoted(f"{level}_kod"), quoted(f"{level}_namn")

    @property
    def longest_name(self) -> int:
        """How many characters the longest code and name have."""
        codes, names = (self.layer.frame[f"{self.layer.level}_{end}"] for end in ("kod", "namn"))
        return int((codes.str.len() + 1 + names.str.len()).max())

    @property
    def legend_height(self) -> float:
        """How high the legend of the theme with the most classes is."""
        themes = (theme for each in self.shown for theme in each.entry.themes)
        # What is shown, and its classes.
        return _LEGEND_ROW * (1 + max(len(rules_of(theme)) for theme in themes))

    @property
    def longest_theme(self) -> int:
        """How many characters the longest name of what a page shows has."""
        return int(self.listed.entry.layer.frame["rubrik"].str.len().max())
