"""Text as a page shows it: made plain once, so that every reader of values sees the same characters.

What a user may have to extend stands in ``data/values.toml``: the words for "not assessed", units, currencies.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

import tomli

# The file belongs to the package and is read once, when the package is imported.
WORDS: Final[dict[str, Any]] = tomli.loads((files("extractors") / "data" / "values.toml").read_text("utf-8"))

# How much of a text a message shows, and beyond which length no text is a value.
SHOWN = 80
LONGEST_VALUE = 200


class NotUnderstood(ValueError):
    """A text that should hold a value and does not."""

    def __init__(self, text: str, wanted: str) -> None:
        super().__init__(text, wanted)
        self.text = text
        self.wanted = wanted

    def __str__(self) -> str:
        shown = self.text if len(self.text) <= SHOWN else self.text[: SHOWN - 1] + "…"
        return f"wanted {self.wanted}, got {shown!r}"


_FULL_WIDTH = range(0xFF01, 0xFF5F)
_INVISIBLE = (
    range(0x00AD, 0x00AE), range(0x061C, 0x061D), range(0x200B, 0x2010), range(0x202A, 0x202F), range(0x2060, 0x2070),
    range(0xFEFF, 0xFF00),
)  # fmt: skip
_FOLDED: Final[dict[int, int | None]] = {code: code - 0xFEE0 for code in _FULL_WIDTH} | {
    code: None for codes in _INVISIBLE for code in codes
}


def _any_of(*ranges: range) -> re.Pattern[str]:
    """A pattern of one character out of some ranges."""
    return re.compile("[" + "".join(f"{chr(codes[0])}-{chr(codes[-1])}" for codes in ranges) + "]")


_INVISIBLE_MARK = _any_of(*_INVISIBLE)
_TO_FOLD = _any_of(_FULL_WIDTH, *_INVISIBLE)


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """Full-width ASCII made plain, invisible marks dropped, every run of white space one space, ends stripped.

    Chinese punctuation without an ASCII twin and the yuan sign (U+FFE5) stay as they are.
    """
    if not text.isascii() and _TO_FOLD.search(text):
        text = text.translate(_FOLDED)
    return " ".join(text.split())


@lru_cache(maxsize=4096)
def shown(text: str) -> str:
    """A text to be kept as the page shows it: invisible marks dropped, white space folded, all else untouched."""
    if not text.isascii() and _INVISIBLE_MARK.search(text):
        text = _INVISIBLE_MARK.sub("", text)
    return " ".join(text.split())


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """A text for comparing: clean, and without upper and lower case."""
    return clean(text).casefold()


def alternatives(words: list[str]) -> str:
    """A pattern that matches any of the words, the longest first; a Latin word ends where its letters end."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(
        re.escape(word) + ("(?![a-z])" if word[-1].isascii() and word[-1].isalpha() else "") for word in ordered
    )


ALL_UNITS: Final = [unit for units in WORDS["units"].values() for unit in units]
UNITS: Final = frozenset(unit.casefold() for unit in ALL_UNITS)
_NOT_ASSESSED: Final = frozenset(folded(word) for word in WORDS["not_assessed"]) | {""}
# Dashes, also in the shape of the value: "--%", "-- 天", "--:--:--", "-/-".
_DASHES: Final = "-‐‑‒–—―−﹣"
_BETWEEN_DASHES: Final = f"{_DASHES} :/."
_BEHIND_DASHES: Final = UNITS | {"%", ""}


def not_assessed(text: str) -> bool:
    """Whether a text says that there is no value: empty, dashes, 暂无, 不考核, N/A. Never zero."""
    if "0" <= text[:1] <= "9":
        return False
    text = clean(text)
    if not text:
        return True
    if len(text) > LONGEST_VALUE or "0" <= text[0] <= "9":
        return False
    if text[0] in _DASHES and text.lstrip(_BETWEEN_DASHES).casefold() in _BEHIND_DASHES:
        return True
    return text.casefold() in _NOT_ASSESSED
