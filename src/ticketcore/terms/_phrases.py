"""The phrases of terms: one TOML file per language, all with the same keys and fields."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from ticketcore.policies import Language

_PHRASES = files("ticketcore.terms") / "phrases"


@cache
def phrases_in(language: Language) -> Mapping[str, str]:
    """Return the phrases of a language by their keys, such as ``effect.close``."""
    tables = tomllib.loads((_PHRASES / f"{language}.toml").read_text(encoding="utf-8"))
    return {f"{table}.{key}": text for table in tables for key, text in tables[table].items()}
