"""Recorded pages as templates: the markup of one order or parcel with its values taken out, and the page around it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

RECORDINGS = Path(__file__).parent.parent / "fixtures" / "recordings"


@dataclass(frozen=True)
class Template:
    """Markup in pieces: ``literals`` has one piece more than ``slots``, whose names say what stands between."""

    literals: tuple[str, ...]
    slots: tuple[str, ...]

    @classmethod
    def of(cls, markup: str, slot: re.Pattern[str]) -> Template:
        """Markup cut at every match of ``slot``, a pattern of named groups."""
        literals, slots, end = [], [], 0
        for found in slot.finditer(markup):
            assert found.lastgroup is not None, "every alternative of a slot pattern has a name"
            literals.append(markup[end : found.start()])
            slots.append(found.lastgroup)
            end = found.end()
        return cls((*literals, markup[end:]), tuple(slots))

    def filled(self, value: Callable[[str, int], str]) -> str:
        """The markup with every slot filled; ``value`` is told the slot's name and its place among its namesakes."""
        places: dict[str, int] = {}
        parts = [self.literals[0]]
        for name, literal in zip(self.slots, self.literals[1:], strict=True):
            place = places[name] = places.get(name, -1) + 1
            parts += (value(name, place), literal)
        return "".join(parts)


@dataclass(frozen=True)
class Layout:
    """A recorded list: the page before its rows, the rows, the page behind them."""

    head: str
    rows: tuple[str, ...]
    tail: str

    @classmethod
    def read(cls, store: str, file: str, row: re.Pattern[str]) -> Layout:
        html = (RECORDINGS / store / "pages" / file).read_text("utf-8")
        found = list(row.finditer(html))
        if not found:
            raise ValueError(f"{store}/{file} holds no row of the shape {row.pattern!r}")
        return cls(html[: found[0].start()], tuple(f[0] for f in found), html[found[-1].end() :])
