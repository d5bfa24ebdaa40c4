"""`ticketcore policy diagram` draws a policy."""

from pathlib import Path

from cli_runs import ticketcore
from ticketcore.diagrams import build_diagram, to_mermaid, to_svg
from ticketcore.policies import load_policy, preset_text


def test_a_diagram_is_printed_as_text_for_mermaid() -> None:
    """Unless a picture is asked for."""
    assert (
        to_mermaid(build_diagram(load_policy("kaufland")))
        == ticketcore("policy", "diagram", "kaufland").out
    )


def test_a_picture_is_written_to_a_file(tmp_path: Path) -> None:
    """And nothing is printed then."""
    file = tmp_path / "office.svg"
    ran = ticketcore("policy", "diagram", "office", "--svg", "-o", file)

    assert (0, "") == (ran.code, ran.out)
    assert to_svg(build_diagram(load_policy("office"))) == file.read_text(encoding="utf-8")


def test_a_picture_is_not_written_over_its_policy(tmp_path: Path) -> None:
    """Whatever the file is called."""
    file, link = tmp_path / "mine.toml", tmp_path / "link.svg"
    file.write_text(preset_text("office"))
    link.symlink_to(file)
    ran = ticketcore("policy", "diagram", file, "-o", link, width=200)

    assert (2, "") == (ran.code, ran.out)
    assert "is what is read: name another file" in ran.err
    assert preset_text("office") == file.read_text()
