"""How the index was made in this reader, as far as the run says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.export.report.phrases import recorded, say
from geolyft.index.means import AGGREGATIONS
from geolyft.index.transforms import NORMALISATIONS, words_of

if TYPE_CHECKING:
    from geolyft.export.figures.reader import Reader
    from geolyft.index.means import Aggregation
    from geolyft.index.transforms import Normalisation

_DEFAULT: Final = ("goalpost", "arithmetic")


def normalisation_of(reader: Reader) -> Normalisation | None:
    """Return the run's normalisation, or nothing where the run does not say."""
    known = _defined(reader, "normalisation")
    return next((name for name in NORMALISATIONS if name == known), None)


def normalisation_told(reader: Reader, part: str, unknown: str) -> str:
    """Return what readers are told of the run's normalisation, or that it is not known."""
    normalisation = normalisation_of(reader)
    if normalisation is None:
        return say(reader, unknown)
    return words_of(normalisation, reader.publication.lang)[part]


def aggregation_of(reader: Reader) -> Aggregation | None:
    """Return the run's mean, or nothing where the run does not say."""
    known = _defined(reader, "aggregation")
    return next((name for name in AGGREGATIONS if name == known), None)


def is_default(reader: Reader) -> bool:
    """Say whether the index is the sum of its parts on a scale that is kept."""
    return (normalisation_of(reader), aggregation_of(reader)) == _DEFAULT


def defined_count(reader: Reader, name: str) -> int | None:
    """Return a whole number of the index's definition, such as ``minimum_indicators``."""
    count = _defined(reader, name)
    return count if isinstance(count, int) and not isinstance(count, bool) else None


def defined_names(reader: Reader, name: str) -> dict[str, object]:
    """Return a mapping of the index's definition, such as ``weights`` or ``readings``."""
    names = _defined(reader, name)
    return {str(key): value for key, value in names.items()} if isinstance(names, dict) else {}


def _defined(reader: Reader, name: str) -> object:
    return recorded(reader, "definition", "index", name)
