"""Needs, and which of them an effort with a known place meets."""
