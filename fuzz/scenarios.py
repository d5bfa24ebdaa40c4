"""Fuzz the reader of scenario files: `python -m fuzz.scenarios -max_total_time=60`."""

import atheris

with atheris.instrument_imports(include=["ticketcore"], exclude=["ticketcore.calendar"]):
    from ticketcore.errors import ScenarioError
    from ticketcore.scenarios import parse_scenario

from fuzz._harness import ROOT, fuzz, paragraphs

_HEAD = b'policy = "service-desk"\n'  # the smallest preset


def read(data: bytes) -> None:
    """Check that every mistake is reported as a ScenarioError, and that its text is formatted."""
    try:
        parse_scenario(data)
    except ScenarioError as refused:
        str(refused)
        raise


if __name__ == "__main__":
    seeds = paragraphs((ROOT / "examples").glob("[akow]*/*.toml"), _HEAD)
    fuzz(read, seeds, refuses=ScenarioError)
