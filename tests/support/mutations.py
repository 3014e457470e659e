"""Whole files become broken ones, by chance: bytes flipped, cut, spliced, cells exchanged."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    Mutation = Callable[[bytes, random.Random], bytes]

_ODD: Final = [
    b"", b" ", b"-", b"..", b"0", b"-1", b"1e999", b"NaN", b"inf", b"9" * 400, b"1,5", b"1.5",
    b"null", b"true", b"[]", b"{}", b'"', b"'", b"\0", b"\xff", "å".encode(), b"\xe5", b"=1+1",
    b"2024-01-01", b"\r", b"\n", b";", b",", b"\xc2\xa0", b"\xf0\x9f\x98\x80", b"\xed\xa0\x80",
]  # fmt: skip
"""What stands where something else should."""
_TOKEN: Final = re.compile(rb"[\w.\x80-\xff-]+|[^\w\s]")
_WORDS: Final = 40_000
"""Bytes of a file that are looked through for words."""


def mutated(whole: bytes, chance: random.Random) -> bytes:
    """Return a file's bytes with one to four things wrong with them."""
    ways = _IN_TEXT if _is_text(whole) else _IN_BYTES
    if whole.startswith(b"PK\x03\x04") and chance.random() < 0.7:
        return _in_a_part(whole, chance)
    for _ in range(chance.choice([1, 1, 2, 4])):
        whole = chance.choice(ways)(whole, chance)
    return whole


def _is_text(whole: bytes) -> bool:
    return b"\0" not in whole[:2000] and whole[:4] not in (b"PAR1", b"PK\x03\x04")


def _in_a_part(whole: bytes, chance: random.Random) -> bytes:
    """Break what is packed in a zip, and pack it again: its checks say that all is well."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(made, "w") as new:
        parts = old.namelist()
        broken = chance.choice(parts)
        for name in parts:
            content = old.read(name)
            new.writestr(name, mutated(content, chance) if name == broken else content)
    return made.getvalue()


def _span(whole: bytes, chance: random.Random, longest: int = 64) -> tuple[int, int]:
    start = chance.randrange(len(whole) + 1)
    return start, min(len(whole), start + chance.randrange(1, longest))


def _flip(whole: bytes, chance: random.Random) -> bytes:
    broken = bytearray(whole)
    for _ in range(chance.choice([1, 1, 2, 8]) if whole else 0):
        broken[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
    return bytes(broken)


def _flip_head(whole: bytes, chance: random.Random) -> bytes:
    """Flip where most formats say what they hold: at the beginning, or at the end."""
    at = min(len(whole), 400)
    if chance.random() < 0.5:
        return _flip(whole[:at], chance) + whole[at:]
    return whole[: len(whole) - at] + _flip(whole[len(whole) - at :], chance)


def _cut(whole: bytes, chance: random.Random) -> bytes:
    return whole[: chance.randrange(len(whole) + 1)]


def _leave_out(whole: bytes, chance: random.Random) -> bytes:
    start, end = _span(whole, chance)
    return whole[:start] + whole[end:]


def _repeat(whole: bytes, chance: random.Random) -> bytes:
    start, end = _span(whole, chance, 600)
    return whole[:end] + whole[start:end] * chance.choice([1, 1, 50]) + whole[end:]


def _splice(whole: bytes, chance: random.Random) -> bytes:
    (start, end), (first, last) = _span(whole, chance), _span(whole, chance)
    return whole[:start] + whole[first:last] + whole[end:]


def _fill(whole: bytes, chance: random.Random) -> bytes:
    start, end = _span(whole, chance, 16)
    return whole[:start] + chance.choice([b"\0", b"\xff", b"\x7f"]) * (end - start) + whole[end:]


def _insert(whole: bytes, chance: random.Random) -> bytes:
    start, _ = _span(whole, chance)
    return whole[:start] + chance.choice(_ODD) + whole[start:]


def _odd_word(whole: bytes, chance: random.Random) -> bytes:
    return _word(whole, chance, lambda _: chance.choice(_ODD))


def _other_word(whole: bytes, chance: random.Random) -> bytes:
    return _word(whole, chance, chance.choice)


def _word(
    whole: bytes, chance: random.Random, instead: Callable[[list[bytes]], bytes]
) -> bytes:  # fmt: skip
    words = list(_TOKEN.finditer(whole[:_WORDS]))
    if not words:
        return whole
    start, end = chance.choice(words).span()
    return whole[:start] + instead([each[0] for each in words]) + whole[end:]


def _lines(whole: bytes, chance: random.Random) -> bytes:
    """Repeat, leave out or exchange lines; a header may come to stand among the rows."""
    lines = whole.splitlines(keepends=True)
    if not lines:
        return whole
    one, other = (chance.randrange(len(lines)) for _ in range(2))
    kind = chance.randrange(3)
    if kind == 0:
        lines.insert(other, lines[one])
    elif kind == 1:
        del lines[one]
    else:
        lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


_IN_BYTES: Final[list[Mutation]] = [
    _flip, _flip, _flip_head, _flip_head, _cut, _leave_out, _repeat, _splice, _fill, _insert,
]  # fmt: skip
_IN_TEXT: Final[list[Mutation]] = [
    _odd_word, _odd_word, _other_word, _other_word, _lines, _lines, _flip, _cut, _leave_out,
    _repeat, _splice, _insert,
]  # fmt: skip
