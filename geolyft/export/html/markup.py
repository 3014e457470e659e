"""XML as text: elements in, characters out, and nothing in a name can break it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import tostring

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# What XML 1.0 has no way of writing.
_UNWRITABLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def written(root: Element) -> str:
    r"""Return a document as text; signs that XML cannot hold become a replacement sign.

    Examples
    --------
    >>> from xml.etree.ElementTree import Element
    >>> written(Element("area", name="<Å\x01>")).encode("ascii", "backslashreplace")
    b'<area name="&lt;\\xc5\\ufffd&gt;" />'
    """
    return _UNWRITABLE.sub("\ufffd", tostring(root, encoding="unicode"))
