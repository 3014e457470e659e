"""What is scored: shares made scores, the index of them, and the tables behind it."""
