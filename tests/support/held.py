"""A publication whose reader is held, as `write_contents` holds it while a delivery is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geolyft.export.figures.reader import reader_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geolyft.export.publication import Publication


def held(publication: Publication) -> Iterator[Publication]:
    """Yield it to a fixture's tests: none of them works out a figure that another has.

    A fixture takes it by ``yield from held(made)``. Without it each test, and each question of a
    test that keeps no reader, works out every figure anew.
    """
    _reader = reader_of(publication)
    yield publication
