"""What a run file and a catalogue say, as types of dicts. Do not edit: docs/typed.py writes it.

A dict with these keys stands for the file of the same content, see `geolyft.load_config` and
`geolyft.load_catalogue`.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Literal, Required, TypedDict


class IndexNameTable(TypedDict, total=False):
    """What the whole is called."""

    code: Required[str]
    name: Required[str]
    name_en: str


class DimensionTable(TypedDict, total=False):
    """A dimension of the index."""

    code: Required[str]
    name: Required[str]
    name_en: str
    weight: float


class QuestionTable(TypedDict, total=False):
    """Something only the owner of the index can decide."""

    text: Required[str]
    text_en: str
    readings: Required[Mapping[str, Literal["high", "low"]]]
    assumed: Required[str]


class IndicatorTable(TypedDict, total=False):
    """A share in per cent: what is counted, among whom, and which end is good."""

    code: Required[str]
    name: Required[str]
    name_en: str
    dimension: Required[str]
    short: str
    short_en: str
    numerator: Required[str]
    denominator: Required[str]
    direction: Required[Literal["high", "low"]]
    children: bool
    lag: int
    weight: float
    same_people: bool
    sensitive: bool
    source: str
    notes: Sequence[str]
    question: QuestionTable | None


class CatalogueFile(TypedDict, total=False):
    """The dimensions and indicators of one index, in the order they are shown."""

    index: Required[IndexNameTable]
    dimension: Required[Sequence[DimensionTable]]
    indicator: Required[Sequence[IndicatorTable]]


class RunTable(TypedDict, total=False):
    """What the run is called, and which editions it makes."""

    title: Required[str]
    city: Required[str]
    periods: Required[Sequence[str]]
    base_period: str
    lang: Literal["sv", "en"]
    synthetic: bool
    carry: int
    crs: int | None
    earlier: str | None
    created: str
    contact: str
    engine: Literal["local", "dask"]
    scheduler: str | None


class TableTable(TypedDict, total=False):
    """A table of a database, in the place of a file."""

    service: str
    environment: str
    table: Required[str]


class AreasTable(TypedDict, total=False):
    """Which division the result is for: a shipped one, or a file or table with its columns."""

    division: str | None
    file: str | None
    postgis: TableTable | None
    layer: str | None
    code: str | None
    name: str | None
    crs: int | None
    level: str | None


class IndexTable(TypedDict, total=False):
    """How the index is made."""

    catalogue: str | CatalogueFile | None
    readings: Mapping[str, str]
    normalisation: Literal[
        "goalpost", "shares", "zscore", "minmax", "percentile", "distance", "rank_exponential"
    ]
    aggregation: Literal["arithmetic", "geometric", "harmonic", "ampi"]
    weights: Mapping[str, float]
    scales: str | None
    minimum_indicators: int | None
    minimum_dimensions: int | None


class ProtectionTable(TypedDict, total=False):
    """How small numbers are hidden."""

    threshold: int
    base: Literal[1, 3, 5, 10]
    width: int
    audit: bool


class NoiseTable(TypedDict, total=False):
    """What makes figures less sure than chance alone. Several may apply; their variances add."""

    source: str
    indicators: Sequence[str]
    since: str
    design_effect: float
    fraction: float
    cell_sd: float | Literal["estimate"]
    numerator_cells: int
    denominator_cells: int
    nested: bool
    count_base: int
    share_unit: float
    base_change: float


class CorrelationTable(TypedDict, total=False):
    """How much the chance errors of an area's figures have in common, where it is not counted."""

    indicators: float
    years: float
    years_of: Mapping[str, float]


class UncertaintyTable(TypedDict, total=False):
    """How uncertainty is simulated, and how many areas count as the lowest."""

    draws: int
    seed: int
    lowest: int
    noise: Sequence[NoiseTable]
    correlation: CorrelationTable


class BreakTable(TypedDict, total=False):
    """Something changed, so that figures before and after are not comparable."""

    indicator: str
    between: Required[Sequence[str]]
    years: Literal["reference", "period"]
    kind: Required[Literal["definition", "register", "division", "noise", "method"]]
    note: str


class TargetTable(TypedDict, total=False):
    """The year by which areas are to be where the city is."""

    year: int


class SchemaTable(TypedDict, total=False):
    """Where in a database the layers and tables go."""

    service: str
    environment: str
    schema: Required[str]


class DeliveryTable(TypedDict, total=False):
    """What else than the usual files a delivery holds."""

    formats: Sequence[
        Literal["geoparquet", "flatgeobuf", "geojson", "excel", "webstyles", "pdf", "pictures"]
    ]
    postgis: SchemaTable | None


class BackgroundTable(TypedDict, total=False):
    """A layer of the city's own for readers to know where they are on the map."""

    file: Required[str]
    kind: Required[Literal["water", "road", "rail", "green", "place"]]
    layer: str | None
    label: str | None
    crs: int | None


class MapTable(TypedDict, total=False):
    """What is on the maps beside the areas, the lowest layer last."""

    background: Sequence[BackgroundTable]


class PortalTable(TypedDict, total=False):
    """How a data portal is told of the delivery, in DCAT-AP-SE."""

    address: Required[str]
    publisher: Required[str]
    publisher_uri: str
    contact: Required[str]
    email: Required[str]
    licence: Required[str]
    frequency: Literal["UNKNOWN", "ANNUAL", "BIENNIAL", "QUARTERLY", "IRREG", "NEVER"]
    place: str
    issued: str


class ReleasesTable(TypedDict, total=False):
    """Where the ledger of releases is: what the city has published of its registers, and when."""

    file: Required[str]


class InsideTable(TypedDict, total=False):
    """The shipped division of small areas to look inside the areas with, and its crosswalk."""

    division: Required[str]
    crosswalk: Required[str]
    years: int
    group: bool


class SecondOpinionTable(TypedDict, total=False):
    """Which indicators stand for SCB's three shares, and the nation they are held against."""

    indicators: Required[Sequence[str]]
    national: Mapping[str, Sequence[float]]


class EffortsTable(TypedDict, total=False):
    """The run file's ``[efforts]``."""

    file: Required[str]
    as_of: dt.date | None
    limit: float


class AllocationTable(TypedDict, total=False):
    """The run file's ``[allocation]``: a sum that is parted on areas by several rules."""

    sum: Required[int]
    unit: Literal["kr", "tkr"]
    share: Required[str]
    lowest: int


class ConditionTable(TypedDict, total=False):
    """Which values of one column count. An unknown value never does."""

    min: float | None
    max: float | None
    one_of: Sequence[str] | None


class BandTable(TypedDict, total=False):
    """Which band of a GeoTIFF, and what its cells without data hold."""

    band: int | None
    nodata: float | Literal["none", "declared"]


class UsersTable(TypedDict, total=False):
    """Those whom the places are for."""

    file: Required[str]
    layer: str | None
    x: str | None
    y: str | None
    crs: int | None
    who: Required[str]
    among: Mapping[str, ConditionTable]
    everyone: bool
    persons: bool
    weight: str | None
    protected_by: str | None
    publisher: str
    licence: str
    max_outside: float
    raster: BandTable | None


class PlacesTable(TypedDict, total=False):
    """Places of one kind."""

    file: Required[str]
    layer: str | None
    x: str | None
    y: str | None
    crs: int | None
    name: str | None
    capacity: str | None


class NetworkTable(TypedDict, total=False):
    """The lines that users move along."""

    file: Required[str]
    layer: str | None
    crs: int | None
    one_way: str | None
    snap: float


class PointsTable(TypedDict, total=False):
    """A file of points."""

    file: Required[str]
    layer: str | None
    x: str | None
    y: str | None
    crs: int | None


class SitingTable(TypedDict, total=False):
    """New places for the same users, beside those that there are."""

    new: Required[int]
    goal: Literal["distance", "covered"]
    candidates: PointsTable | None
    seconds: float


class AccessTable(TypedDict, total=False):
    """The run file's ``[[access]]``: one kind of place and its own users."""

    code: Required[str]
    name: Required[str]
    users: Required[UsersTable]
    places: Required[PlacesTable]
    within: Required[float]
    part: Literal["skola", "arbete", "fritid", "motesplats"] | None
    walk_kmh: float | None
    network: NetworkTable | None
    siting: SitingTable | None


class CellsTable(TypedDict, total=False):
    """A GeoTIFF in the areas' CRS; relative to the run file."""

    band: int | None
    nodata: float | Literal["none", "declared"]
    file: Required[str]


class ExposureTable(TypedDict, total=False):
    """The run file's ``[[exposure]]``: how many live where a raster is above a limit."""

    code: Required[str]
    name: Required[str]
    users: Required[UsersTable]
    raster: Required[CellsTable]
    limit: Required[float]
    unit: Required[str]
    direction: Required[Literal["high", "low"]]
    publisher: str
    licence: str


class AgainstTable(TypedDict, total=False):
    """The run file's ``[[against]]``: a further figure per area that the index is held against."""

    code: Required[str]
    name: Required[str]
    access: str | None
    exposure: str | None
    file: str | None
    sheet: str | None
    area: str | None
    column: str | None
    publisher: str
    licence: str


class EffectsTable(TypedDict, total=False):
    """The run file's ``[effects]``."""

    registered: str
    plans: Sequence[str]


class EventsTable(TypedDict, total=False):
    """The run file's ``[[events]]``: a file of points, each with a time and a type."""

    name: Required[str]
    file: Required[str]
    time: Required[str]
    kind: str | None
    x: str | None
    y: str | None
    crs: int | str | None
    layer: str | None
    max_outside: float
    protected_by: str


class SituationTable(TypedDict, total=False):
    """The run file's ``[lagesbild]``."""

    cycle_days: int
    themes: Mapping[str, Sequence[str]]
    cell: float
    bandwidth: float
    near_metres: float
    near_days: float


class LensTable(TypedDict, total=False):
    """The run file's ``[[lens]]``."""

    name: Required[str]
    label: str
    label_en: str
    target_groups: Sequence[str]
    ground: (
        Literal[
            "kon",
            "konsoverskridande",
            "etnisk_tillhorighet",
            "religion",
            "funktionsnedsattning",
            "sexuell_laggning",
            "alder",
        ]
        | None
    )
    heard: str
    alternatives: str
    follow_up: dt.date | None


class AgeSpanTable(TypedDict, total=False):
    """Ages in years, both bounds included, of a column that holds classes of ages."""

    min: int | None
    max: int | None


class SexColumnTable(TypedDict, total=False):
    """The column that holds a person's sex, and the texts it uses."""

    column: Required[str]
    women: Required[str]
    men: Required[str]


class GroupColumnTable(TypedDict, total=False):
    """A column of points by which figures are also told apart."""

    column: Required[str]
    breaks: Sequence[float]


class RasterTable(TypedDict, total=False):
    """What has to be said of a raster, see `geolyft.zonal_statistics`."""

    band: int | None
    nodata: float | Literal["none", "declared"]
    weights: str | None
    method: Literal["exact", "blocks"]
    min_coverage: float


class SelectionTable(TypedDict, total=False):
    """A column of totals, read from the rows that hold certain values in other columns."""

    column: Required[str]
    where: Mapping[str, str | Sequence[str] | AgeSpanTable]


class SumTable(TypedDict, total=False):
    """A total of a table and the parts it is published with."""

    total: Required[str | SelectionTable]
    parts: Required[Sequence[str | SelectionTable]]
    cells: int | None


class MeasureTable(TypedDict, total=False):
    """How one indicator is counted in one source."""

    indicator: Required[str]
    sex: Literal["alla", "kvinnor", "män"]
    reference: str | None
    numerator: str | SelectionTable | Sequence[str | SelectionTable] | None
    denominator: str | SelectionTable | Sequence[str | SelectionTable] | None
    share: str | None
    unit: Literal["fraction", "per cent"] | None
    where: Mapping[str, str | Sequence[str] | AgeSpanTable]
    complement: bool
    moved_by: Literal["residents", "dwellings"]
    among: Mapping[str, ConditionTable]
    counted: Mapping[str, ConditionTable] | None
    statistic: Literal["mean", "share_over"] | None
    limit: float | None


class SourceTable(TypedDict, total=False):
    """One file, or one file per edition, and what is counted in it."""

    name: Required[str]
    file: str | None
    postgis: TableTable | None
    kind: Required[Literal["totals", "points", "raster"]]
    publisher: str
    licence: str
    note: str
    protected_by: str | None
    editions: Mapping[str, str]
    sheet: str | None
    layer: str | None
    encoding: str | None
    separator: str | None
    decimal: Literal[",", "."] | None
    thousands: str | None
    footer: Literal["detect", "keep"]
    skip_rows: int
    hidden_rows: Literal["keep", "drop"] | None
    marks: Mapping[str, Literal["missing", "hidden", "zero"]]
    area: str | None
    crosswalk: str | Mapping[str, str] | None
    residual: Sequence[str]
    leave_out: Sequence[str]
    where: Mapping[str, str | Sequence[str] | AgeSpanTable]
    allow_absent: bool
    x: str | None
    y: str | None
    crs: int | None
    sex: SexColumnTable | None
    max_outside: float
    groups: Mapping[str, GroupColumnTable]
    id: str | None
    raster: RasterTable | None
    population: str | bool | SelectionTable
    children: str | SelectionTable | Mapping[str, ConditionTable] | None
    lens: Mapping[str, str | SelectionTable | Mapping[str, ConditionTable]]
    sums: Sequence[SumTable]
    measure: Sequence[MeasureTable]


RunFile = TypedDict(
    "RunFile",
    {
        "run": Required[RunTable],
        "areas": Required[AreasTable],
        "index": IndexTable,
        "protection": ProtectionTable,
        "uncertainty": UncertaintyTable,
        "break": Sequence[BreakTable],
        "target": TargetTable | None,
        "delivery": DeliveryTable,
        "map": MapTable,
        "portal": PortalTable | None,
        "releases": ReleasesTable | None,
        "inside": Sequence[InsideTable],
        "second_opinion": SecondOpinionTable | None,
        "efforts": EffortsTable | None,
        "allocation": AllocationTable | None,
        "access": Sequence[AccessTable],
        "exposure": Sequence[ExposureTable],
        "against": Sequence[AgainstTable],
        "effects": EffectsTable | None,
        "events": Sequence[EventsTable],
        "lagesbild": SituationTable,
        "lens": Sequence[LensTable],
        "source": Required[Sequence[SourceTable]],
    },
    total=False,
)
