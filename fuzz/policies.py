"""Fuzz the reader of policy files: `python -m fuzz.policies -max_total_time=60`."""

import atheris

with atheris.instrument_imports(include=["ticketcore"], exclude=["ticketcore.calendar"]):
    from ticketcore.errors import PolicyError
    from ticketcore.policies import parse_policy

from fuzz._harness import PRESETS, fuzz, paragraphs

_HEAD = b"""name = "fuzzed"
effective = 2026-01-01
default_handler = "vendor"
zone = "UTC"
default_type = "refund"
types = { refund = {} }
"""


def read(data: bytes) -> None:
    """Check that every mistake is reported as a PolicyError, and that its text is formatted."""
    try:
        parse_policy(data)
    except PolicyError as refused:
        str(refused)
        raise


if __name__ == "__main__":
    seeds = paragraphs(PRESETS.glob("*.toml"), _HEAD)
    fuzz(read, seeds, refuses=PolicyError)
