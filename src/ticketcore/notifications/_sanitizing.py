"""Make text written by people safe for one place in an e-mail: a line, a header, a paragraph.

Nothing here escapes HTML; the layouts do that. These functions remove what could break out of a
line or change the reading direction of the text after it.
"""

import re

# Control characters, lone surrogates (which no encoding can write), and line separators.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# White space that can break a line. A no-break space, as in 1 249,00, is kept.
_SPACE = re.compile("[\t-\r\x1c-\x20\x85\u2028\u2029]+")
# Characters that change the writing direction of the text after them.
_BIDIRECTIONAL = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Characters with a meaning before an address (RFC 5322).
_SPECIALS = re.compile(r"[()<>\[\]:;@\\,\"]")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def one_line(text: str) -> str:
    """Return the text on one line, without bidirectional and control characters."""
    line = _SPACE.sub(" ", _BIDIRECTIONAL.sub("", text)).strip()
    return _CONTROLS.sub(_REPLACEMENT, line)


def header(text: str) -> str:
    """Return the text for an e-mail header, without anything that Python would decode.

    Python decodes encoded words such as ``=?utf-8?q?=0ABcc:_x?=`` when a header is set, and writes
    the line break inside them.
    """
    return one_line(text).replace("=?", "= ?")


def mailbox_name(text: str) -> str:
    """Return the text as a name before an address, of at most 60 characters.

    Characters with a meaning there become spaces. Python would quote them, but it loses the quotes
    when it folds a long name, which could produce a second address.
    """
    return shorten(" ".join(_SPECIALS.sub(" ", header(text)).split()), 60)


def lines(text: str) -> tuple[str, ...]:
    """Return the lines of a message, without blank lines at its beginning and end."""
    kept = [_CONTROLS.sub(_REPLACEMENT, line).rstrip() for line in text.splitlines()]
    while kept and not kept[0]:
        del kept[0]
    while kept and not kept[-1]:
        del kept[-1]
    return tuple(kept)


def shorten(text: str, longest: int) -> str:
    """Return the line, cut to *longest* characters with an ellipsis if it is longer."""
    return text if len(text) <= longest else text[: longest - 1] + "…"
