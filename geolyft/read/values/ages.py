"""Ages as files write them: `20`, `20 år`, `20-24 år`, `65+`, `65 år och äldre`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geolyft.read.values.folded import folded_text
from geolyft.read.values.plain import shapes_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from geolyft.frames import Floats

OPEN: Final = float("inf")
"""The last age of a class without one."""
_YEARS: Final = re.compile(
    r"(?P<low>\d{1,3})?(?:\s?[-–]\s?(?P<high>\d{1,3}|w)?|(?P<open>\s?\+))?"
    r"(?: år)?(?P<older> (?:och|eller) äldre)?",
    re.IGNORECASE,
)


def age_class(text: str) -> tuple[int, float] | None:
    """Return the first and the last age of a class, or nothing where a text is none.

    Examples
    --------
    >>> [age_class(text) for text in ("20", "20-24 år", "100+", "-4", "totalt")]
    [(20, 20), (20, 24), (100, inf), (0, 4), None]
    """
    found = _YEARS.fullmatch(text)
    if found is None or not (found["low"] or found["high"]):
        return None
    low = int(found["low"] or 0)
    closed = found["high"] if (found["high"] or "").isdecimal() else None
    if closed is not None:
        return (low, int(closed)) if int(closed) >= low else None
    is_single = text.lower().removesuffix(" år").isdecimal()
    return (low, low) if is_single else (low, OPEN)


def first_and_span(
    cells: Any,  # noqa: ANN401 - pyarrow is not typed
    marks: Collection[str],
) -> tuple[Any, Floats] | None:
    """Return tidy cells with each class of ages as its first, and how far above it the last is.

    A plain number is one, also below zero, and a mark stays one. Nothing where there is no class.
    """
    odd = np.flatnonzero(~shapes_of(cells).plain(",."))
    coded = cells.take(pa.array(odd)).combine_chunks().dictionary_encode()
    texts = coded.dictionary.to_pylist()
    classes = [None if text in marks else age_class(folded_text(text)) for text in texts]
    if not any(classes):
        return None
    firsts = [str(each[0]) if each else text for each, text in zip(classes, texts, strict=True)]
    spans = [each[1] - each[0] if each else 0.0 for each in classes]
    span, is_odd = np.zeros(len(cells)), np.zeros(len(cells), dtype=bool)
    span[odd], is_odd[odd] = np.array(spans)[np.asarray(coded.indices)], True
    written = pa.array(firsts, type=pa.large_string()).take(coded.indices)
    return pc.replace_with_mask(cells.combine_chunks(), pa.array(is_odd), written), span
