"""Every event comes from a decision."""

from support.histories.unmade_events import unmade_events


def test_a_decision_makes_every_event() -> None:
    """A decision makes every event that is declared."""
    assert [] == unmade_events()
