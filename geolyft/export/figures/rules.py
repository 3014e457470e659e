"""A theme as rules: which areas are drawn how. QML and SLD are two spellings of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from geolyft.export.figures.themes import Shade, Theme

Pattern = Literal["missing", "hidden", "partial", "unsure"]
"""What is said by a pattern. The first two stand for a colour; the others lie over one."""


@dataclass(frozen=True)
class Between:
    """The value, as shown, is at least `low` and below `high`."""

    column: str
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Empty:
    """There is no value."""

    column: str


@dataclass(frozen=True)
class Has:
    """The status has this part."""

    column: str
    part: str


@dataclass(frozen=True)
class Holds:
    """The column of truth is true; empty is not."""

    column: str


@dataclass(frozen=True)
class Not:
    """The opposite."""

    test: Test


@dataclass(frozen=True)
class AllOf:
    """Every one of the tests."""

    tests: tuple[Test, ...]


@dataclass(frozen=True)
class AnyOf:
    """One of the tests, or more."""

    tests: tuple[Test, ...]


Test: TypeAlias = Between | Empty | Has | Holds | Not | AllOf | AnyOf


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One line of a legend: what is drawn so, and the shade or pattern it is drawn with."""

    label: str
    test: Test
    look: Shade | Pattern


def rules_of(theme: Theme) -> list[Rule]:
    """Return a theme's rules: its classes, then what has no class, then what lies over one.

    Every area meets exactly one of the rules that colour it.

    Examples
    --------
    >>> from geolyft.export.figures.themes import Shade, Theme
    >>> pale = Shade(label="all", colour="#ffffff", low=None, high=None)
    >>> theme = Theme(code="a", title="A", layer="l", column="v", shades=(pale,), status="status",
    ...     partial="some",
    ...     labels={"missing": "saknas", "hidden": "dold", "partial": "ofullständig"})
    >>> [rule.label for rule in rules_of(theme)]
    ['all', 'saknas', 'dold', 'ofullständig']
    """
    rules = [
        Rule(label=shade.label, test=_in_shade(theme, place), look=shade)
        for place, shade in enumerate(theme.shades)
    ]
    empty, known = Empty(theme.column), Not(Empty(theme.column))
    tests: dict[Pattern, Test] = {"missing": empty}
    if theme.status:
        hidden = Has(theme.status, "hidden")
        tests["missing"] = AllOf((empty, Not(hidden)))
        tests["hidden"] = AllOf((empty, hidden))
    if theme.partial == "some":
        tests["partial"] = AllOf((known, Has(theme.status, "partial")))
    if theme.unsure:
        tests["unsure"] = AllOf((known, Not(Holds(theme.unsure))))
    return rules + [
        Rule(label=theme.labels[pattern], test=test, look=pattern)
        for pattern, test in tests.items()
    ]


def _in_shade(theme: Theme, place: int) -> Test:
    shade = theme.shades[place]
    inside: Test = Between(theme.column, shade.low, shade.high)
    known = Not(Empty(theme.column))
    if not theme.sure:
        return inside if (shade.low, shade.high) != (None, None) else known
    if place == theme.neutral:
        return AnyOf((inside, AllOf((known, Not(Holds(theme.sure))))))
    return AllOf((inside, Holds(theme.sure)))
