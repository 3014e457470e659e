"""XML as text: elements in, characters out, and nothing in a name can break it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.etree.ElementTree import Element

# What XML 1.0 has no way of writing.
_UNWRITABLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def written(root: Element) -> str:
    r"""Return a document as text; signs that XML cannot hold become a replacement sign.

    Names are written as they stand, ``dc:title`` with its prefix. ElementTree, which says the same
    in other respects, asks of every name which namespace it is of: that is half of its time, and a
    delivery has a hundred thousand elements.

    Examples
    --------
    >>> from xml.etree.ElementTree import Element
    >>> written(Element("area", name="<Å\x01>")).encode("ascii", "backslashreplace")
    b'<area name="&lt;\\xc5\\ufffd&gt;" />'
    """
    parts: list[str] = []
    _write(root, parts.append)
    return _UNWRITABLE.sub("\ufffd", "".join(parts))


def _write(node: Element, add: Callable[[str], None]) -> None:
    attributes = "".join([f' {name}="{_in_quotes(text)}"' for name, text in node.items()])
    if node.text or len(node):
        add(f"<{node.tag}{attributes}>{_escaped(node.text or '')}")
        for child in node:
            _write(child, add)
        add(f"</{node.tag}>")
    else:
        add(f"<{node.tag}{attributes} />")
    if node.tail:
        add(_escaped(node.tail))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@lru_cache(maxsize=4096)  # styles say the same names of properties, colours and units over again
def _in_quotes(text: str) -> str:
    # A reader makes a space of every line end and tab that stands in an attribute as it is.
    text = _escaped(text).replace('"', "&quot;")
    return text.replace("\r", "&#13;").replace("\n", "&#10;").replace("\t", "&#09;")
