"""Policies by name or path, each loaded once: a policy keeps the calendars that it has built."""

from functools import lru_cache

from ticketcore.policies import Policy, load_policy


@lru_cache
def loaded(source: str) -> Policy:
    """The policy of a preset's name or of a file's path. Raises PolicyError."""
    return load_policy(source)
