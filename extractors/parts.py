"""Labelled pieces inside one cell or card: "Order ID: 8187…", on one line or on two."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from extractors.outline import COLON, is_bare_unit, label_key
from extractors.page import PageReader
from extractors.texts import NotUnderstood, shown
from extractors.times import countdown

T = TypeVar("T")
ORDER_NUMBER = re.compile(r"\d{12,20}")
LONGEST_LABEL = 40
MOST_PIECES = 8
LONGEST_PIECE = 16
GOES_ON = re.compile(r"[\d:./-]")
WITHIN_A_FIGURE = ".,%‰％/:：~～"
PIECE = re.compile(r":.*|\d{1,2}")
"""What is no value of its own behind another one: the minutes of a clock, or digits before their unit."""


@dataclass(slots=True)
class Parts:
    """Values by the name of their label, in the order in which they stand; ``rest`` is what had no label.

    ``behind`` holds what follows a value up to the next label: a time may stand on two lines, a number be cut up.
    """

    values: dict[str, list[str]] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    behind: dict[str, list[str]] = field(default_factory=dict)
    rest: list[str] = field(default_factory=list)

    def first(self, name: str) -> str | None:
        """The first value of a label; None when the label is not there or has none."""
        return next(iter(self.values.get(name, [])), None)

    def ways(self, name: str) -> list[str]:
        """How the value of a label may be read: with all pieces that could go on with it, with fewer, alone."""
        first = self.first(name)
        if first is None:
            return []
        pieces = [first]
        for piece in self.behind.get(name, ())[:MOST_PIECES]:
            if len(piece) > LONGEST_PIECE or not (GOES_ON.match(piece) or is_bare_unit(piece)):
                break
            pieces.append(piece)
        found = []
        for count in range(len(pieces), 0, -1):
            if count < len(pieces) and (PIECE.fullmatch(pieces[count]) or is_bare_unit(pieces[count])):
                continue  # what is cut off there is not the value
            # Digits, colons and units may each stand in an element of their own: "09 | 天 | 06 | : | 13".
            found += [" ".join(pieces[:count]), "".join(pieces[:count])][: 2 if count > 2 else 1]
        return found

    def bare_number(self) -> str | None:
        """An order number that stands without a label."""
        return next((text for text in self.rest if ORDER_NUMBER.fullmatch(text)), None)


def figure_of(chunks: list[str]) -> str:
    """The text of a cell that holds one figure, without the remarks behind it: "≥ 95.00%", not "still short of 1.88%".

    After its digits a figure goes on with digits, signs within a number, and units; anything else is about it.
    """
    found: list[str] = []
    told = False
    for chunk in chunks:
        if told and chunk[0] not in WITHIN_A_FIGURE and not chunk[0].isdigit() and not is_bare_unit(chunk):
            break
        found.append(chunk)
        told = told or any(char.isdigit() for char in chunk)
    return shown(" ".join(found))


def parts_of(reader: PageReader, chunks: list[str], keys: Mapping[str, str] | None = None) -> Parts:
    """Split the chunks of a cell by the labels known to the page."""
    known = reader.labels.parts if keys is None else keys
    found = Parts()
    current: str | None = None
    last = ""
    for chunk in chunks:
        name = known.get(label_key(chunk)) if len(chunk) <= LONGEST_LABEL else None
        if name is not None:
            current = last = name
            found.values.setdefault(name, [])
            found.shown.setdefault(name, shown(chunk))
            continue
        inline = _inline(chunk, known)
        if inline is not None:
            name, label, value = inline
            found.values.setdefault(name, []).append(value)
            found.shown.setdefault(name, label)
            current, last = None, name
        elif current is not None and not found.values[current]:
            found.values[current].append(shown(chunk))
            current = None
        else:
            found.rest.append(shown(chunk))
            found.behind.setdefault(last, []).append(shown(chunk))
            current = None
    return found


def _inline(chunk: str, known: Mapping[str, str]) -> tuple[str, str, str] | None:
    """A label and its value in one text: "订单号：8187654321098765"."""
    if ":" not in chunk and "：" not in chunk:
        return None
    parted = COLON.split(chunk, maxsplit=1)
    if len(parted) == 2 and parted[1].strip() and len(parted[0]) <= LONGEST_LABEL:
        name = known.get(label_key(parted[0]))
        if name is not None:
            return name, shown(parted[0]), shown(parted[1])
    return None


def value_of(
    reader: PageReader, parts: Parts, part: str, name: str, label: str | None, parse: Callable[[str], T]
) -> T | None:
    """The value behind a label, in the first way that can be read; None and a problem when there is none."""
    ways = parts.ways(part)
    for text in ways[:-1]:
        try:
            return parse(text)
        except NotUnderstood:
            continue
    return reader.parsed(name, label, ways[-1], parse) if ways else None


def time_left(reader: PageReader, name: str, label: str | None, text: str | None) -> datetime | None:
    """The moment at which a countdown ends; it counts from the page's own capture."""
    left: timedelta | None = reader.parsed(name, label, text, countdown) if text else None
    return None if left is None else reader.page.captured_at + left


def time_left_of(reader: PageReader, parts: Parts, name: str, label: str | None) -> datetime | None:
    """The moment at which the countdown behind "time left" ends."""
    left: timedelta | None = value_of(reader, parts, "time_left", name, label, countdown)
    return None if left is None else reader.page.captured_at + left
