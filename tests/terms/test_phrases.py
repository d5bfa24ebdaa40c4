"""Phrases of terms: complete in every language, with the same fields."""

from collections.abc import Collection
from string import Formatter
from typing import get_args

import pytest

from ticketcore.commands import COMMANDS
from ticketcore.events import EVENTS, PARTIES
from ticketcore.policies import CONDITIONS, Anchor, Effect, Language
from ticketcore.terms._phrases import phrases_in
from ticketcore.ticket import Status

LANGUAGES = get_args(Language)


def fields(text: str) -> set[str | None]:
    """Return the fields of a phrase."""
    return {field for _, field, _, _ in Formatter().parse(text)} - {None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_the_same_phrases_with_the_same_fields(language: Language) -> None:
    """Each language has the same phrases with the same fields."""
    english = {key: fields(text) for key, text in phrases_in("en").items()}

    assert english == {key: fields(text) for key, text in phrases_in(language).items()}


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_sentences_are_translated(language: Language) -> None:
    """No phrase of several words is the same as in English."""
    english = phrases_in("en")
    texts = phrases_in(language).items()

    assert [] == [key for key, text in texts if text == english[key] and text.count(" ") > 1]


@pytest.mark.parametrize(
    ("table", "names"),
    [
        ("command", COMMANDS),
        ("event", {*EVENTS} - {"scheduled"}),
        ("effect", get_args(Effect)),
        ("anchor", get_args(Anchor)),
        ("party", PARTIES),
        ("status", get_args(Status)),
    ],
)
def test_each_name_of_the_library_has_a_phrase(table: str, names: Collection[str]) -> None:
    """The terms do not fall back to the words of the file."""
    assert set() == {*names} - {
        key.partition(".")[2] for key in phrases_in("en") if key.startswith(f"{table}.")
    }


def test_each_condition_has_a_phrase() -> None:
    """Each condition has a phrase, and a fact that is true or false has two."""
    known = {key.partition(".")[2].partition("-")[0] for key in phrases_in("en")}

    assert set() == {*CONDITIONS} - known
