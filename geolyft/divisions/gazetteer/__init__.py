"""The names people use for places, and which areas they lead to."""
