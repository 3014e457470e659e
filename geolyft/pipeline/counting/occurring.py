"""Which texts occur in the columns whose texts a run names, as far as that may be kept and said."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from geolyft.errors import ConfigError, GeolyftWarning, brief
from geolyft.indicators.categories import name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    import pandas as pd

    from geolyft.pipeline.counting.ledger import Edition
    from geolyft.run_file.sources import Source

_FEW: Final = 12
"""With more texts than these a column may be of names or notes: none is kept that is not asked."""


@dataclass(frozen=True, kw_only=True)
class Occurring:
    """The texts of one column, and of how many rows; those of several batches are added.

    Parameters
    ----------
    asked
        The texts that the run names, in lower case. Whatever differs from them in case alone is
        kept; of all others at most a few.
    many
        Whether there were more than a few others, of which then none is kept.
    """

    asked: frozenset[str]
    rows: Mapping[str, int]
    many: bool = False

    def __add__(self, other: Occurring) -> Occurring:
        """Return what occurs in both, in whatever order they come."""
        every = [*dict.fromkeys([*self.rows, *other.rows])]
        rows = {text: self.rows.get(text, 0) + other.rows.get(text, 0) for text in every}
        return replace(self, rows=rows, many=self.many or other.many).bounded()

    def beside(self, other: Occurring) -> Occurring:
        """Return what occurs in two files, which may be of the same persons."""
        every = [*dict.fromkeys([*self.rows, *other.rows])]
        rows = {text: max(self.rows.get(text, 0), other.rows.get(text, 0)) for text in every}
        return replace(self, rows=rows, many=self.many or other.many).bounded()

    def bounded(self) -> Occurring:
        """Return it without others, where these are more than a few."""
        asked = {text: count for text, count in self.rows.items() if text.casefold() in self.asked}
        many = self.many or len(self.rows) - len(asked) > _FEW
        return replace(self, rows=asked, many=True) if many else self

    def said(self, texts: Collection[str], threshold: int) -> str:
        """Say what there is instead of the texts: a few of which each is common, or how many."""
        near = {name_of(text).casefold() for text in texts}
        like = [text for text in self.rows if text.casefold() in near]
        common = not self.many and min(self.rows.values(), default=0) >= threshold
        if like or (common and len(self.rows) <= _FEW):
            return f"it has {_listed(sorted(self.rows if common else like))}"
        if self.many:
            return f"it has more than {_FEW} others"
        return f"it has {len(self.rows)} others" if self.rows else "it is empty"


def occurring_in(column: pd.Series, texts: Iterable[str]) -> Occurring:
    """Return the texts of a column of categories.

    Examples
    --------
    >>> dict(occurring_in(pd.Series(["ja", "ja", "nej"], dtype="category"), ["Ja"]).rows)
    {'ja': 2, 'nej': 1}
    """
    cells = column.cat
    counts = np.bincount(cells.codes + 1, minlength=len(cells.categories) + 1)[1:]
    asked = frozenset(name_of(text).casefold() for text in texts)
    rows = {
        str(text): int(count)
        for text, count in zip(cells.categories, counts, strict=True)
        if count and (text or text in asked)
    }
    return Occurring(asked=asked, rows=rows).bounded()


def merged(
    a: Mapping[str, Occurring],
    b: Mapping[str, Occurring],
    how: Callable[[Occurring, Occurring], Occurring],
) -> dict[str, Occurring]:
    """Return what occurs in the columns of both."""
    return {**a, **{name: how(a[name], each) if name in a else each for name, each in b.items()}}


def check_texts(source: Source, occurring: Mapping[str, Occurring], *, threshold: int) -> None:
    """Refuse a condition of which no text occurs, and warn of texts that do not, or almost.

    Raises
    ------
    ConfigError
        ``run-texts``.
    """
    for column, texts in sorted(source.named_texts()):
        found = occurring[column]
        absent = [text for text in map(name_of, texts) if text not in found.rows]
        if len(absent) == len(texts):
            what = f"has none of {_listed(texts)}: {found.said(texts, threshold)}"
            raise _refusal("run-texts", f"column {brief(column)} {what}", source.name)
        if absent:
            _warn(f"{source.name}: column {brief(column)} has no {_listed(absent)}")
        _warn_of_case(found, texts, f"{source.name}: column {brief(column)}")


def check_sexes(edition: Edition, occurring: Mapping[str, Occurring], *, threshold: int) -> None:
    """Refuse an edition without women or without men.

    Raises
    ------
    ConfigError
        ``run-sex``.
    """
    sex = edition.source.sex
    if sex is None:
        return
    found, texts = occurring[sex.column], [sex.women, sex.men]
    absent = [text for text in map(name_of, texts) if text not in found.rows]
    if absent:
        what = f"lacks {_listed(absent)}: {found.said(texts, threshold)}"
        raise _refusal("run-sex", f"column {brief(sex.column)} {what}", edition.path.name)
    _warn_of_case(found, texts, f"{edition.path.name}: column {brief(sex.column)}")


def warn_of_twins(groups: Collection[str], *, where: str) -> None:
    """Warn of groups whose names differ in case alone.

    Examples
    --------
    >>> with warnings.catch_warnings(record=True, action="always") as warned:
    ...     warn_of_twins(["Hyra", "hyra", "äga"], where="boende")
    >>> str(warned[0].message)
    "boende: 'Hyra' and 'hyra' are two groups, and differ in case alone"
    """
    known: dict[str, str] = {}
    for group in groups:
        first = known.setdefault(group.casefold(), group)
        if first != group:
            what = f"{brief(first)} and {brief(group)} are two groups, and differ in case alone"
            _warn(f"{where}: {what}")


def _warn_of_case(found: Occurring, texts: Collection[str], where: str) -> None:
    wanted = {text.casefold(): text for text in map(name_of, texts)}
    for text in sorted(set(found.rows).difference(map(name_of, texts))):
        if text.casefold() in wanted:
            near = wanted[text.casefold()]
            _warn(f"{where} has {brief(text)} beside {brief(near)}, and only the latter counts")


def _refusal(code: str, what: str, where: str) -> ConfigError:
    return ConfigError(
        code, what, remedy="name the texts that the file uses, letter for letter", where=where
    )


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(map(brief, texts))


def _warn(message: str) -> None:
    warnings.warn(message, GeolyftWarning, stacklevel=4)
