"""Every text a reader sees, one catalogue per language, and numbers written as readers expect."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from geolyft.frames import STATUSES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geolyft.indicators.catalogue import Language

_NOISE: Final = 1e-9
"""What adding floats leaves of 0."""


def beside_zero(value: float, *, decimals: int = 1) -> float:
    """Return what is shown of an end of a difference's interval: it stays on its side of 0.

    A difference that is sure has no end at 0, and one that is not has 0 within.

    Examples
    --------
    >>> [beside_zero(each) for each in (0.03, -0.03, 0.0, 0.06)]
    [0.1, -0.1, 0.0, 0.06]
    """
    least = 10.0**-decimals
    near = abs(value) > _NOISE and round(abs(value), decimals) == 0
    return math.copysign(least, value) if near else value


@dataclass(frozen=True)
class Words:
    """The texts of one language.

    Examples
    --------
    >>> words = load_words("sv")
    >>> words.say("page.area_kicker", code="10")
    'Område 10'
    """

    lang: Language
    sections: Mapping[str, Mapping[str, str]]

    def section(self, name: str) -> Mapping[str, str]:
        """Return the texts of one section."""
        return self.sections[name]

    def say(self, key: str, **parts: object) -> str:
        """Return the text ``section.name`` with its parts filled in.

        Parts are put in as they are: escaping belongs to whoever writes the file.

        Raises
        ------
        KeyError
            When the catalogue has no such text, or the text needs a part that is not given.
        """
        section, name = key.split(".")
        return self.sections[section][name].format(**parts)

    def plural(self, key: str, n: int, **parts: object) -> str:
        """Return the text for a number of things: where that is one, ``key_one`` if there is one.

        That is all that Swedish and English need.

        Examples
        --------
        >>> [load_words("en").plural("report.gaps_missing", n) for n in (1, 1200)]
        ['1 missing', '1,200 missing']
        >>> [load_words("sv").plural("report.gaps_missing", n) for n in (1, 2)]
        ['1 saknad', '2 saknade']
        """
        section, name = key.split(".")
        one = n == 1 and f"{name}_one" in self.sections[section]
        return self.say(f"{key}_one" if one else key, n=self.count(n), **parts)

    def listed(self, items: Sequence[str]) -> str:
        """Join words as in a sentence.

        Examples
        --------
        >>> load_words("sv").listed(["a", "b", "c"])
        'a, b och c'
        """
        if len(items) <= 1:
            return "".join(items)
        return self.say("explain.and", first=", ".join(items[:-1]), last=items[-1])

    def number(self, value: float | None, *, decimals: int = 1) -> str:
        r"""Write a number with the language's decimal sign, thousands and minus.

        Returns
        -------
        str
            Empty for None and NaN: what is missing has no number.

        Examples
        --------
        >>> load_words("sv").number(-1234.56)
        '\u22121\u202f234,6'
        >>> load_words("sv").number(-0.04)
        '0,0'
        """
        if value is None or math.isnan(value):
            return ""
        signs = self.sections["number"]
        text = f"{abs(value):,.{decimals}f}"
        is_negative = value < 0 and any(digit in "123456789" for digit in text)
        # One pass: the English catalogue uses "," for what Python writes as ",".
        marks = str.maketrans({",": signs["thousands"], ".": signs["decimal"]})
        return (signs["minus"] if is_negative else "") + text.translate(marks)

    def signed(self, value: float | None, *, decimals: int = 1) -> str:
        r"""Write a difference: a plus sign where it is above zero.

        Examples
        --------
        >>> load_words("sv").signed(2.5), load_words("sv").signed(-2.5), load_words("sv").signed(0)
        ('+2,5', '\u22122,5', '0,0')
        """
        text = self.number(value, decimals=decimals)
        above = value is not None and value > 0 and any(digit in "123456789" for digit in text)
        return "+" + text if above else text

    def percent(self, value: float | None, *, decimals: int = 1) -> str:
        r"""Write a share that is given in per cent.

        Examples
        --------
        >>> load_words("sv").percent(77.25)
        '77,2\xa0%'
        """
        text = self.number(value, decimals=decimals)
        return text + self.sections["number"]["percent"] if text else ""

    def count(self, value: float | None) -> str:
        r"""Write a count: no decimals.

        Examples
        --------
        >>> load_words("sv").count(367886)
        '367\u202f886'
        """
        return self.number(value, decimals=0)

    def status(self, status: str, *, without: tuple[str, ...] = ("ok",)) -> str:
        """Say a combined status in words; empty when there is nothing to say.

        Examples
        --------
        >>> load_words("sv").status("stale+approximate")
        'ungefärligt värde, äldre uppgift'
        """
        parts = set(status.split("+")).difference(without, ("ok", ""))
        return ", ".join(self.sections["status"][part] for part in STATUSES if part in parts)


@cache
def load_words(lang: Language) -> Words:
    """Return the texts of a language.

    Examples
    --------
    >>> load_words("en").say("page.zoom_in")
    'Zoom in'
    """
    source = files("geolyft.export") / f"words_{lang}.toml"
    return Words(lang, tomllib.loads(source.read_text(encoding="utf-8")))
