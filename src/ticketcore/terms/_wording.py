"""Parts of sentences in one language: names, lists, spans, conditions and clauses."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final

import attrs

from ticketcore._toml import keys_of, settings, written
from ticketcore.calendar import Span
from ticketcore.events import PARTIES, Money, field_text, parse_field
from ticketcore.policies import (
    OWN,
    ClosureDefinition,
    Condition,
    IcsFile,
    Language,
    Other,
    PauseDefinition,
    Policy,
    Range,
    Tagging,
    Wanted,
)
from ticketcore.terms._phrases import phrases_in

# Keys and conditions whose values are names, parties, amounts, and lists that hold together.
_NAMED = frozenset(
    "default default_type subcategories reasons supersedes team include offers channels "
    "choices values fields pauses".split()
)
_PARTIES = frozenset(
    "by activity_by final_by reply_reopens default_handler "
    "requested_by opened_by waiting_for handler".split()
)
_AMOUNTS = frozenset({"over_refund_max", "refund_below"})
_HOURS = frozenset({"hours", "make_up_hours", "exceptions", "breaks"})
_HOURS_WORD: Final = re.compile(r"\b(?:mon|tue|wed|thu|fri|sat|sun|closed)\b")
_DATE: Final = re.compile(r"\b(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)\b")
_ARTICLE: Final = re.compile(r"\b([Aa])\(z\)( \W?)(\w)")
_YEARLY: Final = re.compile(r"FREQ=YEARLY;BYMONTH=(\d\d?);BYMONTHDAY=(\d\d?)")
_VOWELS: Final = frozenset("aáeéiíoóöőuúüű")
_TOGETHER = frozenset(
    {"required", "ask_when_missing", "subcategories", "items", "out_of_hours", "closures", "ics"}
)


@attrs.frozen
class TermsWording:
    """The phrases of a language, and the policy's own words in it."""

    phrases: Mapping[str, str]
    words: Mapping[str, str]

    @classmethod
    def of(cls, policy: Policy, language: Language) -> "TermsWording":
        """Return the wording of a policy in a language."""
        return cls(phrases_in(language), policy.words.get(language, {}))

    def phrase(self, key: str, **values: str) -> str:
        """Return a phrase with values in place of its fields."""
        return self.phrases[key].format_map(values)

    def named(self, name: str) -> str:
        """Return the policy's word for a name in its file, or the name itself, in quotes."""
        return self.phrase("list.quoted", name=self.words.get(name, name))

    def party(self, party: str) -> str:
        """Return the policy's word for a party, or the usual word for it or another recipient."""
        usual = self.phrases.get(f"party.{party}")
        if usual is None:
            return self.words.get(party) or self.named(party)
        return self.words.get(party, usual) if party in PARTIES else usual

    def agent(self, party: str) -> str:
        """Return who acts, such as ``by the vendor``, or the policy's word for the party."""
        own = self.words.get(party)
        if own is None and f"agent.{party}" in self.phrases:
            return self.phrases[f"agent.{party}"]
        return self.phrase("agent.other", name=self.party(party))

    def event(self, name: str) -> str:
        """Return an event, by its stored name, as a noun."""
        return self.phrases.get(f"event.{name}", name)

    def fact(self, name: str) -> str:
        """Return the name of a fact that a condition reads."""
        if not name.startswith(OWN):
            return self.named(name)
        return self.phrase("list.field", name=self.named(name.removeprefix(OWN)))

    def any_of(self, items: Iterable[str]) -> str:
        """Return a list such as ``a, b or c``."""
        return self._joined(items, "list.or")

    def all_of(self, items: Iterable[str]) -> str:
        """Return a list such as ``a, b and c``."""
        return self._joined(items, "list.and")

    def _joined(self, items: Iterable[str], word: str) -> str:
        *others, last = items
        return f"{', '.join(others)} {self.phrases[word]} {last}" if others else last

    def span(self, span: Span) -> str:
        """Return a span such as ``24 working hours``."""
        working = "working-" if span.working else ""
        unit = span.unit if span.amount == 1 else f"{span.unit}s"
        return self.phrase(f"span.{working}{unit}", count=str(span.amount))

    def value(self, key: str, value: object) -> str:
        """Return the value of a key of the file, in words."""
        match value:
            case Span():
                return self.span(value)
            case ClosureDefinition():
                return self._closure(value)
            case PauseDefinition(start=start, end=end):
                return self.phrase("closure.pause", start=written(start), end=written(end))
            case IcsFile():
                return self.phrase("closure.file", name=value.name, digest=value.digest)
            case _ if key in _HOURS:
                text = self._with_dates(written(value))
                return _HOURS_WORD.sub(lambda word: self.phrases[f"hours.{word[0]}"], text)
            case Mapping() if key == "holidays":
                return self._with_dates(written(value))
            case tuple() | frozenset():
                items = sorted(value) if isinstance(value, frozenset) else value
                joined = self.all_of if key in _TOGETHER else self.any_of
                return joined(self.value(key, item) for item in items)
            case Mapping() if key in _TOGETHER:
                return self.all_of(map(written, value.values()))
            case Mapping() if key in _AMOUNTS:
                return self.any_of(map(self._written, value.values()))
            case str() if key in _NAMED:
                return self._content(value)
            case str() if value.startswith(OWN):
                return self.fact(value)
            case str() if key in _PARTIES:
                return self.party(value)
            case str() | bool():
                return self.phrases.get(f"value.{written(value)}", written(value))
            case _:
                return self._written(value)

    def _content(self, value: str) -> str:
        """Return a name or the value of a field; a file writes amounts as text."""
        amount = parse_field("money", value)
        return self.named(value) if amount is None else self._written(amount)

    def _written(self, value: object) -> str:
        """Return a date, a number or an amount as people write it in the language."""
        match value:
            case date() if not isinstance(value, datetime):
                return self._with_dates(value.isoformat())
            case Decimal() | Money():
                return field_text(value).replace(".", self.phrases["format.decimal"])
            case _:
                return written(value)

    def _closure(self, closure: ClosureDefinition) -> str:
        yearly = _YEARLY.fullmatch(closure.rule)
        if yearly is None:
            facts = [self.phrase("closure.rule", value=closure.rule)]
        else:
            month, day = (number.zfill(2) for number in yearly.groups())
            facts = [self.phrase("closure.yearly", month=month, day=day)]
        if closure.days > 1:
            facts.append(self.phrase("closure.days", value=str(closure.days)))
        if closure.since is not None:
            facts.append(self.phrase("closure.since", value=self._written(closure.since)))
        if closure.without:
            dates = self.all_of(map(self._written, closure.without))
            facts.append(self.phrase("closure.without", value=dates))
        return f"{closure.name} ({', '.join(facts)})"

    def _with_dates(self, text: str) -> str:
        """Write the dates of a text as people write them in the language."""
        return _DATE.sub(lambda date: self.phrase("format.date", **date.groupdict()), text)

    def anchor(self, anchor: str) -> str:
        """Return the instant from which a timer counts, such as ``after the opening``."""
        if anchor.startswith(OWN):
            return self.phrase("anchor.field", name=self.named(anchor.removeprefix(OWN)))
        return self.phrases[f"anchor.{anchor}"]

    def conditions(self, when: Condition) -> list[str]:
        """Return each fact of a condition as a clause."""
        facts: dict[str, Wanted] = dict(when.facts)
        if when.dispute_kinds:
            facts["dispute_kind"] = when.dispute_kinds
        return [self._condition(name, wanted) for name, wanted in facts.items()]

    def _condition(self, name: str, wanted: Wanted) -> str:
        match wanted:
            case frozenset() if not name.startswith(OWN) and wanted <= {True, False}:
                return self.phrases[f"condition.{name}-{str(*wanted).lower()}"]
            case Tagging(values=values, negated=negated):
                key = "condition.tags-not" if negated else "condition.tags"
                return self.phrase(key, value=self._facts(name, values))
            case Other(values=values):
                words = self.phrase("list.other_than", value=self._facts(name, values))
            case Range():
                words = self._range(wanted)
            case _:
                words = self._facts(name, wanted)
        if name.startswith(OWN):
            field = self.named(name.removeprefix(OWN))
            return self.phrase("condition.field", name=field, value=words)
        return self.phrase(f"condition.{name}", value=words)

    def _range(self, wanted: Range) -> str:
        lower, upper = (
            "" if bound is None else self._written(bound)
            for bound in (wanted.at_least, wanted.below)
        )
        key = "between" if lower and upper else "at_least" if lower else "below"
        return self.phrases[f"list.{key}"].format_map({"lower": lower, "upper": upper})

    def _facts(self, name: str, values: frozenset[object]) -> str:
        return self.any_of(self._fact(name, value) for value in sorted(values, key=str))

    def _fact(self, name: str, value: object) -> str:
        if name == "status":
            return self.words.get(str(value), self.phrases[f"status.{value}"])
        if name == "billing" or name in _PARTIES:
            return self.value(name, value)
        if isinstance(value, bool):
            return self.phrases[f"value.{str(value).lower()}"]
        return self._content(value) if isinstance(value, str) else self._written(value)

    def clauses(
        self, table: str, instance: attrs.AttrsInstance, beside: tuple[str, ...] = ()
    ) -> Iterator[tuple[str, str]]:
        """Yield each key that a table sets, with its sentence, except those in *beside*.

        A key without a phrase is written as the file has it, so that nothing is left out.
        """
        for name, text in settings(instance, beside=beside):
            if name == "rule" or name.endswith("_rule"):
                continue
            value = getattr(instance, keys_of(type(instance))[name].attribute)
            key = f"{table}.{name}"
            options = value if isinstance(value, tuple) else (value,)
            chosen = [self.phrases.get(f"{key}-{option}") for option in options]
            if None not in chosen:
                yield name, " ".join(filter(None, chosen))
            elif key not in self.phrases:
                yield name, self.phrase("list.also", name=name, value=text)
            elif isinstance(value, Mapping) and "{name}" in self.phrases[key]:
                yield name, " ".join(self._entries(key, value))
            else:
                yield name, self.phrase(key, value=self.value(name, value))

    def _entries(self, key: str, entries: Mapping[str, object]) -> Iterator[str]:
        name = key.rpartition(".")[2]
        for each, value in entries.items():
            shown = self.party(each) if f"party.{each}" in self.phrases else self.named(each)
            yield self.phrase(key, name=shown, value=self.value(name, value))

    def sentence(self, lead: str, when: Condition | None, more: Iterable[str], rule: str) -> str:
        """Return sentences that begin with *lead*, under a condition, with rule ids at the end."""
        if when is not None:
            lead = self._if(when, lead)
        text = _ARTICLE.sub(_article, " ".join((lead, *more)))
        return f"{text[:1].upper()}{text[1:]}{f' ({rule})' if rule else ''}"

    def _if(self, when: Condition, sentence: str) -> str:
        conditions = self.conditions(when)
        unless = () if when.unless is None else self.conditions(when.unless)
        key = "list.if_unless" if conditions and unless else "list.unless" if unless else "list.if"
        if not conditions and not unless:
            return sentence
        values = {
            "conditions": self.all_of(conditions) if conditions else "",
            "unless": self.all_of(unless) if unless else "",
        }
        return self.phrases[key].format_map({**values, "sentence": sentence})


def _article(found: re.Match[str]) -> str:
    """Return the Hungarian article that goes with the next word, for ``a(z)``."""
    article, between, first = found.groups()
    return f"{article}{'z' if first.casefold() in _VOWELS else ''}{between}{first}"
