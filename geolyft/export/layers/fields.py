"""What every column of every layer and table is: its kind, and its heading and meaning in words.

``fields.toml`` says which columns there are and their kinds, ``fields_sv.toml`` and
``fields_en.toml`` what people are told of them. A column that is not there cannot be written, so
nothing is ever left unexplained.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, NotRequired, TypeAlias, TypedDict, cast

from geolyft.export.figures.classes import score_classes
from geolyft.export.layer import Field
from geolyft.export.words import load_words
from geolyft.frames import STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from geolyft.export.layer import Kind
    from geolyft.export.publication import Publication
    from geolyft.indicators.catalogue import Catalogue, Language

LONGEST_ALIAS: Final = 40
"""Of an alias, in characters: it is a column heading."""
_ALL: Final = "all"
_Texts: TypeAlias = "Mapping[str, str]"


class _Form(TypedDict):
    kind: Kind
    decimals: NotRequired[int]


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
        When ``fields.toml`` has no such layer, table or column.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from geolyft.indicators.catalogue import load_catalogue
    >>> run = SimpleNamespace(lang="sv", city="Malmö", base_period="2025",
    ...                       catalogue=load_catalogue())
    >>> made = describe(["geso_kod", "E1", "E1_lag"], of="indikatorer", level="geso",
    ...                 publication=run)
    >>> [field.alias for field in made]
    ['Områdeskod (GeSO)', 'E1 Förvärvsarbetar', 'E1 undre gräns']
    >>> made[2].comment
    'Förvärvsarbetar: undre gräns för andelens 95-procentiga osäkerhetsintervall, i procent.'
    """
    names = list(columns)
    section = _section(of, is_layer=f"{level}_kod" in names)
    known = _fields(section, level, publication)
    unknown = [name for name in names if name not in known]
    if unknown:
        raise KeyError(f"fields.toml says nothing of {', '.join(unknown)} in {section}")
    return _told_apart([known[name] for name in names])


@cache
def _load_forms() -> Mapping[str, Mapping[str, _Form]]:
    return cast("Mapping[str, Mapping[str, _Form]]", _read("fields.toml"))


@cache
def _load_texts(lang: Language) -> Mapping[str, Mapping[str, _Texts]]:
    return cast("Mapping[str, Mapping[str, _Texts]]", _read(f"fields_{lang}.toml"))


def _read(name: str) -> Mapping[str, object]:
    return tomllib.loads((files("geolyft.export.layers") / name).read_text(encoding="utf-8"))


def _section(of: str, *, is_layer: bool) -> str:
    """Return the section a layer or table has in the three files."""
    of_table = f"tabell_{of}"
    section = of_table if of_table in _load_forms() and not is_layer else of
    if section not in _load_forms():
        raise KeyError(f"fields.toml has no section {section}")
    return section


def _fields(section: str, level: str, publication: Publication) -> dict[str, Field]:
    """Return every field the section and the one for all know, by name."""
    texts = _load_texts(publication.lang)
    shared = _shared_parts(level, publication)
    made = {}
    for name in (_ALL, section):
        for key, form in _load_forms()[name].items():
            said = texts[name][key]
            for column, own in _columns(key, level, publication.catalogue, publication.lang):
                parts = {**shared, **own}
                made[column] = Field(
                    name=column,
                    kind=form["kind"],
                    alias=_heading(said["alias"].format(**parts)),
                    comment=_one_line(said["comment"].format(**parts)),
                    decimals=form.get("decimals", 1),
                )
    return made


def _columns(
    key: str, level: str, catalogue: Catalogue, lang: Language
) -> Iterator[tuple[str, _Texts]]:
    """Yield the columns a key stands for, each with the words that are its own."""
    if "{dimension}" in key:
        for dimension in catalogue.dimensions:
            codes = ", ".join(each.code for each in catalogue.of(dimension.code))
            said = {"name": dimension.title(lang), "codes": codes}
            yield key.format(dimension=dimension.code), {"code": dimension.code, **said}
    elif "{indicator}" in key:
        for each in catalogue.indicators:
            said = {"name": each.title(lang), "label": each.label(lang)}
            said |= {"numerator": each.numerator, "denominator": each.denominator}
            yield key.format(indicator=each.code), {"code": each.code, **said}
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
