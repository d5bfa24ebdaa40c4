"""Policies from files: presets, starters, versions, and single values that are changed."""
