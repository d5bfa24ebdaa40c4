"""Several histories of one ticket, as one list of entries."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from ticketcore._internal.arguments import typed
from ticketcore.events import Event
from ticketcore.policies import Language, Policy
from ticketcore.timeline._timeline import TimelineBuilder, TimelineEntry

_RULE_IDS: Final = re.compile(r" \(.*\)")  # a record knows the timer, not the policy's rules

TicketHistory: TypeAlias = tuple[Iterable[Event], Policy | None]
"""The events of a history, and the policy of its ticket, if known."""


@typed
def aligned_timelines(
    zone: str, *histories: TicketHistory, language: Language = "en"
) -> list[tuple[TimelineEntry, tuple[bool, ...]]]:
    """Return the entries of all histories in the order of time, and which histories have each.

    Entries of one instant that say the same of the same actor and timer are one entry, with the
    rule that is known last. An event of the system without a timer agrees with one of any timer,
    since other systems do not record theirs. Instants in the text are local to *zone*, an IANA
    name; fields, their values, tags and pauses have the words of the policies in *language*, alike
    in all histories.
    """
    words = {
        name: word
        for _, policy in histories
        if policy is not None
        for name, word in policy.words.get(language, {}).items()
    }
    merged: dict[tuple[object, ...], TimelineEntry] = {}
    places: defaultdict[tuple[object, ...], set[int]] = defaultdict(set)
    for place, (events, policy) in enumerate(histories):
        builder = _builder(zone, policy, words)
        seen: Counter[tuple[object, ...]] = Counter()
        for event in events:
            for entry in builder.add(event):
                timer = "" if entry.kind == "party" else _RULE_IDS.sub("", entry.rule)
                content = entry.at, entry.actor, entry.text, timer
                seen[content] += 1
                key = (*content, seen[content])
                unnamed = (*content[:3], "", seen[content])
                if key not in merged and unnamed in merged and place not in places[unnamed]:
                    key = unnamed
                if entry.rule or key not in merged:
                    merged[key] = entry
                places[key].add(place)
    return [
        (entry, tuple(place in places[key] for place in range(len(histories))))
        for key, entry in sorted(merged.items(), key=lambda item: item[1].at)
    ]


def _builder(zone: str, policy: Policy | None, words: Mapping[str, str]) -> TimelineBuilder:
    return TimelineBuilder(zone, lambda _: policy, words=words)
