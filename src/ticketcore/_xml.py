"""Text in XML: escaped, and without the characters that no XML can hold."""

import re
from html import escape

_IMPOSSIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """A text as it stands in an element; a control character or lone surrogate as U+FFFD."""
    return escape(_IMPOSSIBLE.sub("\N{REPLACEMENT CHARACTER}", text))
