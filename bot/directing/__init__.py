"""A directive is entered step by step or on one line, shown whole, and stored only then, with all that comes of it."""
