"""Tests of the page with samples in the docs."""

from typing import get_args

from notification_samples import PAGE, page
from support.notification_stories import samples
from ticketcore.policies import NotificationKind


def test_the_page_of_samples_is_current() -> None:
    """`python tools/notification_samples.py` writes the page again."""
    assert page() == PAGE.read_text(encoding="utf-8")


def test_there_is_a_sample_of_every_kind() -> None:
    """The page shows each kind of notification."""
    kinds = [sample.notification.kind for sample in samples().values()]

    assert list(get_args(NotificationKind)) == kinds
