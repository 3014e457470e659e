"""Sekretess: what was hidden and why, at what cost, and what the audit of it found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from geolyft.export.figures.names import NONE
from geolyft.export.report.blocks import Block, Grid, Points, Section, Text
from geolyft.export.report.phrases import (
    Columns,
    InWords,
    absence,
    at,
    heading,
    paragraph,
    recorded,
    say,
    table,
)
from geolyft.frames import CITY, EVERYONE, POPULATION, has_status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from geolyft.disclosure.auditor.result import AuditResult
    from geolyft.export.figures.reader import Reader

_PER_CENT: Final = 100


class _Cost(NamedTuple):
    """What an indicator lacks on a level: cells, and the share of residents who live in them."""

    level: str
    indicator: str
    hidden: int
    cells: int
    residents: float | None


def disclosure(reader: Reader) -> Section:
    """Return the section."""
    rule = recorded(reader, "definition", "protection")
    threshold, base = at(rule, "threshold"), at(rule, "base")
    blocks: list[Block] = [absence(reader, "disclosure_no_rule")]
    if threshold is not None:
        about = say(reader, "disclosure_about", threshold=threshold, base=base)
        blocks = [Text(about), Points(tuple(_whose(reader)))]
    costs = [cost for cost in _costs(reader) if cost.hidden]
    blocks += [_table(reader, costs)] if costs else [paragraph(reader, "disclosure_nothing")]
    blocks += [heading(reader, "disclosure_audit"), _audit(reader, reader.publication.audit)]
    return Section(code="sekretess", title=say(reader, "disclosure"), blocks=tuple(blocks))


def _whose(reader: Reader) -> Iterator[str]:
    """Yield for each source who protects it."""
    said = recorded(reader, "config", "source")
    for source in said if isinstance(said, list) else []:
        name, by = at(source, "name"), at(source, "protected_by")
        key = "disclosure_by" if by else "disclosure_by_run"
        if by or at(source, "kind") != "raster":
            yield say(reader, key, source=name, by=by)


def _costs(reader: Reader) -> Iterator[_Cost]:
    for level in (reader, *reader.inner):
        publication = level.publication
        seen = publication.observations
        seen = seen[
            (seen["period"] == reader.period) & (seen["sex"] == EVERYONE) & (seen["area"] != CITY)
        ]
        people = publication.population
        people = people[(people["period"] == reader.period) & people[POPULATION].notna()]
        residents = dict(zip(people["area"], people[POPULATION], strict=True))
        hidden: dict[str, dict[str, bool]] = {code: {} for code in publication.catalogue.codes}
        seen = seen[seen["indicator"].isin(list(hidden))]
        statuses = has_status(seen["status"], "hidden")
        for code, area, is_hidden in zip(seen["indicator"], seen["area"], statuses, strict=True):
            hidden[code][area] = is_hidden
        for code, areas in hidden.items():
            yield _cost(publication.division, code, areas, residents)


def _cost(
    level: str, code: str, hidden: Mapping[str, bool], residents: Mapping[str, float]
) -> _Cost:
    known = {area: residents[area] for area in hidden if area in residents}
    everyone, share = sum(known.values()), None
    if everyone > 0:
        share = _PER_CENT * sum(n for area, n in known.items() if hidden[area]) / everyone
    return _Cost(level, code, sum(hidden.values()), len(hidden), share)


def _table(reader: Reader, costs: list[_Cost]) -> Grid:
    columns: Columns = {
        "indicator": InWords(lambda cost: reader.indicator(cost.indicator)),
        "disclosure_level": InWords(lambda cost: cost.level),
        "disclosure_hidden": lambda cost: reader.count(cost.hidden),
        "disclosure_cells": lambda cost: reader.count(cost.cells),
        "disclosure_residents": lambda cost: (
            NONE if cost.residents is None else reader.number(cost.residents)
        ),
    }
    note = say(reader, "disclosure_note")
    return table(reader, "sekretess-tabell", "disclosure", columns, costs, note=note)


def _audit(reader: Reader, found: AuditResult | None) -> Text:
    if found is None:
        return absence(reader, "disclosure_no_audit")
    narrowest = say(reader, "disclosure_none_hidden")
    if found.narrowest is not None:
        narrowest = say(
            reader, "disclosure_narrowest", narrowest=found.narrowest, width=found.width
        )
    unsettled = say(reader, "disclosure_unsettled", n=reader.count(found.unsettled))
    more = [say(reader, "disclosure_further", n=reader.count(found.further))]
    return Text(" ".join([narrowest, *(more if found.further else []), unsettled, _memory(reader)]))


def _memory(reader: Reader) -> str:
    """Say which earlier releases the audit knew."""
    found = reader.publication.audit
    releases = None if found is None else found.releases
    if releases is None:
        return say(reader, "disclosure_no_memory")
    names = ", ".join(releases) or NONE
    return say(reader, "disclosure_memory", n=len(releases), releases=names)
