"""Words on a picture: one font that comes with matplotlib, and lines that fit their width.

Nothing is read as a formula: a ``$`` in a name is a dollar sign.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from functools import cache
from pathlib import Path
from typing import Final

import matplotlib as mpl
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.textpath import TextToPath

_FILES: Final = {False: "DejaVuSans.ttf", True: "DejaVuSans-Bold.ttf"}
_UNKNOWN: Final = "\u25a1"
_ELLIPSIS: Final = "…"
_POINTS: Final = 72.0


def font(size: float, *, bold: bool = False) -> FontProperties:
    """Return the font, by its file: which fonts a machine has makes no difference."""
    return FontProperties(fname=_file(bold=bold), size=size)


@cache
def _file(*, bold: bool) -> Path:
    return Path(mpl.get_data_path()) / "fonts" / "ttf" / _FILES[bold]


@cache
def _known(*, bold: bool) -> frozenset[int]:
    return frozenset(get_font(_file(bold=bold)).get_charmap())


def plain(text: str, *, bold: bool = False) -> str:
    r"""Return a text on one line, without what the font cannot show.

    Examples
    --------
    >>> plain("Å\x00\n\u202e$x$ 漢")
    'Å $x$ □'
    """
    # What controls a terminal or turns the direction of writing is no letter.
    kept = (" " if sign.isspace() else sign for sign in text if not _is_control(sign))
    known = _known(bold=bold)
    drawable = (sign if ord(sign) in known else _UNKNOWN for sign in "".join(kept))
    return " ".join("".join(drawable).split())


def _is_control(sign: str) -> bool:
    return not sign.isspace() and unicodedata.category(sign).startswith("C")


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how many inches wide a text is."""
    points, _, _ = TextToPath().get_text_width_height_descent(
        text, font(size, bold=bold), ismath=False
    )
    return float(points) / _POINTS


def fit(text: str, inches: float, size: float, *, bold: bool = False) -> str:
    """Return a text that is no wider than this; what does not fit is cut off with an ellipsis."""
    if width(text, size, bold=bold) <= inches:
        return text

    def cut(kept: int) -> str:
        return text[:kept].rstrip() + _ELLIPSIS

    # The more is kept the wider it is: a text of thousands of signs is measured a dozen times.
    fitting = bisect_right(
        range(len(text) + 1), inches, key=lambda kept: width(cut(kept), size, bold=bold)
    )
    return cut(max(fitting - 1, 0))


def wrap(text: str, inches: float, size: float, *, most: int, bold: bool = False) -> list[str]:
    """Return a text as at most so many lines; what does not fit is cut off with an ellipsis.

    Examples
    --------
    >>> wrap("Index Malmö", 0.5, 8, most=2)
    ['Index', 'Malmö']
    """
    lines: list[str] = []
    line = ""
    for word in plain(text, bold=bold).split(" "):
        longer = f"{line} {word}".strip()
        if line and width(longer, size, bold=bold) > inches:
            lines.append(line)
            line = word
        else:
            line = longer
    lines.append(line)
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return [fit(line, inches, size, bold=bold) for line in lines]
