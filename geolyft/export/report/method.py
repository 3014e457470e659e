"""How the index was made in this reader, as far as the run says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.export.report.phrases import recorded
from geolyft.index.means import AGGREGATIONS
from geolyft.index.transforms import NORMALISATIONS

if TYPE_CHECKING:
    from geolyft.export.figures.reader import Reader
    from geolyft.index.means import Aggregation
    from geolyft.index.transforms import Normalisation

_DEFAULT: Final = ("goalpost", "arithmetic")


def normalisation_of(reader: Reader) -> Normalisation | None:
    """Return the run's normalisation, or nothing where the run does not say."""
    said = recorded(reader, "definition", "index", "normalisation")
    return next((name for name in NORMALISATIONS if name == said), None)


def aggregation_of(reader: Reader) -> Aggregation | None:
    """Return the run's mean, or nothing where the run does not say."""
    said = recorded(reader, "definition", "index", "aggregation")
    return next((name for name in AGGREGATIONS if name == said), None)


def is_default(reader: Reader) -> bool:
    """Say whether the index is the sum of its parts on a scale that is kept."""
    return (normalisation_of(reader), aggregation_of(reader)) == _DEFAULT


def defined_count(reader: Reader, name: str) -> int | None:
    """Return a whole number of the index's definition, such as ``minimum_indicators``."""
    said = recorded(reader, "definition", "index", name)
    return said if isinstance(said, int) and not isinstance(said, bool) else None


def defined_names(reader: Reader, name: str) -> dict[str, object]:
    """Return a mapping of the index's definition, such as ``weights`` or ``readings``."""
    said = recorded(reader, "definition", "index", name)
    return {str(key): value for key, value in said.items()} if isinstance(said, dict) else {}
