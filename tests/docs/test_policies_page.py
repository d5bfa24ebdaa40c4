"""The page on policy files: its examples are policies, and it describes every key."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli_docs import blocks, printed
from support.builders import LocalStory
from ticketcore.events import EVENTS
from ticketcore.policies import parse_policy, policy_schema

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "policies.md").read_text(encoding="utf-8")
FIRST, *BLOCKS = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
WHOLE = "\n".join(block for block in BLOCKS if not block.startswith("extends"))
SMALLER = [block for block in BLOCKS if block.startswith("extends")]


@pytest.mark.parametrize(("args", "expected"), [*blocks(PAGE)])
def test_the_first_policy_gives_the_output_that_the_page_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: str, expected: str
) -> None:
    """A reader who saves the first policy and runs the commands gets the output of the page."""
    (tmp_path / "shop.toml").write_text(FIRST, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    assert expected == printed(args)


def test_the_blocks_together_are_one_policy() -> None:
    """The policy loads, and a question is due after nine opening hours of the shop: one on
    Friday, four on Saturday and four on Monday around the lunch break."""
    story = LocalStory(parse_policy(WHOLE), "Europe/Vienna")
    story.open("2026-01-09 17:00", storefront="at", category="repairs", text="It squeaks.")

    assert ("workshop", "2026-01-12 14:00") == (story.ticket.assigned_to, story.due("answer"))


@pytest.mark.parametrize("block", SMALLER)
def test_a_block_that_extends_is_a_policy(block: str) -> None:
    """A block that extends a policy is a policy with its changes, without the removed warning."""
    story = LocalStory(parse_policy(block), "America/Boise").open("2026-01-16 10:00")

    assert {"vendor-silent-first", "vendor-silent-close"} == set(story.pending())


def words_of(schema: Any) -> Iterator[str]:
    """Yield every key and every allowed word of a schema."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        yield from (word for word in schema.get("enum", ()) if isinstance(word, str))
        for below in schema.values():
            yield from words_of(below)
    elif isinstance(schema, list):
        for below in schema:
            yield from words_of(below)


def test_the_page_has_every_key_and_word() -> None:
    """Each key and word that a policy file may contain, except events, is on the page as code."""
    prose = re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)
    code = set(re.findall(r"[\w-]+", " ".join([*BLOCKS, *re.findall(r"`[^`]+`", prose)])))

    assert set() == set(words_of(policy_schema())) - code - set(EVENTS)
