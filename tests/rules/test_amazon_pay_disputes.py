"""Amazon Pay: claims and chargebacks under the preset."""

from typing import Any

import pytest

from support.builders import MADRID, MONDAY, LocalStory, enquiry
from ticketcore.errors import RefusedError


def disputed(
    kind: str, at: str = "2026-01-13 10:00", zone: str = MADRID, **facts: Any
) -> LocalStory:
    """Open a ticket, and a dispute about its order."""
    story = enquiry(f"{at[:10]} 09:00", zone)
    return story.do("open-dispute", at, "support", dispute="D1", kind=kind, **facts)


class TestTimeToAnswer:
    """A1: a claim has 7 calendar days, a chargeback 11, unless the notice states a deadline."""

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
        """A1: calendar days keep the local time over weekends, holidays and clock changes."""
        assert due == disputed(kind, at).due(kind)

    @pytest.mark.parametrize("kind", ["claim", "chargeback"])
    @pytest.mark.parametrize("deadline", ["2026-01-15 18:00", "2026-03-01 18:00"])
    def test_a_deadline_in_the_notice_overrides_the_policy(self, kind: str, deadline: str) -> None:
        """A1: a deadline in the notice overrides the policy, whether earlier or later."""
        instant = LocalStory("amazon-pay", MADRID).instant(deadline)

        assert deadline == disputed(kind, deadline=instant).due(kind)

    def test_each_dispute_has_its_own_deadline(self) -> None:
        """A1: an answer to one of two claims leaves the deadline of the other."""
        story = disputed("claim")
        story.do("open-dispute", "2026-01-15 10:00", "support", dispute="D2", kind="claim")
        story.do("answer-dispute", "2026-01-16 10:00", "vendor", dispute="D1")

        dues = {timer.dispute: story.local(timer.due) for timer in story.ticket.timers}
        assert {"D2": "2026-01-22 10:00"} == dues

    def test_a_notice_sent_twice_is_one_dispute(self) -> None:
        """A1: a second notice with the id of another kind or deadline is refused."""
        story = disputed("claim")
        at, notice = "2026-01-14 10:00", {"dispute": "D1", "kind": "claim"}
        story.do("open-dispute", at, "support", **notice)
        assert {"claim": "2026-01-20 10:00"} == story.pending()

        for other in ({"kind": "chargeback"}, {"deadline": story.instant("2026-01-15 10:00")}):
            assert ("dispute-conflict", "A2") == story.refused(
                "open-dispute", at, "support", **{**notice, **other}
            )

    def test_an_unknown_kind_of_dispute_is_refused(self) -> None:
        """A1: a dispute of a kind that the policy does not list is refused."""
        assert (
            "unknown-dispute-kind"
            == enquiry().refused(
                "open-dispute", MONDAY, "support", dispute="D1", kind="complaint"
            )[0]
        )

    def test_a_dispute_outlives_its_ticket(self) -> None:
        """A1, A2: disputes of a closed ticket run on, and can be opened on it."""
        story = disputed("claim").do("close", "2026-01-14 10:00", "vendor")
        story.do("open-dispute", "2026-01-15 10:00", "customer", dispute="D2", kind="claim")
        story.until("2026-02-28 00:00")

        assert ["dispute-resolved 2026-01-20 10:00", "dispute-resolved 2026-01-22 10:00"] == (
            story.dated_events("dispute-resolved")
        )


class TestSilence:
    """A2: silence decides for the buyer. A chargeback supersedes a claim."""

    @pytest.mark.parametrize(
        ("kind", "due"), [("claim", "2026-01-20 10:00"), ("chargeback", "2026-01-24 10:00")]
    )
    def test_silence_loses_the_dispute(self, kind: str, due: str) -> None:
        """A2: a dispute without an answer is lost at its deadline."""
        story = disputed(kind).until("2026-02-28 00:00")

        assert [f"dispute-resolved {due}"] == story.dated_events("dispute-resolved")
        assert ["lost"] == [dispute.outcome for dispute in story.ticket.disputes]

    def test_an_answer_at_the_deadline_is_in_time(self) -> None:
        """A2: after an answer at the deadline no timer is pending, and the platform decides."""
        story = disputed("claim").do("answer-dispute", "2026-01-20 10:00", "vendor", dispute="D1")
        story.until("2026-02-28 00:00")
        assert ([], {}) == (story.dated_events("dispute-resolved"), story.pending())

        story.do("resolve-dispute", "2026-03-01 10:00", "support", dispute="D1", outcome="won")
        assert "won" == story.ticket.disputes[0].outcome

    def test_an_answer_a_microsecond_later_is_refused(self) -> None:
        """A2: an answer a microsecond after the deadline is refused."""
        assert ("dispute-settled", "A2") == disputed("claim").refused(
            "answer-dispute", "2026-01-20 10:00:00.000001", "vendor", dispute="D1"
        )

    def test_a_reply_does_not_answer_the_dispute(self) -> None:
        """A2: a reply to the customer leaves the deadline of the claim."""
        story = disputed("claim").do("reply", "2026-01-14 10:00", "vendor")

        assert "2026-01-20 10:00" == story.due("claim")

    def test_a_chargeback_supersedes_a_claim(self) -> None:
        """A2: the claim and its timer end, and the chargeback has its own timer."""
        story = disputed("claim")
        story.do("open-dispute", "2026-01-15 10:00", "support", dispute="D2", kind="chargeback")

        assert ["superseded", None] == [dispute.outcome for dispute in story.ticket.disputes]
        assert {"chargeback": "2026-01-26 10:00"} == story.pending()

    def test_a_chargeback_supersedes_an_answered_claim(self) -> None:
        """A2: an answered claim is superseded too, and can no longer be resolved."""
        story = disputed("claim").do("answer-dispute", "2026-01-14 10:00", "vendor", dispute="D1")
        story.do("open-dispute", "2026-01-15 10:00", "support", dispute="D2", kind="chargeback")

        assert "superseded" == story.ticket.disputes[0].outcome
        assert ("dispute-settled", "A2") == story.refused(
            "resolve-dispute", "2026-01-16 10:00", "support", dispute="D1", outcome="won"
        )

    def test_a_refusal_says_how_the_dispute_ended(self) -> None:
        """A2: an answer to a superseded claim is refused with its outcome."""
        story = disputed("claim")
        story.do("open-dispute", "2026-01-15 10:00", "support", dispute="D2", kind="chargeback")

        with pytest.raises(RefusedError, match="the claim D1 has ended: another dispute"):
            story.do("answer-dispute", "2026-01-16 10:00", "vendor", dispute="D1")

    def test_a_claim_is_refused_while_a_chargeback_runs(self) -> None:
        """A2: a claim can be opened only after the chargeback was resolved."""
        story = disputed("chargeback")
        claim = {"dispute": "D2", "kind": "claim"}
        assert ("dispute-superseded", "A2") == story.refused(
            "open-dispute", "2026-01-14 10:00", "customer", **claim
        )

        story.do("resolve-dispute", "2026-01-15 10:00", "support", dispute="D1", outcome="won")
        story.do("open-dispute", "2026-01-16 10:00", "customer", **claim)
        assert "2026-01-23 10:00" == story.due("claim")

    def test_a_lost_dispute_is_not_refunded_again(self) -> None:
        """A2, A4: after a lost dispute the buyer has the money, so a refund is refused."""
        story = disputed("chargeback").until("2026-01-25 00:00")

        assert ("already-reimbursed", "A2") == story.refused(
            "refund", "2026-01-25 10:00", "vendor", reference="r1"
        )

    def test_each_party_has_its_own_commands(self) -> None:
        """A1, A2: buyers open disputes, merchants answer them, the platform resolves them."""
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
