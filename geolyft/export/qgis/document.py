"""Small pieces of QGIS XML: elements, symbols, systems of coordinates, texts that stay texts."""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from pyproj import CRS

from geolyft.export.html.markup import written

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION: Final = "3.22.0-Białowieża"
"""What the files say wrote them: the oldest QGIS they are tested with, so that none complains."""
# Ids are the same in every run: those of a project of a city are made from its own names.
_NAMESPACE: Final = uuid.UUID("6f2d1f0e-6a1c-5d58-9a53-3f0a1c1f3a08")
_DOCTYPE: Final = b"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)
_USUAL_MODE: Final = 0o644 << 16
_UNIX: Final = 3


def element(
    tag: str, *children: ET.Element | None, text: str = "", **attributes: str
) -> ET.Element:
    """Return an element with its children; a child that is nothing is left out.

    Examples
    --------
    >>> ET.tostring(element("a", element("b", text="<"), None, name='"'), encoding="unicode")
    '<a name="&quot;"><b>&lt;</b></a>'
    """
    node = ET.Element(tag, attributes)
    node.text = text or None
    node.extend(child for child in children if child is not None)
    return node


def value(name: str, content: str | bool | int) -> ET.Element:  # noqa: FBT001
    """Return one `Option` of a map of options.

    Examples
    --------
    >>> ET.tostring(value("active", True), encoding="unicode")
    '<Option name="active" type="bool" value="true" />'
    """
    if isinstance(content, bool):
        return element("Option", name=name, type="bool", value=str(content).lower())
    if isinstance(content, int):
        return element("Option", name=name, type="int", value=str(content))
    return element("Option", name=name, type="QString", value=content)


def options(content: Mapping[str, str | bool | int]) -> ET.Element:
    """Return a map of options.

    Examples
    --------
    >>> ET.tostring(options({"color": "1,2,3,255"}), encoding="unicode")
    '<Option type="Map"><Option name="color" type="QString" value="1,2,3,255" /></Option>'
    """
    return element("Option", *(value(*each) for each in content.items()), type="Map")


def symbol(
    kind: str, layer_class: str, properties: Mapping[str, str], *, name: str = "", level: int = 0
) -> ET.Element:
    """Return a symbol of one layer.

    Parameters
    ----------
    kind
        ``fill`` or ``line``.
    layer_class
        QGIS's name for the symbol layer, such as ``SimpleFill``.
    properties
        Of the symbol layer.
    level
        A renderer of rules draws it after those of lower levels.
    """
    attributes = {"class": layer_class, "enabled": "1", "locked": "0", "pass": str(level)}
    layer = element("layer", options(properties), **attributes)
    return element("symbol", layer, type=kind, name=name, alpha="1", clip_to_extent="1")


def fill(
    colour: str, *, outline: str = "", width: float = 0.0, name: str = "", level: int = 0
) -> ET.Element:
    """Return a fill symbol; without an outline it has none.

    Examples
    --------
    >>> fill("#ffffff").find(".//Option[@name='color']").get("value")
    '255,255,255,255'
    """
    properties = {
        "color": colour_value(colour),
        "style": "solid" if colour else "no",
        "joinstyle": "round",
        "outline_color": colour_value(outline or colour),
        "outline_style": "solid" if outline else "no",
        "outline_width": f"{width}",
        "outline_width_unit": "MM",
    }
    return symbol("fill", "SimpleFill", properties, name=name, level=level)


def data_defined(data: Mapping[str, str]) -> ET.Element:
    """Return what expressions decide about something."""
    entries = [
        element(
            "Option",
            element("Option", name="active", type="bool", value="true"),
            element("Option", name="expression", type="QString", value=expression),
            element("Option", name="type", type="int", value="3"),
            name=name,
            type="Map",
        )
        for name, expression in data.items()
    ]
    return element(
        "dataDefinedProperties",
        element(
            "Option",
            element("Option", name="name", type="QString", value=""),
            element("Option", *entries, name="properties", type="Map"),
            element("Option", name="type", type="QString", value="collection"),
            type="Map",
        ),
    )


def colour_value(colour: str) -> str:
    """Return ``#rrggbb`` or ``#rrggbbaa`` as QGIS writes it.

    Examples
    --------
    >>> colour_value("#0b6b60"), colour_value("#ffffff80"), colour_value("")
    ('11,107,96,255', '255,255,255,128', '0,0,0,0')
    """
    parts = [str(part) for part in bytes.fromhex(colour.removeprefix("#") or "00000000")]
    return ",".join([*parts, "255"][:4])


def crs_element(epsg: int) -> ET.Element:
    """Return a system of coordinates by its EPSG code.

    QGIS drops one whose srsid is zero. With another it looks the system up by authid, so that the
    id, which its own database numbers anew in each version, is never used.
    """
    crs = CRS.from_epsg(epsg)
    return element(
        "spatialrefsys",
        element("srsid", text="1"),
        element("srid", text=str(epsg)),
        element("authid", text=f"EPSG:{epsg}"),
        element("description", text=crs.name),
        element("ellipsoidacronym", text=ellipsoid(epsg)),
        element("geographicflag", text=str(crs.is_geographic).lower()),
    )


def ellipsoid(epsg: int) -> str:
    """Return what lengths are measured on.

    Examples
    --------
    >>> ellipsoid(3008)
    'EPSG:7019'
    """
    body = CRS.from_epsg(epsg).ellipsoid
    known = body.to_json_dict().get("id") if body else None
    return f"{known['authority']}:{known['code']}" if known else "NONE"


def identifier(*parts: str) -> str:
    """Return an id that is the same for the same names, and for no others.

    It is long: QGIS draws nothing for a layer whose id has ten characters or fewer.

    Examples
    --------
    >>> identifier("geso_index", "index")
    'geso_index_aeea643d_155e_58d1_8e30_1102bbf50286'
    """
    readable = re.sub(r"[^a-z0-9]+", "_", parts[0].lower()).strip("_")
    return f"{readable}_{uuid.uuid5(_NAMESPACE, chr(0).join(parts))}".replace("-", "_")


def braced(*parts: str) -> str:
    """Return an id as items of a layout have it."""
    return f"{{{uuid.uuid5(_NAMESPACE, chr(0).join(parts))}}}"


def string_literal(text: str) -> str:
    r"""Return a text as an expression writes it.

    Examples
    --------
    >>> string_literal("it's")
    "'it''s'"
    """
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def document_bytes(root: ET.Element) -> bytes:
    """Return a document as bytes; what XML has no way of writing is shown as a replacement sign."""
    ET.indent(root, space=" ")
    return _DOCTYPE + written(root).encode() + b"\n"


def zipped(name: str, content: bytes) -> bytes:
    """Return a zip of one file, the same every day and whoever writes it."""
    entry = zipfile.ZipInfo(name, _ZIP_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = _USUAL_MODE
    entry.create_system = _UNIX
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr(entry, content)
    return packed.getvalue()
