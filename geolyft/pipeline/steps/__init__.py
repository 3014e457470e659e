"""The steps of a run: what is asked, what may leave of it, what it tells, and the publication."""
