"""What texts of the message page mean; the words are data."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import tomli
from pydantic import TypeAdapter


def names_the_order(text: str) -> bool:
    """Whether an automatic reply holds a placeholder for the order's number."""
    return _found("auto_reply", "order_placeholder", [text])


def offers_a_solution(text: str) -> bool:
    """Whether an automatic reply offers a solution for this buyer."""
    return _found("auto_reply", "personal_solution", [text])


def is_unanswered(tags: Iterable[str]) -> bool:
    """Whether a conversation's tags say that it waits for the seller."""
    return _found("conversation", "unanswered", tags)


def _found(section: str, name: str, texts: Iterable[str]) -> bool:
    pattern = _patterns()[section][name]
    return any(pattern.search(unicodedata.normalize("NFKC", text).casefold()) for text in texts)


@cache
def _patterns() -> dict[str, dict[str, re.Pattern[str]]]:
    raw = tomli.loads((files("checks") / "data" / "messages.toml").read_text("utf-8"))
    words = TypeAdapter(dict[str, dict[str, list[str]]]).validate_python(raw)
    return {
        section: {name: re.compile("|".join(f"(?:{one})" for one in found)) for name, found in names.items()}
        for section, names in words.items()
    }
