"""The long-haul regions: which countries lie in them, and how a settings page may name them."""

from __future__ import annotations

import re
from typing import NamedTuple

from checks.text import Text


class Region(NamedTuple):
    """A market: its words, its ISO countries, and a pattern for its name as a page may write it."""

    words: Text
    countries: frozenset[str]
    pattern: re.Pattern[str]

    def is_named(self, name: str) -> bool:
        return name.strip().upper() in self.countries or self.pattern.search(name) is not None


LONG_HAUL = (
    Region(
        Text("南美", "South America"),
        frozenset(["AR", "BO", "BR", "CL", "CO", "EC", "FK", "GF", "GY", "PE", "PY", "SR", "UY", "VE"]),
        re.compile(r"south[\W_]*america|latin[\W_]*america|南美|拉美|拉丁美洲", re.IGNORECASE),
    ),
    Region(
        Text("中东", "the Middle East"),
        frozenset(["AE", "BH", "EG", "IL", "IQ", "IR", "JO", "KW", "LB", "OM", "PS", "QA", "SA", "SY", "YE"]),
        re.compile(r"middle[\W_]*east|中东", re.IGNORECASE),
    ),
)
