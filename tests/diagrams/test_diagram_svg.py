"""Diagrams as SVG."""

from xml.etree import ElementTree as ET

from support.diagrams import EACH_POLICY, all_lines
from ticketcore.diagrams import Diagram, DiagramState, build_diagram, to_svg
from ticketcore.policies import Policy, load_policy


@EACH_POLICY
def test_a_picture_contains_every_line(policy: Policy) -> None:
    """The SVG is well-formed, and its texts contain all lines of the diagram."""
    diagram = build_diagram(policy)
    texts = [text.text or "" for text in ET.fromstring(to_svg(diagram)).findall(".//{*}text")]
    drawn = " ".join(" ".join(texts).split())

    assert [] == [line for line in (diagram.title, *all_lines(diagram)) if line not in drawn]


def test_markup_in_names_is_escaped() -> None:
    """A name that holds markup is drawn as text."""
    name = "<script>alert(1)</script>"
    state = DiagramState(id="s1", title=name, role="open", rank=1, lines=(name,))
    diagram = Diagram(title=name, states=(state,), transitions=(), lines=(name,))

    assert [] == ET.fromstring(to_svg(diagram)).findall(".//{*}script")


def test_characters_that_xml_cannot_hold_are_replaced() -> None:
    """Characters that XML cannot hold are replaced in the SVG."""
    name = "\x1b[31m\ud800\x00"
    state = DiagramState(id="s1", title=name, role="open", rank=1, lines=(name,))
    diagram = Diagram(title=name, states=(state,), transitions=(), lines=("\x07",))
    picture = to_svg(diagram)

    assert ET.fromstring(picture.encode()) is not None
    assert "\N{REPLACEMENT CHARACTER}[31m" in picture


def test_a_table_of_spans_is_one_shape_above_the_states() -> None:
    """A table of spans is drawn above the states, with each cell as a text in the frame."""
    picture = ET.fromstring(to_svg(build_diagram(load_policy("help-desk"))))
    frame = next(each for each in picture.findall("{*}rect") if each.get("class") == "k")
    top, height = float(frame.get("y", "")), float(frame.get("height", ""))
    inside = {
        each.text
        for each in picture.findall("{*}text")
        if top < float(each.get("y", "")) < top + height
    }
    states = picture.findall("{*}g")[0].get("transform", "")

    assert {"deadlines by priority", "urgent", "40 working hours", "next-reply"} <= inside
    assert top + height < float(states.rpartition(" ")[2].rstrip(")"))


def test_lines_about_timers_begin_with_a_clock() -> None:
    """Lines about timers begin with a clock, and continued lines have none."""
    picture = ET.fromstring(to_svg(build_diagram(load_policy("clickbank"))))
    lines = [each for each in picture.findall(".//{*}text") if each.get("class") == "i"]
    clocks = [each for each in picture.findall(".//{*}path") if each.get("class") == "c"]
    begun = [each for each in lines if not (each.text or "").startswith("\u2003")]

    assert 0 < len(begun) == len(clocks) < len(lines)
