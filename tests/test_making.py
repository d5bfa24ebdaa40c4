"""A class that is made quickly is in all else as attrs makes it."""

import copy
import inspect
import pickle
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from ticketcore._making import quickly_made


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


@attrs.frozen
class Plain:
    """As attrs makes it."""

    at: datetime = attrs.field(converter=_utc)
    by: str = attrs.field(default="customer", kw_only=True)


@quickly_made
@attrs.frozen
class Quick:
    """The same, made quickly."""

    at: datetime = attrs.field(converter=_utc)
    by: str = attrs.field(default="customer", kw_only=True)


AT = datetime.fromisoformat("2026-01-12T09:00:00+01:00")


def test_it_has_the_same_fields_signature_and_values() -> None:
    """Converters and defaults are at work."""
    quick = Quick(AT)

    assert inspect.signature(Plain) == inspect.signature(Quick)
    assert (datetime(2026, 1, 12, 8, tzinfo=UTC), "customer") == (quick.at, quick.by)
    assert UTC is quick.at.tzinfo
    assert repr(Plain(AT, by="vendor")).removeprefix("Plain") == repr(
        Quick(AT, by="vendor")
    ).removeprefix("Quick")


def test_once_made_it_is_frozen() -> None:
    """What a draft may do, the finished one may not."""
    quick = Quick(AT)

    assert Quick is type(quick)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        quick.by = "vendor"  # type: ignore[misc]
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        del quick.by
    assert not hasattr(quick, "__dict__")


def test_it_compares_hashes_copies_and_pickles_by_its_values() -> None:
    """As a value does."""
    quick = Quick(AT)

    assert quick == Quick(AT)
    assert quick != Quick(AT, by="vendor")
    assert hash(quick) == hash(Quick(AT))
    assert Quick(AT, by="vendor") == attrs.evolve(quick, by="vendor")
    assert [quick, quick] == [copy.deepcopy(quick), pickle.loads(pickle.dumps(quick))]


@pytest.mark.parametrize("wrong", [{}, {"at": AT, "who": "anna"}])
def test_wrong_arguments_are_refused(wrong: dict[str, Any]) -> None:
    """With the error of any function."""
    with pytest.raises(TypeError, match="argument"):
        Quick(**wrong)
