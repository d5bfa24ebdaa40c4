"""Conditions on tickets: the facts that they read, and the instants from which spans count."""
