"""The delivery as a data portal is told of it: DCAT-AP-SE, as JSON-LD and RDF/XML."""
