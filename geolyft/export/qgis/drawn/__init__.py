"""How a layer of the project is drawn: its symbols, its names, its styles, and its map tips."""
