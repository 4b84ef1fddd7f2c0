"""What a red mark of the rating page means: its texts vary, so they are known by their words."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import files

import tomli
from pydantic import TypeAdapter


def is_dispute_mark(text: str) -> bool:
    """Whether the mark says that the dispute rate is too high."""
    return _sort(text) == "dispute"


def is_logistics_mark(text: str) -> bool:
    """Whether the mark says that too many orders have logistics exceptions."""
    return _sort(text) == "logistics"


def _sort(text: str) -> str | None:
    plain = unicodedata.normalize("NFKC", text).casefold()
    for name, groups in _words().items():
        if all(any(word in plain for word in group) for group in groups):
            return name
    return None


@cache
def _words() -> dict[str, list[list[str]]]:
    raw = tomli.loads((files("checks") / "data" / "red_marks.toml").read_text("utf-8"))
    return TypeAdapter(dict[str, list[list[str]]]).validate_python(raw)
