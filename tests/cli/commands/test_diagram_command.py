"""`ticketcore policy diagram` draws a policy."""

from pathlib import Path

from support.command_line import ticketcore
from ticketcore.diagrams import build_diagram, to_mermaid, to_svg
from ticketcore.policies import load_policy, preset_text


def test_a_diagram_is_printed_as_mermaid_text() -> None:
    """Without options, `policy diagram` prints the text for Mermaid to standard output."""
    expected = to_mermaid(build_diagram(load_policy("kaufland")))

    assert expected == ticketcore("policy", "diagram", "kaufland").out


def test_an_svg_is_written_to_a_file(tmp_path: Path) -> None:
    """With --output, the SVG is written to the file and nothing is printed."""
    file = tmp_path / "office.svg"
    ran = ticketcore("policy", "diagram", "office", "--svg", "-o", file)

    assert (0, "") == (ran.code, ran.out)
    assert to_svg(build_diagram(load_policy("office"))) == file.read_text(encoding="utf-8")


def test_a_policy_file_is_not_overwritten(tmp_path: Path) -> None:
    """A diagram is never written over the policy file, not even through a link."""
    file, link = tmp_path / "mine.toml", tmp_path / "link.svg"
    file.write_text(preset_text("office"))
    link.symlink_to(file)
    ran = ticketcore("policy", "diagram", file, "-o", link, width=200)

    assert (2, "") == (ran.code, ran.out)
    assert "the file being read: choose another file" in ran.err
    assert preset_text("office") == file.read_text()
