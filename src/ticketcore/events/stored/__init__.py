"""The stored form of events: values in JSON, lines, and history files."""
