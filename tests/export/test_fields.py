"""Nothing in a delivery is left unexplained: every column has a kind, a heading and a meaning."""

from __future__ import annotations

import string
import tomllib
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING, get_args

import pytest
from small_run import write_small_run

import geolyft
from geolyft.divisions.areas import demo_folder
from geolyft.export.figures.classes import score_classes
from geolyft.export.layer import Field, Kind
from geolyft.export.layers.fields import LONGEST_ALIAS, describe
from geolyft.frames import OBSERVATION_COLUMNS, STATUSES
from geolyft.run_file.config import load_config

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd

    from geolyft.export.publication import Publication
    from geolyft.indicators.catalogue import Catalogue, Language


def read(name: str) -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads((files("geolyft.export.layers") / name).read_text(encoding="utf-8"))


FORMS = read("fields.toml")
TEXTS = {lang: read(f"fields_{lang}.toml") for lang in ("sv", "en")}
LANGUAGES = pytest.mark.parametrize("lang", ["sv", "en"])
# A dimension's or an indicator's name may hold any sign; nothing of it is an instruction.
HOSTILE = 'Andel {city} {0} {} % [% "kod" %] <b>&amp;</b>\n\t=1+1 }{'


# Together the two runs write every table there is.
EVERYTHING = """
[target]
year = 2030

[second_opinion]
indicators = ["A", "B", "C"]
national = { "2023" = [30, 10] }

[[source]]"""


@pytest.fixture(scope="module")
def published(
    squares: gpd.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Publication, ...]:
    """The demo, which looks inside its areas, and a small run with everything else."""
    run_file = write_small_run(tmp_path_factory.mktemp("fields"), squares)
    said = run_file.read_text(encoding="utf-8").replace("[[source]]", EVERYTHING.lstrip(), 1)
    counted = "population = true\nchildren = { alder = { max = 17 } }\n"
    counted += 'groups.alder = { column = "alder", breaks = [20, 65] }'
    run_file.write_text(said.replace("population = true", counted), encoding="utf-8")
    runs = (demo_folder() / "run.toml", run_file)
    return tuple(geolyft.publish(load_config(each)) for each in runs)


def columns_of_layers(publication: Publication) -> dict[str, list[str]]:
    """Return the columns of every layer, and of the tables beside those behind the index."""
    level = publication.division
    dimensions = [dimension.code for dimension in publication.catalogue.dimensions]
    codes = publication.catalogue.codes
    own = ("skillnad", "personer", "lag", "hog", "status")
    area = [f"{level}_kod", f"{level}_namn"]
    return {
        "index": [*area, "period", "index", *dimensions, "rang_lag", "rang_hog", "befolkning",
                  "antal_indikatorer", "status", "index_lag", "index_hog", "osakerhet",
                  "sakert_skild", "andel_bland_lagsta", *(f"{d}_status" for d in dimensions)],
        "indikatorer": [*area, "period", *codes, "status",
                        *(f"{code}_{each}" for code in codes for each in own)],
        "forandring": [*area, "fran", "till", "forandring", "lag", "hog", "overstiger_osakerhet",
                       "jamforbar", "orsak", *dimensions],
        "granser": ["kod_1", "namn_1", "kod_2", "namn_2", "slag", "period", "langd", "index",
                    *dimensions],
        "observationer": OBSERVATION_COLUMNS,
        "granskning": ["kalla", "period", "indikator", "rakning", "omraden", "rest", "staden",
                       "exakt"],
        "granskning_filer": ["kalla", "period", "referens", "fil", "typ", "rader", "placerade",
                             "utanfor", "utan_plats"],
        "befolkning": ["area", "period", "population", "children", "synthetic"],
    }  # fmt: skip


def everything(publication: Publication) -> Iterator[tuple[str, list[str]]]:
    """Yield what every layer and table is of, with its columns."""
    yield from columns_of_layers(publication).items()
    for name, table in publication.tables.items():
        yield name, [*table, "synthetic"]


def said_of(columns: list[str], of: str, publication: Publication) -> tuple[Field, ...]:
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


# ---- the three files --------------------------------------------------------------------------


@LANGUAGES
def test_a_language_has_words_for_exactly_the_columns_that_have_a_kind(lang: Language) -> None:
    assert {name: [*keys] for name, keys in TEXTS[lang].items()} == {
        name: [*keys] for name, keys in FORMS.items()
    }


@LANGUAGES
def test_every_text_is_a_heading_and_one_sentence(lang: Language) -> None:
    for section, keys in TEXTS[lang].items():
        for key, said in keys.items():
            assert set(said) == {"alias", "comment"}, (section, key)
            assert said["alias"], (section, key)
            assert len(said["alias"]) <= LONGEST_ALIAS, (section, key)
            assert said["comment"].endswith("."), (section, key)
            assert ". " not in said["comment"], (section, key)
            assert said["comment"][0] in string.ascii_uppercase + "ÅÄÖ{", (section, key)


def test_a_text_is_filled_in_with_the_same_in_both_languages() -> None:
    for section, keys in TEXTS["sv"].items():
        for key, said in keys.items():
            for each, text in said.items():
                english = TEXTS["en"][section][key][each]
                assert placeholders(text) == placeholders(english), (section, key, each)


def test_a_kind_is_one_of_the_four_and_only_numbers_have_decimals() -> None:
    for section, keys in FORMS.items():
        for key, form in keys.items():
            assert form["kind"] in get_args(Kind), (section, key)
            assert form["kind"] == "number" or "decimals" not in form, (section, key)


# ---- every layer and table --------------------------------------------------------------------


@LANGUAGES
def test_every_column_of_every_layer_and_table_is_explained(
    published: tuple[Publication, ...], lang: Language
) -> None:
    for publication in published:
        for of, columns in everything(replace(publication, lang=lang)):
            fields = said_of(columns, of, replace(publication, lang=lang))
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
            aliases = [f.alias for f in said_of(columns, of, replace(publication, lang=lang))]
            assert len({alias.casefold() for alias in aliases}) == len(aliases), of
            assert max(map(len, aliases)) <= LONGEST_ALIAS, of


def test_no_heading_of_ours_has_to_be_told_apart_by_a_column_name(
    published: tuple[Publication, ...],
) -> None:
    for publication in published:
        for of, columns in everything(publication):
            for field in said_of(columns, of, publication):
                assert f"({field.name})" not in field.alias, of


def test_nothing_is_explained_that_no_layer_or_table_has(
    published: tuple[Publication, ...],
) -> None:
    seen = {of for publication in published for of, _ in everything(publication)}
    # The layer and the table of change share their name.
    assert set(FORMS) == seen | {"all", "tabell_forandring"}
    demo, small = published
    written = {
        (of, column)
        for publication in (demo, small)
        for of, columns in everything(publication)
        for column in columns
    }
    for section, keys in FORMS.items():
        own = {key for key in keys if "{" not in key}
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
            for field in said_of([*table], of, publication):
                dtype = str(table[field.name].dtype).lower().replace("boolean", "bool")
                assert dtype == stored[field.kind], (of, field.name)


# ---- what is filled in ------------------------------------------------------------------------


def test_an_indicator_is_explained_by_what_it_counts(published: tuple[Publication, ...]) -> None:
    (field,) = said_of(["E1"], "indikatorer", published[0])
    assert field.alias == "E1 Förvärvsarbetar"
    assert "förvärvsarbetande invånare 20–64 år, av invånare 20–64 år" in field.comment


def test_a_dimension_is_explained_by_its_indicators_and_its_fixed_point(
    published: tuple[Publication, ...],
) -> None:
    (field,) = said_of(["vardag"], "index", published[1])
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
    (own,) = said_of(["level"], "nivaer", published[0])
    (shared,) = said_of(["level"], "inuti", published[0])
    assert "omraden" in own.comment
    assert "omraden" not in shared.comment


def test_a_status_column_explains_every_status(published: tuple[Publication, ...]) -> None:
    for of in ("index", "observationer"):
        (field,) = said_of(["status"], of, published[0])
        assert [each for each in STATUSES if each not in field.comment] == []


def test_the_limit_of_the_lowest_class_is_that_of_the_map(
    published: tuple[Publication, ...],
) -> None:
    (field,) = said_of(["exposed"], "barn_lagst", published[1])
    assert f"under {score_classes().breaks[0]:.0f}," in field.comment


def test_the_layer_and_the_table_of_change_are_told_apart(
    published: tuple[Publication, ...], catalogue: Catalogue
) -> None:
    # A dimension may have a code that is a column of the table, and of the table only.
    change = catalogue.dimensions[0].model_copy(update={"code": "change", "name": "Omställning"})
    changed = catalogue.model_copy(update={"dimensions": (change,)})
    small = replace(published[1], catalogue=changed)
    layer = said_of(["stadsdel_kod", "forandring", "change"], "forandring", small)
    table = said_of(["area", "change"], "forandring", small)
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
            fields = said_of(columns, of, named)
            assert [field.name for field in fields] == columns
        (field,) = said_of([named.catalogue.codes[0]], "indikatorer", named)
        assert field.comment.count(" ".join(name.split())) == 3


@pytest.mark.parametrize("name", ["Index", "period", "Områdeskod (GeSO)", "y" * 60, HOSTILE])
def test_headings_differ_though_names_do_not(published: tuple[Publication, ...], name: str) -> None:
    for publication in published:
        named = with_names(publication, name)
        for of, columns in everything(named):
            aliases = [field.alias.casefold() for field in said_of(columns, of, named)]
            assert len(set(aliases)) == len(aliases), of


def test_a_heading_is_one_line_and_a_long_name_is_cut(published: tuple[Publication, ...]) -> None:
    named = with_names(published[0], "Andel som\r\nbor " + "mycket " * 20)
    (field,) = said_of(["D1"], "indikatorer", named)
    assert field.alias == "D1 Andel som bor mycket mycket mycket m…"
    assert "\n" not in field.comment


# ---- what is not there ------------------------------------------------------------------------


def test_a_column_nobody_has_explained_cannot_be_written(
    published: tuple[Publication, ...],
) -> None:
    with pytest.raises(KeyError, match="invented"):
        said_of(["area", "invented"], "avstand", published[0])


def test_a_table_nobody_has_explained_cannot_be_written(
    published: tuple[Publication, ...],
) -> None:
    with pytest.raises(KeyError, match="invented"):
        said_of(["area"], "invented", published[0])


def test_a_column_of_one_table_is_none_of_another(published: tuple[Publication, ...]) -> None:
    with pytest.raises(KeyError, match="dissimilarity"):
        said_of(["dissimilarity"], "avstand", published[0])
