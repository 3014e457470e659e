"""The project is opened by real QGIS: what it says of it, and which pixels it draws."""

from __future__ import annotations

import shutil
import zipfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from qgis_check import ask
from web_publication import publish

from geolyft.export.figures.palette import SCALE
from geolyft.export.figures.rules import rules_of
from geolyft.export.figures.themes import all_themes
from geolyft.export.geo.geopackage import write_geopackage
from geolyft.export.layers.build import all_layers
from geolyft.export.pictures.meets import meets
from geolyft.export.publication import SourceNote
from geolyft.export.qgis.drawn.looks import FRAME
from geolyft.export.qgis.project import ProjectLayer, arrange, write_project
from geolyft.export.words import load_words
from geolyft.indicators.catalogue import load_catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from geolyft.export.figures.themes import Theme
    from geolyft.export.publication import Publication
    from geolyft.export.qgis.entries import Style
    from geolyft.indicators.catalogue import Catalogue

HOSTILE = [
    "</Option></qgis>",
    "[% layer_property('x', 'name') %]",
    "' || 1 --",
    '"><script>alert(1)</script>',
    "&amp; \\n \\\\",
    "[% 1 + 1 %]",
]
TITLE = "[% 2 * 21 %] </Layout> & ' || 1 \" $CURRENT_DATE \a"
LONG = "A title that somebody wrote in full, with the city, the year, the board and the reason " * 2
PAGES = "Områden, ett per sida"
CHOSEN = ["Delaktighet", "E1 Förvärvsarbetar", "Förändring", "Kvalitet", "Index 2022"]
"""Map themes that areas' pages are printed in."""
WORD_JOINER = "\u2060"


def changes(codes: list[str]) -> pd.DataFrame:
    """How far each area moved: two far enough to tell, one that cannot be compared."""
    rows = [
        {
            "what": "index",
            "area": code,
            "first": "2022",
            "last": "2024",
            "change": move,
            "low": None if move is None else move - 1,
            "high": None if move is None else move + 1,
            "exceeds": None if move is None else abs(move) > 1,
            "comparable": move is not None,
            "reason": "" if move is not None else "uppgift saknas",
        }
        for code, move in zip(codes, [-7.0, -2.0, 0.5, 2.0, 8.0, None], strict=True)
    ]
    return pd.DataFrame(rows).astype({"exceeds": "boolean"})


def rich(**parts: object) -> Publication:
    """Two periods, smaller areas, change, and an area whose index nobody can tell."""
    own = publish(tables={"forandring": changes(["1", "2", "3", "10", "11", "12"])}, **parts)
    small = [f"{n}A" for n in range(6)]
    inner = publish(codes=small, division="deso")
    index = own.index.copy()
    dimensions = [each.code for each in own.catalogue.dimensions]
    unknown = (index["area"] == "12") & (index["period"] == "2024")
    scores = ["index", *dimensions, "index_low", "index_high", "rank_low", "rank_high"]
    index.loc[unknown, scores] = None
    # One of the indicators of this dimension is hidden in the area, see `web_publication`.
    index.loc[(index["area"] == "2") & (index["period"] == "2024"), "utbildning"] = None
    return publish(**parts, tables=own.tables, inner=(inner,), index=index)


def deliver(
    publication: Publication, folder: Path, *, crs: int = 3008, data: bool = True
) -> tuple[ProjectLayer, ...]:
    folder.mkdir(parents=True, exist_ok=True)
    layers = all_layers(publication, crs=crs)
    themes = all_themes(layers, publication)
    arranged = arrange(layers, themes, publication, load_words(publication.lang))
    if data:
        stored = [*layers, arranged.listed]
        write_geopackage(stored, themes, folder / "omradeslyft.gpkg", publication)
    write_project(arranged, folder / "omradeslyft.qgz", publication=publication, crs=crs)
    return arranged.entries


def named(entries: tuple[ProjectLayer, ...]) -> dict[str, tuple[ProjectLayer, Style]]:
    """What each map theme is for, in their order."""
    return {
        style.preset: (entry, style) for entry in entries for style in entry.styles if style.preset
    }


def document(path: Path) -> ET.Element:
    with zipfile.ZipFile(path) as opened:
        return ET.fromstring(opened.read("omradeslyft.qgs"))  # noqa: S314 - written here


def hostile_catalogue() -> Catalogue:
    catalogue = load_catalogue()
    first, *rest = catalogue.dimensions
    named = first.model_copy(update={"name": HOSTILE[1]})
    second = rest[0].model_copy(update={"name": "Index"})
    return catalogue.model_copy(update={"dimensions": (named, second, *rest[1:])})


@dataclass(frozen=True)
class Seen:
    """What QGIS answered of the deliveries of this module."""

    folder: Path
    publication: Publication
    entries: tuple[ProjectLayer, ...]
    plain: dict[str, object]
    printed: dict[str, dict[str, object]]
    areas: dict[str, dict[str, object]]
    chosen: dict[str, object]
    themes: dict[str, dict[str, object]]
    layouts: dict[str, dict[str, object]]
    pages: list[dict[str, object]]
    outside: dict[str, object]
    canvas: dict[str, object]
    hostile: dict[str, object]
    degrees: dict[str, object]
    english: dict[str, object]


@pytest.fixture(scope="module")
def seen(qgis: str, tmp_path_factory: pytest.TempPathFactory) -> Seen:  # noqa: ARG001 - so it needs it
    """Ask one QGIS everything: it takes longer to start than to answer."""
    made = tmp_path_factory.mktemp("made")
    folder = tmp_path_factory.mktemp("moved") / "Åre & ö med mellanslag"
    publication = rich(synthetic=True)
    entries = deliver(publication, made / "here")
    shutil.move(made / "here", folder)
    presets = list(named(entries))
    hostile = publish(names=HOSTILE, title=TITLE, city=HOSTILE[5], catalogue=hostile_catalogue())
    deliver(hostile, made / "hostile")
    deliver(publish(), made / "degrees", crs=4326)
    sources = tuple(
        SourceNote(name=f"Register number {n} of the residents", publisher=f"Publisher {n % 3}")
        for n in range(14)
    )
    deliver(publish(lang="en", title=LONG, synthetic=True, sources=sources), made / "english")
    steps = [
        *({"do": "theme", "name": name, "width": 300, "height": 220} for name in presets),
        {"do": "layout", "name": "Karta A4 liggande", "to": f"{folder}/a4.png", "dpi": 50},
        {"do": "layout", "name": "Karta A3 liggande", "to": f"{folder}/a3.pdf"},
        *(
            {"do": "atlas", "name": PAGES, "page": n, "to": f"{folder}/sida{n}.png", "dpi": 50}
            for n in range(1, 7)
        ),
        {"do": "theme", "name": "Index"},
        {"do": "canvas"},
    ]
    both = [
        {"do": "layout", "name": "Karta A4 liggande", "theme": "Ekonomi, DeSO"},
        *(
            {"do": "atlas", "name": "Karta A4 liggande", "page": n, "to": f"{folder}/both.png",
             "dpi": 30}
            for n, _ in enumerate(presets, start=1)
        ),
        *(
            {"do": "atlas", "name": PAGES, "theme": preset, "to": f"{folder}/both.png", "dpi": 30}
            for preset in CHOSEN
        ),
    ]  # fmt: skip
    # A legend is filtered when its page is drawn.
    drawn = {"to": f"{folder}/drawn.png", "dpi": 20}
    texts = [
        *(
            {"do": "layout", "name": name, **drawn}
            for name in ("Karta A4 liggande", "Karta A3 liggande")
        ),
        *({"do": "atlas", "name": PAGES, "page": n, **drawn} for n in range(1, 7)),
    ]
    jobs = [
        {"open": f"{folder}/omradeslyft.qgz", "steps": steps},
        {"open": f"{folder}/omradeslyft.qgz", "steps": both},
        {"open": f"{made}/hostile/omradeslyft.qgz", "steps": texts},
        {"open": f"{made}/degrees/omradeslyft.qgz", "steps": [
            {"do": "theme", "name": "Index"}, {"do": "atlas", "name": PAGES}]},
        {"open": f"{made}/english/omradeslyft.qgz", "steps": [
            {"do": "layout", "name": "Map A4 landscape", **drawn},
            {"do": "atlas", "name": "Areas, one per page", **drawn}]},
    ]  # fmt: skip
    plain, chosen, shown, degrees, english = ask(jobs)
    first, *pages = chosen["steps"]
    done = plain["steps"]
    count = len(presets)
    return Seen(
        folder=folder,
        publication=publication,
        entries=entries,
        plain=plain,
        printed=dict(zip(presets, pages[: len(presets)], strict=True)),
        areas=dict(zip(CHOSEN, pages[len(presets) :], strict=True)),
        chosen=first,
        themes=dict(zip(presets, done[:count], strict=True)),
        layouts={"A4": done[count], "A3": done[count + 1]},
        pages=done[count + 2 : count + 8],
        outside=done[-2],
        canvas=done[-1],
        hostile=shown,
        degrees=degrees,
        english=english,
    )


def text_of(step: dict, name: str) -> str:
    (found,) = [item["text"] for item in step["items"] if item["id"] == name]
    return found


def legend_of(step: dict) -> list[str]:
    (found,) = [item["legend"] for item in step["items"] if "legend" in item]
    return [text.replace(WORD_JOINER, "") for text in found]


# What needs no QGIS


def test_the_same_publication_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        deliver(publish(), tmp_path / name, data=False)
    first, second = ((tmp_path / name / "omradeslyft.qgz").read_bytes() for name in ("a", "b"))
    assert first == second


def test_the_zip_knows_no_day(tmp_path: Path) -> None:
    deliver(publish(), tmp_path, data=False)
    with zipfile.ZipFile(tmp_path / "omradeslyft.qgz") as opened:
        assert [entry.date_time for entry in opened.infolist()] == [(1980, 1, 1, 0, 0, 0)]


def test_every_layer_has_a_long_id_of_its_own(tmp_path: Path) -> None:
    deliver(rich(), tmp_path, data=False)
    ids = [each.text for each in document(tmp_path / "omradeslyft.qgz").iterfind(".//maplayer/id")]
    assert len(ids) == len(set(ids))
    assert min(len(each) for each in ids) > 10


def test_data_are_found_from_the_projects_own_folder(tmp_path: Path) -> None:
    deliver(publish(), tmp_path, data=False)
    root = document(tmp_path / "omradeslyft.qgz")
    assert all(
        each.text.startswith("./omradeslyft.gpkg|layername=") for each in root.iter("datasource")
    )
    assert str(tmp_path) not in ET.tostring(root, encoding="unicode")


def test_what_xml_cannot_hold_does_not_break_the_project(tmp_path: Path) -> None:
    deliver(publish(title="a\x00b\ud800c\ufffe"), tmp_path, data=False)
    assert document(tmp_path / "omradeslyft.qgz").findtext("title") == "a\ufffdb\ufffdc\ufffd"


def test_entries_stand_in_the_order_people_look_for_them() -> None:
    publication = rich()
    entries = arranged(publication)
    assert list(dict.fromkeys(entry.group[0] for entry in entries)) == [
        "Gränser",
        "Kartor",
        "Mindre områden",
        "Alla perioder",
        "Tabeller",
        "Bakgrund",
    ]
    names = [entry.name for entry in entries]
    assert len(names) == len(set(names))
    on = [(entry.group[0], entry.name) for entry in entries if entry.visible]
    assert on == [
        ("Gränser", "Områden med namn"),
        ("Kartor", "Index och dimensioner 2024"),
        ("Bakgrund", "Områden, ljus botten"),
    ]


def test_a_dimension_called_index_has_a_map_theme_of_its_own() -> None:
    entries = arranged(rich(catalogue=hostile_catalogue()))
    styles = [style for entry in entries for style in entry.styles if style.preset]
    for told in ([style.preset for style in styles], [style.name for style in styles]):
        assert len(told) == len(set(told))
    assert {"Index", "Index (utbildning)"} <= {style.preset for style in styles}


def arranged(publication: Publication) -> tuple[ProjectLayer, ...]:
    layers = all_layers(publication)
    themes = all_themes(layers, publication)
    return arrange(layers, themes, publication, load_words("sv")).entries


def test_each_layer_that_areas_are_drawn_from_stands_once_and_has_a_theme_for_each_style() -> None:
    entries = arranged(rich())
    drawn = [entry.layer.name for entry in entries if entry.themes]
    assert drawn == [
        "geso_granser",
        "geso_index",
        "geso_indikatorer",
        "geso_forandring",
        "deso_index",
        "deso_indikatorer",
        "geso_tid",
        "deso_tid",
    ]
    of = {entry.layer.name: entry for entry in entries if entry.themes}
    assert all(style.preset for entry in of.values() for style in entry.styles)
    assert [style.name for style in of["geso_tid"].styles][::5] == [
        "Index, alla perioder",
        "Index 2022",
    ]
    assert {style.period for style in of["geso_tid"].styles} == {"", "2022"}


def test_what_nobody_has_a_figure_of_in_a_period_has_no_theme_of_it() -> None:
    publication = rich()
    index = publication.index.copy()
    index.loc[index["period"] == "2022", "ekonomi"] = None
    presets = named(arranged(replace(publication, index=index)))
    assert "Ekonomi 2022" not in presets
    assert {"Ekonomi", "Boende 2022", "Ekonomi, alla perioder"} <= set(presets)


# What QGIS makes of it


def test_every_layer_is_found_where_the_folder_now_is(seen: Seen) -> None:
    layers = seen.plain["layers"]
    assert len(layers) == len(seen.entries)
    assert [layer["name"] for layer in layers if not layer["valid"]] == []
    assert all(layer["source"].startswith(str(seen.folder)) for layer in layers)


def test_layers_keep_their_crs_and_tables_have_none(seen: Seen) -> None:
    assert {layer["crs"] for layer in seen.plain["layers"] if layer["spatial"]} == {"EPSG:3008"}
    assert {layer["crs"] for layer in seen.plain["layers"] if not layer["spatial"]} == {""}


def test_what_was_published_is_not_edited_by_accident(seen: Seen) -> None:
    assert all(layer["read_only"] for layer in seen.plain["layers"])


def test_the_project_keeps_its_crs_title_and_order(seen: Seen) -> None:
    project = seen.plain["project"]
    assert (project["crs"], project["ellipsoid"]) == ("EPSG:3008", "EPSG:7019")
    assert project["title"] == "Index för socioekonomiska utmaningar"
    spatial = [layer["id"] for layer in seen.plain["layers"] if layer["spatial"]]
    assert sorted(project["layer_order"]) == sorted(spatial)
    assert "SYNTETISKA DATA" in project["abstract"]


def test_the_project_opens_on_the_areas(seen: Seen) -> None:
    project = seen.plain["project"]
    west, south, east, north = 118_000, 6_160_000, 121_000, 6_162_000
    for view in (project["view"], seen.canvas["extent"]):
        assert view[0] < west < east < view[2]
        assert view[1] < south < north < view[3]
    assert project["view"][2] - project["view"][0] < 1.2 * (east - west)
    assert project["view_crs"] == "EPSG:3008"


def test_it_opens_with_the_index_under_names_and_over_the_ground(seen: Seen) -> None:
    names = {layer["id"]: layer["name"] for layer in seen.plain["layers"]}
    on = [names[each] for each in seen.plain["project"]["layer_order"]
          if each in seen.plain["project"]["visible"]]  # fmt: skip
    assert on == ["Områden med namn", "Index och dimensioner 2024", "Områden, ljus botten"]


def test_groups_of_themes_show_one_at_a_time(seen: Seen) -> None:
    alone = {}

    def walk(nodes: list[dict], path: str) -> None:
        for node in nodes:
            if "children" in node:
                alone[f"{path}{node['name']}"] = node["alone"]
                walk(node["children"], f"{path}{node['name']}/")

    walk(seen.plain["project"]["tree"], "")
    assert {name for name, one in alone.items() if one} == {
        "Kartor",
        "Mindre områden/DeSO",
        "Alla perioder",
    }


def test_there_is_a_map_theme_for_everything_a_planner_asks_for(seen: Seen) -> None:
    themes = seen.plain["project"]["themes"]
    for name in ("Index", "Delaktighet", "Utbildning", "Ekonomi", "Boende", "Förändring",
                 "Kvalitet", "Index, DeSO", "Index 2022", "Index, alla perioder",
                 "Kontrast över gränserna"):  # fmt: skip
        assert name in themes
    assert set(themes) == {*named(seen.entries), "Läge i staden"}
    # Of one of the twelve nobody has a figure.
    own = [name for name in themes if not name.endswith(", DeSO")]
    assert sum(name[:2] in load_catalogue().codes for name in own) == 11


def test_a_layer_has_its_styles_by_name_and_the_first_is_on(seen: Seen) -> None:
    styles = {layer["name"]: layer["styles"] for layer in seen.plain["layers"]}
    for entry in (each for each in seen.entries if each.styles):
        current, *names = styles[entry.name]
        assert current == entry.styles[0].name
        assert sorted(names) == sorted(style.name for style in entry.styles)


def test_a_click_on_a_map_theme_shows_it_alone(seen: Seen) -> None:
    role = {layer["id"]: layer["name"] for layer in seen.plain["layers"]}
    for name, step in seen.themes.items():
        assert step["layers"] == seen.plain["project"]["themes"][name], name
        own, _ = named(seen.entries)[name]
        assert {role[each] for each in step["layers"]} == {
            "Områden med namn",
            own.name,
            "Områden, ljus botten",
        }


def test_every_map_theme_draws_its_classes(seen: Seen) -> None:
    of = named(seen.entries)
    for name, step in seen.themes.items():
        assert expected(*of[name]) <= set(step["colours"]), name
        assert step["problems"] == []
    assert sum(bool(expected(*each)) for each in of.values()) > 40


def test_a_theme_of_one_period_draws_no_other(seen: Seen) -> None:
    then, now = (seen.themes[name]["colours"] for name in ("Index 2022", "Index"))
    of = named(seen.entries)
    assert set(then) & set(SCALE) == expected(*of["Index 2022"])
    assert set(now) & set(SCALE) == expected(*of["Index"])


def rows_of(entry: ProjectLayer, style: Style) -> pd.DataFrame:
    frame = entry.layer.frame
    return frame[frame["period"] == style.period] if style.period else frame


def expected(entry: ProjectLayer, style: Style) -> set[str]:
    """The colours of the classes that some area is in, worked out without QGIS."""
    rows = rows_of(entry, style)
    known = rows[rows[style.theme.column].notna()]
    if style.preset.startswith("Kontrast"):
        return {shade.colour for shade in style.theme.shades if len(known)}
    if entry.layer.about == "tid" and not style.period:
        # Of periods that lie on top of each other, the latest is seen.
        known = known[known["period"] == known["period"].max()]
    return {colour_of(style.theme, row) for _, row in known.iterrows()}


def colour_of(theme: Theme, row: pd.Series) -> str:
    if pd.isna(row[theme.column]):
        return ""
    shown = round(float(row[theme.column]), 1)
    inside = [
        shade
        for shade in theme.shades
        if (shade.low is None or shown >= shade.low) and (shade.high is None or shown < shade.high)
    ]
    is_sure = not theme.sure or row[theme.sure] is True
    return (inside[0] if is_sure else theme.shades[theme.neutral]).colour


def test_names_are_written_once(seen: Seen) -> None:
    own = {entry.name: entry.layer.level for entry in seen.entries}
    labelled = {layer["name"] for layer in seen.plain["layers"]
                if layer["labels"] and own[layer["name"]] == "geso"}  # fmt: skip
    assert labelled == {"Områden med namn"}


def test_pages_are_printed(seen: Seen) -> None:
    assert [step["result"] for step in (*seen.layouts.values(), *seen.pages)] == [0] * 8
    assert (seen.folder / "a4.png").read_bytes()[:4] == b"\x89PNG"
    assert (seen.folder / "a3.pdf").read_bytes()[:4] == b"%PDF"
    assert seen.layouts["A4"]["size"] == [297, 210]
    assert seen.layouts["A3"]["size"] == [420, 297]
    for page in seen.layouts.values():
        right = max(item["box"][0] + item["box"][2] for item in page["items"])
        assert 0.95 < right / page["size"][0] < 0.97


def test_the_map_page_says_what_it_shows_and_how_to_read_it(seen: Seen) -> None:
    for page in seen.layouts.values():
        assert text_of(page, "titel") == "Index för socioekonomiska utmaningar"
        assert text_of(page, "tema") == "Index 2024 · Malmö"
        assert "100 är Malmö 2022, under 100 betyder" in text_of(page, "läsning")
        assert "Små skillnader kan bero på slumpen" in text_of(page, "läsning")
        assert text_of(page, "källor") == "Källor: Valmyndigheten: Riksdagsval 2022"
        assert text_of(page, "syntetiskt").startswith("SYNTETISKA DATA")
        assert text_of(page, "utskriven").startswith("Utskriven 20")


def test_only_made_up_data_are_called_so(seen: Seen) -> None:
    assert "syntetiskt" not in [item["id"] for item in seen.hostile["steps"][0]["items"]]


def test_the_legend_is_of_the_theme_on_the_map_and_of_nothing_else(seen: Seen) -> None:
    assert legend_of(seen.layouts["A4"]) == [
        "Index 2024",
        "under 85,0: mycket lägre än Malmö 2022",
        "95,0–104,9: nära Malmö 2022",
        "115,0 eller mer: mycket högre än Malmö 2022",
        "uppgift saknas",
    ]


def test_what_all_areas_rest_on_is_said_on_the_page(seen: Seen) -> None:
    assert "Alla områden: ofullständigt underlag." in text_of(seen.layouts["A4"], "läsning")


def test_a_page_says_what_its_map_shows_whatever_theme_it_is_of(seen: Seen) -> None:
    assert len(seen.printed) > 40
    for preset, page in seen.printed.items():
        entry, style = named(seen.entries)[preset]
        assert page["page_name"] == preset
        assert text_of(page, "tema") == f"{style.name} · Malmö"
        assert text_of(page, "läsning").startswith(meant(entry, style))
        assert legend_of(page) == [style.name, *occurring(entry, style)], preset
        assert expected(entry, style) <= set(page["colours"]), preset


def test_the_page_of_an_area_is_of_the_theme_that_is_chosen(seen: Seen) -> None:
    for preset, page in seen.areas.items():
        entry, style = named(seen.entries)[preset]
        assert text_of(page, "titel") == f"Index för socioekonomiska utmaningar · {style.name}"
        assert text_of(page, "läsning").startswith(meant(entry, style))
        assert set(legend_of(page)) <= {style.name, *occurring(entry, style)}, preset
        assert page["colours"].get(FRAME, 0) > 0, preset


def test_a_map_without_a_page_shows_the_theme_that_is_chosen(seen: Seen) -> None:
    assert text_of(seen.chosen, "tema") == "Ekonomi 2024, DeSO · Malmö"


def meant(entry: ProjectLayer, style: Style) -> str:
    (field,) = [each for each in entry.layer.fields if each.name == style.theme.column]
    return field.comment


def occurring(entry: ProjectLayer, style: Style) -> list[str]:
    """The lines of a theme's legend that some area meets, worked out without QGIS."""
    rows = rows_of(entry, style)
    return [rule.label for rule in rules_of(style.theme) if meets(rule.test, rows).any()]


def test_the_scale_is_round(seen: Seen) -> None:
    for page in (*seen.layouts.values(), *seen.pages):
        scale = text_of(page, "skala").partition("1:")[2].partition(" (")[0]
        assert int(scale.replace("\u202f", "")) % 500 == 0, scale


def test_nothing_on_a_page_is_cut_or_covers_anything(seen: Seen) -> None:
    printed = [*seen.layouts.values(), *seen.pages, *seen.english["steps"]]
    printed += [*seen.printed.values(), *seen.areas.values()]
    for page in printed:
        wide, high = page["size"]
        drawn = [item for item in page["items"] if item["kind"] != "QgsLayoutItemShape"]
        for item in drawn:
            x, y, width, height = item["box"]
            assert min(x, y, wide - x - width, high - y - height) >= 8, item["id"]
            if "needs" in item:
                assert item["needs"][0] <= width + 0.1, (item["id"], item["text"])
                assert item["needs"][1] <= height + 0.1, (item["id"], item["text"])
        for place, one in enumerate(drawn):
            for other in drawn[place + 1 :]:
                assert not overlap(one["box"], other["box"]), (one["id"], other["id"])


def overlap(one: list[float], other: list[float]) -> bool:
    least = 0.05
    return all(
        min(one[side] + one[side + 2], other[side] + other[side + 2]) - max(one[side], other[side])
        > least
        for side in (0, 1)
    )


def test_there_is_a_page_for_each_area_in_their_order(seen: Seen) -> None:
    assert [page["page_name"] for page in seen.pages] == [
        f"{code} Område Å{code}" for code in ("1", "2", "3", "10", "11", "12")
    ]
    assert {page["pages"] for page in seen.pages} == {6}
    assert text_of(seen.pages[3], "område") == "10 Område Å10"
    assert seen.pages[3]["file"] == "omrade_4_10"


def test_a_page_says_the_figures_with_a_comma_wherever_it_is_printed(seen: Seen) -> None:
    page = seen.pages[0]
    frame = seen.entries[1].layer.frame
    index = f"{frame['index'].iloc[0]:.1f}".replace(".", ",")
    assert text_of(page, "index") == index
    assert text_of(page, "osäkerhet").startswith("osäkerhet 1")
    assert text_of(page, "osäkerhet").count(",") == 2
    assert text_of(page, "plats") == "Plats 1–3 av 6"
    assert text_of(page, "invånare") == "24\u202f680 invånare"
    assert text_of(page, "indikatorer").endswith(" av 12 indikatorer")


def test_a_page_says_why_there_is_no_figure(seen: Seen) -> None:
    by_area = {page["page_name"].split()[0]: page for page in seen.pages}
    for name in ("index", "plats", "värde delaktighet"):
        assert "saknas" in text_of(by_area["12"], name)
    assert text_of(by_area["12"], "osäkerhet") == ""
    assert text_of(by_area["2"], "värde utbildning") == "dold"


def test_a_page_is_near_its_own_area(seen: Seen) -> None:
    scales = [text_of(page, "skala") for page in seen.pages]
    assert scales == ["Skala 1:15\u202f000 (A4)"] * 6


def test_a_page_shows_its_own_area_and_the_others_through_a_veil(seen: Seen) -> None:
    frame = seen.entries[1].layer.frame
    _, front = named(seen.entries)["Index"]
    of = {row["geso_kod"]: colour_of(front.theme, row) for _, row in frame.iterrows()}
    by_area = {page["page_name"].split()[0]: page for page in seen.pages}
    own, neighbour = of["1"], of["11"]
    assert own != neighbour
    # The legend has a little of every class.
    many = {name: by_area["1"]["colours"].get(name, 0) for name in (own, neighbour)}
    assert many[own] > 5 * many[neighbour] > 0
    assert near(veiled(of["2"]), by_area["1"]["colours"])


def test_the_frame_lies_over_every_neighbours_veil(seen: Seen) -> None:
    framed = [page["colours"].get(FRAME, 0) for page in seen.pages]
    assert min(framed) > 0.7 * max(framed) > 0, framed


def test_outside_an_atlas_nothing_is_framed_or_veiled(seen: Seen) -> None:
    assert expected(*named(seen.entries)["Index"]) <= set(seen.outside["colours"])
    assert FRAME not in seen.outside["colours"]
    assert not near(veiled("#1c8577"), seen.outside["colours"])


def veiled(colour: str) -> list[int]:
    """A colour under white of 60 %."""
    return [round(part * 0.4 + 255 * 0.6) for part in bytes.fromhex(colour[1:])]


def near(colour: list[int], colours: dict[str, int]) -> bool:
    others = (bytes.fromhex(each[1:]) for each in colours)
    return any(all(abs(a - b) < 3 for a, b in zip(colour, each, strict=True)) for each in others)


def test_hostile_texts_are_shown_as_they_are(seen: Seen) -> None:
    *maps, first, second, third, fourth, fifth, sixth = seen.hostile["steps"]
    pages = (first, second, third, fourth, fifth, sixth)
    title = TITLE.replace("\a", "\ufffd")
    assert seen.hostile["project"]["title"] == title
    assert all(layer["valid"] for layer in seen.hostile["layers"])
    for page in maps:
        assert text_of(page, "titel") == title
        assert text_of(page, "tema") == f"Index 2024 · {HOSTILE[5]}"
        assert f"95,0–104,9: nära {HOSTILE[5]} 2022" in legend_of(page)
    for page, code, name in zip(pages, ["1", "2", "3", "10", "11", "12"], HOSTILE, strict=True):
        assert text_of(page, "område") == f"{code} {name}"
        assert page["page_name"] == f"{code} {name}"
        assert text_of(page, "titel") == f"{title} · Index 2024"
        assert text_of(page, "namn delaktighet") == HOSTILE[1]
        assert not any(item.get("html") for item in page["items"])


def test_a_run_in_degrees_has_a_project_too(seen: Seen) -> None:
    assert seen.degrees["project"]["crs"] == "EPSG:4326"
    assert all(layer["valid"] for layer in seen.degrees["layers"])
    theme, page = seen.degrees["steps"]
    assert {"#6e3c05", "#1c8577"} <= set(theme["colours"])
    assert page["page_name"] == "1 Område Å1"


def test_the_pages_of_an_english_run_are_english(seen: Seen) -> None:
    page, area = seen.english["steps"]
    assert text_of(page, "syntetiskt").startswith("SYNTHETIC DATA")
    assert text_of(area, "plats") == "Rank 1–3 of 6"
    assert text_of(area, "källor").endswith(", … and others, see the project's metadata")
    assert "." in text_of(area, "index")
