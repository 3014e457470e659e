"""SCB's socioekonomiskt index as a stage: its table, and what the report says of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from geolyft.export.figures.cells import number_of
from geolyft.export.figures.names import NONE
from geolyft.export.figures.schemes import INDEX
from geolyft.export.report.blocks import Block, Heading, Text, Texts, grid
from geolyft.export.report.measures import rank_agreement
from geolyft.export.report.phrases import figure
from geolyft.findings.scb_index import SecondOpinion, socioeconomic_index
from geolyft.findings.stages.stage import Figures, Stage
from geolyft.frames import CITY

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from geolyft.export.chapter import Chapter
    from geolyft.export.figures.cells import Record
    from geolyft.export.figures.reader import Reader


def _compute(figures: Figures, settings: SecondOpinion) -> pd.DataFrame:
    return socioeconomic_index(figures.observations, figures.catalogue, settings)


def blocks(reader: Reader, chapter: Chapter) -> list[Block]:
    """Return both indices side by side, and how far the areas' order agrees."""

    def say(key: str, **parts: object) -> str:
        return chapter.say(reader.publication.lang, key, **parts)

    heading = Heading(text=say("title"))
    rows = reader.by_area(chapter.code)
    if not rows.keys() - {CITY}:
        return [heading, Text(text=say("none"), look="absent")]
    words = reader.words
    head = [words.say("html.area"), words.say("html.index"), say("column_index")]
    cells: list[Texts] = [
        [
            reader.area(code),
            figure(reader, INDEX, code),
            words.percent(number_of(row["index"], 1)) or NONE,
            reader.count(row["type"]),
        ]
        for code, row in rows.items()
    ]
    caption = say("caption", period=reader.period)
    table = grid("scb", caption, [*head, say("column_type")], cells, note=say("note"))
    r, n = _agreement(reader, rows)
    agreement = say("agreement", r=reader.number(r, 2), n=n) if n else say("too_few")
    return [heading, Text(text=f"{say('about')} {agreement}"), table]


def _agreement(reader: Reader, rows: Mapping[str, Record]) -> tuple[float, int]:
    """Return the rank correlation of the two indices, and of how many areas; 0 of too few."""
    ours = {code: number_of(reader.index_rows[code]["index"], 12) for code in reader.with_index}
    theirs = {code: number_of(row["index"], 12) for code, row in rows.items()}
    r, n = rank_agreement(
        {code: index for code, index in ours.items() if index is not None},
        # A high share is bad there and a high score good here.
        {code: -index for code, index in theirs.items() if index is not None},
    )
    return (r, 0) if math.isnan(r) else (r, n)


STAGE: Final = Stage("scb_index", _compute, setting="second_opinion", report=blocks)
