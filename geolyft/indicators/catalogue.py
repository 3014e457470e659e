"""The indicators of an index, said once: names, counts, direction, source and traps.

A catalogue is a TOML file; ``catalogue.toml`` beside this module holds the twelve indicators of
Malmö stad's proposal, and any other index is another file of the same form.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import pandas as pd
from pydantic import Field, StringConstraints

from geolyft.columns import reserved
from geolyft.errors import CatalogueError, brief
from geolyft.form import Form, form_of, load_form

if TYPE_CHECKING:
    from geolyft.typed import CatalogueFile

Direction = Literal["high", "low"]
"""Which end of an indicator is good."""

Language = Literal["sv", "en"]
# Codes become column names in CSV, GeoPackage and JavaScript: plain words and nothing else.
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,29}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Weight = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class _Named(Form):
    code: Code
    name: Text
    name_en: str = ""

    def title(self, lang: Language) -> str:
        """Return the full name in the language, Swedish where English is not given."""
        return (self.name_en if lang == "en" else "") or self.name


class Question(Form):
    """Something only the owner of the index can decide."""

    text: Text
    text_en: str = ""
    readings: dict[str, Direction]
    assumed: str


class Dimension(_Named):
    """A dimension of the index."""

    weight: Weight = 1


class Indicator(_Named):
    """A share in per cent: what is counted, among whom, and which end is good.

    Parameters
    ----------
    same_people
        Whether mostly the same people are counted from year to year, so that chance carries over.
    """

    dimension: Code
    short: str = ""
    short_en: str = ""
    numerator: Text
    denominator: Text
    direction: Direction
    children: bool = False
    """Whether those it is a share of are children: the sexes are then girls and boys."""
    lag: int = Field(default=1, ge=0)
    weight: Weight = 1
    same_people: bool = True
    sensitive: bool = False
    """Whether that everyone or nobody has it says of each what is nobody's business."""
    source: str = ""
    notes: tuple[str, ...] = ()
    question: Question | None = None

    def label(self, lang: Language) -> str:
        """Return the short name in the language, the full name where there is none."""
        return (self.short_en if lang == "en" else self.short) or self.title(lang)


class IndexName(_Named):
    """What the whole is called."""


class Catalogue(Form):
    """The dimensions and indicators of one index, in the order they are shown.

    Examples
    --------
    >>> catalogue = load_catalogue()
    >>> len(catalogue.indicators), [d.code for d in catalogue.dimensions]
    (12, ['delaktighet', 'utbildning', 'ekonomi', 'boende'])
    """

    index: IndexName
    dimensions: tuple[Dimension, ...] = Field(alias="dimension", min_length=1)
    indicators: tuple[Indicator, ...] = Field(alias="indicator", min_length=1)

    @property
    def codes(self) -> tuple[str, ...]:
        """Every indicator's code, in order."""
        return tuple(indicator.code for indicator in self.indicators)

    @property
    def column_codes(self) -> dict[str, tuple[str, ...]]:
        """The codes that are columns of layers and tables, see `geolyft.columns`."""
        dimensions = tuple(dimension.code for dimension in self.dimensions)
        return {"dimension": dimensions, "indicator": self.codes}

    def __getitem__(self, code: str) -> Indicator:
        """Return the indicator with this code.

        Raises
        ------
        CatalogueError
            ``catalogue-unknown``.
        """
        for indicator in self.indicators:
            if indicator.code == code:
                return indicator
        what = f"no indicator {brief(code)} among {', '.join(self.codes)}"
        remedy = "use one of these, or add it to the catalogue"
        raise CatalogueError("catalogue-unknown", what, remedy=remedy)

    def of(self, dimension: str) -> tuple[Indicator, ...]:
        """Return the indicators of one dimension."""
        return tuple(i for i in self.indicators if i.dimension == dimension)

    def weights(self) -> pd.Series[float]:
        """Return each indicator's weight in the index; they sum to 1.

        Within a dimension the indicators' weights are normed to 1, and so are the dimensions'.

        Examples
        --------
        >>> round(float(load_catalogue().weights()["D1"]) * 12, 12)
        1.0
        """
        total = sum(dimension.weight for dimension in self.dimensions)
        weights = {}
        for dimension in self.dimensions:
            within = sum(indicator.weight for indicator in self.of(dimension.code))
            for indicator in self.of(dimension.code):
                weights[indicator.code] = dimension.weight / total * indicator.weight / within
        return pd.Series(weights, name="weight").reindex(list(self.codes))

    def decide(self, readings: dict[str, str]) -> Catalogue:
        """Return the catalogue with its open questions answered.

        Parameters
        ----------
        readings
            Indicator code to the name of the chosen reading.

        Raises
        ------
        CatalogueError
            ``catalogue-reading`` when the indicator has no such reading.

        Examples
        --------
        >>> load_catalogue().decide({"U1": "högst"})["U1"].direction
        'low'
        """
        decided = {code: _decide(self[code], reading) for code, reading in readings.items()}
        indicators = tuple(decided.get(i.code, i) for i in self.indicators)
        return self.model_copy(update={"indicators": indicators})

    def open_questions(self) -> tuple[Indicator, ...]:
        """Return the indicators whose reading nobody has decided."""
        return tuple(indicator for indicator in self.indicators if indicator.question)


def _decide(indicator: Indicator, reading: str) -> Indicator:
    options = indicator.question.readings if indicator.question else {}
    if reading not in options:
        known = " or ".join(options) or "none"
        what = f"indicator {indicator.code} has no reading {brief(reading)}"
        raise CatalogueError("catalogue-reading", what, remedy=f"its readings are: {known}")
    name = f"{indicator.name} (tolkning: {reading})"
    return indicator.model_copy(
        update={"direction": options[reading], "question": None, "name": name}
    )


def load_catalogue(source: str | Path | CatalogueFile | Catalogue | None = None) -> Catalogue:
    """Read a catalogue of indicators.

    Parameters
    ----------
    source
        A TOML file, a dict that says the same, a catalogue that was built in code, or nothing for
        the twelve indicators that come with geolyft.

    Raises
    ------
    CatalogueError
        ``catalogue-file``, ``catalogue-form`` or ``catalogue-contradiction``.

    Examples
    --------
    >>> load_catalogue()["E1"].direction
    'high'
    """
    if isinstance(source, Catalogue):
        catalogue, where = source, "catalogue"
    elif isinstance(source, Mapping):
        where = "catalogue"
        catalogue = form_of(
            Catalogue, source, error=CatalogueError, prefix="catalogue", where=where
        )
    else:
        path = files("geolyft.indicators") / "catalogue.toml" if source is None else Path(source)
        catalogue, where = (
            load_form(Catalogue, path, error=CatalogueError, prefix="catalogue"),
            path.name,
        )
    _check(catalogue, where)
    return catalogue


def _check(catalogue: Catalogue, where: str) -> None:
    dimensions = [dimension.code for dimension in catalogue.dimensions]
    # Column names are compared without case: GeoPackage and Excel do not tell them apart.
    codes = [code.lower() for code in (*dimensions, *catalogue.codes)]
    names, endings = reserved()
    problem = ""
    for code in codes:
        if codes.count(code) > 1 or code in names or code.endswith(endings):
            problem = f"code {brief(code)} is used twice or reserved"
    for indicator in catalogue.indicators:
        if indicator.dimension not in dimensions:
            problem = f"indicator {indicator.code} names no dimension of the file"
        if indicator.question and indicator.question.assumed not in indicator.question.readings:
            problem = f"indicator {indicator.code} assumes a reading it does not list"
    for dimension in dimensions:
        if not catalogue.of(dimension):
            problem = f"dimension {dimension} has no indicator"
    if problem:
        raise CatalogueError(
            "catalogue-contradiction", problem, remedy="correct the catalogue", where=where
        )
