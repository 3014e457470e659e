"""What QGIS shows of one row: its fields on tabs, codes and statuses in words, and its tables.

In a project alone. A style in the GeoPackage knows no other layer, and repeats for each theme.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from geolyft.export.figures.reader import reader_of
from geolyft.export.figures.stems import file_stems
from geolyft.export.qgis.document import braced, element, string_literal, value
from geolyft.export.qgis.drawn.tips import plain
from geolyft.export.qgis.expressions import quoted
from geolyft.export.words import load_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from xml.etree.ElementTree import Element

    from geolyft.export.layer import Field, Layer
    from geolyft.export.publication import Publication
    from geolyft.export.qgis.relations import Relation

AREA: Final = "area"
_NAMED: Final = ("indicator", "what", "vad", "tema", "input")
_SHOWN: Final = ("namn", "small_name", "lins_namn", *_NAMED, "group", "period")
"""What tells rows of a table apart, in the order it is said."""
_OPEN_ADDRESS: Final = "5"
"""QGIS's number for an action that opens an address."""
_ACTION: Final = braced("profile")


@dataclass(frozen=True)
class Form:
    """The form of one layer of a project.

    Parameters
    ----------
    relations
        Tables with rows of one of its areas.
    """

    layer: Layer
    publication: Publication
    relations: Sequence[Relation] = ()

    def elements(self) -> list[Element]:
        """Return what QGIS keeps of it: what a row is called, tabs of many fields, and actions."""
        tabs, shown = [*self._tabs()], self.display()
        is_long = len(tabs) > 1 or bool(self.relations)
        return [
            *([element("previewExpression", text=shown)] if shown else []),
            *([element("editorlayout", text="tablayout")] if is_long else []),
            *([element("attributeEditorForm", *tabs)] if is_long else []),
            *self._actions(),
        ]

    def widgets(self) -> Mapping[str, Element]:
        """Return, by field, the widgets of those whose values are codes."""
        known = {field.name: self._words_of(field) for field in self.layer.fields}
        return {name: _value_map(words) for name, words in known.items() if words}

    def display(self) -> str:
        """Return an expression of what a row is called."""
        code, named = self._area_column, f"{self.layer.level}_namn"
        known, coded = {field.name for field in self.layer.fields}, self.widgets()
        if {code, named} <= known:
            return f"{quoted(code)} || ' ' || {quoted(named)}"
        shown = [
            f"represent_value({quoted(each)})" if each in coded else quoted(each)
            for each in (code, *_SHOWN)
            if each in known
        ]
        known_of_row = f"array_filter(array({', '.join(shown)}), @element <> '')"
        return f"array_to_string({known_of_row}, ' · ')" if shown else ""

    @cached_property
    def _area_column(self) -> str:
        if any(field.name == AREA for field in self.layer.fields):
            return AREA
        return f"{self.layer.level or self.publication.division}_kod"

    def _words_of(self, field: Field) -> Mapping[str, str]:
        """Return what stands for each value of a field, where they are codes."""
        words = load_words(self.publication.lang)
        if field.kind == "truth":
            return {"true": words.say("page.yes"), "false": words.say("page.no")}
        if field.kind != "text":
            return {}
        met = sorted({str(each) for each in self.layer.frame[field.name].dropna().unique()})
        if field.name == "status" or field.name.endswith("_status"):
            parts = {part for each in met for part in each.split("+")}
            # The status of an effort is a word of its register.
            is_ours = parts <= {*words.section("status"), "ok"}
            said = {each: words.status(each) or words.say("qgis.status_ok") for each in met}
            return said if is_ours else {}
        return {} if self.layer.is_spatial else self._names(field.name, met)

    def _names(self, column: str, met: Sequence[str]) -> Mapping[str, str]:
        """Return what codes of areas, and of what is measured, are called in a table."""
        reader, known = reader_of(self.publication), dict[str, str]()
        if column == self._area_column:
            known = {code: reader.area(code) for code in reader.places}
        elif column in _NAMED:
            known = {what: reader.label(what) for what in reader.whats}
            known |= {c: reader.indicator(c) for c in self.publication.catalogue.codes}
        return {each: known.get(each, each) for each in met} if set(met) & set(known) else {}

    def _tabs(self) -> Iterator[Element]:
        """Yield a tab for each part of the fields, then one for the tables of an area."""
        place = {field.name: n for n, field in enumerate(self.layer.fields, start=1)}
        for title, names in self._parts().items():
            fields = [_field(name, place[name]) for name in names]
            yield _container(title, fields)
        if self.relations:
            words = load_words(self.publication.lang)
            shown = [_related(relation) for relation in self.relations]
            yield _container(words.say("qgis.tab_tables"), shown)

    def _parts(self) -> dict[str, list[str]]:
        """Return the fields by what they are of: the area, the index, each dimension."""
        words, lang = load_words(self.publication.lang), self.publication.lang
        catalogue = self.publication.catalogue
        of = {each.code: each.title(lang) for each in catalogue.dimensions}
        titles = {**of, **{i.code: of[i.dimension] for i in catalogue.indicators}}
        order = ["", *titles]
        codes = {field.name: _code_of(field.name, titles) for field in self.layer.fields}
        parts: dict[str, list[str]] = {}
        # Fields of later versions stand last in a layer, and beside their own on a tab.
        for name in sorted(codes, key=lambda name: order.index(codes[name])):
            title = titles.get(codes[name], words.say("qgis.tab_area"))
            parts.setdefault(title, []).append(name)
        return parts

    def _actions(self) -> Iterator[Element]:
        """Yield what opens the profile of an area."""
        if not self.layer.is_spatial or self.layer.level != self.publication.division:
            return
        if self.layer.about == "granser":
            return
        words = load_words(self.publication.lang)
        setting = element(
            "actionsetting",
            *(element("actionScope", id=scope) for scope in ("Canvas", "Feature", "Field")),
            type=_OPEN_ADDRESS,
            id=_ACTION,
            name=words.say("qgis.open_profile"),
            shortTitle=words.say("qgis.open_profile"),
            action=f"[% {self._address()} %]",
            capture="0",
            icon="",
            notificationMessage="",
            isEnabledOnlyWhenEditable="0",
        )
        yield element(
            "attributeactions", element("defaultAction", key="Canvas", value=_ACTION), setting
        )

    def _address(self) -> str:
        """Return an expression: where the area's profile lies, beside the project."""
        code = quoted(self._area_column)
        stems = {c: s for c, s in file_stems(reader_of(self.publication).codes).items() if c != s}
        pairs = ", ".join(f"{string_literal(c)}, {string_literal(s)}" for c, s in stems.items())
        stem = f"coalesce(map_get(map({pairs}), {code}), {code})" if pairs else code
        folder = "replace(@project_folder, '\\\\', '/')"
        # A drive of Windows has no slash before it, which the address needs.
        slash = f"if(left({folder}, 1) = '/', '', '/')"
        return f"'file://' || {slash} || {folder} || '/omraden/' || {stem} || '.html'"


def _code_of(name: str, codes: Iterable[str]) -> str:
    """Return which dimension or indicator a field is of, or nothing."""
    return next((code for code in codes if name == code or name.startswith(f"{code}_")), "")


def _container(title: str, inside: Sequence[Element]) -> Element:
    return element(
        "attributeEditorContainer",
        *inside,
        name=plain(title),
        groupBox="0",
        columnCount="1",
        showLabel="1",
        visibilityExpressionEnabled="0",
        visibilityExpression="",
    )


def _field(name: str, place: int) -> Element:
    return element("attributeEditorField", name=name, index=str(place), showLabel="1")


def _related(relation: Relation) -> Element:
    return element(
        "attributeEditorRelation",
        name=relation.key,
        relation=relation.key,
        label=plain(relation.name),
        showLabel="1",
        forceSuppressFormPopup="0",
        nmRelationId="",
        relationWidgetTypeId="relation_editor",
    )


def _value_map(words: Mapping[str, str]) -> Element:
    """Return a widget that shows words for codes."""
    pairs = [
        element("Option", value(plain(word), code), type="Map") for code, word in words.items()
    ]
    listed = element("Option", *pairs, type="List", name="map")
    config = element("config", element("Option", listed, type="Map"))
    return element("editWidget", config, type="ValueMap")
