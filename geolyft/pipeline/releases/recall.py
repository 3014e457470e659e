"""What a run has to know of earlier releases of its registers, and what it may not publish."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.disclosure.releases import COUNTS, NO_MEMORY, Memory
from geolyft.divisions.areas import load_areas
from geolyft.divisions.crosswalks import CROSSWALKS, load_crosswalk, main_target
from geolyft.divisions.grouped import merged_crosswalk
from geolyft.divisions.nesting import nested
from geolyft.errors import DisclosureError, GeolyftWarning, brief
from geolyft.pipeline.access.released import files_of_counting
from geolyft.pipeline.account.provenance import digest
from geolyft.pipeline.releases.areas import shapes_of
from geolyft.pipeline.releases.events import EVENTS
from geolyft.pipeline.releases.grids import grids_in, is_grid
from geolyft.pipeline.releases.marks import definitions_of, sources_of
from geolyft.pipeline.releases.record import level_name, merged_name, origins
from geolyft.read.releases import Ledger, read_key, read_ledger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geolyft.pipeline.counting.ledger import CountedAreas
    from geolyft.run_file.config import Config

RECORD: Final = ("release", "title", "added", "withdrawn")
Lies = dict[str, str]
"""Small area to the larger one that it lies in."""


def recall(config: Config, levels: Sequence[CountedAreas]) -> Memory:
    """Return what the run's ledger of releases says of its registers.

    Raises
    ------
    DisclosureError
        ``protect-released`` when a register's year was released under another rule, or with other
        people counted; ``protect-overlap`` when it was released on areas that the run's cut.
    ReadError
        ``releases-file``.
    """
    if config.releases is None:
        return NO_MEMORY
    file = config.path(config.releases.file)
    ledger, key = read_ledger(file), read_key(file)
    then = ledger["source"]
    wanted = set(then.loc[then["mark"] != "", "reference"])
    now = sources_of(config, key, areas=levels[0].areas, references=wanted)
    known = recognised(then, now).merge(ledger["release"], on="release")
    _warn_of_lost_key(then, now, file.name)
    _check_rule(config, known, ledger["level"])
    _check_definitions(config, known, ledger["definition"])
    of_people = known[~known["source"].str.startswith(EVENTS)]
    parents, parts = _lying(config, ledger, set(of_people["release"]), levels)
    counts = _counts(config, ledger, known, levels)
    latest = ledger["release"].iloc[::-1]
    shown = latest.loc[latest["release"].isin(known["release"]), list(RECORD)]
    return Memory(
        kept=True,
        releases=tuple(dict(zip(RECORD, row, strict=True)) for row in shown.to_numpy().tolist()),
        counts=counts[COUNTS],
        parents=parents,
        parts=parts,
        grids=tuple(grids_in(counts.assign(source=counts["own"]), ledger["level"])),
    )


def recognised(then: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Return which released sources are a run's own: by their rows, or by name or columns.

    Parameters
    ----------
    then, now
        ``source, reference, columns, key, mark``, and ``release`` of what was released.

    Returns
    -------
    pandas.DataFrame
        ``release, source, reference, own, by``: by ``rows``; ``edition`` when it is called the
        same or has the same columns and its rows are others; ``declaration`` when nobody can tell.

    Examples
    --------
    >>> row = {"source": "R", "reference": "2024", "columns": "[]", "key": "k", "mark": "m"}
    >>> now = pd.DataFrame([{**row, "source": "S", "columns": "[1]"}])
    >>> recognised(pd.DataFrame([{**row, "release": "a"}]), now)[["own", "by"]].values.tolist()
    [['S', 'rows']]
    """
    pairs = then.merge(now, on="reference", suffixes=("", "_now"))
    can_tell = (pairs["mark"] != "") & (pairs["key"] == pairs["key_now"])
    same = can_tell & (pairs["mark"] == pairs["mark_now"])
    alike = (pairs["source"] == pairs["source_now"]) | (pairs["columns"] == pairs["columns_now"])
    by = pd.Series("declaration", index=pairs.index).mask(can_tell, "edition").mask(same, "rows")
    known = pairs.assign(own=pairs["source_now"], by=by)[same | alike]
    return known[["release", "source", "reference", "own", "by"]]


def _warn_of_lost_key(then: pd.DataFrame, now: pd.DataFrame, file: str) -> None:
    marked, keys = then[then["mark"] != ""], set(now["key"])
    lost = int((~marked["key"].isin(keys) & marked["reference"].isin(now["reference"])).sum())
    if lost:
        what = f"{file}: the key that {lost} sources were marked with is not there; they are known "
        warnings.warn(what + "by their names and columns only", GeolyftWarning, stacklevel=4)


def _check_rule(config: Config, known: pd.DataFrame, levels: pd.DataFrame) -> None:
    rule = config.protection
    grids = levels.loc[levels["level"].map(is_grid), "release"]
    known = known.assign(grid=known["release"].isin(grids))
    other = (known["base"] != rule.base) | (known["threshold"] > rule.threshold)
    other |= known["grid"] & (known["threshold"] != rule.threshold)
    for row in known[other].itertuples():
        said = f"threshold {row.threshold} and base {row.base}"
        enough = f"{row.threshold}{'' if row.grid else ' or more'}"
        raise DisclosureError(
            "protect-released",
            f"{brief(row.own)} of {row.reference} was released with {said} ({row.release}), "
            f"and the run has {rule.threshold} and {rule.base}: both show what one of them hides",
            remedy=f"set base to {row.base} and threshold to {enough}, or leave that year out",
            where=config.file_name,
        )


def _check_definitions(config: Config, known: pd.DataFrame, then: pd.DataFrame) -> None:
    """Refuse to count other people under a name than were released under it."""
    now = definitions_of(config, files_of_counting(config)).rename(columns={"source": "own"})
    both = known.merge(then, on=["release", "source", "reference"])
    both = both.merge(now, on=["own", "reference", "what"], suffixes=("", "_now"))
    for row in both[both["definition"] != both["definition_now"]].itertuples():
        raise DisclosureError(
            "protect-released",
            f"{row.what} of {brief(row.own)} in {row.reference} counts others than in the release "
            f"{row.release}: the difference can be a few persons",
            remedy="count as then, or leave that year out",
            where=config.file_name,
        )


def _counts(
    config: Config, ledger: Ledger, known: pd.DataFrame, levels: Sequence[CountedAreas]
) -> pd.DataFrame:
    """Return the counts of recognised sources under the names that the run has for them."""
    of = pd.DataFrame(
        [(*key, *origin) for key, origin in origins(config).items()],
        columns=["period", "indicator", "sex", "own", "reference"],
        dtype="str",
    )
    counts = ledger["count"].rename(columns={"grouping": "group_by", "label": "group"})
    counts = counts.drop(columns="period")
    rows = counts.merge(known, on=["release", "source", "reference"])
    rows = rows.merge(of, on=["own", "reference", "indicator", "sex"])
    names = {name: level.name for name, level in _named(config, levels).items()}
    rows["level"] = rows["level"].map(lambda level: names.get(level, level))
    order = {name: -n for n, name in enumerate(ledger["release"]["release"])}
    return rows.sort_values("release", key=lambda of: of.map(order), kind="stable")


def _named(config: Config, levels: Sequence[CountedAreas]) -> dict[str, CountedAreas]:
    """Return the run's levels by the name that a ledger has for them."""
    own = level_name(config.areas.division, digest(levels[0].areas))
    return {
        merged_name(level.name, digest(level.areas)) if level.merging else level.name or own: level
        for level in levels
    }


def _lying(
    config: Config, ledger: Ledger, releases: set[str], levels: Sequence[CountedAreas]
) -> tuple[dict[str, list[Lies]], dict[str, list[tuple[str, Lies]]]]:
    """Return how divisions that were released before lie in those of the run, and around them."""
    now = _named(config, levels)
    parents: dict[str, list[Lies]] = {}
    parts: dict[str, list[tuple[str, Lies]]] = {}
    then = ledger["level"][ledger["level"]["release"].isin(releases)]
    for name, crs in then.drop_duplicates("level")[["level", "crs"]].itertuples(index=False):
        # A grid cuts areas: what they tell together is the auditor's.
        if name in now or is_grid(name):
            continue
        for own, level in now.items():
            inside, around = _between(config, ledger, (name, crs), (own, level))
            parts.setdefault(level.name, []).append((name, inside))
            parents.setdefault(level.name, []).append(around)
    return parents, parts


def _between(
    config: Config, ledger: Ledger, then: tuple[str, str], now: tuple[str, CountedAreas]
) -> tuple[Lies, Lies]:
    """Return which released areas lie in the run's, and which of the run's in released ones."""
    of_then, of_now = then[0].split()[0], now[0].split()[0]
    for name, ends in CROSSWALKS.items():
        if ends not in {(of_then, of_now), (of_now, of_then)}:
            continue
        codes = {of_then: _groups(ledger, *then), of_now: now[1].codes}
        crosswalk = load_crosswalk(name)
        source, target = (codes[each] for each in ends)
        lies = main_target(merged_crosswalk(crosswalk, source=source, target=target))
        return (lies, {}) if ends[0] == of_then else ({}, lies)
    areas = now[1].areas
    pairs, across = nested(areas, shapes_of(ledger, *then).to_crs(areas.crs))
    if across:
        raise DisclosureError(
            "protect-overlap",
            f"{len(across)} areas, first {brief(across[0])}, overlap in part those that the same "
            "register was released on: the difference can be a few persons",
            remedy="use areas that are made of released ones, or that these are made of",
            where=config.file_name,
        )
    inner = pairs[~pairs["other"].duplicated(keep=False)]
    outer = pairs[~pairs["one"].duplicated(keep=False)]
    return (
        dict(zip(inner["other"], inner["one"], strict=True)),
        dict(zip(outer["one"], outer["other"], strict=True)),
    )


def _groups(ledger: Ledger, level: str, crs: str) -> Lies:
    """Return which small areas a release had merged, for its polygons are made of theirs."""
    division = level.split(maxsplit=1)[0]
    if level == division:
        return {}
    pairs, _ = nested(load_areas(division), shapes_of(ledger, level, crs))
    return dict(zip(pairs["one"], pairs["other"], strict=True))
