"""Every event comes from a decision."""

from support.unmade_events import unmade_events


def test_a_decision_makes_every_event() -> None:
    """An event that is declared and never made could only come from old histories."""
    assert [] == unmade_events()
