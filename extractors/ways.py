"""How the pieces of text behind a label may be read as its value.

A value may be cut into pieces, stand among remarks, or on the one line of several that is the store's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from extractors.cells import ICONS
from extractors.remarks import behind_own, is_arrow, is_change, is_only_a_line, without_remarks
from extractors.texts import UNITS

Element = Any

MOST_PIECES = 8
TIME_UNITS = frozenset({"小时", "分钟", "秒", "h", "m", "s", "hours", "minutes", "seconds"})
BARE_UNITS = UNITS | TIME_UNITS
LONGEST_UNIT = 14


@dataclass(slots=True)
class Chunk:
    """A piece of text and the element that holds it; ``content`` is False for menus, links, tabs and the like.

    ``line`` numbers the line on which a piece stands, ``apart`` says that white space parts it from the piece before.
    """

    text: str
    element: Element
    content: bool
    heading: bool
    line: int = 0
    apart: bool = True


class Place(NamedTuple):
    """Where a label stands: the label as shown, the texts of its value, and the ways in which they may be read.

    The first way is the most likely: pieces that stand on one line are one text. No way at all is a blank value. In a
    place that is ``begun`` a text only begins with the label.
    """

    label: str
    texts: list[str]
    ways: list[str]
    sure: bool = True
    begun: bool = False


def joined(chunks: list[Chunk]) -> str:
    """Pieces of one line as a person reads them."""
    return "".join(f" {c.text}" if c.apart else c.text for c in chunks).strip()


def ways(chunks: list[Chunk]) -> list[str]:
    """How the texts behind a label may be read: with all pieces of its line, with fewer of them, the first alone.

    A unit that stands alone belongs to the number before it, on whatever line.
    """
    line = [chunk for chunk in chunks[:MOST_PIECES] if chunk.line == chunks[0].line]
    line = [chunk for chunk in line if not is_only_a_line(chunk.text)] or line
    found = [joined(line[:count]) for count in range(len(line), 0, -1)]
    if len(line) == 1 and len(chunks) > 1 and is_bare_unit(chunks[1].text):
        found.insert(0, chunks[0].text + chunks[1].text)
    return list(dict.fromkeys(found))


def without_changes(chunks: list[Chunk]) -> list[Chunk]:
    """The texts behind a label without those that only tell a change: "↑0.3%", "0.3%" behind the icon of an arrow."""
    return [c for c in chunks if not (is_change(c.text) or is_arrow(c.element.get(ICONS) or ""))]


def own_lines(chunks: list[Chunk]) -> list[str]:
    """What stands behind "own" or "current" on any of the lines behind a label, beside those of others."""
    lines: dict[int, list[Chunk]] = {}
    for chunk in chunks[:MOST_PIECES]:
        lines.setdefault(chunk.line, []).append(chunk)
    return [value for line in lines.values() if (value := behind_own(joined(line)))]


def with_bare_ways(place: Place) -> Place:
    """A place with more ways to read it, after all others: without the remarks around the value."""
    bare = [text for way in place.ways if (text := without_remarks(way)) is not None]
    return place._replace(ways=list(dict.fromkeys([*place.ways, *bare]))) if bare else place


def going_on(value: str, chunk: Chunk, behind: list[Chunk]) -> list[str]:
    """The ways to read a value that begins on its label's line: with the pieces that touch it or are its unit."""
    found = [value]
    for piece in behind[:MOST_PIECES]:
        if piece.line != chunk.line or (piece.apart and not is_bare_unit(piece.text)):
            break
        found.append(found[-1] + piece.text)
    return found[::-1]


def is_bare_unit(text: str) -> bool:
    """Whether a text is a unit without a number: %, 天, points."""
    return text in ("%", "‰", "％") or (len(text) <= LONGEST_UNIT and text.casefold() in BARE_UNITS)
