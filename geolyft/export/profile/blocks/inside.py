"""What goes on inside an area: its small areas, and the pockets that its mean does not show."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geolyft.export.figures.cells import area_order, float_of
from geolyft.export.figures.names import NONE
from geolyft.export.figures.reader import around, reader_of
from geolyft.export.figures.schemes import INDEX
from geolyft.export.html.charts import strip_row
from geolyft.export.html.maps import pocket_map, tolerance
from geolyft.export.profile.figures import Block, round_scale
from geolyft.export.profile.sentences import say
from geolyft.frames import CITY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

    from geolyft.export.figures.reader import Reader
    from geolyft.export.publication import Publication

COVERAGE: Final = 0.8
"""Share of the residents who live where there is a figure: a mean of fewer is another area's."""
_HARDLY_ANY: Final = 0.1
_MOST: Final = 8
"""Pockets in the table; the rest are counted."""


class Insides:
    """The small areas of a publication, worked out once: the finest level that it has."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._rows = reader.rows("inuti", period=reader.period)
        self._pockets = reader.rows("fickor", period=reader.period)
        counts: dict[str, float] = {}
        for row in self._rows:
            level = str(row["level"])
            counts[level] = counts.get(level, 0.0) + (float_of(row["n_small"]) or 0.0)
        self._level = max(counts, key=lambda level: (counts[level], level), default="")

    @cached_property
    def name(self) -> str:
        """What one small area is called."""
        division = re.sub(r"\d+$", "", self._level)
        return self._reader.words.section("level").get(division, self._level)

    @cached_property
    def _small(self) -> Publication | None:
        """The same result on the small areas, for their figures and shapes."""
        inner = self._reader.publication.inner
        return next((each for each in inner if self._level.startswith(each.division)), None)

    @cached_property
    def _homes(self) -> Mapping[str, list[str]]:
        """The small areas of each area: those whose middle lies in it."""
        if self._small is None:
            return {}
        codes = area_order(self._small.areas.index)
        points = self._small.areas.geometry.loc[codes].representative_point().to_numpy()
        whole = self._reader.publication.areas.to_crs(self._small.areas.crs)
        shapes = whole.geometry.loc[self._reader.codes].to_numpy()
        homes: dict[str, list[str]] = {}
        points_at, shapes_at = shapely.STRtree(shapes).query(points, predicate="intersects")
        for point, shape in zip(points_at, shapes_at, strict=True):
            homes.setdefault(self._reader.codes[shape], []).append(codes[point])
        return homes

    @cached_property
    def _values(self) -> Mapping[tuple[str, str], float]:
        """The score of each small area (second) in the index or a dimension (first)."""
        if self._small is None:
            return {}
        index = self._small.index
        rows = index[index["period"] == self._reader.period].to_dict("records")
        known = ((what, row) for row in rows for what in self._reader.whats)
        return {
            (what, str(row["area"])): value
            for what, row in known
            if (value := float_of(row[what])) is not None
        }

    @cached_property
    def _axis(self) -> tuple[float, float]:
        return around([*self._values.values(), 100.0])

    def of(self, area: str) -> Block | None:
        """Return what small areas say of an area; nothing where a run has none."""
        reader, rows = self._reader, self._of_area(self._rows, area)
        if not rows:
            return None
        shares = _coverage(rows)
        known = {str(row["what"]): row for row in rows if shares[str(row["what"])] >= COVERAGE}
        whats = [what for what in reader.whats if what in known]
        pockets = self._in_pockets(area, set(known))
        # A pocket in one indicator alone may be chance.
        several = [code for code in pockets if len(self._indicators(pockets[code])) > 1]
        sure = self._sure(area, set(known))
        return Block(
            level=self.name,
            strips=[self._strip(area, what, known[what], pockets) for what in whats],
            scale=round_scale(reader, self._axis, say(reader, "inside_axis", level=self.name)),
            few=self._few(shares),
            pockets=[self._pocket(code, pockets[code], area, sure) for code in several[:_MOST]],
            more=len(pockets) - len(several[:_MOST]),
            has_any=bool(pockets),
            sure=self._how_sure(pockets, sure),
            chart=self._map(area, several[:_MOST], sure),
            has_unsure=sure is not None and not sure.keys() >= set(several[:_MOST]),
        )

    def _of_area(self, rows: Sequence[dict[str, object]], area: str) -> list[dict[str, object]]:
        return [row for row in rows if row["area"] == area and row["level"] == self._level]

    def _few(self, shares: Mapping[str, float]) -> list[str]:
        """Say which dimensions have too few figures inside the area to be shown."""
        reader = self._reader
        few = [what for what in reader.whats if shares.get(what, COVERAGE) < COVERAGE]
        return [
            say(
                reader,
                "inside_few" if shares[what] >= _HARDLY_ANY else "inside_none_known",
                what=reader.label(what),
                coverage=reader.words.percent(100 * shares[what], decimals=0),
                level=self.name,
            )
            for what in few
        ]

    def _in_pockets(self, area: str, known: set[str]) -> dict[str, list[str]]:
        """Return each pocket of an area and in what, those in most first."""
        where: dict[str, list[str]] = {}
        order = [*self._reader.whats, *self._reader.publication.catalogue.codes]
        for row in self._of_area(self._pockets, area):
            if str(row["what"]) in known:
                where.setdefault(str(row["small"]), []).append(str(row["what"]))
        for whats in where.values():
            whats.sort(key=order.index)
        return dict(
            sorted(where.items(), key=lambda item: (-len(self._indicators(item[1])), item[0]))
        )

    def _sure(self, area: str, known: set[str]) -> dict[str, set[str]] | None:
        """Return in what each pocket is a sure one; nothing where the run cannot tell."""
        rows = self._of_area(self._pockets, area)
        told = [row for row in rows if isinstance(row["sure"], bool | np.bool_)]
        sure: dict[str, set[str]] = {}
        for row in told:
            if row["sure"] and row["what"] in known:
                sure.setdefault(str(row["small"]), set()).add(str(row["what"]))
        return sure if told else None

    def _how_sure(
        self, pockets: Mapping[str, Sequence[str]], sure: Mapping[str, set[str]] | None
    ) -> str:
        if sure is None:
            return ""
        parts = {"n": len(pockets), "sure": len(sure), "level": self.name}
        return say(self._reader, "inside_sure", **parts)

    def _indicators(self, where: Sequence[str]) -> list[str]:
        return [what for what in where if what not in self._reader.whats]

    def _strip(
        self, area: str, what: str, row: Mapping[str, object], pockets: Mapping[str, Sequence[str]]
    ) -> Block:
        reader, number = self._reader, self._reader.words.number
        values = self._scores_in(area, what)
        mean, tenth = float_of(row["average"]), float_of(row["worst_tenth_population"])
        ends = (number(min(values)), number(max(values))) if values else ("", "")
        depths = [
            value
            for each in self._of_area(self._pockets, area)
            if each["what"] == what and (value := float_of(each["value"])) is not None
        ]
        n = reader.words.count(float_of(row["n_small"]))
        parts = {"n": n, "level": self.name, "low": ends[0], "high": ends[1]}
        return Block(
            label=reader.label(what),
            chart=strip_row(
                values,
                axis=self._axis,
                reference=reader.value(what, CITY),
                mean=mean,
                below=max(depths, default=None),
                name=say(
                    reader, "inside_name", what=reader.label(what), mean=number(mean), **parts
                ),
            ),
            count=n,
            span="–".join(ends) if values else "",
            mean=number(mean),
            tenth="" if tenth is None else reader.words.percent(100 * tenth, decimals=0),
            pockets=reader.words.count(sum(what in where for where in pockets.values())),
        )

    def _scores_in(self, area: str, what: str) -> list[float]:
        homes = self._homes.get(area, [])
        return sorted(self._values[what, code] for code in homes if (what, code) in self._values)

    def _pocket(
        self, code: str, where: Sequence[str], area: str, sure: Mapping[str, set[str]] | None
    ) -> Block:
        reader = self._reader
        held = [what for what in where if what in (sure or {}).get(code, ())]
        rows = self._of_area(self._pockets, area)
        people = next(float_of(row["population"]) for row in rows if row["small"] == code)
        return Block(
            title=self._title(code),
            residents=reader.words.count(people),
            where=self._named(where),
            sure=self._named(held) or NONE,
        )

    def _title(self, code: str) -> str:
        """Return a pocket's name and code: a table of pockets may know areas that have no shape."""
        if self._small is None or code not in self._small.areas.index:
            return code
        return reader_of(self._small).small_title(code)

    def _named(self, whats: Sequence[str]) -> str:
        reader = self._reader
        scores = [reader.label(what) for what in whats if what in reader.whats and what != INDEX]
        return ", ".join([*scores, *self._indicators(whats)])

    def _map(
        self, area: str, numbered: Sequence[str], sure: Mapping[str, set[str]] | None
    ) -> Markup | None:
        """Draw where the pockets lie; without pockets or shapes there is nothing to draw."""
        if self._small is None or not numbered:
            return None
        inner = self._small.areas.to_crs(self._reader.publication.areas.crs).geometry
        codes = [*dict.fromkeys([*self._homes.get(area, []), *numbered])]
        codes = [code for code in codes if code in inner.index]
        whole = self._reader.publication.areas.geometry.loc[area]
        loss = tolerance([whole])
        shapes = shapely.coverage_simplify(inner.loc[codes].to_numpy(), tolerance=loss)
        return pocket_map(
            shapely.simplify(whole, loss),
            dict(zip(codes, shapes, strict=True)),
            numbered,
            unsure=[] if sure is None else [code for code in numbered if code not in sure],
            name=say(self._reader, "inside_map", n=len(numbered), level=self.name),
        )


def _coverage(rows: Sequence[Mapping[str, object]]) -> dict[str, float]:
    """Return the share of an area's residents who live where there is a figure.

    Small areas that have no row at all are not in a row's own coverage, so it is taken of the
    most residents that any row knows of.
    """
    people = {str(row["what"]): float_of(row["population"]) or 0.0 for row in rows}
    everyone = max(people.values(), default=0.0)
    return {
        str(row["what"]): people[str(row["what"])] * (float_of(row["coverage"]) or 0.0) / everyone
        if everyone
        else 0.0
        for row in rows
    }
