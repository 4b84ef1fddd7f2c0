"""Patterns that most pages never need, so that what needs none of them starts at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial
from typing import AnyStr


def later(pattern: AnyStr, flags: int = 0) -> Callable[[], re.Pattern[AnyStr]]:
    """A pattern that is compiled when it is first called for, and then kept."""
    return cache(partial(re.compile, pattern, flags))
