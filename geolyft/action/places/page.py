"""The page of places: the three questions of a land allocation, each with what is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from geolyft.export.figures.cells import float_of
from geolyft.export.figures.names import NONE
from geolyft.export.figures.reader import reader_of
from geolyft.export.figures.schemes import INDEX
from geolyft.export.html.maps import locator
from geolyft.export.html.page import render
from geolyft.export.report.blocks import Figure, Points, Section, Text, grid, words_cell
from geolyft.frames import CHILDREN, CITY, POPULATION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from geolyft.action.places.place import Place
    from geolyft.export.publication import Publication
    from geolyft.export.report.blocks import Block, Texts

PAGE: Final = "plats.html"
_HERE: Final = " place"
_MOST_NAMED: Final = 12
_INDEX: Final = ("index", "index_low", "index_high")


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
        of_index = place.figures.index.isin(self.publication.catalogue.codes)
        known = place.figures[place.figures["value"].notna() & of_index]
        # What is hidden has a row that says so.
        seen = place.figures.index[place.figures["status"] != "missing"]
        missing = [code for code in self.publication.catalogue.codes if code not in seen]
        blocks: list[Block] = []
        if len(known):
            about = self.say("challenges_about", period=self.reader.period)
            blocks = [Text(about, "note"), self._table(place)]
        else:
            blocks = [Text(self.say("none"), "absent")]
        blocks += self._of_users(place)
        blocks.append(self._of_areas(place))
        if missing:
            codes = self.reader.words.listed([self.reader.indicator(code) for code in missing])
            blocks.append(Text(self.say("unknown", codes=codes), "absent"))
        return blocks

    def _table(self, place: Place) -> Block:
        area = str(place.lies["area"].iloc[0])
        rows = [
            self._row(place, code, area)
            for code in self.publication.catalogue.codes
            if place.figures["status"].get(code, "missing") != "missing"
        ]
        head = self._head(place, self.say("indicator"))
        return grid(f"{place.code}-tabell", self.say("caption", name=place.name), head, rows)

    def _head(self, place: Place, first: str) -> Texts:
        area = str(place.lies["area"].iloc[0])
        return [
            first,
            self.say("here"),
            self.say("low_high"),
            self.say("in_area", area=area),
            self.say("in_city"),
            self.say("apart"),
            words_cell(self.say("how")),
        ]

    def _row(self, place: Place, code: str, area: str) -> Texts:
        of_area, of_city = (self.reader.value(code, each) for each in (area, CITY))
        return self._cells(
            self.reader.indicator(code), dict(place.figures.loc[code]), of_area, of_city
        )

    def _cells(
        self, name: str, figure: Mapping[Any, Any], of_area: float | None, of_city: float | None
    ) -> Texts:
        words = self.reader.words
        here, low, high = (float_of(figure[key]) for key in ("value", "low", "high"))
        apart = None if here is None or of_city is None else here - of_city
        both = f"{words.number(low)}–{words.number(high)}" if low is not None else NONE
        hidden = "hidden" in str(figure["status"]).split("+")
        return [
            name,
            NONE if here is None else words.number(here),
            NONE if here is None or high is None else both,
            NONE if of_area is None else words.number(of_area),
            NONE if of_city is None else words.number(of_city),
            NONE if apart is None else words.signed(apart),
            words_cell(self.say("how_hidden" if hidden else f"how_{figure['how']}")),
        ]

    def _of_users(self, place: Place) -> list[Block]:
        """Hold what is beside the index against the area and the city: surroundings, access."""
        if not place.beside:
            return []
        blocks: list[Block] = []
        known = [(each, each.figure) for each in place.beside if each.figure is not None]
        if known:
            rows = [
                self._cells(each.name, figure, float_of(each.area), float_of(each.city))
                for each, figure in known
            ]
            head = self._head(place, self.say("beside"))
            caption = self.say("beside_caption", name=place.name)
            blocks.append(grid(f"{place.code}-omgivning", caption, head, rows))
        if unknown := [each.name for each in place.beside if each.figure is None]:
            blocks.append(Text(self.say("unknown", codes="; ".join(unknown)), "absent"))
        return blocks

    def _of_areas(self, place: Place) -> Block:
        """Say the index of the areas that the place lies in, and how surely they are apart."""
        lies = place.lies[["area", "of_place"]].itertuples(index=False)
        head: Texts = [
            self.say("index_area"),
            self.say("index_share"),
            self.reader.words.say("html.index"),
            self.say("low_high"),
            words_cell(self.say("index_apart")),
        ]
        caption = self.say("index_caption", period=self.reader.period)
        rows = [self._index(code, share) for code, share in lies]
        return grid(f"{place.code}-index", caption, head, rows, note=self.say("index_note"))

    def _index(self, code: str, share: float) -> Texts:
        words, row = self.reader.words, self.reader.index_rows[code]
        index, low, high = (float_of(row[key]) for key in _INDEX)
        city, distinct = self.reader.value(INDEX, CITY), self.reader.distinct.get((INDEX, code))
        if index is None or city is None or distinct is None:
            sure = "unknown"
        else:
            sure = "unsure" if not distinct else "below" if index < city else "above"
        known = low is not None and high is not None
        return [
            self.reader.area(code),
            words.percent(100 * share, decimals=0),
            NONE if index is None else words.number(index),
            f"{words.number(low)}–{words.number(high)}" if known else NONE,
            words_cell(self.say(f"index_{sure}")),
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
