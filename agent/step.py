"""How far long work has come, told while it goes on: to a line on a terminal, or to nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from extractors.models import Reading


class Step(NamedTuple):
    """What is worked on, the ``number``-th of ``total`` steps; pages and rows had until then."""

    kind: str
    number: int
    total: int
    pages: int = 0
    rows: int = 0


Progress = Callable[[Step], None]


def rows_of(reading: Reading) -> int:
    """How many rows of lists a page had: orders, parcels, conversations."""
    fields = vars(reading.data).values() if reading.data is not None else ()
    return max((len(value) for value in fields if isinstance(value, tuple)), default=0)
