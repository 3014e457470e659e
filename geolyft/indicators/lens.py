"""Lenses: groups of residents by which needs and efforts are looked at, such as children.

A source says whom of its rows a lens counts; a lens says what they are called, and which target
groups of efforts are theirs. Children are the first lens of every run that counts them.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, Literal, Self

from pydantic import model_validator

from geolyft.form import Form
from geolyft.frames import CHILDREN, EVERYONE, POPULATION
from geolyft.indicators.catalogue import Code, Language, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

Ground = Literal[
    "kon", "konsoverskridande", "etnisk_tillhorighet", "religion", "funktionsnedsattning",
    "sexuell_laggning", "alder",
]  # fmt: skip
"""The grounds of discrimination in the law (2008:567), in its order."""
_SHIPPED: Final = ("barn", "jamstalldhet", "manskliga_rattigheter")
_TAKEN: Final = ("area", "period", "source", POPULATION, CHILDREN, EVERYONE)
"""What a lens would overwrite in a frame of people."""


class Lens(Form):
    """The run file's ``[[lens]]``.

    Parameters
    ----------
    name
        What sources and tables call it: ``aldre``.
    label, label_en
        Whom it counts, as readers see it: ``65 år och äldre``. A shipped lens has one.
    target_groups
        The words of the register's ``malgrupp`` that are of them; without any, nobody can say which
        efforts are theirs.
    ground
        The ground of discrimination (2008:567) that it tells of, if any.
    heard
        What they have said themselves, in the words of whoever asked them.
    alternatives
        What else was weighed.
    follow_up
        The day on which it is looked at again.

    Examples
    --------
    >>> Lens(name="aldre", label="65 år och äldre").column, CHILD_LENS.column
    ('aldre', 'children')
    >>> RIGHTS.counts_some
    False
    """

    name: Code
    label: str = ""
    label_en: str = ""
    target_groups: tuple[Text, ...] = ()
    ground: Ground | None = None
    heard: str = ""
    alternatives: str = ""
    follow_up: dt.date | None = None

    @model_validator(mode="after")
    def _takes_no_name(self) -> Self:
        if self.name in _TAKEN:
            raise ValueError(f"a lens may not be called {', '.join(_TAKEN)}")
        if not self.label and self.name not in _SHIPPED:
            raise ValueError(f"label has to say whom a lens counts that is none of {_SHIPPED}")
        return self

    def title(self, lang: Language) -> str:
        """Return whom it counts in the language, Swedish where English is not given."""
        return (self.label_en if lang == "en" else "") or self.label

    @property
    def counts_some(self) -> bool:
        """Whether it counts some of the residents; two perspectives are of everyone."""
        return self.name not in (EQUALITY.name, RIGHTS.name)

    @property
    def column(self) -> str:
        """What frames of people call it; children had their column before there were lenses."""
        return CHILDREN if self.name == CHILD_LENS.name else self.name


CHILD_LENS: Final = Lens(
    name="barn",
    label="Barn 0–17 år",
    label_en="Children aged 0–17",
    target_groups=("barn", "barn och unga", "unga"),
    ground="alder",
)


EQUALITY: Final = Lens(name="jamstalldhet", label="Jämställdhet", label_en="Gender equality")
RIGHTS: Final = Lens(
    name="manskliga_rattigheter", label="Mänskliga rättigheter", label_en="Human rights"
)


def every_lens(said: Sequence[Lens], *, children: bool, lang: Language = "sv") -> tuple[Lens, ...]:
    """Return the lenses of a run, children first where they are counted, those of everyone last.

    Parameters
    ----------
    said
        Those of the run file; one with the name of a shipped lens says more of it.

    Examples
    --------
    >>> [each.name for each in every_lens([Lens(name="aldre", label="Äldre")], children=True)]
    ['barn', 'aldre', 'jamstalldhet', 'manskliga_rattigheter']
    """
    of_some = (each for each in said if each.counts_some)
    order = (*((CHILD_LENS,) if children else ()), *of_some, EQUALITY, RIGHTS)
    lenses = {each.name: each for each in order}
    shipped = {each.name: each for each in (CHILD_LENS, EQUALITY, RIGHTS)}
    for each in said:
        whole = shipped.get(each.name, each)
        lenses[each.name] = whole.model_copy(update=each.model_dump(exclude_unset=True))
    return tuple(each.model_copy(update={"label": each.title(lang)}) for each in lenses.values())
