"""What the map and its table show is what was published, whatever is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
import web_browser
from web_browser import Opener, assert_quiet, settle
from web_levels import LOW_IS_GOOD, SEXES
from web_levels import publication as with_levels
from web_publication import CODES, PERIODS, publish

from geolyft.export.figures.cells import area_order, theme_codes
from geolyft.export.figures.classes import change_classes, score_classes
from geolyft.export.figures.palette import SCALE, UNCERTAIN
from geolyft.export.figures.schemes import share_scheme
from geolyft.export.figures.themes import UNCERTAIN_BREAKS
from geolyft.export.web.legends import around_none, share_change_classes
from geolyft.export.words import load_words
from geolyft.frames import CITY, EVERYONE

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from geolyft.export.publication import Publication
    from geolyft.export.words import Words

browser, window, opened = web_browser.browser, web_browser.window, web_browser.opened

VIEWS = ("value", "gap", "change", "quality")
# Drives the page's own controls, and reads what a reader would: names, fills, and the table.
READ = """async ([themes, views]) => {
  const choose = (name, value) => {
    const radio = document.querySelector(`input[name="${name}"][value="${value}"]`);
    radio.checked = true;
    radio.dispatchEvent(new Event('change', { bubbles: true }));
  };
  const shown = [];
  for (const theme of themes) for (const view of views) {
    choose('tema', theme);
    choose('vy', view);
    while (document.querySelector('#tabell[aria-busy]')) await new Promise(requestAnimationFrame);
    const paths = [...document.querySelectorAll('path[data-area]')];
    const rows = [...document.querySelectorAll('#tabell tbody tr')];
    shown.push([theme, view, {
      names: Object.fromEntries(paths.map((p) => [p.dataset.area, p.getAttribute('aria-label')])),
      fills: Object.fromEntries(paths.map((p) => [p.dataset.area, p.getAttribute('fill')])),
      table: Object.fromEntries(rows.map((row) => [
        row.dataset.area, row.querySelector('td.chosen').firstChild.textContent])),
    }]);
  }
  return shown;
}"""


class Expected:
    """What was published, read straight from its frames and written as the page should."""

    def __init__(self, publication: Publication, sex: str, period: str) -> None:
        self.publication = publication
        self.words: Words = load_words(publication.lang)
        seen = publication.observations
        rows = seen[(seen["sex"] == sex) & (seen["period"] == period)]
        self.seen = rows.set_index(["indicator", "area"])
        self.scores = self._scores(sex, period)
        self.certainty = self._table("osakerhet", sex, period=period)
        self.moved = self._table("forandring", sex)

    def _scores(self, sex: str, period: str) -> pd.DataFrame:
        whole = self.publication.index
        if sex != EVERYONE:
            table = self.publication.tables.get("kon_index", whole.iloc[:0].assign(sex=""))
            whole = table[table["sex"] == sex]
        return whole[whole["period"] == period].set_index("area")

    def _table(self, name: str, sex: str, **where: str) -> pd.DataFrame:
        table = self.publication.tables.get(name) if sex == EVERYONE else None
        if table is None:
            return pd.DataFrame()
        for column, wanted in where.items():
            table = table[table[column] == wanted]
        return table.set_index(["what", "area"])

    def is_share(self, theme: str) -> bool:
        return theme in self.publication.catalogue.codes

    def value(self, theme: str, area: str) -> float | None:
        if self.is_share(theme):
            if (theme, area) not in self.seen.index or self.status(theme, area) != "":
                return None
            return float(self.seen.loc[(theme, area), "value"])
        score = self.scores[theme].get(area) if area in self.scores.index else None
        return None if score is None or pd.isna(score) else float(score)

    def status(self, theme: str, area: str) -> str:
        if self.is_share(theme):
            if (theme, area) not in self.seen.index:
                return "missing"
            statuses = str(self.seen.loc[(theme, area), "status"]).split("+")
            return next((part for part in ("hidden", "missing") if part in statuses), "")
        parts = {i.code for i in self.publication.catalogue.of(theme)}
        hidden = [c for c in parts if self.status(c, area) == "hidden"]
        return "hidden" if hidden and area in self.scores.index else "missing"

    def figure(self, theme: str, view: str, area: str) -> float | None:
        """The number that is shown, as it is rounded."""
        if view == "change":
            column = "points" if self.is_share(theme) else "change"
            return self._rounded(self.moved, (theme, area), column)
        value = self.value(theme, area)
        if value is None or view == "value":
            return None if value is None else round(value, 1)
        if view == "gap":
            city = self.value(theme, CITY)
            return None if city is None else round(value - city, 1)
        frame = self.seen if self.is_share(theme) else self.certainty
        if (theme, area) not in frame.index or "low" not in frame:
            return None
        row = frame.loc[(theme, area)]
        return None if pd.isna(row["low"]) else round((row["high"] - row["low"]) / 2, 1)

    def _rounded(self, table: pd.DataFrame, key: tuple[str, str], column: str) -> float | None:
        if key not in table.index or pd.isna(table.loc[key, column]):
            return None
        return round(float(table.loc[key, column]), 1)

    def text(self, theme: str, view: str, area: str) -> str:
        number = self.figure(theme, view, area)
        if number is None and view == "change":
            return self.words.say("page.not_comparable")
        if number is None:
            is_known = self.value(theme, area) is not None
            status = "missing" if is_known else self.status(theme, area)
            return self.words.say(f"page.status_{status}")
        if view == "quality":
            return "±\xa0" + self.words.number(number)
        if view != "value":
            return self.words.signed(number)
        return self.words.percent(number) if self.is_share(theme) else self.words.number(number)

    def name(self, theme: str, view: str, area: str) -> str:
        """How a screen reader's name of the area begins."""
        names = self.publication.areas["name"]
        title = area if names[area] == area else f"{area} {names[area]}"
        catalogue, words = self.publication.catalogue, self.words
        dimensions = {d.code: d.title(self.publication.lang) for d in catalogue.dimensions}
        short = (
            catalogue[theme].label(self.publication.lang)
            if self.is_share(theme)
            else dimensions.get(theme, words.say("html.index"))
        )
        if view != "value":
            name = words.say(f"page.view_{view}", city=self.publication.city)
            short = f"{short}: {name[0].lower()}{name[1:]}"
        unit = words.say("page.unit_share" if self.is_share(theme) else "page.unit_score")
        has_unit = view != "value" and self.figure(theme, view, area) is not None
        return f"{title}: {short} {self.text(theme, view, area)}{' ' + unit if has_unit else ''}"

    def colour(self, theme: str, view: str, area: str) -> str | None:
        """The colour of the area's class, whatever pattern lies over it."""
        number = self.figure(theme, view, area)
        if number is None:
            return None
        if view == "quality":
            return UNCERTAIN[sum(number >= limit for limit in UNCERTAIN_BREAKS)]
        if view == "change" and not self.moved.loc[(theme, area), "exceeds"]:
            return SCALE[2]
        classes = share_scheme(self.publication, theme) if self.is_share(theme) else score_classes()
        if view == "gap":
            classes = around_none(classes)
        if view == "change":
            is_share = self.is_share(theme)
            classes = (
                share_change_classes(theme, self.publication) if is_share else change_classes()
            )
        return SCALE[classes.place(number)]


def check(page: Page, publication: Publication, sex: str, period: str, views: list[str]) -> None:
    expected = Expected(publication, sex, period)
    codes = area_order(publication.areas.index)
    for theme, view, shown in page.evaluate(READ, [theme_codes(publication), views]):
        where = (publication.division, sex, period, theme, view)
        texts = {code: expected.text(theme, view, code) for code in [CITY, *codes]}
        assert shown["table"] == texts, where
        for code in codes:
            name = expected.name(theme, view, code)
            assert (shown["names"][code] + ", ").startswith(name + ", "), (*where, code)
            colour = expected.colour(theme, view, code)
            pattern = "hidden" if texts[code] == "dold" else "missing"
            wanted = {"hidden": "monster-dold", "missing": "monster-saknas"}[pattern]
            assert (colour or wanted).lstrip("#") in shown["fills"][code], (*where, code)


@pytest.mark.parametrize("sex", SEXES)
@pytest.mark.parametrize("level", [0, 1], ids=["areas", "small areas"])
def test_every_figure_is_the_published_one(opened: Opener, level: int, sex: str) -> None:
    whole = with_levels(small=2)
    publication = (whole, *whole.inner)[level]
    seen = opened(publication=whole, state=f"#kon={sex}&niva={publication.division}")
    for period in publication.periods[::2]:
        seen.page.select_option("#period", period)
        check(seen.page, publication, sex, period, list(VIEWS))
    assert_quiet(seen)


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_missing_hidden_and_partial_figures_are_told_in_both_languages(
    opened: Opener, lang: str
) -> None:
    full = publish(lang=lang)
    seen = opened(publication=full)
    expected = Expected(full, EVERYONE, PERIODS[-1])
    for theme, _, shown in seen.page.evaluate(READ, [theme_codes(full), ["value"]]):
        texts = {code: expected.text(theme, "value", code) for code in [CITY, *CODES]}
        assert shown["table"] == texts, theme
    assert_quiet(seen)


def test_a_map_of_many_small_areas_shows_their_figures(opened: Opener) -> None:
    whole = with_levels(small=6)
    small = whole.inner[0]
    assert len(small.areas) == 36
    seen = opened(publication=whole, state="#niva=deso")
    settle(seen.page)
    check(seen.page, small, EVERYONE, small.periods[-1], ["value", "gap"])
    assert_quiet(seen)


def test_the_panel_tells_the_figures_of_what_is_chosen(opened: Opener) -> None:
    whole = with_levels(small=2)
    page = opened(publication=whole, state="#tema=E1&kon=kvinnor&omrade=3&period=2023").page
    expected = Expected(whole, "kvinnor", "2023")
    text = page.inner_text("#panel")
    for code in whole.catalogue.codes:
        assert expected.text(code, "value", "3") in text
    row = expected.seen.loc[("E1", "3")]
    words = load_words("sv")
    assert f"{words.count(row['numerator'])} av {words.count(row['denominator'])}" in text
    assert f"{words.number(row['low'])}–{words.number(row['high'])}" in text
    assert "kvinnor" in page.inner_text("#panel-rubrik")
    for period in whole.periods:
        value = Expected(whole, "kvinnor", period).text("E1", "value", "3")
        assert value in page.text_content("#panel .over-time")


def test_less_is_better_turns_the_side_and_not_the_sign(opened: Opener) -> None:
    whole = with_levels(small=0)
    page = opened(publication=whole, state=f"#tema=skillnad-{LOW_IS_GOOD}").page
    expected = Expected(whole, EVERYONE, "2024")
    below = [c for c in whole.areas.index if expected.figure(LOW_IS_GOOD, "gap", c) < -6]
    assert below
    for code in below:
        assert page.get_attribute(f'path[data-area="{code}"]', "fill") == SCALE[4]
    assert "▲" in page.inner_text(".leaflet-etiketter-pane")
