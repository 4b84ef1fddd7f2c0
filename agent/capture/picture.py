"""The pictures of a capture: what is written beside a page, and how it is read back without trust.

A picture is a help and no evidence of its own: one that is missing, damaged, too large or no PNG at all makes no page
and no capture unusable. It is left out, and the capture notes the fault.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.capture import bodies, failures
from agent.capture.sources import Source
from agent.errors import PageUnreadable
from checks.text import Text

MOST_WIDTH, MOST_HEIGHT = 2560, 16_000
"""Pixels of a picture; a longer page is cut off below. Browsers paint no more at once."""
MOST_PIXELS = 24_000_000
"""Pixels in all: three bytes each when a picture is unpacked."""
MOST_PICTURE = 24 << 20
"""Bytes of a picture as it lies on the disk."""
MOST_PLACES = 8 << 20
"""Bytes of the file that says where things are."""
_HEAD = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


@dataclass(frozen=True)
class Shot:
    """A picture as it is written: PNG, and JSON that says what lies where on it."""

    png: bytes
    places: bytes


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False, defer_build=True)


class PictureEntry(_Part):
    """``picture`` of a page in capture.json."""

    file: Annotated[str, Field(min_length=1, max_length=1000)]
    places: Annotated[str, Field(min_length=1, max_length=1000)]


Side = Annotated[float, Field(ge=0, le=100_000, strict=True)]
Box = tuple[Side, Side, Side, Side]
"""Left, top, width, height, in pixels of the picture."""
Words = Annotated[tuple[Annotated[str, Field(max_length=400)], ...], Field(max_length=200)]


class Spot(_Part):
    """Something on the picture that a finding may speak of: its box, that of its titles, its ids and texts."""

    kind: Literal["row", "item", "figure"]
    box: Box
    head: Box | None = None
    ids: Words = ()
    texts: Words = ()


class Places(_Part):
    """The file of places."""

    format: Literal[1]
    places: Annotated[tuple[Spot, ...], Field(max_length=10_000)]


@dataclass(frozen=True)
class Picture:
    """A picture of a page, read back: its bytes, which are PNG of this size by their own account, and its places."""

    png: bytes
    width: int
    height: int
    spots: tuple[Spot, ...]


def read_picture(source: Source, entry: object) -> Picture:
    """The picture that an entry of capture.json names; CaptureError or PageUnreadable when there is none to be used."""
    try:
        named = PictureEntry.model_validate(entry)
    except ValidationError as error:
        raise _refused(source.path, None, "capture.json", error) from error
    for name in (named.file, named.places):
        source.check(name)
    png = bodies.raw(source, named.file, MOST_PICTURE)
    width, height = _size(source.path, named.file, png)
    try:
        places = Places.model_validate_json(bodies.raw(source, named.places, MOST_PLACES))
    except ValidationError as error:
        raise _refused(source.path, named.places, named.places, error) from error
    return Picture(png, width, height, places.places)


def _size(path: Path, name: str, png: bytes) -> tuple[int, int]:
    """Width and height as the picture states them, before anybody unpacks it."""
    if not png.startswith(_HEAD) or len(png) < len(_HEAD) + 8:
        raise failures.picture("not_a_picture", path, name, Text("不是 PNG 图片", "it is no PNG picture"))
    width, height = struct.unpack_from(">II", png, len(_HEAD))
    if not (0 < width <= MOST_WIDTH and 0 < height <= MOST_HEIGHT and width * height <= MOST_PIXELS):
        said = f"{width} × {height}"
        found = Text(f"图片尺寸 {said} 超出上限", f"a picture of {said} goes beyond the limit")
        raise failures.picture("picture_too_large", path, name, found)
    return width, height


def _refused(path: Path, name: str | None, where: str, error: ValidationError) -> PageUnreadable:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    key = ".".join(map(str, first["loc"])) or where
    found = Text(f"{key} 不符合格式（{first['type']}）", f"{key} is not as it should be ({first['type']})")
    return failures.picture("damaged_file", path, name, found)
