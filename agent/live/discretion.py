"""Answers without what is nobody's business: names of buyers, their messages, addresses, numbers, markup of pages.

What is kept is what a rule may need and what names nobody: numbers, times, states, identifiers, short codes.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any

import tomli

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_NEUTRAL = re.compile(r"-?\d+(\.\d+)?%?|true|false|\d{4}-\d\d-\d\d([ T][\d:.+Z-]+)?|[A-Z]{2,3}", re.ASCII)
"""Numbers, times and short codes."""
_CODE = re.compile(r"(?![A-Z][a-z]+$)[\w.:/+-]{1,64}", re.ASCII)
"""Identifiers and states, but no single word that is written like a name."""
_MAIL_OR_PHONE = re.compile(r"@|\+\d[\d-]{7,}")
DEEPEST = 40


@cache
def _data() -> dict[str, frozenset[str]]:
    lists = tomli.loads((files("agent") / "data" / "discretion.toml").read_text("utf-8"))
    return {name: frozenset(words) for name, words in lists.items()}


def without_persons(value: Any, depth: int = 0) -> Any:
    """The value without personal data; what is left out is gone with its key."""
    if depth > DEEPEST:
        return None
    if isinstance(value, dict):
        pairs = {key: _under(str(key), item, depth) for key, item in value.items()}
        return {key: item for key, item in pairs.items() if item is not None}
    if isinstance(value, list):
        return [kept for item in value if (kept := without_persons(item, depth + 1)) is not None]
    if isinstance(value, str):
        return value if _CODE.fullmatch(value) and not _MAIL_OR_PHONE.search(value) else None
    return value


def _under(key: str, value: Any, depth: int) -> Any:
    if key.lower() in _data()["own"] and isinstance(value, str):
        return value
    words = {found[0].lower() for found in _WORD.finditer(key)}
    if words & _data()["reach"] and not isinstance(value, (dict, list, bool)):
        return None
    if words & _data()["personal"]:
        if isinstance(value, str):
            return value if _NEUTRAL.fullmatch(value) else None
        if isinstance(value, list):
            return [item for item in value if isinstance(item, (int, float))] or None
    return without_persons(value, depth + 1)
