"""What became of plans, efforts and problems between two deliveries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import pandas as pd

from geolyft.pipeline.opened import Delivered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geolyft.read.delivery import Delivery

Became = Literal["new", "same", "changed", "another plan", "gone"]
COLUMNS: Final = ["kind", "id", "title", "became", "before", "after"]


class _Kind(NamedTuple):
    """A table whose rows are followed: what names a row, what it is called and what is said."""

    kind: str
    table: str
    key: tuple[str, ...]
    title: str
    said: str
    mark: str = ""


_KINDS: Final = (
    _Kind("plan", "effekter", ("plan_id",), "plan", "ord", mark="avtryck"),
    _Kind("effort", "insatser", ("insats_id", "namnd"), "namn", "status_nu"),
    _Kind("problem", "lagesbild", ("area", "typ"), "typ", "lage"),
)


def became(before: Delivery, after: Delivery) -> pd.DataFrame:
    """Return what became of each plan, effort of a board, and problem of an area.

    Returns
    -------
    pandas.DataFrame
        ``kind`` (plan, effort, problem), ``id``, ``title``, ``became`` (new, same, changed, another
        plan, gone), ``before`` and ``after``: the verdict of a plan, the status of an effort,
        whether something is done about a problem. Another plan has the id and not the fingerprint.

    Raises
    ------
    ReadError
        ``verify-differs`` when a table is not as it was delivered.
    """
    rows = [row for kind in _KINDS for row in _followed(kind, before, after)]
    return pd.DataFrame(rows, columns=COLUMNS, dtype="str")


def _followed(kind: _Kind, before: Delivery, after: Delivery) -> Iterator[tuple[str, ...]]:
    then, now = (_rows(kind, each) for each in (before, after))
    for key in dict.fromkeys([*then.index, *now.index]):
        was = then.loc[key] if key in then.index else None
        comes = now.loc[key] if key in now.index else None
        shown = comes if comes is not None else was
        if shown is not None:
            texts = ("" if each is None else str(each["said"]) for each in (was, comes))
            yield kind.kind, str(key), str(shown["title"]), _word(was, comes), *texts


def _word(was: pd.Series | None, comes: pd.Series | None) -> Became:
    if was is None:
        return "new"
    if comes is None:
        return "gone"
    if was["mark"] != comes["mark"]:
        return "another plan"
    return "same" if was["said"] == comes["said"] else "changed"


def _rows(kind: _Kind, delivery: Delivery) -> pd.DataFrame:
    """Return ``title, said, mark`` by key; none of a delivery without the table."""
    if f"tabeller/{kind.table}.csv" not in delivery.listed:
        return pd.DataFrame(columns=["title", "said", "mark"])
    said = Delivered(files=delivery).tables[kind.table].astype("object")
    table = said.where(said.notna(), "").astype("str").drop_duplicates([*kind.key])
    frame = pd.DataFrame(
        {
            "title": table[kind.title],
            "said": table[kind.said],
            "mark": table[kind.mark] if kind.mark else "",
        }
    )
    return frame.set_axis(pd.Index(table[[*kind.key]].agg("/".join, axis=1)))
