"""Words in the names of columns, and what they say."""

import re
from functools import lru_cache
from itertools import chain
from typing import Final

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+")
NUMBERS: Final = frozenset("id iid key number nr no num nummer concept name".split())
TICKETS: Final = frozenset(
    "ticket ticketnummer ticketnumber case caseid incident issue request thread conversation "
    "parent card "
    "vorgang vorgangsnr vorgangsnummer sr".split()
)
STATES: Final = frozenset("state status activity action event step stage phase tostring".split())
ACTIVITIES: Final = frozenset("activity action event type typ tipo".split())
XES_ACTIVITY: Final = "concept:name"
PERSONS: Final = frozenset(
    "actor author user username agent resource assignee assigned owner resolver login by from "
    "sender operator technician who poster member besitzer bearbeiter inhaber ticketinhaber "
    "usuario usuário atendente agente".split()
)
CUSTOMERS: Final = frozenset(
    "customer requester reporter caller client contact submitter creator author kunde "
    "kundenbenutzer kontakt from cliente solicitante requerente demandeur".split()
)
KINDS: Final = frozenset(
    "type typ category kategorie tracker issuetype tipo categoria categoría".split()
)
NO_KIND: Final = PERSONS | CUSTOMERS | {"resource", "noteable", "priority", "history", "event"}
NAMES: Final = frozenset("name username login email value".split())
QUALIFIERS: Final = frozenset("first full last org primary source sys".split())
PARTS: Final = (
    PERSONS
    | CUSTOMERS
    | NAMES
    | QUALIFIERS
    | frozenset("id account display key to create created updated changed modified".split())
)
OPENING: Final = frozenset({"create", "created"})
OWNERS: Final = frozenset("assignee assigned owner inhaber ticketinhaber besitzer".split())
ORDERS: Final = frozenset("order sequence seq position index count number nr no id iid".split())
CHANGED: Final = frozenset({"updated", "changed", "modified"})
OLD: Final = frozenset("from old before removed previous".split())
OLD_OR_NEW: Final = OLD | frozenset("to new after value added".split())
FIELD_NAMES: Final = frozenset("field fieldname property attribute name".split())
NEW_VALUES: Final = frozenset("new newvalue tostring after value added".split())
TEXTS: Final = frozenset("body text subject description title name notes message comment".split())
FIELDS: Final = {
    "priority": "priority",
    "priorität": "priority",
    "severity": "severity",
    "impact": "impact",
    "urgency": "urgency",
    "queue": "queue",
    "team": "team",
    "group": "group",
    "grupo": "group",
    "prioridade": "priority",
    "prioridad": "priority",
    "product": "product",
}


_CACHED: Final = 1 << 12  # names, and parts of names that are split
_ALL: Final = frozenset(
    "at date time opened closed resolved due".split(),
).union(
    *(NUMBERS, TICKETS, STATES, PARTS, KINDS, OPENING, CHANGED, OLD_OR_NEW),
    *(FIELD_NAMES, NEW_VALUES, TEXTS, FIELDS),
)


@lru_cache(_CACHED)
def words_of(column: str) -> frozenset[str]:
    """Return the words of a column's name in lower case, without the path of its list.

    A word that consists of known ones, such as ``CREATEDBYID``, is split into them.
    """
    found = (word.lower() for word in _WORD.findall(column.rpartition("[].")[2]))
    return frozenset(chain.from_iterable(_known_words(word) or (word,) for word in found))


@lru_cache(_CACHED)
def _known_words(text: str) -> tuple[str, ...]:
    """Return the known words that make up a text, long words preferred; none if it has others."""
    for end in range(len(text), 0, -1):
        if text[:end] in _ALL:
            rest = _known_words(text[end:])
            if rest or end == len(text):
                return (text[:end], *rest)
    return ()
