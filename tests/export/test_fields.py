"""Nothing in a delivery is left unexplained: every column has a kind, a heading and a meaning."""

from __future__ import annotations

import string
from dataclasses import replace
from typing import TYPE_CHECKING, get_args

import pandas as pd
import pytest
from everything import publish_everything
from hypothesis import given
from hypothesis import strategies as st
from small_run import CATALOGUE

from geolyft.columns import Column, Kind, reserved, shipped
from geolyft.errors import CatalogueError
from geolyft.export.figures.classes import score_classes
from geolyft.export.layers.build import all_layers, map_theme_layer
from geolyft.export.layers.fields import LONGEST_ALIAS, describe
from geolyft.frames import STATUSES
from geolyft.indicators.catalogue import load_catalogue
from geolyft.pipeline.scoring.stages import columns as columns_of_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import geopandas as gpd

    from geolyft.export.layer import Field
    from geolyft.export.publication import Publication
    from geolyft.indicators.catalogue import Catalogue, Language


SECTIONS = columns_of_run().sections
CODES = st.from_regex(r"[a-z]{1,3}[0-9]", fullmatch=True)
LANGUAGES = pytest.mark.parametrize("lang", ["sv", "en"])
# A dimension's or an indicator's name may hold any sign; nothing of it is an instruction.
HOSTILE = 'Andel {city} {0} {} % [% "kod" %] <b>&amp;</b>\n\t=1+1 }{'


@pytest.fixture(scope="module")
def published(
    squares: gpd.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Publication, ...]:
    return publish_everything(squares, tmp_path_factory)


def columns_of_layers(publication: Publication) -> dict[str, list[str]]:
    """Return the columns of every layer, and of the tables beside those behind the index."""
    level = publication.division
    chapters = {each.layer_name(level): each.code for each in publication.chapters}
    found = {
        chapters.get(layer.name, layer.name if layer.about == "granskning" else layer.about): [
            *layer.frame.columns
        ]
        for layer in (*all_layers(publication), map_theme_layer(pd.DataFrame(), publication))
        if layer.about != "tabell" and layer.level in ("", level)
    }
    people = ["area", "period", "population", "children", "synthetic"]
    found = {of: [c for c in columns if c != "geometry"] for of, columns in found.items()}
    return {**found, "befolkning": people}


def everything(publication: Publication) -> Iterator[tuple[str, list[str]]]:
    """Yield what every layer and table is of, with its columns."""
    yield from columns_of_layers(publication).items()
    for name, table in publication.tables.items():
        yield name, [*table, "synthetic"]


def every_column() -> Iterator[tuple[tuple[str, str], Column]]:
    for section, columns in SECTIONS.items():
        yield from (((section, column.key), column) for column in columns)


def metadata_of(columns: list[str], of: str, publication: Publication) -> tuple[Field, ...]:
    return describe(columns, of=of, level=publication.division, publication=publication)


def with_names(publication: Publication, name: str) -> Publication:
    """Call the city, the base period and everything in the catalogue the same."""
    catalogue = publication.catalogue
    named = {"name": name, "name_en": name}
    text = {"short": name, "short_en": name, "numerator": name, "denominator": name}
    renamed = catalogue.model_copy(
        update={
            "dimensions": tuple(d.model_copy(update=named) for d in catalogue.dimensions),
            "indicators": tuple(i.model_copy(update=named | text) for i in catalogue.indicators),
        }
    )
    return replace(publication, catalogue=renamed, city=name, base_period=name)


def placeholders(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


# ---- the files --------------------------------------------------------------------------


def test_every_text_is_a_heading_and_one_sentence() -> None:
    for place, column in every_column():
        for text in column.words.values():
            assert set(text) == {"alias", "comment"}, place
            assert text["alias"], place
            assert len(text["alias"]) <= LONGEST_ALIAS, place
            assert text["comment"].endswith("."), place
            assert ". " not in text["comment"], place
            assert text["comment"][0] in string.ascii_uppercase + "ÅÄÖ{", place


def test_a_text_is_filled_in_with_the_same_in_both_languages() -> None:
    for place, column in every_column():
        for each, text in column.words["sv"].items():
            assert placeholders(text) == placeholders(column.words["en"][each]), place


def test_a_kind_is_one_of_the_four_and_only_numbers_have_decimals() -> None:
    for place, column in every_column():
        assert column.kind in get_args(Kind), place
        assert column.kind == "number" or column.decimals == 1, place


@given(st.sampled_from(["index", "indikatorer", "granser"]), st.lists(CODES, unique=True))
def test_columns_come_code_by_code_and_each_once(section: str, codes: list[str]) -> None:
    of = {"dimension": codes[::2], "indicator": codes[1::2]}
    names = shipped().names(section, of, level="geso")
    fixed = [column.key for column in SECTIONS[section] if "{" not in column.key]
    assert [name for name in names if name in fixed] == fixed
    by_code = [name.removesuffix("_status") for name in names if name.endswith("_status")]
    kind = {"index": "dimension", "indikatorer": "indicator"}
    assert by_code == (of[kind[section]] if section in kind else [])
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("code", ["synthetic", "what", "level", "indicator", "Index", "x_status"])
def test_a_code_that_would_overwrite_a_column_is_refused(tmp_path: Path, code: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(CATALOGUE.replace('"vardag"', f'"{code}"'), encoding="utf-8")
    with pytest.raises(CatalogueError, match="reserved"):
        load_catalogue(path)


def test_every_column_beside_a_code_is_reserved(published: tuple[Publication, ...]) -> None:
    names, endings = reserved()
    for publication in published:
        codes = {*publication.catalogue.codes, *publication.catalogue.column_codes["dimension"]}
        layers = [layer.frame.columns for layer in all_layers(publication)]
        for columns in (*layers, publication.index.columns):
            if codes & set(columns):
                own = {c for c in columns if c not in codes and not c.endswith(endings)}
                assert own <= names, own - names


# ---- every layer and table --------------------------------------------------------------------


@LANGUAGES
def test_every_column_of_every_layer_and_table_is_explained(
    published: tuple[Publication, ...], lang: Language
) -> None:
    for publication in published:
        for of, columns in everything(replace(publication, lang=lang)):
            fields = metadata_of(columns, of, replace(publication, lang=lang))
            assert [field.name for field in fields] == columns
            for field in fields:
                assert field.alias, (of, field.name)
                assert field.comment, (of, field.name)
                assert not placeholders(field.alias + field.comment), (of, field.name)


@LANGUAGES
def test_headings_are_short_and_differ_within_a_layer_or_table(
    published: tuple[Publication, ...], lang: Language
) -> None:
    for publication in published:
        for of, columns in everything(publication):
            aliases = [f.alias for f in metadata_of(columns, of, replace(publication, lang=lang))]
            assert len({alias.casefold() for alias in aliases}) == len(aliases), of
            assert max(map(len, aliases)) <= LONGEST_ALIAS, of


def test_no_heading_of_ours_has_to_be_told_apart_by_a_column_name(
    published: tuple[Publication, ...],
) -> None:
    for publication in published:
        for of, columns in everything(publication):
            for field in metadata_of(columns, of, publication):
                assert f"({field.name})" not in field.alias, of


@pytest.mark.needs("raster")
def test_nothing_is_explained_that_no_layer_or_table_has(
    published: tuple[Publication, ...],
) -> None:
    seen = {of for publication in published for of, _ in everything(publication)}
    # The layer and the table of change share their name.
    assert set(SECTIONS) == seen | {"all", "tabell_forandring"}
    written = {
        (of, column)
        for publication in published
        for of, columns in everything(publication)
        for column in columns
    }
    for section, columns in SECTIONS.items():
        own = {column.key for column in columns if "{" not in column.key}
        of = section.removeprefix("tabell_")
        there = {column for name, column in written if of in (name, "all")}
        assert own <= there, section


def test_a_column_is_written_as_the_kind_its_figures_have(
    published: tuple[Publication, ...],
) -> None:
    stored = {"text": "str", "number": "float64", "whole": "int64", "truth": "bool"}
    for publication in published:
        tables = {**publication.tables, "observationer": publication.observations}
        for of, table in tables.items():
            for field in metadata_of([*table], of, publication):
                dtype = str(table[field.name].dtype).lower().replace("boolean", "bool")
                assert dtype == stored[field.kind], (of, field.name)


# ---- what is filled in ------------------------------------------------------------------------


def test_an_indicator_is_explained_by_what_it_counts(published: tuple[Publication, ...]) -> None:
    (field,) = metadata_of(["E1"], "indikatorer", published[0])
    assert field.alias == "E1 Förvärvsarbetar"
    assert "förvärvsarbetande invånare 20–64 år, av invånare 20–64 år" in field.comment


def test_a_dimension_is_explained_by_its_indicators_and_its_fixed_point(
    published: tuple[Publication, ...],
) -> None:
    (field,) = metadata_of(["vardag"], "index", published[1])
    assert field.alias == "Vardag"
    assert "byggd på A, B: 100 är Provstad 2023" in field.comment


@pytest.mark.parametrize(
    ("level", "shown"),
    [("geso", "GeSO"), ("deso", "DeSO"), ("regso", "RegSO"), ("stadsdel", "stadsdel")],
)
def test_a_layer_says_which_areas_it_is_of(
    published: tuple[Publication, ...], level: str, shown: str
) -> None:
    (field,) = describe([f"{level}_kod"], of="index", level=level, publication=published[0])
    assert field.alias == f"Områdeskod ({shown})"


def test_what_a_table_says_itself_wins_over_what_is_said_for_all(
    published: tuple[Publication, ...],
) -> None:
    (own,) = metadata_of(["level"], "nivaer", published[0])
    (shared,) = metadata_of(["level"], "inuti", published[0])
    assert "omraden" in own.comment
    assert "omraden" not in shared.comment


def test_a_status_column_explains_every_status(published: tuple[Publication, ...]) -> None:
    for of in ("index", "observationer"):
        (field,) = metadata_of(["status"], of, published[0])
        assert [each for each in STATUSES if each not in field.comment] == []


def test_the_limit_of_the_lowest_class_is_that_of_the_map(
    published: tuple[Publication, ...],
) -> None:
    (field,) = metadata_of(["exposed"], "barn_lagst", published[1])
    assert f"under {score_classes().breaks[0]:.0f}," in field.comment


def test_the_layer_and_the_table_of_change_are_told_apart(
    published: tuple[Publication, ...], catalogue: Catalogue
) -> None:
    # A dimension may have a code that is a column of the table, and of the table only.
    change = catalogue.dimensions[0].model_copy(update={"code": "change", "name": "Omställning"})
    changed = catalogue.model_copy(update={"dimensions": (change,)})
    small = replace(published[1], catalogue=changed)
    layer = metadata_of(["stadsdel_kod", "forandring", "change"], "forandring", small)
    table = metadata_of(["area", "change"], "forandring", small)
    assert layer[-1].alias == "Förändring: Omställning"
    assert table[-1].alias == "Förändring"


# ---- names that nobody has thought of ---------------------------------------------------------


@LANGUAGES
@pytest.mark.parametrize("name", [HOSTILE, "{", "}", "{name}", "[% now() %]", "x" * 300])
def test_a_name_is_text_whatever_it_holds(
    published: tuple[Publication, ...], name: str, lang: Language
) -> None:
    for publication in published:
        named = replace(with_names(publication, name), lang=lang)
        for of, columns in everything(named):
            fields = metadata_of(columns, of, named)
            assert [field.name for field in fields] == columns
        (field,) = metadata_of([named.catalogue.codes[0]], "indikatorer", named)
        assert field.comment.count(" ".join(name.split())) == 3


@pytest.mark.parametrize("name", ["Index", "period", "Områdeskod (GeSO)", "y" * 60, HOSTILE])
def test_headings_differ_though_names_do_not(published: tuple[Publication, ...], name: str) -> None:
    for publication in published:
        named = with_names(publication, name)
        for of, columns in everything(named):
            aliases = [field.alias.casefold() for field in metadata_of(columns, of, named)]
            assert len(set(aliases)) == len(aliases), of


def test_a_heading_is_one_line_and_a_long_name_is_cut(published: tuple[Publication, ...]) -> None:
    named = with_names(published[0], "Andel som\r\nbor " + "mycket " * 20)
    (field,) = metadata_of(["D1"], "indikatorer", named)
    assert field.alias == "D1 Andel som bor mycket mycket mycket m…"
    assert "\n" not in field.comment


# ---- what is not there ------------------------------------------------------------------------


def test_a_column_nobody_has_explained_cannot_be_written(
    published: tuple[Publication, ...],
) -> None:
    with pytest.raises(KeyError, match="invented"):
        metadata_of(["area", "invented"], "avstand", published[0])


def test_a_table_nobody_has_explained_cannot_be_written(
    published: tuple[Publication, ...],
) -> None:
    with pytest.raises(KeyError, match="invented"):
        metadata_of(["area"], "invented", published[0])


def test_a_column_of_one_table_is_none_of_another(published: tuple[Publication, ...]) -> None:
    with pytest.raises(KeyError, match="dissimilarity"):
        metadata_of(["dissimilarity"], "avstand", published[0])
