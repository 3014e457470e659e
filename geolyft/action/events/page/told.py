"""What the pages of the lägesbild ask of a publication."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Final

from geolyft.action.events.around import HOT
from geolyft.action.settings import SituationSettings
from geolyft.export.figures.cells import number_of
from geolyft.export.figures.names import NONE
from geolyft.export.figures.reader import reader_of
from geolyft.export.report.blocks import Section, Text, words_cell
from geolyft.export.report.phrases import recorded
from geolyft.export.web.levels import parents
from geolyft.frames import CITY
from geolyft.read.values.dates import is_date, span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geolyft.export.figures.cells import Record
    from geolyft.export.publication import Publication
    from geolyft.export.report.blocks import Block, Cell

CODE: Final = "lagesbild"
AROUND: Final = "handelser_runtom"
BANDS: Final = ("dag", "kvall", "natt", "helg")


class Told:
    """The tables of events in words."""

    def __init__(self, publication: Publication) -> None:
        self.publication = publication
        self.reader = reader_of(publication)
        (self._chapter,) = (each for each in publication.chapters if each.code == CODE)
        said = recorded(self.reader, "config", CODE) if self._is_said else {}
        self.settings = SituationSettings.model_validate(said)

    @property
    def _is_said(self) -> bool:
        config = self.publication.provenance.get("config")
        return isinstance(config, dict) and CODE in config

    def say(self, key: str, **parts: object) -> str:
        """Return a text of the pages."""
        return self._chapter.say(self.publication.lang, f"page_{key}", **parts)

    def text(self, key: str, *, look: str = "", **parts: object) -> Text:
        """Return a text of the pages as a paragraph."""
        return Text(self.say(key, **parts), look)

    def section(self, code: str, blocks: Sequence[Block]) -> Section:
        """Return a section with the title that is its own."""
        return Section(code=code, title=self.say(f"{code}_title"), blocks=tuple(blocks))

    def heads(self, *keys: str, words: Sequence[str] = ()) -> list[str | Cell]:
        """Return headings of columns; those of words start at the left."""
        return [words_cell(self.say(f"col_{k}")) if k in words else self.say(f"col_{k}")
                for k in keys]  # fmt: skip

    @cached_property
    def bands(self) -> list[str]:
        """The headings of the times of the week."""
        return [self.say(f"band_{each}") for each in BANDS]

    @cached_property
    def period(self) -> str:
        """The latest period that has events."""
        return max(str(row["period"]) for row in self.reader.rows("handelser_typer"))

    def of_all(self, area: str) -> Record | None:
        """Return the row of all types and hours of an area, or the city, in the latest period."""
        return self._whole.get((area, self.all_types))

    @cached_property
    def all_types(self) -> str:
        """What all types together are called in the tables."""
        english = self.publication.columns.english(
            "handelser_typer", self.publication.catalogue.column_codes
        )["typ"]
        return "alla" if self.publication.lang == "sv" else english["alla"]

    @cached_property
    def _whole(self) -> dict[tuple[str, str], Record]:
        rows = self.reader.rows("handelser_typer", period=self.period, tid=self.all_types)
        return {(str(row["area"]), str(row["typ"])): row for row in rows}

    def typed(self, area: str) -> list[Record]:
        """Return the rows of each type and all hours of an area, the latest period."""
        return [row for (of, kind), row in self._whole.items()
                if of == area and kind != self.all_types]  # fmt: skip

    def in_bands(self, area: str, kind: str) -> list[Record]:
        """Return the rows of the times of the week, in order, of an area and type."""
        words = self.publication.columns.english(
            "handelser_typer", self.publication.catalogue.column_codes
        )["tid"]
        names = ("dag", "kväll", "natt", "helg")
        asked = names if self.publication.lang == "sv" else [words[name] for name in names]
        rows = {
            str(row["tid"]): row
            for row in self.reader.rows("handelser_typer", area=area, period=self.period, typ=kind)
        }
        return [rows[name] for name in asked if name in rows]

    def problems(self, area: str) -> list[Record]:
        """Return the problems of an area with what is done about them."""
        return self.reader.rows(CODE, area=area)

    def words_of(self, column: str) -> dict[str, str]:
        """Return what each word of a column is in the language of the code."""
        codes = self.publication.catalogue.column_codes
        english = self.publication.columns.english(CODE, codes)[column]
        return {word: code for code, word in english.items()}

    def around(self, row: Record) -> str:
        """Return what may be said of the events around an area, as the code has it."""
        codes = self.publication.catalogue.column_codes
        english = self.publication.columns.english(AROUND, codes)["runtom"]
        return {word: code for code, word in english.items()}.get(
            str(row["runtom"]), str(row["runtom"])
        )

    @cached_property
    def together_inside(self) -> Mapping[str, Counter[str]]:
        """By area the names of small areas in it with more events than expected, and around."""
        found: dict[str, Counter[str]] = {}
        for small in (each for each in self.publication.inner if AROUND in each.tables):
            names, lies_in = small.areas["name"], parents(small.areas, self.publication.areas)
            for row in reader_of(small).rows(AROUND):
                if self.around(row) == HOT and row["area"] in lies_in:
                    found.setdefault(lies_in[row["area"]], Counter())[names[row["area"]]] += 1
        return found

    def is_in_last_cycle(self, end: str) -> bool:
        """Say whether a date lies in the cycle that ends with the latest period."""
        if not is_date(end):
            return False
        last = span(self.period)[1]
        return last - dt.timedelta(days=self.settings.cycle_days) < span(end)[1] <= last

    def number(self, row: Record | None, column: str, decimals: int = 0) -> str:
        """Write a figure of a row, or what stands for none."""
        return NONE if row is None else self.reader.number(row[column], decimals)

    def value(self, row: Record | None, column: str) -> float | None:
        """Return a figure of a row, or nothing."""
        return None if row is None else number_of(row[column], 6)

    @property
    def city(self) -> str:
        """The code of the city among areas."""
        return CITY
