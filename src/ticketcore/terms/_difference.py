"""The difference between two policies in words, rule by rule."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest

import attrs

from ticketcore._internal.arguments import typed
from ticketcore._toml import keys_of, written
from ticketcore.policies import Language, Policy
from ticketcore.terms._phrases import phrases_in
from ticketcore.terms._terms import HEAD, SECTIONS, Term, policy_terms

_ORDER = ("head", *SECTIONS)  # of the first parts of keys
# Keys that hold no rule, or whose rules the terms have.
_NO_RULES = frozenset({"name", "extends", "retype_answers", *HEAD, *SECTIONS})


@attrs.frozen(kw_only=True)
class ChangedTerm:
    """A rule that differs between two policies. A text is None if the policy lacks the rule."""

    section: str
    key: tuple[str, ...]
    before: str | None
    after: str | None


@typed
def policy_differences(
    base: Policy, other: Policy, language: Language | None = None
) -> tuple[ChangedTerm, ...]:
    """Return the rules that differ, in the order of the terms; keys without a rule come last.

    In each section, rules of *other* alone come last. Both are worded in *language*, by default
    the first one of *base*. Rules are the same rule if they have the same name, or permit the same
    commands to the same parties.
    """
    language = language or base.languages[0]
    before, after = (_by_key(policy_terms(policy, language)) for policy in (base, other))
    changed = []
    for key in dict.fromkeys((*before, *after)):
        olds, news = before.get(key, []), after.get(key, [])
        section = (olds + news)[0].section
        pairs = zip_longest((term.text for term in olds), (term.text for term in news))
        changed += [
            ChangedTerm(section=section, key=key, before=old, after=new)
            for old, new in pairs
            if old != new
        ]
    changed.sort(key=lambda change: _ORDER.index(change.key[0]))
    return (*changed, *_others(base, other, phrases_in(language)["section.other"]))


def _others(base: Policy, other: Policy, section: str) -> Iterator[ChangedTerm]:
    """Yield the keys that differ and that the terms leave out, such as templates and words."""
    for key in keys_of(Policy).values():
        old, new = getattr(base, key.attribute), getattr(other, key.attribute)
        if key.attribute not in _NO_RULES and old != new:
            yield ChangedTerm(
                section=section,
                key=("other", key.name),
                before=f"{key.name}: {written(_differing(old, new))}",
                after=f"{key.name}: {written(_differing(new, old))}",
            )


def _differing(value: object, other: object) -> object:
    """Return a value; of a table, only the entries that differ from those of the other table."""
    if not (isinstance(value, Mapping) and isinstance(other, Mapping)):
        return value
    return {
        name: _differing(below, other.get(name))
        for name, below in value.items()
        if below != other.get(name)
    }


def _by_key(terms: Iterable[Term]) -> dict[tuple[str, ...], list[Term]]:
    by_key: dict[tuple[str, ...], list[Term]] = defaultdict(list)
    for term in terms:
        by_key[term.key].append(term)
    return by_key
