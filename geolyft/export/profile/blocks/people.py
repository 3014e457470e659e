"""For whom: women and men, children and other lenses. Said of the area, counted in nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geolyft.export.children import children_told
from geolyft.export.figures.cells import float_of
from geolyft.export.profile.figures import Block, change_text
from geolyft.export.profile.sentences import say
from geolyft.export.standing import inline
from geolyft.indicators.lens import CHILD_LENS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geolyft.export.figures.reader import Reader


def sexes_of(reader: Reader, area: str) -> Block | None:
    """Return how women's and men's shares differ, where the run has figures by sex."""
    rows = {
        str(row["indicator"]): row
        for row in reader.rows("kon_skillnad", area=area, period=reader.period)
    }
    order = [code for code in reader.publication.catalogue.codes if code in rows]
    if not order:
        return None
    known = [code for code in order if float_of(rows[code]["gap"]) is not None]
    sure = [code for code in known if _is_true(rows[code]["exceeds"])]
    rest = [code for code in known if code not in sure]
    gone = [code for code in reader.publication.catalogue.codes if code not in known]
    sentences = []
    if known and not sure:
        sentences.append(say(reader, "sexes_all"))
    elif rest:
        sentences.append(say(reader, "sexes_rest", list=_labels(reader, rest)))
    if gone:
        sentences.append(say(reader, "sexes_missing", list=_labels(reader, gone)))
    return Block(gaps=[_gap(reader, code, rows[code]) for code in sure], sentences=sentences)


def _is_true(value: object) -> bool:
    # What is empty in a nullable column is neither true nor false.
    return str(value) == "True"


def _labels(reader: Reader, codes: Sequence[str]) -> str:
    return reader.words.listed([inline(reader.label(code)) for code in codes])


def _gap(reader: Reader, code: str, row: Mapping[str, object]) -> Block:
    women, men = (reader.words.percent(float_of(row[side])) for side in ("first", "second"))
    if reader.publication.catalogue[code].children:
        women, men = f"{women} {say(reader, 'col_girls')}", f"{men} {say(reader, 'col_boys')}"
    return Block(
        code=code,
        label=reader.label(code),
        women=women,
        men=men,
        gap=change_text(reader, row["gap"], row["low"], row["high"]),
    )


def children_of(reader: Reader, area: str) -> list[str]:
    """Return what the map says of an area's children too."""
    return children_told(reader, area, reader.period)


def lenses_of(reader: Reader, area: str) -> list[str]:
    """Return how many of each other lens live in the area; of children more is said."""
    rows = reader.rows("linser", area=area, period=reader.period)
    return [_of_lens(reader, row) for row in rows if row["lins"] != CHILD_LENS.name]


def _of_lens(reader: Reader, row: Mapping[str, object]) -> str:
    parts = {"label": row["lins_namn"], "city": reader.publication.city}
    if float_of(row["andel"]) is None:
        return say(reader, "lens_none", **parts)
    count = reader.words.count(float_of(row["antal"]))
    shares = {name: reader.words.count(float_of(row[of]))
              for name, of in (("share", "andel"), ("part", "av_staden"))}  # fmt: skip
    return say(reader, "lens_many", count=count, **shares, **parts)
