"""One TOML file describes one run; it is checked whole before anything is read."""
