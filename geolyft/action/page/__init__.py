"""The page of needs and efforts, made of the same blocks as the report."""
