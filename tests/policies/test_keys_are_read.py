"""The keys of policy and scenario files have an effect."""

from support.policies.unread_keys import declared_keys, unread_keys


def test_every_declared_key_is_read() -> None:
    """A key that is declared and never read would be accepted in a file and do nothing."""
    assert len([*declared_keys()]) > 50
    assert [] == unread_keys()
