"""The only room that knows SQL and files: one writer, many readers."""
