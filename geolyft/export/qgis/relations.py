"""Relations of a project: from an area of the latest period to its rows in every table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geolyft.export.qgis.document import element, identifier

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from xml.etree.ElementTree import Element

    from geolyft.export.qgis.entries import ProjectLayer

_AREA: Final = "area"
_PERIOD: Final = "period"


@dataclass(frozen=True)
class Relation:
    """Rows of a table that are of one area, and of one period where the table has several.

    Parameters
    ----------
    pairs
        A column of the table, and that of the areas which it holds.
    """

    name: str
    table_id: str
    areas_id: str
    pairs: tuple[tuple[str, str], ...]

    @property
    def key(self) -> str:
        """Its id, the same in every run."""
        return identifier("relation", self.table_id, self.areas_id)

    def element(self) -> Element:
        """Return it as a project keeps it."""
        pairs = [
            element("fieldRef", referencingField=theirs, referencedField=ours)
            for theirs, ours in self.pairs
        ]
        return element(
            "relation",
            *pairs,
            id=self.key,
            name=self.name,
            referencingLayer=self.table_id,
            referencedLayer=self.areas_id,
            strength="Association",
        )


def relations(named: Sequence[tuple[ProjectLayer, str]]) -> list[Relation]:
    """Return the relations from the areas with names, which every map theme shows, to tables."""
    areas = next(((e, layer_id) for e, layer_id in named if e.role == "outline"), None)
    return [] if areas is None else [*_from(*areas, named)]


def _from(
    areas: ProjectLayer, areas_id: str, named: Sequence[tuple[ProjectLayer, str]]
) -> Iterator[Relation]:
    code = f"{areas.layer.level}_kod"
    for entry, layer_id in named:
        columns = {field.name for field in entry.layer.fields}
        theirs = next((each for each in (_AREA, code) if each in columns), None)
        if entry.role == "table" and theirs is not None:
            period = ((_PERIOD, _PERIOD),) if _PERIOD in columns else ()
            yield Relation(entry.name, layer_id, areas_id, ((theirs, code), *period))
