"""`ticketcore policy diagram` draws a policy."""

from pathlib import Path

from cli_runs import ticketcore
from ticketcore.policies import load_policy
from ticketcore.simulation.diagram import diagram, mermaid, svg


def test_a_diagram_is_printed_as_text_for_mermaid() -> None:
    """Unless a picture is asked for."""
    assert (
        mermaid(diagram(load_policy("kaufland")))
        == ticketcore("policy", "diagram", "kaufland").out
    )


def test_a_picture_is_written_to_a_file(tmp_path: Path) -> None:
    """And nothing is printed then."""
    file = tmp_path / "office.svg"
    ran = ticketcore("policy", "diagram", "office", "--svg", "-o", file)

    assert (0, "") == (ran.code, ran.out)
    assert svg(diagram(load_policy("office"))) == file.read_text(encoding="utf-8")
