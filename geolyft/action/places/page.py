"""The page of places: the three questions of a land allocation, each with what is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.export.figures.cells import float_of
from geolyft.export.figures.names import NONE
from geolyft.export.figures.reader import reader_of
from geolyft.export.html.maps import locator
from geolyft.export.html.page import render
from geolyft.export.report.blocks import Figure, Points, Section, Text, grid, words_cell
from geolyft.frames import CHILDREN, CITY, POPULATION, has_status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geolyft.action.places.place import Place
    from geolyft.export.publication import Publication
    from geolyft.export.report.blocks import Block, Texts

PAGE: Final = "plats.html"
_HERE: Final = " place"
_MOST_NAMED: Final = 12


def places_page(publication: Publication, places: Sequence[Place]) -> str:
    """Return the page of some places; it works without a script and asks for nothing."""
    told = _Told(publication)
    sections = [each for place in places for each in told.of(place)]
    return render(
        "report/rapport.html",
        told.reader,
        ("html/sida.css", "report/rapport.css"),
        say=told.say,
        sections=[*sections, told.sources()],
        periods=publication.periods[-1],
    )


class _Told:
    """What is said of places, in the run's words."""

    def __init__(self, publication: Publication) -> None:
        self.publication, self.reader = publication, reader_of(publication)

    def say(self, key: str, **parts: object) -> str:
        return self.reader.words.say(f"place.{key}", **parts)

    def of(self, place: Place) -> Iterator[Section]:
        """Yield the three questions, with what is known of each."""
        answers = {
            "wanted": self.wanted(place),
            "challenges": self.challenges(place),
            "values": self.values(place),
        }
        for key, blocks in answers.items():
            title = self.say(key, name=place.name)
            yield Section(code=f"{place.code}-{key}", title=title, blocks=tuple(blocks))

    def wanted(self, place: Place) -> list[Block]:
        """Say where the place is, who live there, and how that is known."""
        reader, words = self.reader, self.reader.words
        areas = self.publication.areas
        shapes = {**dict(zip(areas.index, areas.geometry, strict=True)), _HERE: place.shape}
        parts = [
            self.say("part", area=reader.area(code), share=words.percent(100 * share, decimals=0))
            for code, share in place.lies[["area", "of_place"]].itertuples(index=False)
        ]
        touched = list(place.lies["area"])
        beside = {n for code in touched for n in reader.neighbours.get(code, [])} - set(touched)
        facts = [self.say("lies", areas=words.listed(parts)), *self._people(place)]
        if beside:
            named = [reader.area(code) for code in reader.codes if code in beside]
            facts.append(self.say("neighbours", areas=words.listed(named)))
        drawn = locator(shapes, _HERE, name=self.say("map"))
        return [
            Text(self.say("wanted_open"), "note"),
            Points(facts),
            Figure(svg=drawn, caption=self.say("map")),
        ]

    def _people(self, place: Place) -> Iterator[str]:
        if place.area:
            yield self.say("is_area", area=self.reader.area(place.area))
        else:
            hows = set(place.figures["how"]) - {"none"}
            yield self.say("both" if len(hows) > 1 else next(iter(hows), "approximate"))
        is_counted = bool(place.area) or "exact" in set(place.figures["how"])
        if float_of(place.people.get(POPULATION)) is None:
            yield self.say("unknown_residents")
        for key, of in (("residents", POPULATION), ("children", CHILDREN)):
            number = float_of(place.people.get(of))
            if number is not None and is_counted:
                yield self.say(key, count=self.reader.words.count(number))
            elif number is not None:
                yield self.say(f"{key}_about", count=self.reader.words.count(round(number, -2)))

    def challenges(self, place: Place) -> list[Block]:
        """Hold the place against its area and the city, indicator by indicator."""
        known = place.figures[place.figures["value"].notna()]
        missing = [code for code in self.publication.catalogue.codes if code not in known.index]
        blocks: list[Block] = []
        if len(known):
            about = self.say("challenges_about", period=self.reader.period)
            blocks = [Text(about, "note"), self._table(place)]
        else:
            blocks = [Text(self.say("none"), "absent")]
        if missing:
            codes = self.reader.words.listed([self.reader.indicator(code) for code in missing])
            blocks.append(Text(self.say("unknown", codes=codes), "absent"))
        return blocks

    def _table(self, place: Place) -> Block:
        area = str(place.lies["area"].iloc[0])
        head: Texts = [
            self.say("indicator"),
            self.say("here"),
            self.say("low_high"),
            self.say("in_area", area=self.reader.area(area)),
            self.say("in_city"),
            self.say("apart"),
            words_cell(self.say("how")),
        ]
        rows = [
            self._row(place, code, area)
            for code in self.publication.catalogue.codes
            if place.figures["status"].get(code, "missing") != "missing"
        ]
        return grid(f"{place.code}-tabell", self.say("caption", name=place.name), head, rows)

    def _row(self, place: Place, code: str, area: str) -> Texts:
        words, figure = self.reader.words, place.figures.loc[code]
        here, low, high = (float_of(figure[name]) for name in ("value", "low", "high"))
        of_area, of_city = (self.reader.value(code, each) for each in (area, CITY))
        apart = None if here is None or of_city is None else here - of_city
        both = f"{words.number(low)}–{words.number(high)}" if low is not None else NONE
        hidden = has_status(place.figures.loc[[code], "status"], "hidden").iloc[0]
        how = "hidden" if hidden else figure["how"]
        return [
            self.reader.indicator(code),
            NONE if here is None else words.number(here),
            NONE if here is None or high is None else both,
            NONE if of_area is None else words.number(of_area),
            NONE if of_city is None else words.number(of_city),
            NONE if apart is None else words.signed(apart),
            words_cell(self.say(f"how_{how}")),
        ]

    def values(self, place: Place) -> list[Block]:
        """Say which efforts and services there are, as far as the registers say."""
        words = self.reader.words
        if place.efforts is None:
            efforts = self.say("efforts_unknown")
        elif place.efforts:
            efforts = self.say("efforts", efforts=words.listed(place.efforts[:_MOST_NAMED]))
        else:
            efforts = self.say("efforts_none")
        near = [
            self.say(
                "nearest",
                kind=each.kind.lower(),
                place=each.name or NONE,
                metres=words.count(each.metres),
            )
            for each in place.near
        ]
        facts = [efforts, *(near or [self.say("nearest_unknown")]), self.say("children_heard")]
        return [Text(self.say("values_open"), "note"), Points(facts)]

    def sources(self) -> Section:
        """Say where the figures come from."""
        named = [note.publisher or note.name for note in self.publication.sources]
        listed = self.reader.words.listed(list(dict.fromkeys(named)))
        texts = (self.say("sources_about", sources=listed), self.say("question_note"))
        blocks = tuple(Text(each) for each in texts)
        return Section(code="underlag", title=self.say("sources"), blocks=blocks)
