"""The delivery as a data portal is told of it: DCAT-AP-SE, as JSON-LD and RDF/XML."""

from typing import Literal

Frequency = Literal["UNKNOWN", "ANNUAL", "BIENNIAL", "QUARTERLY", "IRREG", "NEVER"]
"""How often figures are renewed, in the portal's words; a run file says one of them."""
