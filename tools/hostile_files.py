"""Generate hostile files for every reader: long, deep, many, broken, or naming other files."""

import gzip
import json
from collections.abc import Callable, Iterator
from typing import NamedTuple

MEGABYTE = 1_000_000


class HostileFile(NamedTuple):
    """A file, the reader that it is for, and the kind of harm that it tries."""

    reader: str
    kind: str
    content: bytes
    ending: str = ""


_TEXT_READERS = (
    "policy templates scenario mapping history command client-command ticket ics span zone hours rule "
    "money log arguments"
).split()

_OF_ANY_KIND: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "one long word": lambda: b"x" * MEGABYTE,
    "digits": lambda: b"9" * MEGABYTE,
    "open brackets": lambda: b"[" * MEGABYTE,
    "open braces": lambda: b'{"a":' * 100_000,
    "quotes": lambda: b'"' * MEGABYTE,
    "backslashes": lambda: b'"' + b"\\" * MEGABYTE,
    "blank lines": lambda: b"\n" * 500_000,
    "commas": lambda: b"," * 500_000,
    "spaces": lambda: b" " * MEGABYTE,
    "spaces before a mark": lambda: b" " * 900_000 + b"!",
    "nothing": lambda: b"\0" * 100_000,
    "not utf-8": lambda: b"\xff\xfe" * 50_000,
    "no visible character": lambda: "\u200b".encode() * 50_000,
    "right to left": lambda: "\u202e".encode() * 50_000,
    "stacked accents": lambda: ("a" + "\u0301" * 100_000).encode(),
    "terminal": lambda: b"\x1b]0;x\x07\x1b[2J" * 10_000,
    "a path": lambda: b"/etc/passwd",
    "a path above": lambda: b"../" * 1_000 + b"etc/passwd",
}

_HEAD = b'name = "h"\neffective = 2026-01-01\nzone = "UTC"\ndefault_type = "r"\n[types.r]\n'
_OPEN = b'[[permission]]\ncommands = "open"\nby = "customer"\n'


def _lines(line: str, count: int) -> bytes:
    return "".join(line.format(n) for n in range(count)).encode()


_TIMER = '[[timer]]\nname = "t{}"\nfrom = "opened"\nafter = "1 hour"\neffect = "warn"\n'
_WEEK = b'[calendars.c]\nhours = "mon-fri 09:00-17:00"\n'
_SPANS = _TIMER + 'calendar = "c"\nthen = [' + '"1 working hours",' * 90 + "]\n"
_PERMISSION = '[[permission]]\ncommands = "reply"\nby = "vendor"\nrule = "{}"\n'

_RANGES = '[calendars.c{}]\nhours = "mon 9:00-17:00"\nbreaks = {{ ' + ", ".join(
    f'"{year}-01-01 to {year}-12-31" = "12:00-13:00"' for year in range(1900, 2100)
)
_RANGES += " }}\n"
_CLOSED_FOR_LONG = '[calendars.c{}]\nhours = "mon 9:00-17:00"\n'
_CLOSED_FOR_LONG += "pauses = [{{ start = 2000-01-01T00:00:00Z, end = 2099-01-01T00:00:00Z }}]\n"
_INCLUDING = '[[notification]]\nname = "n{}"\non = "replied"\nto = "customer"\ninclude = "t"\n'
_GUARANTEE = (
    '[[guarantee]]\nname = "g{0}"\nnever = {{ event = "reopened", when = {{ tags = "t{0}" }} }}\n'
)


def _letters(step: int) -> bytes:
    """Return a hundred thousand letters, most of them different, in one order or the other."""
    return "".join(chr(0x4E00 + n % 20_000) for n in range(100_000))[::step].encode()


def _anagrams(first: int, end: int) -> Iterator[bytes]:
    """Yield names of forty letters, the same ones in each."""
    for n in range(first, end):
        ones = f"{n:011b}"
        yield (
            (ones + ones.translate({48: 49, 49: 48}) + "01" * 9)
            .translate({48: 97, 49: 98})
            .encode()
        )


_POLICIES: dict[str, Callable[[], bytes]] = {
    "dotted key": lambda: b".".join([b"a"] * 20_000) + b" = 1\n",
    "dotted header": lambda: b"[" + b".".join([b"a"] * 20_000) + b"]\n",
    "quoted dotted key": lambda: b".".join([b'"a b"'] * 20_000) + b" = 1\n",
    "keys of 64 parts": lambda: _lines(".".join("a" * 63) + ".k{} = 1\n", 5_000),
    "many keys": lambda: _lines("k{} = 1\n", 100_000),
    "many unknown keys": lambda: _HEAD + _lines("unknwn{} = 1\n", 15_000),
    "many types": lambda: _HEAD + _lines("[types.t{}]\n", 10_000) + _OPEN,
    "many timers": lambda: _HEAD + _OPEN + _lines(_TIMER, 3_000),
    "many spans": lambda: _HEAD + _OPEN + _WEEK + _lines(_SPANS, 200),
    "many equal timers": lambda: _HEAD + _OPEN + _lines(_TIMER.replace("{}", ""), 3_000),
    "many permissions": lambda: _HEAD + _OPEN + _lines(_PERMISSION, 3_000),
    "many wrong timers": lambda: _HEAD + _OPEN + _lines(_TIMER + 'effct = "x"\n', 3_000),
    "many storefronts": lambda: _HEAD + _OPEN + _lines('[storefronts.s{}]\nzone = "UTC"\n', 5_000),
    "too many calendars": lambda: (
        _HEAD + _OPEN + _lines('[calendars.c{}]\nhours = "mon 9:00-17:00"\n', 9_000)
    ),
    "many calendars": lambda: (
        _HEAD + _OPEN + _lines('[calendars.c{}]\nhours = "mon 9:00-17:00"\n', 500)
    ),
    "many countries": lambda: (
        _HEAD + _OPEN + _lines('[calendars.c{}]\ncountry = "IN"\nhours = "mon 9:00-17:00"\n', 300)
    ),
    "many holidays": lambda: (
        _HEAD
        + _OPEN
        + b'[calendars.c]\nhours = "mon-fri 09:00-17:00"\nholidays = {'
        + ", ".join(
            f'"{1970 + n // 336}-{n // 28 % 12 + 1:02}-{n % 28 + 1:02}" = "x"'
            for n in range(15_000)
        ).encode()
        + b"}\n"
    ),
    "many closures": lambda: (
        _HEAD
        + _OPEN
        + b'[calendars.c]\nhours = "mon-fri 09:00-17:00"\nclosures = ['
        + b",".join([b'{ rule = "FREQ=DAILY;INTERVAL=7;BYDAY=MO" , since = 2026-01-06 }'] * 2_000)
        + b"]\n"
    ),
    "many reasons": lambda: b"reasons = [" + _lines('"r{}",', 15_000) + b"]\n" + _HEAD + _OPEN,
    "equal reasons": lambda: b"reasons = [" + b'"r",' * 15_000 + b"]\n" + _HEAD + _OPEN,
    "many words": lambda: _HEAD + _OPEN + b"[words.de]\n" + _lines('w{} = "x"\n', 15_000),
    "many templates": lambda: (
        _HEAD + _OPEN + _lines('[[template]]\nname = "t{}"\nlanguage = "de"\ntext = "x"\n', 4_000)
    ),
    "many fields in a template": lambda: (
        _HEAD
        + _OPEN
        + b'[[template]]\nname = "t"\nlanguage = "de"\ntext = "'
        + b"{ticket} " * 90_000
        + b'"\n'
    ),
    "open fields in a template": lambda: (
        _HEAD
        + _OPEN
        + b'[[template]]\nname = "t"\nlanguage = "de"\ntext = "'
        + b"{" * 900_000
        + b'"\n'
    ),
    "many notifications": lambda: (
        _HEAD
        + _OPEN
        + _lines('[[notification]]\nname = "n{}"\non = "replied"\nto = "customer"\n', 4_000)
    ),
    "long hours": lambda: (
        _HEAD + _OPEN + b'[calendars.c]\nhours = "' + b"mon 09:00-17:00, " * 50_000 + b'"\n'
    ),
    "open spans": lambda: _HEAD + _OPEN + _TIMER.replace("1 hour", "9" * 90 + " years").encode(),
    "extends a device": lambda: b'extends = "/dev/zero"\n' + _HEAD,
    "extends a file above": lambda: b'extends = "../../../../../../etc/passwd"\n' + _HEAD,
    "extends itself": lambda: b'extends = "hostile.toml"\n' + _HEAD,
    "reads a device as calendar": lambda: _HEAD + _OPEN + b'[calendars.c]\nics = "/dev/zero"\n',
    "a number of a megabyte": lambda: b"a = " + b"1" * MEGABYTE + b"\n",
    "a float of a megabyte": lambda: b"a = 1." + b"1" * MEGABYTE + b"\n",
    "an array of a megabyte": lambda: b"a = [" + b"1," * 400_000 + b"]\n",
    "nested arrays": lambda: b"a = " + b"[" * 10_000 + b"]" * 10_000 + b"\n",
    "nested tables": lambda: b"a = " + b"{a=" * 10_000 + b"1" + b"}" * 10_000 + b"\n",
    "arrays of tables": lambda: b"[[a]]\n" * 100_000,
    "removals": lambda: (
        b'extends = "office"\nname = "h"\n'
        + _lines('[[timer]]\nname = "t{}"\nremove = true\n', 4_000)
    ),
    "multi-line text": lambda: b'a = """' + b"x\n" * 400_000,
    "escapes": lambda: b'a = "' + b"\\u0041" * 150_000 + b'"\n',
    "two megabytes": lambda: b"# " + b"x" * 2 * MEGABYTE,
    "ranges of dates": lambda: _HEAD + _OPEN + _lines(_RANGES, 40),
    "openings of a second": lambda: (
        _HEAD
        + _OPEN
        + b'[calendars.c]\nhours = "mon '
        + b" ".join(
            b"00:%02d:%02d-00:%02d:%02d" % (*divmod(n, 60), *divmod(n + 1, 60))
            for n in range(3_000)
        )
        + b'"\n'
    ),
    "closures of many days": lambda: (
        _HEAD
        + _OPEN
        + _WEEK
        + b"closures = ["
        + b'{ rule = "FREQ=DAILY", days = 366 },' * 200
        + b"]\n"
    ),
    "calendars that are closed for long": lambda: _HEAD + _OPEN + _lines(_CLOSED_FOR_LONG, 500),
    "notifications with a long template": lambda: (
        _HEAD
        + _OPEN
        + b'[[template]]\nname = "t"\nlanguage = "en"\ntext = "'
        + b"{ticket} " * 60_000
        + b'"\n'
        + _lines(_INCLUDING, 3_000)
    ),
    "long names of many letters": lambda: (
        b'default_type = "%s"\n[types."%s"]\n' % (_letters(1), _letters(-1))
    ),
    "names that are nearly alike": lambda: (
        _HEAD
        + _OPEN
        + b"".join(b"[types.%s]\n" % name for name in _anagrams(0, 1_000))
        + b"[words.de]\n"
        + b"".join(b'%s = "x"\n' % name for name in _anagrams(1_000, 1_200))
    ),
    "many guarantees": lambda: _HEAD + _OPEN + _lines(_GUARANTEE, 2_000),
    "many pauses": lambda: (
        _HEAD + _OPEN + _lines('[pauses.p{}]\nwhen = {{ tags = "x" }}\n', 3_000)
    ),
    "many fields": lambda: _HEAD + _OPEN + _lines('[fields.f{}]\ntype = "text"\n', 2_500),
    "many roles": lambda: (
        _HEAD
        + _OPEN
        + _lines("[roles.r{}]\n", 3_000)
        + _lines('[[notification]]\nname = "n{0}"\non = "closed"\nto = "r{0}"\n', 2_000)
    ),
}

_STEP = '[[step]]\nat = 2026-01-05T10:00:{:02}Z\ncommand = "reply"\nby = "customer"\ntext = "x"\n'
_TAGS = '[[step]]\nat = 2026-01-05T11:00:00Z\ncommand = "tag"\nby = "support"\ntag = "t{}"\n'
_SCENARIOS: dict[str, Callable[[], bytes]] = {
    "many steps": lambda: (
        b'policy = "office"\n' + b"".join(_STEP.format(n % 60).encode() for n in range(3_000))
    ),
    "many policies": lambda: b"policy = [" + b'"office",' * 15_000 + b"]\n",
    "policy above": lambda: b'policy = "../../../../../../etc/passwd"\n',
    "policy device": lambda: b'policy = "/dev/zero"\n',
    "many expectations": lambda: (
        b'policy = "office"\n[expect]\nevents = [' + b'"opened",' * 15_000 + b"]\n"
    ),
    "many tickets": lambda: (
        b'policy = "office"\n' + _lines('[[ticket]]\nid = "{:011}"\nzone = "UTC"\n', 3_000)
    ),
    "many expected events": lambda: (
        b'policy = "office"\n' + _lines('[[expect.event]]\nevent = "replied"\n', 5_000)
    ),
    "unmet expectations": lambda: (
        b'policy = "office"\n[ticket]\nzone = "UTC"\n'
        + _STEP.format(1).replace("reply", "open").encode()
        + b"".join(_STEP.format(n % 60).encode() for n in range(2_000))
        + _lines('[[expect.event]]\nevent = "replied"\nby = "vendor"\n', 200)
    ),
    "many tags": lambda: (
        b'policy = "help-desk"\n[ticket]\nzone = "UTC"\n'
        + _STEP.format(1).replace("reply", "open").encode()
        + _lines(_TAGS, 3_000)
    ),
    "far future": lambda: (
        b'policy = "office"\nuntil = 9999-12-31T23:59:59Z\n[ticket]\nzone = "UTC"\n'
        + _STEP.format(1).replace("reply", "open").encode()
    ),
}

_OPENED = '{"ticket":"T","seq":1,"event":"opened","schema":1,"occurred_at":"2026-01-05T10:00:00.000000Z","data":{"by":"customer","type":"x","zone":"UTC"}}\n'
_ORDER = '"order":{"amount":{"currency":"EUR","minor":1},"number":"1","sold_at":"2026-01-05T00:00:00.000000Z"}'
_REPLIED = '{{"ticket":"T","seq":{},"event":"{}","schema":1,"occurred_at":"2026-01-05T10:00:00.000000Z","data":{{"by":"customer"{}}}}}\n'


_TIMER_OF_TICKET = (
    '{{"due":"2026-02-05T10:00:00.000000Z","name":"t{0}","since":"2026-01-05T10:00:00.000000Z"}}'
)
_END_OF_TIMER = ',"ended":[{"cycle":0,"name":"t%d","outcome":"met"}]'
_SCHEDULED = '{{"ticket":"T","seq":{},"event":"scheduled","schema":1,"occurred_at":"2026-01-05T10:00:00.000000Z","data":{{"timers":[{}]{}}}}}\n'


def _ticket(event: str, more: str, count: int) -> bytes:
    return _OPENED.encode() + b"".join(
        _REPLIED.format(n + 2, event, more.replace("#", str(n))).encode() for n in range(count)
    )


def _event(name: str, more: str) -> str:
    return _REPLIED.format("@", name, "," + more)


def _pairs(first: str, second: str, count: int = 2_500) -> bytes:
    """Return a ticket with so many events of two kinds in turn."""
    lines = (
        line.replace("@", str(2 * n + place)).replace("#", str(n))
        for n in range(count)
        for place, line in ((2, first), (3, second))
    )
    return _OPENED.encode() + "".join(lines).encode()


_HISTORIES: dict[str, Callable[[], bytes]] = {
    "short lines": lambda: b"x\n" * 40_000,
    "empty objects": lambda: b"{}\n" * 40_000,
    "many tickets": lambda: b"".join(
        _OPENED.replace('"T"', f'"T{n}"').encode() for n in range(5_000)
    ),
    "tickets of one order": lambda: b"".join(
        _OPENED.replace('"T"', f'"T{n}"').replace('"zone"', _ORDER + ',"zone"').encode()
        for n in range(1_000)
    ),
    "tickets that nobody sees": lambda: b"".join(
        _OPENED.replace('"T"', '"' + "\u200b" * n + '"').encode() for n in range(1, 1_000)
    ),
    "one ticket": lambda: _ticket("replied", "", 10_000),
    "many refunds": lambda: _ticket(
        "refunded", ',"amount":{"currency":"EUR","minor":1},"reference":"r#"', 5_000
    ),
    "many shares": lambda: _ticket("shared", ',"with_person":"p#"', 5_000),
    "many links": lambda: _ticket("linked", ',"target":{"kind":"ticket","number":"#"}', 5_000),
    "many disputes": lambda: _ticket("dispute-opened", ',"dispute":"d#","kind":"claim"', 5_000),
    "many tags": lambda: _ticket("tagged", ',"tag":"t#"', 5_000),
    "many fields": lambda: _ticket("field-set", ',"field":"f#","kind":"text","value":"x"', 5_000),
    "confirmations of one reference": lambda: _pairs(
        _event("refunded", '"amount":{"currency":"EUR","minor":1},"reference":"r"'),
        _event("refund-confirmed", '"reference":"r"'),
    ),
    "failures of the first refund": lambda: _pairs(
        _event("refunded", '"amount":{"currency":"EUR","minor":1},"reference":"r#"'),
        _event("refund-failed", '"reference":"r0"'),
    ),
    "corrections of one dispute": lambda: _pairs(
        _event("dispute-opened", '"dispute":"d","kind":"claim"'),
        _event("dispute-corrected", '"dispute":"d"'),
    ),
    "answers to unknown disputes": lambda: _pairs(
        _event("dispute-opened", '"dispute":"d#","kind":"claim"'),
        _event("dispute-answered", '"dispute":"x#"'),
    ),
    "shares taken back": lambda: _pairs(
        _event("shared", '"with_person":"p#"'), _event("unshared", '"with_person":"x#"')
    ),
    "pauses without an end": lambda: _pairs(
        _event("pause-started", '"pause":"p#","timers":[]'),
        _event("pause-ended", '"pause":"x#"'),
    ),
    "tags taken away": lambda: _pairs(
        _event("tagged", '"tag":"t#"'), _event("untagged", '"tag":"x#"')
    ),
    "many deadlines": lambda: _ticket("scheduled", "", 5_000),
    "levels of one timer": lambda: (
        _OPENED.encode()
        + _SCHEDULED.format(2, _TIMER_OF_TICKET.format(0), "").encode()
        + _ticket("warned", ',"timer":"t0","level":"l#"', 5_000).split(b"\n", 2)[2]
    ),
    "timers that end": lambda: (
        _OPENED.encode()
        + b"".join(
            _SCHEDULED.format(n + 2, _TIMER_OF_TICKET.format(n + 1), _END_OF_TIMER % n).encode()
            for n in range(5_000)
        )
    ),
    "pending timers": lambda: (
        _OPENED.encode()
        + _SCHEDULED.format(2, ",".join(map(_TIMER_OF_TICKET.format, range(1_000))), "").encode()
        + _ticket("breached", ',"timer":"t0"', 2_500).split(b"\n", 2)[2]
    ),
    "too many pending timers": lambda: (
        _OPENED.encode()
        + _SCHEDULED.format(2, ",".join(map(_TIMER_OF_TICKET.format, range(5_000))), "").encode()
    ),
    "names of paused timers": lambda: (
        _OPENED.encode()
        + _ticket("pause-started", ',"pause":"p#","timers":["t0"%s]' % (',"x"' * 10_000), 20)
    ),
    "many shipments": lambda: (
        _OPENED.replace('"zone"', _ORDER + ',"zone"').encode()
        + _ticket(
            "shipment-added",
            ',"shipment":{"number":"s#","shipped_at":"2026-01-05T00:00:00.000000Z"}',
            5_000,
        ).split(b"\n", 1)[1]
    ),
    "many splits": lambda: _ticket("split", ',"into":"p#","messages":["m#"]', 2_500),
    "command ids that nobody sees": lambda: b"".join(
        _OPENED.replace('"data"', '"command_id":"' + "\u200b" * n + '","data"').encode()
        for n in range(1, 1_000)
    ),
    "unknown events": lambda: _ticket("moved", ',"x":[[[[[[]]]]]]', 10_000),
    "interleaved": lambda: b"".join(
        _OPENED.replace('"T"', f'"T{n % 2}"').replace(":1,", f":{n // 2 + 1},", 1).encode()
        for n in range(10_000)
    ),
    "a long line": lambda: _OPENED.replace('"x"', '"' + "x" * 2 * MEGABYTE + '"').encode(),
    "many keys": lambda: _OPENED.replace(
        '"by"', ",".join(f'"k{n}":1' for n in range(50_000)) + ',"by"'
    ).encode(),
    "deep data": lambda: _OPENED.replace('"x"', "[" * 50_000 + "]" * 50_000).encode(),
    "a long number": lambda: _OPENED.replace('"seq":1', '"seq":' + "1" * 100_000).encode(),
    "a long ticket": lambda: _OPENED.replace('"T"', '"' + "T" * 500_000 + '"').encode() * 2,
    "no line end": lambda: b'{"ticket":"' + b"x" * 3 * MEGABYTE,
}

_COMMANDS: dict[str, Callable[[], bytes]] = {
    "many keys": lambda: json.dumps({f"k{n}": n for n in range(50_000)}).encode(),
    "equal keys": lambda: b"{" + b'"command":"reply",' * 50_000 + b'"x":1}',
    "many units": lambda: json.dumps(
        {"command": "cancel", "units": [str(n) for n in range(100_000)]}
    ).encode(),
    "units that are no text": lambda: json.dumps(
        {"command": "cancel", "units": [[]] * 100_000}
    ).encode(),
    "deep": lambda: b'{"command":' + b"[" * 400_000,
    "long name": lambda: b'{"command":"' + b"reply" * 100_000 + b'"}',
    "long number": lambda: (
        b'{"command":"refund","amount":{"minor":' + b"9" * 500_000 + b',"currency":"EUR"}}'
    ),
    "infinity": lambda: b'{"command":"refund","amount":{"minor":Infinity,"currency":"EUR"}}',
    "surrogate": lambda: b'{"command":"reply","text":"\\ud800"}',
    "huge exponent": lambda: b'{"command":"refund","amount":1e999999999}',
}

_EVENT = "BEGIN:VEVENT\r\nUID:{}\r\nDTSTART;VALUE=DATE:20260105\r\n{}END:VEVENT\r\n"


def _ics(more: str, count: int) -> bytes:
    events = "".join(_EVENT.format(n, more) for n in range(count))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n".encode()


_ICS: dict[str, Callable[[], bytes]] = {
    "many events": lambda: _ics("", 5_000),
    "many daily rules": lambda: _ics("RRULE:FREQ=DAILY\r\n", 500),
    "many rules that match late": lambda: _ics(
        "RRULE:FREQ=YEARLY;BYMONTHDAY=29;BYMONTH=2;BYDAY=MO\r\n", 500
    ),
    "rule that never matches": lambda: _ics("RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30\r\n", 5),
    "a long event": lambda: _ics("DTEND;VALUE=DATE:99991231\r\n", 50),
    "many excluded dates": lambda: _ics(
        "EXDATE;VALUE=DATE:" + ",".join(["20260105"] * 50_000) + "\r\n", 1
    ),
    "many further dates": lambda: _ics(
        "RDATE;VALUE=DATE:"
        + ",".join(f"{2000 + n // 336}{n // 28 % 12 + 1:02}{n % 28 + 1:02}" for n in range(30_000))
        + "\r\n",
        1,
    ),
    "many rules of one event": lambda: _ics(
        "RRULE:FREQ=DAILY;COUNT=2\r\n" * 3_000
        + "RDATE;VALUE=DATE:"
        + ",".join(f"{2000 + n}0105" for n in range(90))
        + "\r\n",
        1,
    ),
    "nested components": lambda: b"BEGIN:VCALENDAR\r\n" * 20_000,
    "folded lines": lambda: b"BEGIN:VCALENDAR\r\nX:" + b"\r\n x" * 100_000,
    "parameters": lambda: (
        b"BEGIN:VCALENDAR\r\nX;" + b"A=B;" * 100_000 + b":x\r\nEND:VCALENDAR\r\n"
    ),
    "long rule": lambda: _ics(
        "RRULE:FREQ=DAILY;BYMONTHDAY=" + ",".join(["1"] * 50_000) + "\r\n", 1
    ),
    "time zones": lambda: (
        b"BEGIN:VCALENDAR\r\n"
        + b"BEGIN:VTIMEZONE\r\nTZID:x\r\nEND:VTIMEZONE\r\n" * 5_000
        + b"END:VCALENDAR\r\n"
    ),
    "count": lambda: _ics("RRULE:FREQ=DAILY;COUNT=999999999999\r\n", 5),
    "interval": lambda: _ics("RRULE:FREQ=YEARLY;INTERVAL=999999999\r\n", 5),
}

_MAPPING = b'[log]\nticket = "number"\nat = "at"\n[opened]\ntype = "x"\n'
_MAPPINGS: dict[str, Callable[[], bytes]] = {
    "many rules": lambda: (
        _MAPPING + _lines('[[event]]\nevent = "closed"\nwhere = {{ a = "{}" }}\n', 5_000)
    ),
    "many wrong rules": lambda: _MAPPING + _lines('[[event]]\nevent = "clsed{}"\n', 9_000),
    "many fields": lambda: _MAPPING + b"[fields]\n" + _lines('f{0} = "{{c{0}}}"\n', 15_000),
}

_RULES: dict[str, Callable[[], bytes]] = {
    "never": lambda: b"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    "late": lambda: b"FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;BYMONTH=1;BYMONTHDAY=4",
    "many days": lambda: b"FREQ=DAILY;BYYEARDAY=" + b",".join([b"1"] * 100_000),
    "many parts": lambda: b"FREQ=DAILY;" + b"BYDAY=MO;" * 100_000,
    "position": lambda: b"FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=366",
}

_LOG_HEAD = b"number,incident_state,active,reassignment_count\n"
_LOGS: dict[str, Callable[[], bytes]] = {
    "many columns": lambda: b"a," * 400_000 + b"\n",
    "many rows": lambda: _LOG_HEAD + b"INC1,New,true,0\n" * 30_000,
    "an open quote": lambda: _LOG_HEAD + b'"' + b"x,\n" * 300_000,
    "a record of many lines": lambda: _LOG_HEAD + b'"x\n",' * 2_000_000,
    "a header of many megabytes": lambda: b"a," * 20 * MEGABYTE,
    "many JSON elements": lambda: b"[" + b"{}," * 100_000,
    "a JSON element of many megabytes": lambda: b'[{"a":[' + b"{}," * 20 * MEGABYTE,
    "a JSON text of many megabytes": lambda: b'[{"a":"' + b"x" * 40 * MEGABYTE,
    "a JSON number of a megabyte": lambda: b'[{"number":' + b"1" * MEGABYTE + b"}]",
    "a JSON number that Python refuses": lambda: b'[{"number":' + b"1" * 4_301 + b"}]",
    "a JSON number with a huge exponent": lambda: b'[{"number":1e999999999}]',
    "JSON of 64 levels": lambda: b"[" + b",".join([b"[" * 63 + b"]" * 63] * 20_000) + b"]",
    "XML elements inside one another": lambda: b"<log>" + b"<trace>" * 100_000,
    "XML attributes": lambda: b"<log " + b" ".join(b'a%d=""' % n for n in range(50_000)),
    "XML values of a trace": lambda: (
        b"<log><trace>" + b"".join(b'<string key="%d"/>' % n for n in range(50_000))
    ),
    "XML events": lambda: b"<log><trace>" + b"<event/>" * 100_000,
    "XML entities": lambda: (
        b'<!DOCTYPE log [<!ENTITY a "x">'
        + b"".join(b'<!ENTITY e%d "&a;&a;">' % n for n in range(10_000))
        + b"]><log>"
    ),
}

_ARGUMENTS: dict[str, Callable[[], bytes]] = {
    "a long policy name": lambda: b"policy\ncheck\n" + b"x" * 100_000,
    "a long span": lambda: b"explain\noffice\n--opened\n" + b"9" * 100_000,
    "a long zone": lambda: (
        b"explain\noffice\n--opened\n2026-01-05T10:00\n--zone\n" + b"x" * 100_000
    ),
    "many options": lambda: b"explain\n" + b"--json\n" * 10_000,
    "a device as history": lambda: b"history\ncheck\n/dev/zero",
    "a device as policy": lambda: b"policy\ncheck\n/dev/zero",
    "a folder as policy": lambda: b"policy\ncheck\n/",
    "an empty path as policy": lambda: b"policy\ncheck\n\n",
    "an empty path as history": lambda: b"history\ncheck\n",
    "an empty path as scenario": lambda: b"simulate\n",
    "an empty path as log": lambda: b"history\nsketch\n",
    "an output in a missing folder": lambda: (
        b"history\nexport\nhostile.toml\n-o\n/no/such/folder/x.xes"
    ),
    "an old year": lambda: b"explain\noffice\n--opened\n0001-01-01T00:00",
    "a late year": lambda: b"explain\noffice\n--opened\n9999-12-31T23:59",
}

_SMALL: dict[str, dict[str, Callable[[], bytes]]] = {
    "span": {
        "amount": lambda: b"9" * 99 + b" years",
        "working": lambda: b"99999999999 working hours",
        "digits of another script": lambda: "\u0663 days".encode(),
    },
    "zone": {
        "device": lambda: b"/dev/zero",
        "above": lambda: b"../../../etc/passwd",
        "folder": lambda: b"Europe",
        "posix": lambda: b"posixrules",
    },
    "hours": {
        "many days": lambda: b"mon 09:00-10:00, " * 50_000,
        "many openings": lambda: (
            b"mon "
            + b" ".join(
                b"%02d:%02d-%02d:%02d" % (n // 60, n % 60, n // 60, n % 60) for n in range(1_400)
            )
        ),
    },
    "money": {
        "thirty digits": lambda: b"9" * 30 + b".00 EUR",
        "long currency": lambda: b"1.00 " + b"EUR" * 100_000,
        "many points": lambda: b"1" + b".0" * 100_000 + b" EUR",
    },
}


_SHOWN = {
    name: _POLICIES[name]
    for name in (
        "many permissions",
        "many guarantees",
        "many notifications",
        "many fields",
        "many templates",
        "many words",
        "many holidays",
    )
}


def hostile_files() -> Iterator[HostileFile]:
    """Yield the files, the readers in turn for what harms any of them."""
    for kind, make in _OF_ANY_KIND.items():
        for reader in _TEXT_READERS:
            yield HostileFile(reader, kind, make())
    for reader, files in {
        "policy": _POLICIES,
        "explain": {
            name: _POLICIES[name]
            for name in ("many timers", "many types", "many closures", "many spans")
        },
        **dict.fromkeys(("show", "terms", "diff"), _SHOWN),
        "mapping": _MAPPINGS,
        "metrics": _HISTORIES,
        "diagram": {
            name: _POLICIES[name] for name in ("many timers", "many types", "many permissions")
        },
        "templates": {name: make for name, make in _POLICIES.items() if "template" in name},
        "scenario": _SCENARIOS,
        "history": _HISTORIES,
        "check": _HISTORIES,
        "backtest": _HISTORIES,
        "command": _COMMANDS,
        "client-command": _COMMANDS,
        "ics": _ICS,
        "rule": _RULES,
        "log": _LOGS,
        "log with all columns": {
            **{name: _LOGS[name] for name in ("many columns", "many rows")},
            "different columns": lambda: (
                b",".join(b"c%d" % n for n in range(100_000)) + b"\n" + b"x," * 100_000 + b"\n"
            ),
        },
        "sketch": _LOGS,
        "infer": _HISTORIES,
        "export": _HISTORIES,
        "field of nobody": _HISTORIES,
        "arguments": _ARGUMENTS,
        **_SMALL,
    }.items():
        for kind, make in files.items():
            yield HostileFile(reader, kind, make())
    for kind in ("short lines", "blank lines", "one ticket"):
        make = _HISTORIES.get(kind) or (lambda: b"\n" * 10 * MEGABYTE)
        yield HostileFile("history", f"packed {kind}", gzip.compress(make()), ".gz")
    yield HostileFile("history", "packed nothing", gzip.compress(b""), ".gz")
    yield HostileFile(
        "history", "packed twice", gzip.compress(gzip.compress(b"\0" * MEGABYTE)), ".gz"
    )
    yield HostileFile("history", "packed zeros", gzip.compress(b"\0" * 100 * MEGABYTE), ".gz")
    yield HostileFile("history", "not packed", b"\x1f\x8b" + b"x" * 100_000, ".gz")
