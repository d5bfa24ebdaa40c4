"""Amazon Pay's rules on disputes, under the preset as it is shipped."""

from typing import Any

import pytest

from support.builders import MADRID, MONDAY, LocalStory, enquiry
from ticketcore.errors import RefusedError


def disputed(
    kind: str, at: str = "2026-01-13 10:00", zone: str = MADRID, **facts: Any
) -> LocalStory:
    """A ticket about whose order a dispute was opened."""
    story = enquiry(f"{at[:10]} 09:00", zone)
    return story.do("open-dispute", at, "support", dispute="D1", kind=kind, **facts)


class TestTimeToAnswer:
    """A1: 7 calendar days for a claim, 11 for a chargeback, unless the notice has a deadline."""

    @pytest.mark.parametrize(
        ("kind", "at", "due"),
        [
            ("claim", "2026-01-13 10:00", "2026-01-20 10:00"),
            ("chargeback", "2026-01-13 10:00", "2026-01-24 10:00"),
            ("claim", "2026-03-27 10:00", "2026-04-03 10:00"),
            ("chargeback", "2026-10-20 10:00", "2026-10-31 10:00"),
            ("claim", "2026-12-23 10:00", "2026-12-30 10:00"),
        ],
        ids=["claim", "chargeback", "clocks forward", "clocks back", "holidays count"],
    )
    def test_calendar_days_at_the_same_local_time(self, kind: str, at: str, due: str) -> None:
        """A1: weekends, holidays and a clock change or not."""
        assert due == disputed(kind, at).due(kind)

    @pytest.mark.parametrize("kind", ["claim", "chargeback"])
    @pytest.mark.parametrize("deadline", ["2026-01-15 18:00", "2026-03-01 18:00"])
    def test_the_notices_own_deadline_counts(self, kind: str, deadline: str) -> None:
        """A1: be it earlier or later than the days."""
        instant = LocalStory("amazon-pay", MADRID).instant(deadline)

        assert deadline == disputed(kind, deadline=instant).due(kind)

    def test_several_disputes_have_their_own_times(self) -> None:
        """A1: two claims on one order, each with its own clock."""
        story = disputed("claim")
        story.do("open-dispute", "2026-01-15 10:00", "support", dispute="D2", kind="claim")
        story.do("answer-dispute", "2026-01-16 10:00", "vendor", dispute="D1")

        dues = {timer.dispute: story.local(timer.due) for timer in story.ticket.timers}
        assert {"D2": "2026-01-22 10:00"} == dues

    def test_a_notice_sent_twice_is_one(self) -> None:
        """A1: its id tells it from others, and stands for no other kind or deadline."""
        story = disputed("claim")
        at, notice = "2026-01-14 10:00", {"dispute": "D1", "kind": "claim"}
        story.do("open-dispute", at, "support", **notice)
        assert {"claim": "2026-01-20 10:00"} == story.pending()

        for other in ({"kind": "chargeback"}, {"deadline": story.instant("2026-01-15 10:00")}):
            assert ("dispute-conflict", "A2") == story.refused(
                "open-dispute", at, "support", **{**notice, **other}
            )

    def test_another_kind_is_refused(self) -> None:
        """A1: claims and chargebacks are what there is."""
        assert (
            "unknown-dispute-kind"
            == enquiry().refused(
                "open-dispute", MONDAY, "support", dispute="D1", kind="complaint"
            )[0]
        )

    def test_a_dispute_outlives_its_ticket(self) -> None:
        """A1, A2: closing the ticket answers no dispute, nor does one need an open ticket."""
        story = disputed("claim").do("close", "2026-01-14 10:00", "vendor")
        story.do("open-dispute", "2026-01-15 10:00", "customer", dispute="D2", kind="claim")
        story.until("2026-02-28 00:00")

        assert ["dispute-resolved 2026-01-20 10:00", "dispute-resolved 2026-01-22 10:00"] == (
            story.dated_events("dispute-resolved")
        )


class TestSilence:
    """A2: silence until the deadline decides for the buyer; a chargeback ends a claim."""

    @pytest.mark.parametrize(
        ("kind", "due"), [("claim", "2026-01-20 10:00"), ("chargeback", "2026-01-24 10:00")]
    )
    def test_it_decides_for_the_buyer(self, kind: str, due: str) -> None:
        """A2: as of the deadline, by the timer."""
        story = disputed(kind).until("2026-02-28 00:00")

        assert [f"dispute-resolved {due}"] == story.dated_events("dispute-resolved")
        assert ["lost"] == [dispute.outcome for dispute in story.ticket.disputes]

    def test_an_answer_at_the_deadline_is_in_time(self) -> None:
        """A2: then the platform decides, when it likes."""
        story = disputed("claim").do("answer-dispute", "2026-01-20 10:00", "vendor", dispute="D1")
        story.until("2026-02-28 00:00")
        assert ([], {}) == (story.dated_events("dispute-resolved"), story.pending())

        story.do("resolve-dispute", "2026-03-01 10:00", "support", dispute="D1", outcome="won")
        assert "won" == story.ticket.disputes[0].outcome

    def test_a_microsecond_later_it_is_decided(self) -> None:
        """A2: the answer finds a dispute that is over."""
        assert ("dispute-settled", "A2") == disputed("claim").refused(
            "answer-dispute", "2026-01-20 10:00:00.000001", "vendor", dispute="D1"
        )

    def test_answering_the_customer_is_not_answering_the_dispute(self) -> None:
        """A2: the platform waits for an answer to the claim."""
        story = disputed("claim").do("reply", "2026-01-14 10:00", "vendor")

        assert "2026-01-20 10:00" == story.due("claim")

    def test_a_chargeback_ends_a_claim(self) -> None:
        """A2: it is superseded, its clock ends, and the chargeback has its own."""
        story = disputed("claim")
        story.do("open-dispute", "2026-01-15 10:00", "support", dispute="D2", kind="chargeback")

        assert ["superseded", None] == [dispute.outcome for dispute in story.ticket.disputes]
        assert {"chargeback": "2026-01-26 10:00"} == story.pending()

    def test_an_answered_claim_is_ended_too(self) -> None:
        """A2: whatever was said to the one, the bank decides now."""
        story = disputed("claim").do("answer-dispute", "2026-01-14 10:00", "vendor", dispute="D1")
        story.do("open-dispute", "2026-01-15 10:00", "support", dispute="D2", kind="chargeback")

        assert "superseded" == story.ticket.disputes[0].outcome
        assert ("dispute-settled", "A2") == story.refused(
            "resolve-dispute", "2026-01-16 10:00", "support", dispute="D1", outcome="won"
        )

    def test_an_ended_dispute_says_how_it_ended(self) -> None:
        """A2: a chargeback supersedes a claim, which was then decided for nobody."""
        story = disputed("claim")
        story.do("open-dispute", "2026-01-15 10:00", "support", dispute="D2", kind="chargeback")

        with pytest.raises(RefusedError, match="the claim D1 was already superseded"):
            story.do("answer-dispute", "2026-01-16 10:00", "vendor", dispute="D1")

    def test_no_claim_beside_a_chargeback(self) -> None:
        """A2: while the chargeback runs, a claim is refused; a decided one is in nobody's way."""
        story = disputed("chargeback")
        claim = {"dispute": "D2", "kind": "claim"}
        assert ("dispute-superseded", "A2") == story.refused(
            "open-dispute", "2026-01-14 10:00", "customer", **claim
        )

        story.do("resolve-dispute", "2026-01-15 10:00", "support", dispute="D1", outcome="won")
        story.do("open-dispute", "2026-01-16 10:00", "customer", **claim)
        assert "2026-01-23 10:00" == story.due("claim")

    def test_who_lost_the_dispute_pays_no_second_time(self) -> None:
        """A2, A4: the buyer has the money already."""
        story = disputed("chargeback").until("2026-01-25 00:00")

        assert ("already-reimbursed", "A2") == story.refused(
            "refund", "2026-01-25 10:00", "vendor", reference="r1"
        )

    def test_each_party_does_its_part(self) -> None:
        """A1, A2: buyers open, merchants answer, the platform decides."""
        story = disputed("claim")
        at = "2026-01-14 10:00"

        assert "not-permitted" == story.refused("answer-dispute", at, "customer", dispute="D1")[0]
        assert (
            "not-permitted"
            == story.refused("resolve-dispute", at, "vendor", dispute="D1", outcome="won")[0]
        )
        assert (
            "not-permitted"
            == story.refused("open-dispute", at, "vendor", dispute="D2", kind="claim")[0]
        )
        assert "unknown-dispute" == story.refused("answer-dispute", at, "vendor", dispute="D9")[0]
