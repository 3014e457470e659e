"""What nobody has protected, in a box that opens in this folder alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NoReturn, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Held = TypeVar("Held")
Made = TypeVar("Made")


class Raw(Generic[Held]):
    """Raw counts: what is made of them is raw too, and nobody else can read, write or send them.

    A function that takes a frame takes no box, which the type checker says; and a box has no
    columns, no length, no text but its name, and is not copied into another process or file.

    Examples
    --------
    >>> raw = Raw([3, 4]).then(sum)
    >>> f"{raw} {[raw]}"
    'Raw(...) [Raw(...)]'
    """

    __slots__ = ("__held",)

    def __init__(self, held: Held) -> None:
        self.__held = held

    def then(self, change: Callable[[Held], Made]) -> Raw[Made]:
        """Return what a function makes of the counts."""
        return Raw(change(self.__held))

    @classmethod
    def all(cls, raw: Iterable[Raw[Made]]) -> Raw[list[Made]]:
        """Return several boxes as one."""
        held: list[Made] = []
        for each in raw:
            each.then(held.append)
        return Raw(held)

    def __repr__(self) -> str:
        """Say no more than that something is in it."""
        return "Raw(...)"

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled or copied."""
        raise TypeError("raw counts are not written, sent or copied")


def opened(raw: Raw[Held]) -> Held:
    """Return what is in the box; for `geolyft.disclosure`, and a test looks for other callers."""
    held: list[Held] = []
    raw.then(held.append)
    return held[0]
