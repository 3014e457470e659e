"""Which area a place is in, by the area's code or by the name of a sub-area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geolyft.divisions.areas import shipped
from geolyft.errors import nearest
from geolyft.read import read_table
from geolyft.read.values.folded import folded_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

_SMALL: Final = {"geso": ("delomraden.csv", "delomr_namn", "geso_kod")}
"""The shipped divisions whose sub-areas have names: the file, the name, and the area."""


@dataclass(frozen=True, kw_only=True)
class Gazetteer:
    """The run's areas by code, and names of places that lie in one of them.

    Parameters
    ----------
    areas
        Code to name.
    small
        Name, in small letters, to the name as it is written and the area's code.
    """

    areas: Mapping[str, str]
    small: Mapping[str, tuple[str, str]]

    def area_of(self, name: str) -> str:
        """Return the code of the area a named place lies in; empty where nobody knows it."""
        return self.small.get(name.casefold(), ("", ""))[1]

    def meant(self, name: str) -> str:
        """Return a clause with the nearest spelling, or nothing."""
        return nearest(name, [written for written, _ in self.small.values()])


def gazetteer(areas: gpd.GeoDataFrame, *, division: str | None = None) -> Gazetteer:
    """Return the names of a run's areas and, in a shipped division, of their sub-areas.

    Examples
    --------
    >>> from geolyft.divisions.areas import load_areas
    >>> known = gazetteer(load_areas("geso"), division="geso")
    >>> known.area_of("herrgården"), known.area_of("Rosengård")
    ('10', '')
    >>> known.meant("Hergården")
    " (did you mean 'Herrgården'?)"
    """
    named = {code: str(name) for code, name in areas["name"].items()}
    pairs = [(name, code) for code, name in named.items()]
    if division in _SMALL:
        file, name, code = _SMALL[division]
        frame = read_table(shipped(file), columns=[name, code]).frame
        pairs += zip(frame[name], frame[code], strict=True)
    small = {folded_text(name).casefold(): (folded_text(name), code) for name, code in pairs}
    return Gazetteer(areas=named, small=small)
