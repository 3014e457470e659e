"""What the pages of effects ask of a publication, and how a plan's row is said in words."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from geolyft.action.effects import verdict
from geolyft.export.figures.cells import number_of
from geolyft.export.figures.names import NONE
from geolyft.export.figures.reader import reader_of
from geolyft.export.report.blocks import Section, Text
from geolyft.frames import BETWEEN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geolyft.export.figures.cells import Record
    from geolyft.export.publication import Publication
    from geolyft.export.report.blocks import Block

EFFECTS: Final = "effekter"
YEARS: Final = "effekter_ar"
_SENTENCES: Final = {
    verdict.SURE: "sure",
    verdict.OPPOSITE: "opposite",
    verdict.NOT_SURE: "not_sure",
    verdict.LARGEST: "largest",
    verdict.ORDINARY: "ordinary",
    verdict.UNSEEN: "unseen",
}


class Told:
    """The rows of plans in words."""

    def __init__(self, publication: Publication) -> None:
        self.publication = publication
        self.reader = reader_of(publication)
        (self._chapter,) = (each for each in publication.chapters if each.code == EFFECTS)

    def say(self, key: str, **parts: object) -> str:
        """Return a text of the pages."""
        return self._chapter.say(self.publication.lang, f"page_{key}", **parts)

    def text(self, key: str, *, look: str = "", **parts: object) -> Text:
        """Return a text of the pages as a paragraph."""
        return Text(self.say(key, **parts), look)

    def section(self, code: str, blocks: Sequence[Block]) -> Section:
        """Return a section with the title that is its own."""
        return Section(code=code, title=self.say(f"{code}_title"), blocks=tuple(blocks))

    @cached_property
    def rows(self) -> list[Record]:
        """A row for each plan, in the order in which they were registered."""
        return self.reader.rows(EFFECTS)

    def address(self, row: Record) -> str:
        """Return where the page of a plan lies in the delivery."""
        return f"{EFFECTS}/{row['plan_id']}.html"

    def mix(self, row: Record) -> str:
        """Return the areas of a plan's mix with their shares."""
        parts = [part[:-1].rpartition(" (") for part in str(row["vikter"]).split(f"{BETWEEN} ")]
        shares = (f"{self.areas(code)} {self.reader.percent(float(n))}" for code, _, n in parts)
        return ", ".join(shares)

    def years(self, row: Record) -> list[Record]:
        """Return the years of a plan."""
        return self.reader.rows(YEARS, plan_id=str(row["plan_id"]))

    @cached_property
    def _codes(self) -> Mapping[str, str]:
        """What each word of the table is in the language of the code."""
        codes = self.publication.catalogue.column_codes
        english = self.publication.columns.english(EFFECTS, codes)["ord"]
        return {word: code for code, word in english.items()}

    def verdict(self, row: Record) -> str:
        """Return what may be said of a plan, as the code has it and without what it is."""
        word = self._codes.get(str(row["ord"]), str(row["ord"]))
        return word.removeprefix(verdict.said("", exploratory=True))

    def is_computed(self, row: Record) -> bool:
        """Say whether a plan has a difference."""
        return number_of(row["skillnad"], 2) is not None

    def unit(self, row: Record) -> str:
        """Return what a plan's figures differ by."""
        is_share = row["indikator"] in self.publication.catalogue.codes
        return self.say("unit_share" if is_share else "unit_index")

    def scale(self, row: Record) -> str:
        """Return what a plan's figures are in."""
        is_share = row["indikator"] in self.publication.catalogue.codes
        return self.say("scale_share" if is_share else "unit_index")

    def what(self, row: Record) -> str:
        """Return what a plan is about, by name."""
        code = str(row["indikator"])
        is_share = code in self.publication.catalogue.codes
        return self.reader.indicator(code) if is_share else self.reader.label(code)

    def areas(self, codes: object) -> str:
        """Return codes of areas of one cell with their names, or what stands for none."""
        parts = [part for part in str(codes or "").split(f"{BETWEEN} ") if part]
        known = set(self.reader.codes)
        named = [self.reader.area(part) if part in known else part for part in parts]
        return ", ".join(named) or NONE

    def number(self, value: object, *, signed: bool = False) -> str:
        """Write a figure with one decimal, or what stands for none."""
        return self.reader.number(value, 1, signed=signed)

    def limits(self, row: Record) -> str:
        """Write between which differences the figures leave it."""
        low, high = (self.number(row[name], signed=True) for name in ("lag", "hog"))
        return NONE if NONE in (low, high) else self.say("range", low=low, high=high)

    def p(self, value: object) -> str:
        """Write a p, which is never 0."""
        return self.reader.number(value, 3)

    def registered(self, row: Record) -> str:
        """Write when a plan was registered, or that it is exploratory."""
        if row["utforskande"]:
            return self.say("exploratory")
        return self.say("registered", day=row["registrerad"])

    def sentence(self, row: Record) -> str:
        """Return what became of a plan, as a board wants to hear it."""
        what, areas = self.what(row), self.areas(row["omraden"])
        if not self.is_computed(row):
            return self.say("sentence_none", what=what, areas=areas, words=row["ord"])
        size = number_of(row["skillnad"], 1) or 0.0
        people = number_of(row["personer"], 0)
        persons = self.say("sentence_persons", n=self.reader.count(abs(people))) if people else ""
        parts = {"what": what, "areas": areas, "unit": self.unit(row), "persons": persons}
        way = "rose" if size > 0 else "fell" if size < 0 else "same"
        said = [self.say(f"sentence_{way}", size=self.number(abs(size)), **parts)]
        said.append(self.say(f"sentence_{_SENTENCES[self.verdict(row)]}"))
        said += [self.say("sentence_exploratory")] if row["utforskande"] else []
        return " ".join(said)
