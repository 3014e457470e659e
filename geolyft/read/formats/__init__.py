"""One module a file format; each hands over cells, or columns with types."""
