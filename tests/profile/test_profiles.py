from __future__ import annotations

import re
import warnings
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from profile_publication import BREAK, BROKEN, CHILDREN, LAST, POCKETS, full, usual
from small_run import CANARY, write_small_run
from web_publication import CODES, HIDDEN, HIDDEN_VALUE, MISSING, NO_DATA, publish

from geolyft import load_config, pipeline
from geolyft.divisions.gazetteer.places import Place
from geolyft.export.figures.cells import round_persons
from geolyft.export.figures.palette import SCALE
from geolyft.export.figures.reader import reader_of
from geolyft.export.profile.page import render_profile
from geolyft.export.words import load_words
from geolyft.frames import CITY
from geolyft.indicators.catalogue import load_catalogue

if TYPE_CHECKING:
    import geopandas as gpd

    from geolyft.export.publication import Publication

from profile_page import (
    article,
    charts,
    joined,
    number,
    points_of,
    profiles_of,
    rows,
    section,
    seen,
    shown,
    text_of,
)

SV = load_words("sv")


# ---- figures ---


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory, squares: gpd.GeoDataFrame) -> Publication:
    folder = tmp_path_factory.mktemp("run")
    path = write_small_run(folder, squares)
    path.write_text(path.read_text("utf-8") + "\n[target]\nyear = 2030\n", "utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pipeline.publish(load_config(path))


@pytest.fixture(scope="module")
def made() -> Publication:
    return usual()


@cache
def bare() -> Publication:
    return publish()


@pytest.fixture(params=["made", "real", "bare"])
def any_publication(request: pytest.FixtureRequest) -> Publication:
    """With every table, made by a whole run, and with no table at all."""
    return bare() if request.param == "bare" else request.getfixturevalue(request.param)


def test_every_indicator_is_as_published(any_publication: Publication) -> None:
    latest = any_publication
    for area in latest.areas.index:
        table = rows(article(latest, area), "indikatorer")
        for code in latest.catalogue.codes:
            cells = next(cells for head, cells in table.items() if head.startswith(f"{code} "))
            own, city = seen(latest, code, area), seen(latest, code, CITY)
            if own is None:
                hidden = (code, area) == HIDDEN and "U2" in latest.catalogue.codes
                assert cells[0] == SV.section("status")["hidden" if hidden else "missing"]
                assert cells[3:5] == ["", ""]
                assert cells[6] == ""
                continue
            interval = f"{SV.number(own['low'])}–{SV.number(own['high'])}"
            assert cells[0] == f"{SV.number(own['value'])} ({interval})"
            assert cells[2] == SV.number(city["value"])
            away = own["value"] - city["value"]
            assert cells[3] == SV.signed(away)
            more = round_persons(away / 100 * own["denominator"])
            assert cells[4] == SV.signed(more, decimals=0)
            everywhere = [seen(latest, code, each) for each in latest.areas.index]
            values = [shown(each["value"]) for each in everywhere if each is not None]
            assert cells[5] == f"{SV.number(min(values))}–{SV.number(max(values))}"
            assert cells[6] == own["reference"]


def test_the_index_and_dimensions_are_as_published(any_publication: Publication) -> None:
    latest = any_publication
    index = latest.index[latest.index["period"] == latest.periods[-1]].set_index("area")
    whats = ["index", *(dimension.code for dimension in latest.catalogue.dimensions)]
    sure = latest.tables.get("osakerhet", pd.DataFrame(columns=["area", "what", "period"]))
    sure = sure[sure["period"] == latest.periods[-1]].set_index(["area", "what"])
    for area in latest.areas.index:
        table = list(rows(article(latest, area), "delar").values())
        for what, cells in zip(whats, table, strict=True):
            value = index.loc[area, what]
            if pd.isna(value):
                assert cells[0] in SV.section("status").values()
                continue
            expected = SV.number(value)
            if (area, what) in sure.index:
                low, high = (sure.loc[(area, what), end] for end in ("low", "high"))
                expected += f" ({SV.number(low)}–{SV.number(high)})"
            assert cells[0] == expected
            assert cells[2] == SV.number(index.loc[CITY, what])


def test_key_figures_are_as_published(any_publication: Publication) -> None:
    latest = any_publication
    index = latest.index[latest.index["period"] == latest.periods[-1]].set_index("area")
    people = latest.population[latest.population["period"] == latest.periods[-1]]
    people = people.set_index("area")["population"]
    for area in latest.areas.index:
        text = text_of(section(article(latest, area), "tal"))
        row = index.loc[area]
        assert SV.number(row["index"]) in text
        assert SV.count(people[area]) in text
        low, high, count = row["rank_low"], row["rank_high"], len(latest.areas)
        place = f"{low} av {count}" if low == high else f"{low}–{high} av {count}"
        assert place in text
        assert f"{row['n_indicators']} av {len(latest.catalogue.codes)}" in text


@pytest.mark.parametrize("direction", ["high", "low"])
def test_better_is_to_the_right_whichever_end_is_good(direction: str) -> None:
    catalogue = load_catalogue()
    turned = tuple(i.model_copy(update={"direction": direction}) for i in catalogue.indicators)
    latest = full(catalogue=catalogue.model_copy(update={"indicators": turned}))
    for area in ("1", "12"):
        for head, chart in charts(article(latest, area), "indikatorer").items():
            own = seen(latest, head[:2], area)
            city, dot = points_of(chart)
            if own is None:
                assert dot is None
                continue
            away = own["value"] - seen(latest, head[:2], CITY)["value"]
            assert (dot > city) == ((away > 0) == (direction == "high")), head


def test_a_dot_is_filled_only_where_the_difference_is_sure(made: Publication) -> None:
    sure = made.tables["osakerhet"].query("period == @LAST").set_index(["area", "what"])["distinct"]
    fills = set()
    for area in CODES:
        for head, chart in charts(article(made, area), "indikatorer").items():
            dot = chart.find("circle")
            if dot is not None:
                is_filled = dot.attrib["fill"] in SCALE
                assert is_filled == bool(sure[area, head[:2]]), (area, head)
                fills.add(is_filled)
    assert fills == {True, False}
    for chart in charts(article(bare(), "1"), "indikatorer").values():
        assert all(dot.attrib["fill"] == "#fff" for dot in chart.findall("circle"))


def test_verdicts_follow_the_run(made: Publication) -> None:
    root = article(made, "3")
    named = {head: chart.find("title").text for head, chart in charts(root, "delar").items()}
    sure = made.tables["osakerhet"].query("area == '3' and period == @LAST").set_index("what")
    label = {"index": "Index"} | {d.code: d.name for d in made.catalogue.dimensions}
    for what, head in label.items():
        title = next(text for name, text in named.items() if name.startswith(head))
        expected = (
            "än Malmö 2024, statistiskt" if sure.loc[what, "distinct"] else "Ingen statistiskt"
        )
        assert expected in title


# ---- parts ---


def test_contributions_add_up_to_the_distance_from_100(any_publication: Publication) -> None:
    latest = any_publication
    index = latest.index[latest.index["period"] == latest.periods[-1]].set_index("area")["index"]
    for area in latest.areas.index:
        table = rows(article(latest, area), "drar")
        parts = [number(cells[-1]) for head, cells in table.items() if not head.startswith("Summa")]
        total = number(table["Summa, index − 100"][-1])
        assert sum(parts) == pytest.approx(total, abs=1e-9)
        assert total == pytest.approx(shown(index[area]) - 100, abs=1e-9)
        assert parts == sorted(parts)


def test_only_what_is_sure_is_a_strength_or_a_challenge(made: Publication) -> None:
    text = text_of(section(article(made, "1"), "styrkor"))
    assert "Stannat kvar (30,0 poäng högre)" in text
    assert SV.say("profile.strong_no_challenge", city="Malmö", period=LAST) in text
    unsure = text_of(section(article(made, "3"), "styrkor"))
    assert "2,5 poäng" not in unsure
    none = SV.say("profile.strong_no_strength", city="Malmö", period=LAST)
    assert none in unsure
    assert none in text_of(section(article(made, "12"), "styrkor"))
    assert section(article(bare(), "1"), "styrkor") is None


def test_without_intervals_of_differences_strengths_have_their_own(made: Publication) -> None:
    latest = publish(tables={"styrkor": made.tables["styrkor"]})
    text = text_of(section(article(latest, "1"), "styrkor"))
    assert "Stannat kvar (30,0 poäng högre)" in text
    assert "Inte trångbodda" not in text


def test_neighbours_are_those_that_share_a_border(made: Publication) -> None:
    # Two rows of three squares: 1 2 3 over 10 11 12.
    index = made.index[made.index["period"] == LAST].set_index("area")["index"]
    expected = {"1": ["2", "10"], "2": ["1", "3", "11"], "12": ["3", "11"]}
    for area, codes in expected.items():
        table = rows(article(made, area), "grannar")
        assert [head.split()[0] for head in table] == codes
        assert [cells[-1].split()[0] for cells in table.values()] == [
            SV.number(index[code]) for code in codes
        ]


# ---- over time ---


def test_the_trend_has_every_period_and_the_runs_own_change(real: Publication) -> None:
    moved = real.tables["forandring"].set_index(["area", "what"])
    index = real.index.set_index(["area", "period"])
    for area in real.areas.index:
        root = article(real, area)
        line = rows(root, "utveckling")["Index"]
        assert line[:2] == [SV.number(index.loc[(area, p), "index"]) for p in real.periods]
        row = moved.loc[(area, "index")]
        metadata_of = [SV.signed(row[name]) for name in ("change", "low", "high")]
        assert line[2] == "{} ({} till {})".format(*metadata_of)
        verdict = "sure_change" if row["exceeds"] else "unsure_change"
        assert line[3] == SV.say(f"page.{verdict}")
        story = text_of(section(root, "utveckling"))
        assert ("inte säkert förändrat (" in story.split("Hela")[0]) != row["exceeds"]
        assert all(sentence in story for sentence in real.stories[area][-2:])


def test_what_is_not_compared_is_not_joined_and_says_why(
    real: Publication, made: Publication
) -> None:
    assert joined(article(real, "1"))[0] == 1
    root = article(made, BROKEN)
    assert sum(joined(root)[:1]) == 0
    text = text_of(section(root, "utveckling"))
    assert f"går inte att ange: {SV.say('profile.reason_break', note=BREAK)}" in text
    assert rows(root, "utveckling")["Index"][2] == ""
    note = text_of(section(root, "noter"))
    assert SV.say("profile.note_break", first="2022", last="2024", note=BREAK) in note
    assert BREAK not in text_of(section(article(made, "1"), "noter"))


def test_one_period_has_no_trend_and_a_method_that_cannot_tell_says_so() -> None:
    latest = publish()
    once = publish(periods=("2024",), base_period="2024")
    assert section(article(once, "1"), "utveckling") is None
    assert SV.say("profile.no_trend_method") in text_of(article(latest, "1"))


def test_the_goal_is_the_runs_own_verdict(real: Publication) -> None:
    table = real.tables["mal"].query("goal == 'moving'").set_index(["area", "what"])
    for area in real.areas.index:
        line = rows(article(real, area), "mal")["Index"]
        row = table.loc[(area, "index")]
        assert line[0].startswith(SV.signed(-row["gap"]))
        assert line[2].startswith(SV.signed(row["pace"]))
        told = {
            "cannot_be_told": {"goal_cannot_be_told"},
            "on_track": {"goal_on_track", "goal_ahead"},
            "not_on_track": {"goal_not_on_track", "goal_falling"},
        }[row["verdict"]]
        assert line[3] in {SV.say(f"profile.{key}", city=real.city) for key in told}


# ---- inside, for whom ---


def test_pockets_are_those_of_several_indicators(made: Publication) -> None:
    root = article(made, "1")
    text = text_of(section(root, "inom"))
    assert f"1. {POCKETS[0]} 250 Ekonomi, E1, E3, B1 Ekonomi, E3" in text
    # Nothing is said of boende, which too few have a figure of: the second is sure in nothing.
    assert SV.say("profile.inside_sure", n=2, sure=1, level="DeSO") in text
    assert POCKETS[1] not in text
    assert "Ytterligare 1 DeSO" in text
    assert SV.say("profile.inside_none", level="DeSO") in text_of(
        section(article(made, "2"), "inom")
    )
    numbers = [t.text for t in section(root, "inom").findall(".//figure/svg/text")]
    assert numbers == ["1"]


def test_a_pocket_has_its_name_before_its_code(made: Publication) -> None:
    (inner,) = made.inner
    named = replace(inner, areas=inner.areas.assign(name="Herrgården"))
    text = text_of(section(article(replace(made, inner=(named,)), "1"), "inom"))
    assert f"1. Herrgården {POCKETS[0]} 250" in text


@pytest.mark.parametrize(("lang", "others"), [("sv", "med flera"), ("en", "and others")])
def test_and_others_is_spelt_out_and_the_others_are_named(lang: str, others: str) -> None:
    names = [f"Hamnen {code}, Torget m fl" for code in CODES]
    places = (Place("delomrade", "Hamnen", "1"), Place("delomrade", "Ängen", "1"))
    made = full(lang=lang, names=names, places=(*places, Place("street", "Gatan", "1")))
    assert text_of(article(made, "1").find(".//h1")) == f"1 Hamnen 1, Torget {others}"
    told = [text_of(article(made, code).find("header")) for code in ("1", "2")]
    assert ["Delområden: Hamnen, Ängen." in text for text in told] == [True, False]
    assert "m fl" not in text_of(article(made, "1"))


def test_a_pocket_that_is_nowhere_sure_is_drawn_as_such(made: Publication) -> None:
    def drawn(pockets: pd.DataFrame) -> tuple[str, list[str | None]]:
        tables = {**made.tables, "fickor": pockets}
        found = section(article(replace(made, tables=tables), "1"), "inom")
        paths = found.findall(".//figure/svg/path")
        return text_of(found), [path.get("stroke-dasharray") for path in paths]

    key = SV.say("profile.inside_map_unsure")
    table = made.tables["fickor"]
    text, dashes = drawn(table.assign(sure=False))
    assert key in text
    assert "varav 0 statistiskt" in text
    assert any(dashes)
    text, dashes = drawn(table)
    assert key not in text
    assert not any(dashes)
    text, dashes = drawn(table.assign(sure=pd.NA))
    assert "statistiskt säkerställda" not in text
    assert not any(dashes)


def test_too_few_small_areas_are_no_picture_of_the_area(made: Publication) -> None:
    root = article(made, "1")
    found = section(root, "inom")
    heads = [text_of(row.find("th")) for row in found.find(".//table").iter("tr")][1:]
    assert heads == ["Index 4 DeSO", "Ekonomi 4 DeSO"]
    few = SV.say("profile.inside_few", what="Boende", coverage="20\xa0%")
    assert few in text_of(found)
    assert "Boende" not in text_of(found).replace(few, "")


def test_where_nearly_all_small_areas_are_hidden_pockets_cannot_be_judged(
    made: Publication,
) -> None:
    inside = made.tables["inuti"]
    hardly = inside.assign(coverage=inside["coverage"].mask(inside["what"] == "boende", 0.03))
    latest = replace(made, tables={**made.tables, "inuti": hardly})
    said = SV.say("profile.inside_none_known", what="Boende", level="DeSO")
    assert said in text_of(section(article(latest, "1"), "inom"))


def test_the_small_areas_are_those_in_the_area(made: Publication) -> None:
    strip = section(article(made, "1"), "inom").find(".//tbody/tr/td/svg")
    ticks = [line for line in strip.findall("line") if line.attrib["y1"] != "0"]
    assert len(ticks) == 4
    index = made.index[made.index["period"] == LAST].set_index("area")["index"]
    span = f"{SV.number(index['1'] - 30)}–{SV.number(index['1'] - 5)}"
    assert span in text_of(section(article(made, "1"), "inom"))


def test_gaps_of_women_and_men_are_said_only_where_sure(made: Publication) -> None:
    root = article(made, "1")
    table = rows(root, "kon")
    assert table == {"Stannat kvar": ["70,0\xa0%", "64,0\xa0%", "+6,0 (+4,0 till +8,0)"]}
    text = text_of(section(root, "kon"))
    assert "Skillnaden är inte statistiskt säkerställd i: inte trångbodda." in text
    assert "behöriga till yrkesprogram" in text.split("saknas eller är dolda för: ")[1]


def test_children_are_girls_and_boys(made: Publication) -> None:
    table = made.tables["kon_skillnad"].replace({"indicator": {"B1": "D2"}})
    latest = publish(tables={"kon_skillnad": table})
    cells = rows(article(latest, "1"), "kon")["Fritidsaktiviteter"]
    assert cells[:2] == ["70,0\xa0% flickor", "64,0\xa0% pojkar"]


def test_children_are_told_as_on_the_map(made: Publication) -> None:
    people = pd.DataFrame(
        [(area, made.periods[-1], 12_000.0, float(n)) for area, n in CHILDREN.items()],
        columns=["area", "period", "population", "children"],
    )
    told = replace(made, tables={**made.tables, "befolkning": people})
    text = text_of(section(article(told, "1"), "barn"))
    assert "Här bor 3\u202f000 barn, 0–17 år. Det är 25 av 100 invånare." in text
    assert "barn bor i hem med låg ekonomisk standard" in text
    assert "Inget barn har räknats." in text


def test_what_a_run_has_not_is_not_on_the_page() -> None:
    root = article(bare(), "1")
    for name in ("inom", "kon", "barn", "mal"):
        assert section(root, name) is None


# ---- notes ---


def test_notes_are_of_this_area_only(made: Publication) -> None:
    hidden = text_of(section(article(made, HIDDEN[1]), "noter"))
    assert SV.say("profile.note_hidden") in hidden
    assert SV.say("profile.note_hidden") not in text_of(section(article(made, "1"), "noter"))
    gone = SV.say("profile.note_missing", codes=f"{MISSING[0]} Enkätsvar")
    assert gone in text_of(section(article(made, MISSING[1]), "noter"))
    assert gone not in text_of(section(article(made, "1"), "noter"))
    text = text_of(section(article(made, "1"), "noter"))
    assert "Arbete i Danmark ingår inte" in text
    assert SV.say("profile.note_stale", year="2022") in text
    nowhere = SV.say("profile.note_missing_all", codes=f"{NO_DATA} Utan långvarigt bistånd")
    assert nowhere in text
    assert SV.say("profile.care") in text


def test_small_bases_and_approximate_figures_are_said() -> None:
    latest = publish()
    changed = latest.observations.copy()
    here = (changed["indicator"] == "B1") & (changed["area"] == "3")
    changed.loc[here, ["denominator", "status"]] = [210.0, "approximate"]
    latest = publish(observations=changed)
    text = text_of(section(article(latest, "3"), "noter"))
    assert SV.say("profile.note_small", count="210") in text
    assert SV.say("profile.note_approximate") in text
    assert SV.say("profile.note_approximate") not in text_of(section(article(latest, "1"), "noter"))


def test_sources_are_those_of_the_areas_figures(made: Publication) -> None:
    text = text_of(section(article(made, "1"), "kallor"))
    assert "Riksdagsval 2022. Valmyndigheten; avser 2022; licens öppna data; D1." in text
    without = made.observations[made.observations["indicator"] != "D1"]
    gone = publish(observations=without)
    assert "Riksdagsval" not in text_of(section(article(gone, "1"), "kallor"))


def test_a_hidden_figure_is_nowhere() -> None:
    for latest in (usual(), bare()):
        profiles = profiles_of(latest)
        for area in CODES:
            page = render_profile(profiles, area)
            for figure in ("12\u202f397", "60,4–63,1", "(60,4", "12397", str(HIDDEN_VALUE)):
                assert figure not in page
    assert (
        charts(article(usual(), "2"), "indikatorer")["U2 Behöriga till yrkesprogram"].find("circle")
        is None
    )


def test_an_area_without_an_index_says_so() -> None:
    latest = full()
    none = latest.index.copy()
    whole = ["index", *(d.code for d in latest.catalogue.dimensions)]
    none.loc[none["area"] == "3", whole] = None
    tables = {n: t[t["area"] != "3"] for n, t in latest.tables.items() if n != "forandring"}
    root = article(full(index=none, tables=tables), "3")
    assert "har inget att jämföra med Malmö 2024" in text_of(root.find("header"))
    assert "saknas" in text_of(section(root, "tal"))
    assert "Plats" not in text_of(section(root, "tal"))
    assert SV.say("profile.parts_absent") in text_of(section(root, "drar"))


# ---- markup ---


def test_headings_come_in_order_and_ids_once(any_publication: Publication) -> None:
    root = article(any_publication, any_publication.areas.index[0])
    levels = [int(each.tag[1]) for each in root.iter() if re.fullmatch(r"h\d", each.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [each.attrib["id"] for each in root.iter() if "id" in each.attrib]
    assert len(ids) == len(set(ids))
    pointed = {
        name
        for each in root.iter()
        for way in ("aria-labelledby", "aria-describedby")
        for name in each.attrib.get(way, "").split()
    }
    assert pointed <= set(ids)


def test_every_table_has_headers_and_every_drawing_a_name(any_publication: Publication) -> None:
    root = article(any_publication, any_publication.areas.index[0])
    for head in root.iter("th"):
        assert head.attrib["scope"] in ("row", "col", "rowgroup")
    for row in root.iter("tr"):
        assert row[0].tag == "th"
    for drawing in root.iter("svg"):
        assert drawing.attrib["role"] == "img"
        assert drawing.find("title").text
    for scroller in root.iter("div"):
        if scroller.attrib.get("class") == "scroll":
            assert scroller.attrib["tabindex"] == "0"
            assert {"aria-label", "aria-labelledby"} & set(scroller.attrib)


def test_a_reader_is_worked_out_from_what_was_published_alone(made: Publication) -> None:
    reader = reader_of(made)
    assert reader.score("index", "nowhere") is None
    assert reader.share("U2", HIDDEN[1]) is None


def test_no_person_of_the_raw_data_is_on_a_page(real: Publication) -> None:
    profiles = profiles_of(real)
    assert CANARY not in "".join(render_profile(profiles, area) for area in real.areas.index)
