"""The one thing that a text of a policy may do: name fields, as in ``Dear {customer}``."""

from collections.abc import Iterator
from string import Formatter


def placeholders(text: str) -> Iterator[tuple[str, str | None]]:
    """The text in pieces: what is said, and the field that follows it, None at the end.

    A placeholder is a name in braces and nothing else: no attribute, no index, no conversion and
    no format, so that a text can ask for a value but never for what hangs on it. Two braces stand
    for one. Raises ValueError for anything else in braces.
    """
    try:
        pieces = list(Formatter().parse(text))
    except ValueError as error:
        raise ValueError(f"{error}; a brace that is meant is written twice") from None
    for said, field, form, conversion in pieces:
        if field is not None and (form or conversion or not field.isidentifier()):
            found = f"{field}{'!' if conversion else ''}{conversion or ''}{form and ':'}{form}"
            raise ValueError(f"{{{found}}} is no field; write its name only, as in {{ticket}}")
        yield said, field
