"""What readers are told of a column: its heading and its meaning, in the words of the run.

Which columns there are, and their words, `geolyft.columns` and the stages declare. A column that is
not there cannot be written, so nothing is ever left unexplained.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from geolyft.export.figures.classes import score_classes
from geolyft.export.layer import Field
from geolyft.export.words import load_words
from geolyft.frames import STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from geolyft.columns import Columns
    from geolyft.export.publication import Publication

LONGEST_ALIAS: Final = 40
"""Of an alias, in characters: it is a column heading."""
_Texts: TypeAlias = "Mapping[str, str]"


def describe(
    columns: Iterable[str], *, of: str, level: str, publication: Publication
) -> tuple[Field, ...]:
    """Say of every column of a layer or table what it is and means, in the run's language.

    Parameters
    ----------
    columns
        In order, without the geometry.
    of
        What the rows are about, such as ``index`` or ``granser``, or the name of a table behind the
        index, such as ``avstand``. Of the layer and the table that are both called ``forandring``,
        the layer is the one that has the level's code as a column.
    level
        What one area of the layer is called: ``geso``, ``deso``, ``stadsdel``.
    publication
        Its language, city, base period and catalogue are what the words are filled in with. Names
        in these are taken as they stand, whatever signs they hold.

    Returns
    -------
    tuple of Field
        Aliases are one line of at most `LONGEST_ALIAS` characters, longer names being cut; two that
        would read the same have the column's name added.

    Raises
    ------
    KeyError
        When no such layer, table or column is declared.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from geolyft.indicators.catalogue import load_catalogue
    >>> from geolyft.columns import shipped
    >>> run = SimpleNamespace(lang="sv", city="Malmö", base_period="2025", columns=shipped(),
    ...                       catalogue=load_catalogue())
    >>> made = describe(["geso_kod", "E1", "E1_lag"], of="indikatorer", level="geso",
    ...                 publication=run)
    >>> [field.alias for field in made]
    ['Områdeskod (GeSO)', 'E1 Förvärvsarbetar', 'E1 undre gräns']
    >>> made[2].comment
    'Förvärvsarbetar: undre gräns för andelens 95-procentiga osäkerhetsintervall, i procent.'
    """
    names = list(columns)
    declared = publication.columns
    section = declared.section(of, is_layer=f"{level}_kod" in names)
    known = _fields(declared, section, level, publication)
    unknown = [name for name in names if name not in known]
    if unknown:
        raise KeyError(f"nothing is declared of {', '.join(unknown)} in {section}")
    return _told_apart([known[name] for name in names])


def _fields(
    columns: Columns, section: str, level: str, publication: Publication
) -> dict[str, Field]:
    """Return every field of the section, and those that mean the same in several, by name."""
    fields = {}
    shared = _shared_parts(level, publication)
    for of in ("all", section):
        for column in columns.sections[of]:
            for name, parts in _named(column.key, level, publication):
                text = column.words[publication.lang]
                fields[name] = Field(
                    name=name,
                    kind=column.kind,
                    alias=_heading(text["alias"].format(**shared, **parts)),
                    comment=_one_line(text["comment"].format(**shared, **parts)),
                    decimals=column.decimals,
                )
    return fields


def _named(key: str, level: str, publication: Publication) -> Iterator[tuple[str, _Texts]]:
    """Yield the columns a key stands for, each with the words that are its own."""
    catalogue, lang = publication.catalogue, publication.lang
    if "{dimension}" in key:
        for dimension in catalogue.dimensions:
            codes = ", ".join(each.code for each in catalogue.of(dimension.code))
            words = {"code": dimension.code, "name": dimension.title(lang), "codes": codes}
            yield key.format(dimension=dimension.code), words
    elif "{indicator}" in key:
        for each in catalogue.indicators:
            words = {"code": each.code, "name": each.title(lang), "label": each.label(lang)}
            words |= {"numerator": each.numerator, "denominator": each.denominator}
            yield key.format(indicator=each.code), words
    else:
        yield key.format(level=level), {}


def _shared_parts(level: str, publication: Publication) -> _Texts:
    words = load_words(publication.lang)
    meanings = [f"{each} ({words.section('status')[each]})" for each in STATUSES if each != "ok"]
    return {
        "city": publication.city,
        "base": publication.base_period,
        "level": words.section("level").get(level, level),
        "limit": words.number(score_classes().breaks[0], decimals=0),
        "statuses": ", ".join(["ok", *meanings]),
        "total": str(len(publication.catalogue.indicators)),
    }


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _heading(text: str) -> str:
    line = _one_line(text)
    return line if len(line) <= LONGEST_ALIAS else line[: LONGEST_ALIAS - 1].rstrip() + "…"


def _told_apart(fields: Sequence[Field]) -> tuple[Field, ...]:
    """Add the column's name to an alias that an earlier column has."""
    taken: set[str] = set()
    made = []
    for field in fields:
        alias = field.alias
        # Excel refuses a table with two headings that differ in case at most.
        while alias.casefold() in taken:
            alias = f"{alias} ({field.name})"
        taken.add(alias.casefold())
        made.append(field if alias == field.alias else replace(field, alias=alias))
    return tuple(made)
