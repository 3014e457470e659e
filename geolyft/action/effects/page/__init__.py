"""The pages of effects: all plans by board, and one for each plan."""
