"""The audit of the index as an index, as a stage: its table, and what the report says of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from geolyft.export.figures.cells import number_of
from geolyft.export.figures.names import NONE
from geolyft.export.report.blocks import Block, Heading, Text, Texts, grid, words_cell
from geolyft.findings.stages.stage import Figures, Stage
from geolyft.index.coherence import OUTLIER, audit_index

if TYPE_CHECKING:
    import pandas as pd

    from geolyft.export.chapter import Chapter
    from geolyft.export.figures.cells import Record
    from geolyft.export.figures.reader import Reader

ONE_THING: Final = 0.7
"""The first component's share from which the index is said to measure mainly one thing."""
ENOUGH_INDICATORS: Final = 5
ENOUGH_AREAS: Final = 10
"""Of fewer nothing is said of one thing or several: chance alone makes a first component large."""
_HALF: Final = 0.5


def _compute(figures: Figures, _settings: None) -> pd.DataFrame:
    return audit_index(figures.weighed, figures.index, figures.catalogue)


def blocks(reader: Reader, chapter: Chapter) -> list[Block]:
    """Return in words what the index measures and what carries it, and each indicator's part."""
    told = _Told(reader, chapter)
    heading = Heading(text=told.say("title"))
    if not told.is_told:
        return [heading, Text(text=told.say("none"), look="absent")]
    sentences = [told.about(), told.one_thing(), told.carried(), told.outliers()]
    return [heading, Text(text=" ".join(each for each in sentences if each)), told.table()]


class _Told:
    """What one period's rows say, in words."""

    def __init__(self, reader: Reader, chapter: Chapter) -> None:
        self._reader, self._chapter = reader, chapter
        self.rows = reader.rows(chapter.code, period=reader.period)
        self._codes = [str(row["indicator"]) for row in self.rows]
        self._areas = int(number_of(self.rows[0]["areas"], 0) or 0) if self.rows else 0

    @property
    def is_told(self) -> bool:
        """Whether there are areas enough for anything."""
        return bool(self.rows) and _known(self.rows[0]["z"]) is not None

    def say(self, key: str, **parts: object) -> str:
        return self._chapter.say(self._reader.publication.lang, key, **parts)

    def about(self) -> str:
        n, every = len(self._codes), len(self._reader.publication.catalogue.codes)
        text = self.say("about", n=n, areas=self._areas, period=self._reader.period)
        return text if n == every else f"{text} {self.say('missing', n=n, all=every)}"

    def one_thing(self) -> str:
        share, alpha = (_known(self.rows[0][name]) for name in ("first_component", "alpha"))
        if len(self._codes) < ENOUGH_INDICATORS or self._areas < ENOUGH_AREAS or share is None:
            return self.say("few", n=len(self._codes), areas=self._areas)
        told = self.say("one" if share >= ONE_THING else "several", share=self._percent(share))
        number = self._reader.number(alpha, 2)
        return told if alpha is None else f"{told} {self.say('alpha', alpha=number)}"

    def carried(self) -> str:
        """Name the fewest indicators that make half of the index's differences."""
        known = {
            code: share
            for code, row in zip(self._codes, self.rows, strict=True)
            if (share := _known(row["variance_share"])) is not None
        }
        if not known:
            return ""
        weights = {str(row["indicator"]): _known(row["weight"]) for row in self.rows}
        carriers: list[str] = []
        for code in sorted(known, key=lambda code: (-known[code], code)):
            carriers.append(code)
            if sum(known[each] for each in carriers) >= _HALF:
                break
        return self.say(
            "carried",
            k=len(carriers),
            n=len(known),
            list=self._reader.words.listed(carriers),
            share=self._percent(sum(known[each] for each in carriers)),
            weight=self._percent(sum(weights[each] or 0.0 for each in carriers)),
        )

    def outliers(self) -> str:
        far = [row for row in self.rows if row["outlier"]]
        number, n = self._reader.number, self._areas
        if not far:
            most = (n - 1) / math.sqrt(n) if n else 0.0
            parts = {"bound": number(OUTLIER), "areas": n, "most": number(most, 2)}
            return self.say("outliers_none", **parts)
        texts = [
            self.say(
                "outlier",
                area=self._reader.area(str(row["z_area"])),
                code=row["indicator"],
                z=number(row["z"], 2, signed=True),
            )
            for row in far
        ]
        return self.say("outliers", list="; ".join(texts), bound=number(OUTLIER))

    def table(self) -> Block:
        head = [self.say(f"column_{name}") for name in ("indicator", "weight", "share", "loading")]
        furthest = words_cell(self.say("column_furthest"))
        caption = self.say("caption", period=self._reader.period)
        cells = [self._row(row) for row in self.rows]
        return grid("index_mater", caption, [*head, furthest], cells, note=self.say("note"))

    def _row(self, row: Record) -> Texts:
        reader, z = self._reader, _known(row["z"])
        parts = [self._percent(_known(row[name])) for name in ("weight", "variance_share")]
        far = NONE
        if z is not None:
            far = f"{reader.area(str(row['z_area']))} ({reader.number(z, 2, signed=True)})"
        name = reader.indicator(str(row["indicator"]))
        return [name, *parts, reader.number(row["loading"], 2), words_cell(far)]

    def _percent(self, share: float | None) -> str:
        return NONE if share is None else self._reader.percent(share)


def _known(value: object) -> float | None:
    return number_of(value, 6)


STAGE: Final = Stage("index_mater", _compute, report=blocks)
