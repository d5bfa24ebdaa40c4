"""Diagrams as text for Mermaid."""

from ticketcore.diagrams import Diagram, DiagramState, build_diagram, to_mermaid
from ticketcore.policies import load_policy, parse_policy


def test_a_small_policy_has_a_small_diagram() -> None:
    """A policy with two permissions has an open and a closed state, and no more."""
    small = """
        name = "small"
        effective = 2026-01-01
        any_type = true
        [[permission]]
        commands = ["open", "close"]
        by = "customer"
    """

    assert (
        '---\ntitle: "small, 2026-01-01"\n---\nstateDiagram-v2\n'
        '    state "open" as s1\n    state "closed" as s2\n'
        "    [*] --> s1: open: customer\n    s1 --> s2: close: customer\n"
    ) == to_mermaid(build_diagram(parse_policy(small)))


def test_names_are_not_read_as_syntax() -> None:
    """Syntax in a name, such as quotes or arrows, is replaced in Mermaid."""
    name = '<b>alert(1)</b>"; x --> y\n%% #35; [*]'
    state = DiagramState(id="s1", title=name, role="open", rank=1, lines=(name,))
    lines = to_mermaid(Diagram(title=name, states=(state,), transitions=(), lines=(name,)))
    (line,) = [line for line in lines.splitlines() if " as s1" in line]

    assert 8 == len(lines.splitlines())
    assert 2 == line.count('"')
    assert not set("<>;#%[]") & set(line.replace("<br/>", ""))


def test_a_change_of_type_is_a_choice() -> None:
    """Mermaid draws the change of type as a diamond without text."""
    lines = to_mermaid(build_diagram(load_policy("clickbank"))).splitlines()

    assert ["<<choice>>"] == [line.split()[-1] for line in lines if "choice" in line]


def test_timers_and_spans_have_a_clock() -> None:
    """In Mermaid, each timer begins with a clock, even in a table of spans."""
    text = to_mermaid(build_diagram(load_policy("help-desk")))

    assert "open, waiting for support<br/>⏱ first-reply: breach, if opened by customer" in text
    assert (
        'state "deadlines by priority<br/>⏱ first-reply: counts after the opening (hours), '
        "urgent 1 working hour, high 2 working hours, normal 4 working hours, low 8 working "
        "hours, on the way at 75 percent: warn<br/>⏱ next-reply: "
    ) in text
