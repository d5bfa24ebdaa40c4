"""The glossary."""

import re
from pathlib import Path
from typing import get_args

from ticketcore.commands import COMMANDS
from ticketcore.events import EVENTS
from ticketcore.policies import Effect

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
CODE = set(re.findall(r"`([\w-]+)`", PAGE))


def test_the_terms_are_in_alphabetical_order() -> None:
    """The terms of the glossary are in alphabetical order."""
    table = PAGE.partition("|---|---|---|\n")[2].partition("\n\n")[0]
    terms = [row.split("|")[1].strip() for row in table.splitlines()]

    assert sorted(terms, key=str.lower) == terms


def test_the_glossary_has_every_command_event_and_effect() -> None:
    """Each stored name of a command, an event or an effect is explained."""
    assert set() == {*COMMANDS, *EVENTS, *get_args(Effect)} - CODE
