"""What was said on a ticket, out of its recorded events."""

from collections.abc import Iterable, Mapping

import attrs

from ticketcore.events import DisputeAnswered, Recorded
from ticketcore.notices._plain import lines, one_line
from ticketcore.notices._wording import Wording


@attrs.frozen
class Comment:
    """One comment as a reader sees it: who said it, when, and its lines."""

    author: str
    when: str
    lines: tuple[str, ...]


def comments(
    history: Iterable[Recorded], wording: Wording, names: Mapping[str, str]
) -> tuple[tuple[Comment, ...], tuple[Comment, ...]]:
    """The latest comments and all of them, the oldest first (C3).

    The latest are what one party said last, without another between. *names* are of persons, by
    their ids. An answer to a dispute is not among them: it went to whoever decides it.
    """
    said: list[Comment] = []
    latest = 0
    last: object = None
    for recorded in history:
        event = recorded.event
        text = lines(getattr(event, "text", None) or "")
        if not text or isinstance(event, DisputeAnswered):
            continue
        by = getattr(event, "by")  # noqa: B009  # every event with a text has a party
        if by != last:
            latest, last = len(said), by
        actor = getattr(event, "who", None)
        name = one_line(names.get(actor or "", ""))
        author = f"{name} ({wording.party(by)})" if name else wording.party(by)
        said.append(Comment(author, wording.formats.instant(event.at), text))
    return tuple(said[latest:]), tuple(said)
