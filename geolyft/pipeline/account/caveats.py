"""Caveats: what a reader of the result has to know, in the reader's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geolyft.disclosure.releases import NO_MEMORY, Memory
from geolyft.divisions.areas import DIVISIONS
from geolyft.export.words import load_words
from geolyft.frames import CITY, EVERYONE, has_status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from geolyft.export.words import Words
    from geolyft.indicators.catalogue import Catalogue
    from geolyft.pipeline.counting.ledger import CountedAreas
    from geolyft.run_file.config import Config


def caveats_of(
    config: Config,
    catalogue: Catalogue,
    observations: pd.DataFrame,
    index: pd.DataFrame,
    inputs: Sequence[Mapping[str, object]] = (),
    *,
    memory: Memory = NO_MEMORY,
    levels: Sequence[CountedAreas] = (),
) -> tuple[str, ...]:
    """Return the run's warnings, the weightiest first.

    Parameters
    ----------
    inputs
        What each file was understood to be, as it may be published.
    memory
        What earlier releases tell.
    levels
        What the figures are of.
    """
    words = load_words(config.run.lang)
    of_rows = _said_of_rows(config, inputs, ("hidden_rows",))
    forgets = not memory.kept and any(source.is_open for source in config.sources)
    without = (words.say("warning.no_memory"),) if forgets else ()
    notes = _notes(config, catalogue, observations, index, words)
    return (*notes, *_merged(levels, words), *_pooled(config, words), *of_rows, *without)


def set_aside(config: Config, inputs: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
    """Return which rows of files are no data: for whoever makes the figures, not for their readers.

    Parameters
    ----------
    inputs
        As in `caveats_of`.
    """
    return _said_of_rows(config, inputs, ("footer_rows", "blank_rows"))


def _said_of_rows(
    config: Config, inputs: Sequence[Mapping[str, object]], names: Sequence[str]
) -> tuple[str, ...]:
    words = load_words(config.run.lang)
    said = (note for record in inputs for note in _on_rows(config, record, words, names))
    return tuple(dict.fromkeys(said))


def _notes(
    config: Config,
    catalogue: Catalogue,
    observations: pd.DataFrame,
    index: pd.DataFrame,
    words: Words,
) -> Iterator[str]:
    if config.run.synthetic:
        yield words.say("warning.synthetic")
    settings = config.index
    if not settings.comparable:
        method = f"{settings.normalisation}, {settings.aggregation}"
        yield words.say("warning.method", method=method, city=config.run.city)
    if settings.weights:
        weights = ", ".join(f"{code} {words.number(n)}" for code, n in settings.weights.items())
        yield words.say("warning.weights", weights=weights)
    yield from _on_missing(catalogue, observations, index, words)
    for indicator in catalogue.open_questions():
        question = indicator.question
        if question is not None:
            yield words.say(
                "warning.question",
                code=indicator.code,
                name=indicator.title(words.lang),
                text=(question.text_en if words.lang == "en" else "") or question.text,
                assumed=question.assumed,
            )
    city = observations[(observations["area"] == CITY) & (observations["sex"] == EVERYONE)]
    for part in ("approximate", "stale"):
        seen = observations if part == "approximate" else city
        codes = sorted(seen.loc[has_status(seen["status"], part), "indicator"].unique())
        if codes:
            yield words.say(f"warning.{part}", codes=", ".join(codes))
    hidden = int(has_status(observations["status"], "hidden").sum())
    if hidden:
        yield words.plural("warning.hidden", hidden)


def _merged(levels: Sequence[CountedAreas], words: Words) -> Iterator[str]:
    for level in levels:
        if level.merging is not None:
            yield words.say(
                "warning.merged",
                level=words.say(f"level.{DIVISIONS[level.name].level}"),
                n=len(level.merging.groups),
                groups=len(set(level.merging.groups.values())),
                before=words.number(100 * level.merging.before, decimals=0),
                after=words.number(100 * level.merging.after, decimals=0),
            )


def _pooled(config: Config, words: Words) -> Iterator[str]:
    for inside in config.inside:
        if inside.years > 1:
            level = words.say(f"level.{DIVISIONS[inside.division].level}")
            yield words.say("warning.pooled", level=level, n=inside.years)


def _on_rows(
    config: Config, record: Mapping[str, object], words: Words, names: Sequence[str]
) -> Iterator[str]:
    decided = {source.name for source in config.sources if source.hidden_rows}
    file = record["path"]
    for name in names:
        n = record.get(name, 0)
        if n == 0 or (name == "hidden_rows" and record["source"] in decided):
            continue
        few = words.say("warning.fewer_than", n=config.protection.threshold)
        yield words.say(f"warning.{name}", file=file, n=few if n is None else n)


def _on_missing(
    catalogue: Catalogue, observations: pd.DataFrame, index: pd.DataFrame, words: Words
) -> Iterator[str]:
    known = set(observations.loc[observations["value"].notna(), "indicator"])
    absent = [code for code in catalogue.codes if code not in known]
    if absent:
        n, every = len(absent), len(catalogue.codes)
        yield words.say("warning.missing", n=n, all=every, codes=", ".join(absent))
    for period, rows in index.groupby("period"):
        if rows["index"].isna().all():
            yield words.say("warning.no_index", period=period)
    partial = index[has_status(index["status"], "partial") & index["index"].notna()]
    if len(partial):
        fewest = int(partial["n_indicators"].min())
        yield words.say("warning.partial", n=fewest, all=len(catalogue.codes))
    single = [
        dimension.title(words.lang)
        for dimension in catalogue.dimensions
        if index[dimension.code].notna().any()
        and len(catalogue.of(dimension.code)) > 1
        and len(known.intersection(i.code for i in catalogue.of(dimension.code))) == 1
    ]
    if single:
        yield words.say("warning.fewer", dimensions=", ".join(single))
