"""Every colour by one name, from ``palette.toml``: for CSS, scripts, SVG, QML and pictures."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE: Final = files("geolyft.export.figures") / "palette.toml"
_SAID: Final[Mapping[str, Any]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
SCALE: Final[tuple[str, ...]] = tuple(_SAID["scale"])
"""Fill of each class, worst first."""
PALETTE: Final[Mapping[str, str]] = {**_SAID["colours"], "worst": SCALE[0], "best": SCALE[-1]}
"""Colour by name."""
UNCERTAIN: Final[tuple[str, ...]] = tuple(_SAID["uncertain"])
"""Fill of each class of uncertainty, surest first."""
MANY: Final[tuple[str, ...]] = tuple(_SAID["many"])
"""Fill of each class of how many there are, fewest first."""
BOTH: Final[tuple[str, ...]] = tuple(_SAID["both"])
"""Fill of each third of the index by each third of another figure."""
_NAMED: Final = re.compile(r"palette\(([a-z-]+)\)")


def coloured(text: str) -> str:
    """Return a style, template or script with its colours in the places of their names.

    Raises
    ------
    KeyError
        When there is no such colour.

    Examples
    --------
    >>> coloured("a { color: palette(link); }")
    'a { color: #0f4c81; }'
    """
    return _NAMED.sub(lambda name: PALETTE[name[1]], text)
