"""What each board and company has where and when, and where they say different things."""
