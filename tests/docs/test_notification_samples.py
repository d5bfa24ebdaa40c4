"""The page of sample e-mails."""

from typing import get_args

from notification_samples import PAGE, page
from support.stories.notifications import samples
from ticketcore.policies import NotificationKind


def test_the_page_of_samples_is_current() -> None:
    """The page of sample e-mails equals the output of `tools/notification_samples.py`."""
    assert page() == PAGE.read_text(encoding="utf-8")


def test_there_is_a_sample_of_every_kind() -> None:
    """Each kind of notification has one sample, and the sample is of that kind."""
    kinds = [sample.notification.kind for sample in samples().values()]

    assert list(get_args(NotificationKind)) == kinds
