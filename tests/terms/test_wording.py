"""Parts of sentences."""

import attrs

from ticketcore.policies import RefundRules, load_policy
from ticketcore.terms._wording import Wording


def test_a_key_without_a_phrase_is_written_as_in_the_file() -> None:
    """A key without a phrase is written in the terms as in the file."""
    wording = Wording.of(load_policy("office"), "de")
    phrases = {k: text for k, text in wording.phrases.items() if k != "refunds.max_refunds"}
    clauses = attrs.evolve(wording, phrases=phrases).clauses

    assert [("max_refunds", "max_refunds: 3")] == [*clauses("refunds", RefundRules(max_refunds=3))]
