"""What notices say, in every language they are written in."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import get_args

from ticketcore.errors import NoticeError
from ticketcore.policies import Language, placeholders

_PHRASES = files("ticketcore.notifications") / "phrases"


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """The phrases of a language by their keys, such as ``why.opened``.

    Raises NoticeError for a language that notices are not written in.
    """
    known = get_args(Language)
    if language not in known:
        why = f"is none that notices are written in: {', '.join(known)}"
        raise NoticeError("language", language, why)
    tables = tomllib.loads((_PHRASES / f"{language}.toml").read_text(encoding="utf-8"))
    return {f"{table}.{key}": said for table in tables for key, said in tables[table].items()}


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text with its fields filled in. A value is only ever said, never read for fields.

    Raises NoticeError for a field that has no value.
    """
    said = []
    for words, field in placeholders(text):
        said.append(words)
        if field is not None:
            if field not in values:
                raise NoticeError("field", field, "has no value on this ticket")
            said.append(values[field])
    return "".join(said)
