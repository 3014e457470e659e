"""What every column of every layer and table is, said once: order, kind, source, and its words.

The TOML files beside this module, and one beside each stage, hold a table ``[section.column]`` for
each column, in the order the columns are written. A section is a layer or a table, ``all`` holds
what means the same in several, and a column without keys of its own is the one in ``all``. A table
that has the name of a layer is ``tabell_NAME``. ``{level}``, ``{dimension}`` and ``{indicator}`` in
a name stand for the layer's level and each code of the catalogue; neighbours of one such kind are
written code by code.

========== =====================================================================================
kind       text, number, truth, or whole: what is whole by nature and stored as such. Counts can
           be parts of small areas that were split, and are numbers.
decimals   how many a number is shown with, 1 unless said
source     what scripts know the column as, in ``index.csv`` and the tables, where that is another
           name; empty where they do not know it
later      true for what came in a later version: written after what was there, in a run of its own
english    what each word of a column is in an English run, where it says its own in Swedish
``sv en``  in each language ``alias``, a heading, and ``comment``, a sentence with the unit
========== =====================================================================================

A section that says ``like`` has the columns of that one before its own.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from importlib.resources.abc import Traversable

Kind = Literal["text", "number", "whole", "truth"]
"""Text, a number with decimals, a whole number, or true and false."""
_ALL: Final = "all"
_EACH: Final = ("{dimension}", "{indicator}")
NOT_SECTIONS: Final = ("stage", "theme", "words")
"""Tables of a stage's file that are no columns; see `geolyft.export.chapter`."""
_OF_FILES: Final = {"fid", "geom", "geometry", "name", "city", "residual", "input", "population"}
"""Names that formats and areas take for themselves."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column as a file declares it; its name may hold a placeholder."""

    key: str
    kind: Kind
    decimals: int = 1
    source: str | None = None
    later: bool = False
    english: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Columns:
    """The sections of one or several files."""

    sections: Mapping[str, tuple[Column, ...]]

    def __or__(self, other: Columns) -> Columns:
        """Return the sections of both."""
        return Columns({**self.sections, **other.sections})

    def section(self, of: str, *, is_layer: bool = False) -> str:
        """Return the section of a layer, or of a table that may have a layer's name."""
        of_table = f"tabell_{of}"
        name = of_table if of_table in self.sections and not is_layer else of
        if name not in self.sections:
            raise KeyError(f"no columns are declared for {name}")
        return name

    def names(
        self, section: str, codes: Mapping[str, Iterable[str]], *, level: str = ""
    ) -> list[str]:
        """Return the columns of a section in order, every placeholder filled in.

        Parameters
        ----------
        codes
            The catalogue's codes: of ``dimension`` and of ``indicator``.

        Examples
        --------
        >>> codes = {"dimension": ["boende"], "indicator": ["B1", "B2"]}
        >>> shipped().names("indikatorer", codes, level="geso")[2:6]
        ['period', 'B1', 'B2', 'status']
        """
        keys = ((column.key, column.later) for column in self.sections[section])
        return [name for name, _, _ in _filled_in(keys, codes, level)]

    def for_scripts(self, section: str, codes: Mapping[str, Iterable[str]]) -> list[str]:
        """Return the columns of a section by the names scripts know, in order.

        Examples
        --------
        >>> shipped().for_scripts("index", {"dimension": ["boende"]})[:6]
        ['area', 'name', 'period', 'index', 'boende', 'rank_low']
        """
        known = ((c.key if c.source is None else c.source, c.later) for c in self.sections[section])
        return [name for name, _, _ in _filled_in((each for each in known if each[0]), codes, "")]

    def english(
        self, section: str, codes: Mapping[str, Iterable[str]]
    ) -> dict[str, Mapping[str, str]]:
        """Return, by column, what its words are in English; none of a column without such words."""
        of = {column.key: column.english for column in self.sections[section]}
        filled = _filled_in(((key, False) for key in of), codes, "")
        return {name: of[key] for name, key, _ in filled if of[key]}

    def sources(self, section: str) -> dict[str, str]:
        """Return what scripts know a section's columns as, to what they are called."""
        return {each.source: each.key for each in self.sections[section] if each.source}


def filled_in(keys: Iterable[str], codes: Mapping[str, Iterable[str]]) -> list[str]:
    """Return keys of columns with every placeholder filled in, in order.

    Examples
    --------
    >>> filled_in(["{dimension}_lage", "barn"], {"dimension": ["boende", "ekonomi"]})
    ['boende_lage', 'ekonomi_lage', 'barn']
    """
    return [name for name, _, _ in _filled_in(((key, False) for key in keys), codes, "")]


def _filled_in(
    keys: Iterable[tuple[str, bool]], codes: Mapping[str, Iterable[str]], level: str
) -> Iterator[tuple[str, str, str]]:
    """Yield the name, the key it comes from, and the code it is of, in order."""
    for (each, _), run in groupby(keys, key=lambda key: (_placeholder(key[0]), key[1])):
        same = [key for key, _ in run]
        if not each:
            yield from ((key.format(level=level), key, "") for key in same)
            continue
        for code in codes[each]:
            yield from ((key.format(level=level, **{each: code}), key, code) for key in same)


def _placeholder(key: str) -> str:
    """Return which codes a key stands for; nothing where it stands for itself."""
    return next((each.strip("{}") for each in _EACH if each in key), "")


@cache
def shipped() -> Columns:
    """Return the columns of everything but what stages declare themselves."""
    return _columns(_shipped_forms())


def declared(path: Traversable) -> Columns:
    """Return the columns that a stage declares in a file of its own."""
    forms = tomllib.loads(path.read_text(encoding="utf-8"))
    return _columns({name: section for name, section in forms.items() if name not in NOT_SECTIONS})


@cache
def _shipped_forms() -> dict[str, dict[str, dict[str, Any]]]:
    folder = files("geolyft.columns")
    forms: dict[str, dict[str, dict[str, Any]]] = {}
    for name in sorted(each.name for each in folder.iterdir() if each.name.endswith(".toml")):
        forms |= tomllib.loads((folder / name).read_text(encoding="utf-8"))
    return forms


def _columns(forms: dict[str, dict[str, dict[str, Any]]]) -> Columns:
    shared = _shipped_forms()[_ALL]
    return Columns(
        {
            name: tuple(_column(key, shared.get(key, {}) | form) for key, form in whole.items())
            for name, section in forms.items()
            for whole in [_with_those_before(section, forms)]
        }
    )


def _with_those_before(
    section: Mapping[str, Any], forms: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    first = forms[section["like"]] if "like" in section else {}
    return {**first, **{key: form for key, form in section.items() if key != "like"}}


def _column(key: str, form: Mapping[str, Any]) -> Column:
    words = {lang: form[lang] for lang in ("sv", "en")}
    options = {
        name: form[name] for name in ("decimals", "source", "later", "english") if name in form
    }
    return Column(key=key, kind=form["kind"], words=words, **options)


@cache
def reserved() -> tuple[frozenset[str], tuple[str, ...]]:
    """Return what no code of a catalogue may be: names, and endings of names.

    A dimension or an indicator is a column beside these, and would overwrite the one that has its
    name.

    Examples
    --------
    >>> names, endings = reserved()
    >>> {"index", "synthetic", "what", "level"} <= names, "_status" in endings
    (True, True)
    """
    sections = shipped().sections
    beside = [*sections[_ALL], *sections["observationer"], *_beside_codes()]
    # Only index.csv has codes of dimensions beside the names that scripts know.
    keys = {column.key for column in beside} | {c.source for c in sections["index"] if c.source}
    plain = {key for key in keys if "{" not in key}
    endings = {key.rpartition("}")[2] for key in keys - plain} - {""}
    return frozenset(plain | _OF_FILES), tuple(sorted(endings))


def _beside_codes() -> Iterator[Column]:
    """Yield the columns of each section in which codes of the catalogue are columns too."""
    for section in shipped().sections.values():
        if any(_placeholder(column.key) for column in section):
            yield from section
