"""What a run reads around its sources, and the tables of action that come of it."""
