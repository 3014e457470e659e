"""Which layers are sheets of the workbook, and what each sheet is called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geolyft.export.words import load_words

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from geolyft.export.layer import Layer
    from geolyft.export.publication import Publication
    from geolyft.export.words import Words

_ABOUT: Final = ("index", "indikatorer", "forandring", "observationer", "granskning")
_ILLEGAL: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LONGEST: Final = 31
_RESERVED: Final = "history"  # Excel keeps this name for itself


@dataclass(frozen=True)
class Sheet:
    """A layer or table as a sheet."""

    name: str
    layer: Layer


def sheets_of(layers: Sequence[Layer], publication: Publication) -> list[Sheet]:
    """Return the sheets: the index first, then indicators, change, observations and audit.

    Within each the layers keep their order: the run's own areas and the latest period first.
    Borders are for maps, and the tables behind the index have files of their own.
    """
    words = load_words(publication.lang)
    taken = {_RESERVED, words.say("formats.readme").casefold()}
    sheets = []
    for about in _ABOUT:
        for layer in layers:
            if layer.about == about:
                name = legal_name(_wanted(layer, publication, words), taken)
                taken.add(name.casefold())
                sheets.append(Sheet(name, layer))
    return sheets


def _wanted(layer: Layer, publication: Publication, words: Words) -> str:
    """Return the name without limits: what, on which smaller areas, of which period."""
    level = "" if layer.level == publication.division else layer.level
    named = words.section("level").get(level, level)
    # The audit has two tables, and the second says in its own name what it is of.
    part = layer.name.partition(layer.about)[2].strip("_") if not layer.level else ""
    which = " ".join(filter(None, [named, layer.period, part]))
    return words.say(f"formats.sheet_{layer.about}", which=which).strip()


def legal_name(wanted: str, taken: Collection[str]) -> str:
    """Return a name Excel accepts: short, without its own signs, and unlike those taken.

    Parameters
    ----------
    taken
        Names in use, casefolded.

    Examples
    --------
    >>> legal_name("Index 2023/2024", {"index 2023 2024"})
    'Index 2023 2024 (2)'
    """
    base = _ILLEGAL.sub(" ", wanted)[:_LONGEST].strip("' ") or "-"
    name, copy = base, 2
    while name.casefold() in taken:
        mark = f" ({copy})"
        name, copy = base[: _LONGEST - len(mark)].rstrip("' ") + mark, copy + 1
    return name
