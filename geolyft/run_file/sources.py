"""What a run file says of one source: where its file is, how to read it, and what it counts."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self

import pandas as pd
from pydantic import Field, StringConstraints, model_validator

from geolyft.form import Form
from geolyft.frames import CHILDREN, POPULATION
from geolyft.indicators.catalogue import Code
from geolyft.indicators.categories import categories_of, name_of
from geolyft.indicators.measures import Condition, Measure, lies_within, refuse_cut
from geolyft.indicators.selection import Selection, Where, selected
from geolyft.rasters.band import BandSettings
from geolyft.rasters.statistics import Method
from geolyft.run_file.postgis import Line, TableSettings

if TYPE_CHECKING:
    from geolyft.frames import Floats

Period = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z_-]{0,19}$")]


class SexColumn(Form):
    """The column that holds a person's sex, and the texts it uses."""

    column: str
    women: str
    men: str

    @model_validator(mode="after")
    def _tells_two(self) -> Self:
        if name_of(self.women) == name_of(self.men):
            raise ValueError("women and men are one text")
        return self


class GroupColumn(Form):
    """A column of points by which figures are also told apart.

    Parameters
    ----------
    column
        Texts, each a group; or numbers with `breaks`.
    breaks
        Ascending; they cut numbers into bands such as ``<30``, ``30-<45`` and ``45+``. With bands
        the difference to the city is also parted into rate and composition.

    Examples
    --------
    >>> age = GroupColumn(column="age", breaks=(30, 45))
    >>> age.labels(pd.Series([29.0, 30, 44, 45, float("nan")])).tolist()[:4]
    ['<30', '30-<45', '30-<45', '45+']
    """

    column: str
    breaks: tuple[float, ...] = ()

    @model_validator(mode="after")
    def _ascends(self) -> Self:
        if list(self.breaks) != sorted(set(self.breaks)):
            raise ValueError("breaks must be ascending")
        return self

    @property
    def bands(self) -> list[str]:
        """The groups that breaks make; none where each text is one."""
        if not self.breaks:
            return []
        inner = [f"{low:g}-<{high:g}" for low, high in pairwise(self.breaks)]
        return [f"<{self.breaks[0]:g}", *inner, f"{self.breaks[-1]:g}+"]

    def labels(self, values: pd.Series, last: Floats | None = None) -> pd.Series:
        """Return each row's group as a category, none where the value is missing.

        Raises
        ------
        ConfigError
            ``run-ages`` when a break lies within a class of ages, from a value to its `last`.
        """
        if not self.breaks:
            return categories_of(values)
        edges = [-float("inf"), *self.breaks, float("inf")]
        if last is not None:
            refuse_cut(values, last, first_in=self.breaks)
        return pd.cut(values, edges, right=False, labels=self.bands)


class RasterSettings(BandSettings):
    """What has to be said of a raster, see `geolyft.zonal_statistics`.

    Parameters
    ----------
    weights
        A raster of counts, such as residents, named as `Source.file` is. Without it square metres
        of ground are counted.
    """

    weights: Line | None = None
    method: Method = "exact"
    min_coverage: Annotated[float, Field(ge=0, le=1)] = 0.95


class Sum(Form):
    """A total of a table and the parts it is published with.

    Parameters
    ----------
    cells
        Of how many published cells the parts are made; by default each row that is read is one.

    Examples
    --------
    >>> Sum(total="residents", parts=("women", "men"), cells=34).total
    'residents'
    """

    total: str | Selection
    parts: Annotated[tuple[str | Selection, ...], Field(min_length=1)]
    cells: Annotated[int, Field(ge=2)] | None = None


_ONLY_FOR: Final = {
    "totals": ("area", "crosswalk", "residual", "leave_out", "allow_absent", "where", "sums"),
    "points": ("x", "y", "crs", "sex", "groups", "id"),
    "raster": ("raster",),
}


_NAMES_COLUMNS: Final = ("area", "where", "population", "children", "lens", "sums")


def _filled(said: Any, period: str, reference: str) -> Any:  # noqa: ANN401 - any part of a form
    """Fill placeholders in every text of a part of a run file, names of columns included."""
    if isinstance(said, str):
        return said.replace("{period}", period).replace("{reference}", reference)
    if isinstance(said, Mapping):
        return {
            _filled(name, period, reference): _filled(each, period, reference)
            for name, each in said.items()
        }
    if isinstance(said, list | tuple):
        return [_filled(each, period, reference) for each in said]
    return said


Residents = str | Selection | dict[str, Condition]
"""Some of the residents: a column of totals, or the conditions that points meet."""


class Source(Form):
    """One file, or one file per edition, and what is counted in it.

    Parameters
    ----------
    file
        Relative to the run file; ``{period}`` and ``{reference}`` are filled in.
    postgis
        Instead: a table of a database. In its name they are filled in too.
    kind
        ``totals``: a row per small area, or several of which `where` picks. ``points``: a row per
        person with coordinates. ``raster``: a GeoTIFF in the areas' CRS.
    sheet, layer, encoding, separator, decimal, thousands, footer, skip_rows, hidden_rows, marks
        How to read it, see `geolyft.read.TextOptions`; found out where nothing is said. `marks`
        are added to SCB's.
    area, crosswalk, residual, leave_out, allow_absent
        Of totals: the column of area codes, the crosswalk to the run's areas or one per
        edition (none: the codes are theirs), codes without a place, codes of rows that do not
        count, and whether areas may lack a row.
    where
        Of totals: the values that other columns hold in the rows that are read.
    x, y, crs, sex, max_outside
        Of points: see `geolyft.read.read_points` and `geolyft.assign_points`.
    raster
        Of rasters: see `RasterSettings`.
    editions
        Which reference year each edition uses; by default each its own. Editions that are not
        named are not made from this source.
    groups
        Of points: names of groupings, such as ``alder``, and their columns.
    id
        Of points: the column by which a person is known again in another edition, so that it can be
        told what years have in common. Its values are kept nowhere.
    population
        Of totals: the column of residents. Of points: whether each row is a resident.
    children
        Of totals: the column of residents aged 0-17. Of points: the conditions they meet.
    lens
        The same for each other lens of the run, by its name.
    sums
        Of totals: totals and parts that both stand in the table, from which a publisher's noise is
        estimated where the run asks for that.
    protected_by
        Who has already protected these figures. Without it geolyft does.
    """

    name: Line
    file: Line | None = None
    postgis: TableSettings | None = None
    kind: Literal["totals", "points", "raster"]
    publisher: str = ""
    licence: str = ""
    note: str = ""
    protected_by: Line | None = None
    editions: dict[Period, Period] = Field(default_factory=dict)
    sheet: str | None = None
    layer: str | None = None
    encoding: str | None = None
    separator: str | None = None
    decimal: Literal[",", "."] | None = None
    thousands: str | None = None
    footer: Literal["detect", "keep"] = "detect"
    skip_rows: Annotated[int, Field(ge=0)] = 0
    hidden_rows: Literal["keep", "drop"] | None = None
    marks: dict[str, Literal["missing", "hidden", "zero"]] = Field(default_factory=dict)
    area: str | None = None
    crosswalk: str | dict[Period, str] | None = None
    residual: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()
    where: Where = Field(default_factory=dict)
    allow_absent: bool = False
    x: str | None = None
    y: str | None = None
    crs: int | None = None
    sex: SexColumn | None = None
    max_outside: Annotated[float, Field(ge=0, le=1)] = 0.05
    groups: dict[Code, GroupColumn] = Field(default_factory=dict)
    id: str | None = None
    raster: RasterSettings | None = None
    population: str | bool | Selection = False
    children: Residents | None = None
    lens: dict[Code, Residents] = Field(default_factory=dict)
    sums: tuple[Sum, ...] = ()
    measures: tuple[Measure, ...] = Field(default=(), alias="measure")

    @model_validator(mode="after")
    def _is_somewhere(self) -> Self:
        if (self.file is None) == (self.postgis is None):
            raise ValueError("a source needs file, or postgis: a table of a database")
        if self.postgis and self.is_raster:
            raise ValueError("a raster is a file: postgis is for tables and points")
        return self

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        points = self.kind == "points"
        for kind, names in _ONLY_FOR.items():
            given = [name for name in names if getattr(self, name) and kind != self.kind]
            if given:
                raise ValueError(f"{', '.join(given)}: for {kind} only, and kind is {self.kind}")
        if self.kind == "totals" and not self.area:
            raise ValueError("totals need area: the column of their codes")
        if self.population and (isinstance(self.population, bool) != points or self.is_raster):
            raise ValueError("population is a column of totals, or true for points")
        for name, each in self.among_residents.items():
            if isinstance(each, dict) != points or not self.population:
                what = "a column of totals or conditions of points, beside population"
                raise ValueError(f"{name} is {what}")
        if any(measure.kind != self.kind for measure in self.measures):
            raise ValueError(f"a measure does not fit kind {self.kind}")
        if not self.measures and not self.population:
            raise ValueError("a source needs a measure or population")
        return self

    @property
    def among_residents(self) -> dict[str, Residents]:
        """Whom each lens counts of the residents, by its column of people."""
        return {**({CHILDREN: self.children} if self.children else {}), **self.lens}

    @property
    def of_points(self) -> dict[str, dict[str, Condition]]:
        """The conditions of the lenses that count points."""
        of = self.among_residents
        return {name: each for name, each in of.items() if isinstance(each, dict)}

    @property
    def is_raster(self) -> bool:
        """Whether the file is a raster."""
        return self.kind == "raster"

    @property
    def is_open(self) -> bool:
        """Whether it counts people whom nobody has protected yet; ground needs no protection."""
        of_ground = self.is_raster and not (self.raster and self.raster.weights)
        return not self.protected_by and not of_ground

    def bases(self) -> list[tuple[str, str]]:
        """Return pairs of an indicator and what its base lies in: another's, or the population."""
        among = {m.indicator: m.among for m in self.measures if m.kind == "points"}
        wider = {**among, **({POPULATION: {}} if self.population is True else {})}
        return [
            (inner, outer)
            for inner, base in among.items()
            for outer, whole in wider.items()
            if lies_within(base, whole) and not lies_within(whole, base)
        ]

    def named_texts(self) -> set[tuple[str, tuple[str, ...]]]:
        """Return each column of points with the texts that one condition names in it."""
        conditions = [*self.of_points.values(), *(m.among for m in self.measures)]
        conditions += [measure.counted or {} for measure in self.measures]
        return {
            (column, condition.one_of)
            for each in conditions
            for column, condition in each.items()
            if condition.one_of is not None
        }

    def crosswalk_of(self, period: str) -> str | None:
        """Return the crosswalk of an edition, by name or file."""
        return self.crosswalk.get(period) if isinstance(self.crosswalk, dict) else self.crosswalk

    def reference(self, period: str) -> str | None:
        """Return the reference year an edition uses, or nothing where it has none."""
        return self.editions.get(period) if self.editions else period

    def units(self) -> dict[str, Literal["fraction", "per cent"]]:
        """Return the columns whose numbers are per cents whether their cells say so or not.

        Fractions are told by their measure: of a long table counts stand in the same column.
        """
        said = (measure for measure in self.measures if measure.unit == "per cent")
        return {measure.share: "per cent" for measure in said if measure.share}

    def of_edition(self, period: str, reference: str) -> Source:
        """Return the source with ``{period}`` and ``{reference}`` in names of totals filled in.

        In a measure that says which year it describes, that is the reference.
        """
        if self.kind != "totals":
            return self
        said = self.model_dump(by_alias=True, exclude_unset=True)
        for measure in said.get("measure", ()):
            measure.update(_filled(measure, period, measure.get("reference") or reference))
        named = {key: said[key] for key in _NAMES_COLUMNS if key in said}
        return Source.model_validate({**said, **_filled(named, period, reference)})

    @property
    def people(self) -> dict[str, Selection]:
        """Where a table of totals has residents, and those that lenses count."""
        said = {POPULATION: self.population, **self.among_residents}
        return {
            name: selected(each) for name, each in said.items() if isinstance(each, str | Selection)
        }

    @property
    def summed(self) -> list[Selection]:
        """Every total of `sums`, and every part."""
        return [selected(each) for of in self.sums for each in (of.total, *of.parts)]

    def wheres(self) -> list[Where]:
        """Return every `where` of the source, its people and its measures."""
        elements = (each for measure in self.measures for each in measure.totals)
        chosen = [*self.people.values(), *self.summed, *map(selected, elements)]
        return [self.where, *(m.where for m in self.measures), *(each.where for each in chosen)]

    def columns(self) -> tuple[set[str], set[str]]:
        """Return the columns to read, and those of them that hold numbers."""
        numbers = {column for measure in self.measures for column in measure.numbers}
        numbers |= {each.column for each in (*self.people.values(), *self.summed)}
        conditions = [each for of in self.of_points.values() for each in of.items()]
        numbers |= {column for column, condition in conditions if condition.numeric}
        numbers |= {group.column for group in self.groups.values() if group.breaks}
        columns = {*numbers, *(column for column, _ in conditions)}
        columns |= {*(group.column for group in self.groups.values())}
        columns |= {column for measure in self.measures for column in measure.columns}
        columns |= {column for each in self.wheres() for column in each}
        columns |= {self.area} if self.area else set()
        columns |= {self.sex.column} if self.sex else set()
        columns |= {self.id} if self.id else set()
        return columns, numbers
