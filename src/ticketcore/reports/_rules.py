"""The rules and the parts of the compared policies, each with its place in a file."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

import attrs

from ticketcore.coverage import Coverage, PolicyPart
from ticketcore.policies import Policy, PolicyVersions, policy_places
from ticketcore.terms import policy_terms


@attrs.frozen(kw_only=True)
class TimerSentence:
    """One ``[[timer]]`` as a sentence, and its place in each policy that has this sentence."""

    sentence: str
    places: tuple[str, ...]


@attrs.frozen(kw_only=True)
class KindCoverage:
    """The parts of one kind in one policy: how many are used, and which are not."""

    policy: str
    kind: str
    used: int
    parts: int
    unused: tuple[str, ...]


def timer_sentences(
    policies: Sequence[tuple[str, Policy | PolicyVersions]], sources: Sequence[str | Path]
) -> dict[str, list[TimerSentence]]:
    """Return the sentences of each timer, by its name; for several versions, those of the last.

    A place is the column of the policy, with the file and the line if *sources* has its source.
    """
    places: dict[str, dict[str, list[str]]] = {}
    for (column, found), source in zip_longest(policies, sources):
        policy = found.versions[-1]
        place_of = None if source is None else policy_places(source)
        sentences = (t.text for t in policy_terms(policy, "en") if t.key[0] == "timers")
        for i, (timer, sentence) in enumerate(zip(policy.timers, sentences, strict=True)):
            place = column if place_of is None else f"{column} {place_of(('timer', i))}"
            places.setdefault(timer.name, {}).setdefault(sentence, []).append(place)
    return {
        name: [TimerSentence(sentence=text, places=tuple(at)) for text, at in of_name.items()]
        for name, of_name in places.items()
    }


def coverage_by_kind(
    columns: Sequence[str], coverages: Sequence[Coverage], sources: Sequence[str | Path]
) -> Iterator[KindCoverage]:
    """Yield the used and unused parts of each policy, kind by kind."""
    for kind in dict.fromkeys(part.kind for each in coverages for part in each.uses):
        for column, coverage, source in zip_longest(columns, coverages, sources):
            uses = {part: use for part, use in coverage.uses.items() if part.kind == kind}
            unused = [part for part, use in uses.items() if not use.tickets]
            yield KindCoverage(
                policy=column,
                kind=kind,
                used=len(uses) - len(unused),
                parts=len(uses),
                unused=tuple(_named(unused, source)),
            )


def _named(parts: Iterable[PolicyPart], source: str | Path | None) -> Iterator[str]:
    place_of = None if source is None else policy_places(source)
    for part in parts:
        yield part.name if place_of is None else f"{part.name} ({place_of(part.path)})"
