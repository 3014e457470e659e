"""``python -m geolyft`` is the command line."""

from geolyft.cli import main

if __name__ == "__main__":
    main()
