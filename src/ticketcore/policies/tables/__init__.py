"""The tables of a policy file, each with its keys: timers, permissions, calendars and others."""
