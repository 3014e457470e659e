"""Cells become a family: their counts are numbered, bounded, and held together by sums.

A shown count lies where it was rounded from, and both its sides are at least the threshold; of a
hidden cell a side is below it. Women and men are everyone, bands are all of them, small areas fill
larger ones and these the city with what is left over of it. Where bases are the same people, or lie
in one another, that is known too, for the run file says whom an indicator counts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.disclosure.auditor.knowledge.bases import (
    PLACE,
    add_beyond,
    bases_of,
    bounds_of_any,
    bounds_of_bases,
    nested,
    rounded_from,
    shown_bases,
)
from geolyft.disclosure.auditor.knowledge.family import (
    AREAS,
    BANDS,
    CELLS,
    MOST,
    NONE,
    ROUGH,
    SEXES,
    SURE,
    Family,
    Sums,
)
from geolyft.disclosure.auditor.knowledge.making import Making
from geolyft.disclosure.together.families import CELL, OWN
from geolyft.frames import CITY, EVERYONE, POPULATION, RESIDUAL

if TYPE_CHECKING:
    from collections.abc import Collection

    from geolyft.disclosure.auditor.knowledge.family import Ints, Truths
    from geolyft.disclosure.auditor.knowledge.known import Lying, Meaning
    from geolyft.disclosure.protect import Protection

_BOTH: Final = 2
_SAME: Final = [*PLACE, "what"]


@dataclass(frozen=True, kw_only=True)
class Known:
    """A family with the codes of its cells.

    Parameters
    ----------
    cells
        ``CELL, source, hidden`` and the numbers of its counts, ``numerator, rest, denominator``, by
        the family's cells. Those who are in a larger base alone are a cell too, that nobody shows:
        it has the codes of the smaller base's first indicator, and no counts of its own.
    kind
        By the family's sums: what they are of, see `geolyft.disclosure.auditor.knowledge.family`.
    low
        By count: the least that it can be for who does not know which bases lie in each other.
    """

    family: Family
    cells: pd.DataFrame
    kind: Ints
    low: Ints


def known_of(
    cells: pd.DataFrame, protection: Protection, meaning: Meaning, *, alone: bool = False
) -> Known:
    """Return the family of cells that `cells_of` of `knowledge.known` returned.

    Parameters
    ----------
    alone
        As who looks at each figure by itself has it: that others are shares of the same people,
        or of some of them, he does not see.
    """
    making = Making()
    bases, number = bases_of(cells, meaning)
    pairs = nested(bases, meaning)
    bounds = bounds_of_bases(bases, pairs, protection)
    unseen = bounds_of_any(bases, protection, bases["shown"], np.arange(len(bases)))
    if alone:
        unseen = bounds = bounds_of_any(bases, protection, shown_bases(cells), number)
        bases = bases.iloc[number].reset_index(drop=True)
        bases["what"], pairs = cells["indicator"].to_numpy(), pairs.iloc[:0]
        number = np.arange(len(cells))
    bases["n"] = making.new(*bounds)
    sides = _sides(cells, bases["n"].to_numpy()[number], making, protection)
    counts = _counts(sides, bases)
    _of_sexes(making, counts)
    _of_bands(making, counts, meaning)
    for lying in meaning.lying:
        _of_areas(making, counts, lying)
    _of_city(making, counts)
    beyond = add_beyond(making, bases, pairs, protection)
    codes = bases.loc[pairs["inner"], [*PLACE, "indicator"]].assign(hidden=True)
    every = pd.concat([sides, codes], ignore_index=True)
    extra = np.ones(len(beyond), dtype=bool)
    within = bases.loc[pairs["inner"]].assign(larger=bases.loc[pairs["outer"], "what"].to_numpy())
    empty = np.concatenate(
        [
            _said(sides, ["source", "indicator", "group_by", "group"], meaning.nobody),
            _said(within, ["source", "what", "larger", "group_by", "group"], meaning.same),
        ]
    )
    family = Family(
        low=np.concatenate(making.low),
        high=np.concatenate(making.high),
        sums=Sums.joined(making.sums),
        one=np.concatenate([sides["numerator"], beyond]),
        other=np.concatenate([sides["rest"], np.full(len(beyond), NONE)]),
        hidden=every["hidden"].to_numpy(dtype=bool),
        few=np.concatenate([sides["hidden"].to_numpy(dtype=bool), ~extra]),
        threshold=protection.threshold,
        belief=np.concatenate(making.belief),
        doubt=np.array(making.doubt, dtype=np.int64),
    )
    low = np.concatenate(making.low)
    low[bases["n"]] = unseen[0]
    return Known(
        family=_emptied(family, empty),
        cells=every,
        kind=np.concatenate(making.kind),
        low=np.minimum(low, family.low),
    )


def _said(rows: pd.DataFrame, names: list[str], codes: Collection[tuple[str, ...]]) -> Truths:
    """Say in which rows nobody can be, by what the run file says of them."""
    if not codes:
        return np.zeros(len(rows), dtype=bool)
    return pd.MultiIndex.from_frame(rows[names]).isin(list(codes))


def _emptied(family: Family, empty: Truths) -> Family:
    """Return the family in which everybody knows that some cells hold nobody, so none is hidden."""
    low, high = family.low.copy(), family.high.copy()
    counts = np.concatenate([family.one[empty], family.other[empty]])
    low[counts[counts != NONE]] = high[counts[counts != NONE]] = 0
    return replace(
        family, low=low, high=high, hidden=family.hidden & ~empty, few=family.few & ~empty
    )


def _sides(cells: pd.DataFrame, base: Ints, making: Making, protection: Protection) -> pd.DataFrame:
    """Return the cells with the numbers of their counts; residents are their own base."""
    share = (cells["indicator"] != POPULATION).to_numpy()
    of = cells[share]
    shown = of["numerator"].mask(of["hidden"])
    numerator, rest = base.copy(), np.full(len(cells), NONE)
    numerator[share] = making.new(*rounded_from(shown, protection))
    least = np.where(of["hidden"], 0, protection.threshold)
    rest[share] = making.new(least, np.full(len(of), MOST))
    both = pd.DataFrame({"of": range(len(of)), "whole": base[share], "n": numerator[share]})
    making.add(CELLS, both, rest[share])
    columns = [*CELL, "source", "hidden"]
    return cells[columns].assign(numerator=numerator, rest=rest, denominator=base)


def _counts(sides: pd.DataFrame, bases: pd.DataFrame) -> pd.DataFrame:
    """Return every count so far once: ``PLACE, what, n``."""
    shares = sides[sides["rest"] != NONE]
    named = [
        shares[PLACE].assign(what=shares["indicator"] + f" {side}", n=shares[side])
        for side in ("numerator", "rest")
    ]
    base = bases[PLACE].assign(what=bases["what"] + " base", n=bases["n"])
    return pd.concat([*named, base], ignore_index=True)


def _linked(
    parts: pd.DataFrame, wholes: pd.DataFrame, on: list[str], apart: list[str]
) -> pd.DataFrame:
    """Return parts with the `whole` that has the same codes, and `of`, the number of the sum.

    Parameters
    ----------
    apart
        Columns of the parts that make several sums of one whole.
    """
    whole = wholes[on].assign(whole=wholes["n"])
    both = parts.merge(whole, on=on)
    both["of"] = both.groupby(["whole", *apart], sort=True).ngroup()
    return both.sort_values(["of", "n"], ignore_index=True)


def _add(
    making: Making,
    kind: int,
    linked: pd.DataFrame,
    expected: pd.Series[int],
    *,
    doubt: int = SURE,
) -> None:
    """Add sums, and what is left over in them: nothing where they have all parts `expected`.

    Parameters
    ----------
    linked
        With ``belief``, by which they are believed to be complete together.
    """
    size = linked.groupby("of")["n"].transform("size")
    first = linked.assign(size=size, expected=expected).loc[~linked["of"].duplicated()]
    complete = (first["size"] >= first["expected"]).to_numpy(dtype=bool)
    making.add(kind, linked, making.left_over(complete, first["belief"], doubt=doubt))


def _of_sexes(making: Making, counts: pd.DataFrame) -> None:
    plain = counts[counts["group_by"] == ""]
    everyone = plain["sex"] == EVERYONE
    on = [name for name in _SAME if name != "sex"]
    linked = _linked(plain[~everyone], plain[everyone], on, [])
    linked["belief"] = linked["source"]
    _add(making, SEXES, linked, pd.Series(_BOTH, index=linked.index))


def _of_bands(making: Making, counts: pd.DataFrame, meaning: Meaning) -> None:
    bands = counts[counts["group_by"] != ""]
    plain = counts[(counts["group_by"] == "") & (counts["sex"] == EVERYONE)]
    on = [name for name in _SAME if name not in ("group_by", "group")]
    linked = _linked(bands, plain, on, ["group_by"])
    linked["belief"] = linked["source"] + "\0" + linked["group_by"]
    known = pd.MultiIndex.from_frame(linked[["source", "group_by"]]).isin(list(meaning.bands))
    several = linked.groupby(["source", "group_by"])["group"].transform("nunique")
    _add(making, BANDS, linked, several.where(known, len(counts)))


def _of_areas(making: Making, counts: pd.DataFrame, lying: Lying) -> None:
    """Say what small areas sum to; of one in several larger ones some part lies in each."""
    small = counts[counts["level"] == lying.level]
    large = counts[(counts["level"] == lying.larger) & ~counts["area"].isin([CITY, RESIDUAL])]
    targets = lying.pairs.groupby("small")["large"].transform("size")
    placed = small.merge(lying.pairs.assign(split=targets > 1), left_on="area", right_on="small")
    split = placed[placed["split"]].sort_values(["n", "large"])
    if len(split):
        none = np.zeros(len(split), dtype=np.int64)
        some = making.new(none, none + MOST)
        parts = pd.DataFrame({"of": split["n"].factorize()[0], "whole": split["n"], "n": some})
        making.add(AREAS, parts)
        placed.loc[split.index, "n"] = some
    on = [name for name in _SAME if name != "level"]
    linked = _linked(placed.assign(area=placed["large"]).drop(columns="level"), large, on, [])
    # Whether slivers are empty is seen area by area.
    linked["belief"] = "" if lying.exact else linked["area"]
    expected = linked["area"].map(lying.pairs.groupby("large").size())
    _add(making, AREAS, linked, expected, doubt=SURE if lying.exact else ROUGH)


def _of_city(making: Making, counts: pd.DataFrame) -> None:
    own = counts[counts["level"] == OWN]
    city = own["area"] == CITY
    on = [name for name in _SAME if name != "area"]
    linked = _linked(own[~city], own[city], on, [])
    linked["belief"] = linked["source"]
    left = (linked["area"] == RESIDUAL).groupby(linked["of"]).transform("any")
    several = pd.Series(linked["area"].nunique(), index=linked.index)
    # Without the residual nobody knows how many live beyond the areas.
    _add(making, AREAS, linked, several.where(left, len(counts)))
