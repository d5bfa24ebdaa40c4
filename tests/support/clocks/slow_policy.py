"""Policies as plain data for the slow reference: TOML files, and those that extend others."""

import tomllib
from pathlib import Path
from typing import Any

from ticketcore.policies import preset_text, presets

Data = dict[str, Any]
_IDENTITIES = {"timer": "name", "permission": "commands", "notification": "name"}


def policy_data(text: str, folder: Path) -> Data:
    """Return a policy with all that it extends, from a preset or from a file in a folder."""
    data = tomllib.loads(text)
    parent = data.pop("extends", None)
    if parent is None:
        return data
    base = preset_text(parent) if parent in presets() else (folder / parent).read_text("utf-8")
    return _merged(policy_data(base, folder), data)


def _merged(base: Data, changes: Data) -> Data:
    """Merge tables key by key, and lists of tables by the key that identifies their entries."""
    merged = dict(base)
    for key, value in changes.items():
        if key in _IDENTITIES:
            identity = _IDENTITIES[key]
            replaced = {str(entry[identity]) for entry in value}
            kept = [each for each in base.get(key, ()) if str(each[identity]) not in replaced]
            merged[key] = kept + [entry for entry in value if not entry.get("remove")]
        elif isinstance(value, dict) and isinstance(base.get(key), dict):
            merged[key] = _merged(base[key], value)
        else:
            merged[key] = value
    return merged
