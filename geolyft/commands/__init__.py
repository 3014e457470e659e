"""Groups of commands, a module each; `geolyft.cli` has the others."""
