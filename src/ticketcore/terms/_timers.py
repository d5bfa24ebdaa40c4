"""The sentences of timers: their deadlines, effects, ends and levels."""

from collections.abc import Iterator, Mapping

from ticketcore.calendar import Span
from ticketcore.policies import OWN, Level, Meeting, Policy, TimerDefinition
from ticketcore.terms._wording import TermsWording

# Keys that the sentences here say; all others have a phrase of their own.
_SAID = frozenset(
    "name when unless from after after_by then calendar calendar_by roll at_time effect met_by "
    "assignee fields tags level".split()
)

# Built-in facts that a ticket can lack.
_OPTIONAL = frozenset({"category", "subcategory", "reason", "channel", "assigned_to"})


def timer_lead(timer: TimerDefinition, wording: TermsWording) -> str:
    """Return when a timer is due and what it does then."""
    effect = wording.phrases.get(f"effect.{timer.effect}", timer.effect)
    arguments = _arguments(timer, wording)
    return wording.phrase(
        "timer.lead", deadline=_deadline(timer, wording), effect=effect.format_map(arguments)
    )


def timer_details(timer: TimerDefinition, policy: Policy, wording: TermsWording) -> Iterator[str]:
    """Yield sentences about targets, `met_by`, the other keys, and the levels."""
    if timer.after_by is not None:
        yield wording.phrase("timer.after_by", value=wording.fact(timer.after_by))
    if isinstance(timer.calendar, str) and not _has_working_target(timer):
        yield wording.phrase("timer.only_calendar", value=wording.named(timer.calendar))
    if isinstance(timer.calendar, Mapping):
        names = (f"{name} ({wording.named(value)})" for value, name in timer.calendar.items())
        fact = wording.fact(timer.calendar_by or "")
        yield wording.phrase("timer.calendars", value=wording.any_of(names), name=fact)
    for fact in dict.fromkeys(filter(None, (timer.after_by, timer.calendar_by))):
        if timer.when.allows(fact, (None,)) and _may_lack(policy, fact):
            yield wording.phrase("timer.without_value", value=wording.fact(fact))
    if timer.met_by:
        met = (_meeting(meeting, wording) for meeting in timer.met_by)
        yield wording.phrase("timer.met_by", value=wording.any_of(met))
    if timer.dispute_kinds:
        yield wording.phrases["timer.answered"]
    for _, text in wording.clauses("timer", timer, tuple(_SAID)):
        yield text
    for level in timer.levels:
        yield _level(level, wording)


def _may_lack(policy: Policy, fact: str) -> bool:
    """Whether a ticket can be opened without a value of a fact."""
    field = policy.fields.get(fact.removeprefix(OWN)) if fact.startswith(OWN) else None
    is_optional = fact in _OPTIONAL if field is None else field.default is None
    return is_optional and fact not in policy.opening.required


def _has_working_target(timer: TimerDefinition) -> bool:
    return any(span.working for span in timer.targets)


def counted(span: Span, calendar: str | None, wording: TermsWording) -> str:
    """Return a span, with its calendar if it counts working time."""
    if calendar is None or not span.working:
        return wording.span(span) if span.amount else wording.phrases["timer.at_once"]
    return f"{wording.span(span)} {_in_calendar(calendar, wording)}"


def _in_calendar(calendar: str, wording: TermsWording) -> str:
    return wording.phrase("timer.calendar", name=wording.words.get(calendar, calendar))


def _deadline(timer: TimerDefinition, wording: TermsWording) -> str:
    """Return when a timer is due, such as ``3 working days after the opening, at 16:00``."""
    anchors = wording.any_of(map(wording.anchor, timer.anchors))
    if len(timer.anchors) > 1:
        anchors = wording.phrase("timer.latest", value=anchors)
    parts = [_target(timer, wording), anchors]
    parts += [wording.phrase("timer.then", value=wording.span(span)) for span in timer.then]
    landing = [wording.phrase("timer.at_time", value=timer.at_time)] if timer.at_time else []
    landing += [wording.phrases[f"timer.roll-{timer.roll}"]] if timer.roll else []
    return ", ".join((" ".join(parts), *landing))


def _target(timer: TimerDefinition, wording: TermsWording) -> str:
    """Return the span to a deadline, or the spans that a fact selects, with the calendar."""
    calendar = timer.calendar if isinstance(timer.calendar, str) else None
    if isinstance(timer.after, Span):
        return counted(timer.after, calendar, wording)
    spans = wording.any_of(
        f"{wording.span(span)} ({wording.named(value)})" for value, span in timer.after.items()
    )
    if calendar is None or not _has_working_target(timer):
        return spans
    return f"{spans} {_in_calendar(calendar, wording)}"


def _meeting(meeting: Meeting, wording: TermsWording) -> str:
    words = wording.phrases.get(f"meeting.{meeting.event}") or wording.event(meeting.event)
    if meeting.by is not None:
        words = wording.phrase("meeting.by", event=words, by=wording.agent(meeting.by))
    if meeting.when.always_holds:
        return words
    conditions = wording.all_of(wording.conditions(meeting.when))
    return wording.phrase("meeting.when", event=words, conditions=conditions)


def _level(level: Level, wording: TermsWording) -> str:
    """Return what a level does, and when, with its rule ids."""
    effect = wording.phrases[f"level.{level.effect}"].format_map(
        {
            **_arguments(level, wording),
            "to": wording.party(level.to),
            "type": wording.named(level.type or ""),
        }
    )
    lead = wording.phrase("level.lead", instant=_instant(level, wording), effect=effect)
    roles = wording.all_of(map(wording.party, level.notify)) if level.notify else ""
    more = (wording.phrase("level.notify", value=roles),) if roles else ()
    return wording.sentence(lead, level.when, more, level.rule or "")


def _instant(level: Level, wording: TermsWording) -> str:
    if level.used is not None:
        return wording.phrase("level.used", value=str(level.used))
    if level.every is not None:
        times = str(level.times)
        return wording.phrase("level.every", value=wording.span(level.every), times=times)
    if level.before_due is not None:
        return wording.phrase("level.before_due", value=wording.span(level.before_due))
    assert level.past_due is not None, "the check of the file wants one of the four"
    return wording.phrase("level.past_due", value=wording.span(level.past_due))


def _arguments(acting: TimerDefinition | Level, wording: TermsWording) -> Mapping[str, str]:
    """Return what an effect needs: an assignee, new values of fields, tags."""
    fields = (
        f"{wording.named(name)} {wording.value('fields', value)}"
        for name, value in acting.fields.items()
    )
    return {
        "assignee": wording.named(acting.assignee or ""),
        "fields": wording.all_of(fields) if acting.fields else "",
        "tags": wording.all_of(map(wording.named, acting.tags)) if acting.tags else "",
    }
