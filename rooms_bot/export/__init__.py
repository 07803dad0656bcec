"""A room's events as a file: Markdown to read, CSV to count, JSON to keep."""
