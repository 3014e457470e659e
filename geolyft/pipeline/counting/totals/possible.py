"""Totals that cannot be: sums among their parts, negative counts, parts above their totals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.certainty.noise import reach
from geolyft.errors import JoinError, ReadError, brief, content
from geolyft.frames import POPULATION
from geolyft.indicators.measures import counts_of_totals
from geolyft.indicators.selection import listed
from geolyft.join.small_areas import refuse_unknown
from geolyft.pipeline.counting.totals.rows import PEOPLE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from geolyft.certainty.noise import Noise
    from geolyft.divisions.codes import Matched
    from geolyft.divisions.crosswalks import Crosswalk
    from geolyft.indicators.measures import Measure
    from geolyft.pipeline.counting.ledger import Edition
    from geolyft.pipeline.counting.totals.rows import Picked
    from geolyft.run_file.config import Config

    Pair = tuple[pd.Series[float], pd.Series[float], float, str]

_ROUNDING: Final = 1e-9
_NEAR: Final = 0.01
"""A residual within this of all the rest is their sum, whatever noise has made of it."""
_FEWEST: Final = 2
_NOISE: Final = "say the publisher's noise with [[uncertainty.noise]] cell_sd"


@dataclass(frozen=True, kw_only=True)
class Plausible:
    """What a source's figures may be, with the noise that its publisher has put in them.

    Parameters
    ----------
    perturbed
        Whether the publisher has protected them.
    """

    edition: Edition
    crosswalk: Crosswalk
    noise: Sequence[Noise]
    perturbed: bool

    @classmethod
    def of(cls, config: Config, edition: Edition, crosswalk: Crosswalk) -> Plausible:
        """Return the bounds of an edition of a run."""
        return cls(
            edition=edition,
            crosswalk=crosswalk,
            noise=config.uncertainty.noise,
            perturbed=edition.source.name in config.perturbed(),
        )

    def check_sums(self, picked: Picked, matched: Matched, residual: Sequence[str]) -> None:
        """Refuse rows that no area has, and sums that would count twice.

        Raises
        ------
        JoinError
            ``join-unknown``.
        ReadError
            ``read-sum-row``.
        """
        where, odd = self.edition.path.name, [*matched.larger, *matched.unknown]
        sums = [code for code in odd if self._is_sum(picked, code, odd, _ROUNDING)]
        for code in matched.unknown:
            if code in sums:
                which = f"area code {content(code)}"
                what = f"{which} is not in the crosswalk but the sum of the others"
                raise ReadError("read-sum-row", what, remedy=_leave_out(code), where=where)
        unknown = [code for code in odd if code not in sums]
        if unknown:
            given = len(matched.found) + len(odd)
            remedy = self._way_out(picked, unknown, odd)
            refuse_unknown(unknown, given, self.crosswalk, remedy=remedy, where=where)
        rest = picked.without(odd)
        for code in residual:
            if any(self._is_sum(rest, code, {code, *left}, _NEAR) for left in ((), residual)):
                what = f"area code {brief(code)} of residual is the sum of the others"
                remedy = f"take it out of residual, where it counts twice, and {_leave_out(code)}"
                raise ReadError("read-sum-row", what, remedy=remedy, where=where)

    def _way_out(self, picked: Picked, unknown: Sequence[str], odd: Sequence[str]) -> str:
        """Offer the residual for no row that is larger than every area."""
        for _, _, column in picked.figures():
            largest = column[~column.index.isin(list(odd))].max()
            for code in unknown:
                if code in column and column[code] > largest:
                    return f"{_leave_out(code)} if it should not count; if it is a total, {_NOISE}"
        return (
            "correct them, or list them in residual if they count in the city and in no area, or "
            "in leave_out if they do not count"
        )

    def _is_sum(self, picked: Picked, code: str, left: Collection[str], tolerance: float) -> bool:
        """Say whether a row is the sum of all but some, in each column that has all its parts."""
        seen = False
        for block, name, column in picked.figures():
            others = column[~column.index.isin(list(left))]
            if code not in column or len(others) < _FEWEST:
                return False
            if self._is_share(block, name) or pd.isna(column[code]):
                continue
            summed = float(others.sum())
            allowed = self._reach(block, name, len(others) + 1) + tolerance * abs(summed)
            # With a part hidden, all that is known is that the sum is no less than the rest.
            if others.notna().all() and column[code] > summed + allowed:
                return False
            if column[code] < summed - allowed:
                return False
            seen = seen or summed > 0
        return seen

    def check_counts(self, picked: Picked) -> None:
        """Refuse negative figures, shares above 100 per cent, and parts above their totals.

        Raises
        ------
        JoinError
            ``aggregate-negative`` or ``aggregate-share``, when noise does not explain it.
        """
        where, people = self.edition.path.name, self.edition.source.people
        for block, name, column in picked.figures():
            # Residents are shown as they are, so that no noise excuses fewer than none.
            excused = block != PEOPLE
            allowed = self._reach(block, name, assumed=False) if excused else 0.0
            what = f"column {brief(name if excused else str(people[name]), 60)} is negative"
            wrong = column < -allowed - _ROUNDING
            _refuse(wrong, "aggregate-negative", what, where, excused=excused)
        for part, whole, allowed, what in self._pairs(picked):
            beyond = part > whole + allowed + _ROUNDING * whole.abs()
            _refuse(beyond, "aggregate-share", what, where)

    def _pairs(self, picked: Picked) -> Iterator[Pair]:
        """Yield each part and its total, by how much it may exceed that, and what is wrong then."""
        for n, measure in enumerate(self.edition.source.measures):
            plain = measure.model_copy(update={"complement": False})
            counts = counts_of_totals(picked.blocks[str(n)], plain)
            allowed = self._reach(str(n), assumed=not measure.share)
            yield counts["numerator"], counts["denominator"], allowed, _above(measure)
        people = picked.blocks.get(PEOPLE)
        if people is None:
            return
        for name in people.columns.drop(POPULATION):
            allowed = self._reach(PEOPLE, POPULATION)
            yield people[name], people[POPULATION], allowed, f"{name} are above population"

    def _is_share(self, block: str, name: str) -> bool:
        return block != PEOPLE and self.edition.source.measures[int(block)].share == name

    def _reach(
        self, block: str, name: str = "", cells: float = 1, *, assumed: bool = True
    ) -> float:
        """Return by how many persons noise may carry a figure off."""
        source, indicator, reference = self.edition.source, name, self.edition.reference
        if block != PEOPLE:
            measure = source.measures[int(block)]
            indicator, reference = measure.indicator, measure.reference or reference
        row = {"source": [source.name], "indicator": [indicator], "reference": [reference]}
        known = [source.name] if self.perturbed and assumed else []
        return float(reach(pd.DataFrame(row), self.noise, cells, perturbed=known).iloc[0])


def _leave_out(code: str) -> str:
    return (
        "list it in leave_out"
        if content(code) != brief(code)
        else (f'list it in leave_out = ["{brief(code)[1:-1]}"]')
    )


def _above(measure: Measure) -> str:
    if measure.share:
        return f"{measure.indicator}: column {brief(measure.share)} is above 100 per cent"
    part, whole = (
        listed([str(each) for each in columns or ()])
        for columns in (measure.numerator, measure.denominator)
    )
    return f"{measure.indicator}: {part} is above {whole}"


def _refuse(
    wrong: pd.Series[bool], code: str, what: str, where: str, *, excused: bool = True
) -> None:
    if wrong.any():
        what = f"{what} in {int(wrong.sum())} of {len(wrong)} areas, first {brief(wrong.idxmax())}"
        remedy = f"check the columns, or {_NOISE}" if excused else "correct the table"
        raise JoinError(code, what, remedy=remedy, where=where)
