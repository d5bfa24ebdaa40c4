"""The page of sample e-mails."""

from typing import get_args

from notification_samples import PAGE, page, samples
from ticketcore.policies import Kind


def test_the_page_of_samples_is_current() -> None:
    """The page equals the output of `tools/notification_samples.py`."""
    assert page() == PAGE.read_text(encoding="utf-8")


def test_there_is_a_sample_of_every_kind() -> None:
    """Each kind of notification has one sample, and the sample is of that kind."""
    assert list(get_args(Kind)) == [sample.notice.kind for sample in samples().values()]
