"""Which areas come first, how surely, and what a sum would be by several rules."""
