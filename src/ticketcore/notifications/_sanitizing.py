"""What people wrote, made safe to stand in a line or a paragraph. It stays text."""

import re

# Control characters, lone surrogates (which no encoding can carry), and line separators.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# White space that can break a line; a no-break space, as in 1 249,00, stays one.
_SPACE = re.compile("[\t-\r\x1c-\x20\x85\u2028\u2029]+")
# What turns the direction of writing for all that follows in the line.
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# What RFC 5322 gives a meaning before an address.
_SPECIALS = re.compile(r"[()<>\[\]:;@\\,\"]")
_BROKEN = "\N{REPLACEMENT CHARACTER}"


def one_line(text: str) -> str:
    """A text as a name, a subject or a value: on one line, and it turns nothing around."""
    return _CONTROLS.sub(_BROKEN, _SPACE.sub(" ", _TURNS.sub("", text)).strip())


def header(text: str) -> str:
    """A text for a mail's header, which is not to be decoded.

    Python reads ``=?utf-8?q?=0ABcc:_x?=`` as encoded words when a header is set, and writes the
    line break that it finds in them.
    """
    return one_line(text).replace("=?", "= ?")


def mailbox_name(text: str) -> str:
    """A name to stand before an address, without what means something there.

    Python quotes such characters, but forgets the quotes where it folds a long name, and another
    address could come out of it.
    """
    return shortened(" ".join(_SPECIALS.sub(" ", header(text)).split()), 60)


def lines(text: str) -> tuple[str, ...]:
    """The lines of what somebody wrote, without blank ones before and after."""
    kept = [_CONTROLS.sub(_BROKEN, line).rstrip() for line in text.splitlines()]
    while kept and not kept[0]:
        del kept[0]
    while kept and not kept[-1]:
        del kept[-1]
    return tuple(kept)


def shortened(text: str, most: int) -> str:
    """A line cut to so many characters."""
    return text if len(text) <= most else text[: most - 1] + "…"
