"""``geolyft``, and ``python -m geolyft``, are the command line."""

import sys


def main() -> None:
    """Run it. Modules are loaded within, so that an interrupt is one line from the beginning."""
    # What packages come upon when they tidy up after a refusal was told in its one line.
    sys.unraisablehook = lambda _: None
    try:
        from geolyft.cli import main as command_line  # noqa: PLC0415

        command_line()
    except KeyboardInterrupt:
        raise SystemExit("geolyft: interrupted") from None  # with exit code 1, on stderr


if __name__ == "__main__":
    main()
