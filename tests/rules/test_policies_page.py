"""The reference for policy authors: its examples are policies, and it leaves out no key."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.builders import Story
from ticketcore.events import EVENTS
from ticketcore.policies import parse_policy, policy_schema

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "policies.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
WHOLE = "\n".join(block for block in BLOCKS if not block.startswith("extends"))
SMALLER = [block for block in BLOCKS if block.startswith("extends")]


def test_the_blocks_together_are_one_policy() -> None:
    """It loads without a problem, and a question is due by the shop's hours: one hour of
    Friday, four of Saturday, and four of Monday with its lunch break."""
    story = Story(parse_policy(WHOLE), "Europe/Vienna")
    story.open("2026-01-09 17:00", storefront="at", category="repairs", text="It squeaks.")

    assert ("workshop", "2026-01-12 14:00") == (story.ticket.assigned_to, story.due("answer"))


@pytest.mark.parametrize("block", SMALLER)
def test_a_block_that_extends_is_a_policy(block: str) -> None:
    """What differs is enough: the holiday counts, and the second warning is gone."""
    story = Story(parse_policy(block), "America/Boise").open("2026-01-16 10:00")

    assert {"vendor-silent-first", "vendor-silent-close"} == set(story.pending())


def said(schema: Any) -> Iterator[str]:
    """Every key and every word of a schema."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        yield from (word for word in schema.get("enum", ()) if isinstance(word, str))
        for below in schema.values():
            yield from said(below)
    elif isinstance(schema, list):
        for below in schema:
            yield from said(below)


def test_no_key_and_no_word_is_left_out() -> None:
    """What the reader of policy files asks for stands in code on the page, but events."""
    prose = re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)
    code = set(re.findall(r"[\w-]+", " ".join([*BLOCKS, *re.findall(r"`[^`]+`", prose)])))

    assert set() == set(said(policy_schema())) - code - set(EVENTS)
