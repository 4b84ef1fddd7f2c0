"""What stands around a figure and is no part of it: a change ("↑0.3%"), a line to reach ("≥ 95%"), "current", "own".

A figure is first read as it stands; only what cannot be read so is read without its remarks. The words stand in
``data/values.toml``.
"""

from __future__ import annotations

import re
from typing import Final

from extractors.patterns import later
from extractors.texts import ALL_UNITS, LONGEST_VALUE, WORDS, alternatives, clean

ARROWS: Final = "↑↓▲▼△▽⬆⬇⇅🔺🔻"
_UNIT: Final = rf"(?: ?(?:[%‰]|{alternatives(ALL_UNITS)}))?"
_NUMBER: Final = rf"\d[\d.,]*{_UNIT}"
_SIGNS: Final = r">=|<=|[≥≤≧≦⩾⩽<>]"
_COMPARED: Final = alternatives([word for words in WORDS["comparison"].values() for word in words])
_SPOKEN: Final = {name: alternatives(words) for name, words in WORDS["remarks"].items()}
_LINE = later(
    rf"[ /|｜,，;；·(（\[]*(?:(?:{_SPOKEN['line']}) ?[:：]? ?)?"
    rf"(?P<line>(?:{_SIGNS}|(?:{_COMPARED})) ?(?:[^\W\d]{{0,3}} ?[$￥€] ?)?{_NUMBER})[ )）\]]*",
    re.IGNORECASE | re.ASCII,
)
_CHANGE = later(
    rf"[ (（]*(?:(?:{_SPOKEN['change']}) ?[:：]? ?)?(?:[{ARROWS}] ?(?:{_NUMBER})?|(?<=[\d%] )[+−-]{_NUMBER}$)[ )）]*",
    re.IGNORECASE | re.ASCII,
)
_OWN = later(rf"(?:{_SPOKEN['own']})(?: ?[:：] ?| |(?=[\d-]))", re.IGNORECASE | re.ASCII)
_ONLY_A_CHANGE = later(rf"(?:(?:{_SPOKEN['change']}) ?[:：]? ?)?[{ARROWS}+−-] ?{_NUMBER}", re.IGNORECASE | re.ASCII)
_ARROW_ICON = later(r"(?:^|[-_\s])(?:arrow|caret|trend|rise|fall|up|down)(?:$|[-_\s])", re.IGNORECASE)
_SAID_BEHIND = later(r"(?<=[^\W\d]|[\d%‰])(?: ?[·|｜;；，(（] ?|, )[^\d]+$")
_BETWEEN: Final = " /|｜,，;；·"
_ENDS: Final = _BETWEEN + "。."
_BADGES: Final = frozenset(word.casefold() for word in WORDS["remarks"]["badge"])


def line_in(text: str) -> str | None:
    """The line that a text names beside a value, or alone: "≥ 95%", "at least 95%"."""
    found = _LINE().search(clean(text)) if len(text) <= LONGEST_VALUE else None
    return found["line"] if found else None


def is_only_a_line(text: str) -> bool:
    """Whether a text is a line to reach and holds nothing else: "≥ 95%", "Goal: ≥ 4.7"."""
    return line_in(text) is not None and without_remarks(text) is None


def is_badge(text: str) -> bool:
    """Whether a text is a mark that any label may bear: "NEW"."""
    return text.casefold() in _BADGES


def without_remarks(text: str) -> str | None:
    """A text without the remarks around its figure: "94.1%" of "当前 94.1% / 要求 ≥ 95%"; None where it has none."""
    shown = clean(text)
    if not shown or len(shown) > LONGEST_VALUE:
        return None
    bare = _CHANGE().sub(" ", shown)
    bare = _LINE().sub(" ", bare).strip(_BETWEEN)
    bare = _SAID_BEHIND().sub("", bare)
    bare = (behind_own(bare) or bare).strip(_BETWEEN).rstrip(_ENDS)
    return bare if bare and bare != shown else None


def behind_own(text: str) -> str | None:
    """What stands behind "current", "own" and the like; None where a text does not begin so."""
    found = _OWN().match(text)
    return text[found.end() :] if found else None


def is_change(text: str) -> bool:
    """Whether a text only tells how a figure has changed: "↑0.3%", "+2.00%", "vs last week -0.1%"."""
    return len(text) <= LONGEST_VALUE and _ONLY_A_CHANGE().fullmatch(clean(text)) is not None


def is_arrow(names: str) -> bool:
    """Whether the names or classes of an icon are those of an arrow that stands in front of a change."""
    return _ARROW_ICON().search(names) is not None
