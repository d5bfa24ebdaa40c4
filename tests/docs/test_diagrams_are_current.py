"""The diagrams in docs/generated are those of the presets."""

from pathlib import Path

import pytest

from ticketcore.diagrams import build_diagram, to_mermaid, to_svg
from ticketcore.policies import load_policy, presets

DIAGRAMS = Path(__file__).parents[2] / "docs/generated/diagrams"


@pytest.mark.parametrize("name", presets())
def test_diagrams_are_current(name: str) -> None:
    """`ticketcore policy diagram` writes the same files, with `--svg` and without."""
    diagram = build_diagram(load_policy(name))

    assert (DIAGRAMS / f"{name}.mmd").read_text(encoding="utf-8") == to_mermaid(diagram)
    assert (DIAGRAMS / f"{name}.svg").read_text(encoding="utf-8") == to_svg(diagram)
