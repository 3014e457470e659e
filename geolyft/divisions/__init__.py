"""The areas of a city, and how one division leads to another."""
