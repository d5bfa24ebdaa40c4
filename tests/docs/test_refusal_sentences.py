"""The generated page of refusals: current, complete, and in plain sentences."""

import re

import pytest

from refusal_sentences import PAGE, page
from support.stories.refusals import Refusal, refusals
from ticketcore.events import PARTIES

ROWS = [(code, row) for code, rows in refusals().items() for row in rows]


def test_the_page_of_sentences_is_current() -> None:
    """The page of refusals equals the output of `tools/refusal_sentences.py`."""
    assert page() == PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize(("code", "row"), ROWS)
def test_a_sentence_names_parties_with_their_article(code: str, row: Refusal) -> None:
    """A sentence begins in lower case, has no full stop, and says "the customer"."""
    bare = rf"^({'|'.join(PARTIES[:2])}) may|by (customer|vendor) "

    assert row.reason[0] in "'\"0123456789" or row.reason[0].islower()
    assert not row.reason.endswith(".")
    assert None is re.search(bare, row.reason)
    assert "None" not in row.reason


_BY_A_RULE = {
    "billing-mismatch": "C9",
    "channel-not-allowed": "O3",
    "consent-required": "C11",
    "field-required": "W1",
    "no-review-requested": "C13",
    "nothing-to-review": "C13",
    "ticket-final": "K8",
    "too-many-refunds": "R8",
    "unit-refunded": "K5",
    "unknown-category": "O5",
    "unknown-dispute-kind": "A2",
    "unknown-storefront": "K12",
    "unknown-subcategory": "W2",
    "unknown-type": "C1",
    "window-passed": "C14",
    "wrong-number": "K3",
    "ticket-closed": "R9",
    "not-permitted": "A5",
}


@pytest.mark.parametrize(("code", "rule"), _BY_A_RULE.items())
def test_a_refusal_by_a_rule_carries_its_id(code: str, rule: str) -> None:
    """A refusal by a rule has the rule's id: C9, C11, C13, C14, K3, K5, K8, K12, O3, W1, A5."""
    assert rule in {each for row in refusals()[code] for each in row.rule.split()}


def test_a_reason_that_is_refused_carries_the_rule_of_its_list() -> None:
    """K7 and K6: an unlisted reason is refused with the rule of its list."""
    rules = {(row.command, row.policy): row.rule for row in refusals()["unknown-reason"]}

    assert "K7" == rules["open", "kaufland"]
    assert "K6" == rules["escalate", "kaufland"]
