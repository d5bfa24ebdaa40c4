"""The phrases: complete in every language, and the same fields in each."""

from typing import get_args

import pytest

from ticketcore.errors import NoticeError
from ticketcore.events import PARTIES, Billing
from ticketcore.notifications._phrases import catalogue, filled
from ticketcore.policies import KINDS, Effect, Kind, Language, Role, placeholders

LANGUAGES = get_args(Language)
VARIANTS = {
    "replied": ("replied", "replied-interim", "replied-solution"),
    "cancelled": ("cancelled-subscription", "cancelled-units"),
    "reviewed": ("reviewed-cleared", "reviewed-abuse"),
    "closed": ("closed", "closed-withdrawn", "closed-duplicate"),
    "dispute-resolved": tuple(
        f"dispute-resolved-{outcome}" for outcome in ("lost", "won", "superseded")
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_is_missing(language: str) -> None:
    """Every kind, event, party, role, effect and state can be said in every language."""
    expected = {f"kind.{kind}" for kind in get_args(Kind)}
    expected |= {f"why.{key}" for event in KINDS for key in VARIANTS.get(event, (event,))}
    expected |= {f"{table}.{party}" for table in ("actor", "party") for party in PARTIES}
    expected |= {f"receives.{role}" for role in get_args(Role)}
    expected |= {f"next.{effect}" for effect in get_args(Effect)}
    expected |= {f"billing.{billing}" for billing in get_args(Billing)}
    expected |= {f"status.{status}" for status in ("open", "closed", "final")}
    named = ("kind.", "why.", "actor.", "party.", "receives.", "next.", "billing.", "status.")
    assert expected == {key for key in catalogue(language) if key.startswith(named)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_the_same_phrases_with_the_same_fields(language: str) -> None:
    """None says less than another."""
    assert fields_of("en") == fields_of(language)


def fields_of(language: str) -> dict[str, set[str]]:
    """The fields that each phrase names."""
    return {
        key: {field for _, field in placeholders(said) if field is not None}
        for key, said in catalogue(language).items()
    }


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_no_phrase_was_left_untranslated(language: str) -> None:
    """A sentence that is the English one was forgotten."""
    english = catalogue("en")
    same = {k for k, said in catalogue(language).items() if said == english[k] and " " in said}
    assert set() == same


def test_another_language_is_refused() -> None:
    """And the error names those there are."""
    with pytest.raises(NoticeError, match="en, it, hu, de"):
        catalogue("fr")


def test_a_value_is_said_and_not_read() -> None:
    """Braces in a value stay braces."""
    assert "{b} {}" == filled("{a} {{}}", {"a": "{b}"})


def test_a_field_without_a_value_is_refused() -> None:
    """Nobody reads "Dear None"."""
    with pytest.raises(NoticeError, match="the field 'b' has no value"):
        filled("{a} {b}", {"a": "x"})
