"""Handlers: the events of each command that a policy allows."""
