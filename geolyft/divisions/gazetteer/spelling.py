"""What two spellings have in common: accents, case and small slips tell no names apart.

The map's search has the same rules in ``geolyft/export/web/karta/spelling.js``, and a test holds
the two against each other.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_SHORTEST: Final = (4, 8)
"""From how many letters on one slip is forgiven, and two."""
_SILENT: Final = re.compile(r"[:.'’]")
_BETWEEN: Final = re.compile(r"[\W_]+")
_SPELT_OUT: Final = ((re.compile(r"\bsankt\b"), "st"), (re.compile(r"\bmed flera\b"), "m fl"))


def plain(text: str) -> str:
    """Return a text without case, accents and signs, and with what is often shortened shortened.

    Examples
    --------
    >>> plain(" Möllevången "), plain("Sankt Knuts väg") == plain("S:t Knuts väg")
    ('mollevangen', True)
    """
    letters = (sign for sign in unicodedata.normalize("NFD", text) if not _is_mark(sign))
    said = _BETWEEN.sub(" ", _SILENT.sub("", "".join(letters).lower())).strip()
    for written, short in _SPELT_OUT:
        said = written.sub(short, said)
    return said


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign).startswith("M")


def slips(wanted: str, name: str) -> int | None:
    """Return how many slips of the pen lie between two plain texts, or nothing for too many.

    A slip is a letter too many, too few or wrong, or two that changed places.

    Examples
    --------
    >>> slips("rosengrad", "rosengard"), slips("mollevongn", "mollevangen"), slips("oxi", "oxie")
    (1, 2, None)
    """
    most = sum(len(wanted) >= length for length in _SHORTEST)
    if abs(len(wanted) - len(name)) > most:
        return None
    before, row = [0] * (len(name) + 1), list(range(len(name) + 1))
    for n, letter in enumerate(wanted, 1):
        last, before, row = before, row, [n]
        for m, other in enumerate(name, 1):
            row.append(min(before[m] + 1, row[m - 1] + 1, before[m - 1] + (letter != other)))
            if n > 1 and m > 1 and wanted[n - 2 : n] == name[m - 1] + name[m - 2]:
                row[m] = min(row[m], last[m - 2] + 1)
    return row[-1] if row[-1] <= most else None
