"""Pictures in a capture: written beside their page, read back without trust, and never the page's own undoing."""

from __future__ import annotations

import gzip
import json
import shutil
import struct
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agent.capture.opening import open_capture
from agent.capture.picture import MOST_HEIGHT, Picture, Shot
from agent.capture.writer import CaptureWriter, Head
from agent.errors import PageUnreadable
from extractors.models import Store
from tests.pictured import ENTRY, HEAD, ORDER, OTHER, PNG, ROW, listed, pictured, place
from tests.small_captures import PAGE, bodies

AT = datetime(2026, 11, 20, 11, 15, tzinfo=UTC)


def read(path: Path) -> tuple[Picture | None, list[str]]:
    """The picture of the only page, and the faults; the page itself is there in any case."""
    with open_capture(path) as capture:
        [page] = capture.pages()
        picture = capture.picture(page)
        assert bodies(capture) == [PAGE]
        faults = [fault.type if isinstance(fault, PageUnreadable) else type(fault).__name__ for fault in capture.faults]
        assert all(fault.text.zh and fault.text.en for fault in capture.faults)
        return picture, faults


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    head = Head(Store(id="1", name="Northwind", channel_id="2"), AT, "shoplint test")
    with CaptureWriter(tmp_path / "c", head) as writer:
        writer.add_page("orders", captured_at=AT, html=PAGE, shot=Shot(PNG, listed(ROW, OTHER)))
        writer.finish(AT)
    entries = json.loads((tmp_path / "c" / "capture.json").read_text("utf-8"))["pages"]
    assert entries[0]["picture"] == ENTRY
    picture, faults = read(tmp_path / "c")
    assert faults == []
    assert picture is not None
    assert (picture.png, picture.width, picture.height) == (PNG, 800, 600)
    assert [spot.texts[0] for spot in picture.spots] == [ORDER, "8203955732372615"]
    assert picture.spots[0].head == tuple(HEAD)


def test_a_page_without_a_picture_says_nothing_of_one(tmp_path: Path) -> None:
    with CaptureWriter(tmp_path / "c", Head(Store(id="1"), AT, "shoplint test")) as writer:
        writer.add_page("orders", captured_at=AT, html=PAGE)
    assert "picture" not in json.loads((tmp_path / "c" / "capture.json").read_text("utf-8"))["pages"][0]
    assert read(tmp_path / "c") == (None, [])


def test_an_archive_holds_pictures_too(tmp_path: Path) -> None:
    archive = shutil.make_archive(str(tmp_path / "c"), "zip", pictured(tmp_path / "c"))
    picture, faults = read(Path(archive))
    assert picture is not None
    assert (len(picture.spots), faults) == (2, [])


def test_a_resumed_capture_keeps_its_pictures(tmp_path: Path) -> None:
    head = Head(Store(id="1"), AT, "shoplint test")
    with CaptureWriter(tmp_path / "c", head) as writer:
        writer.add_page("orders", captured_at=AT, html=PAGE, shot=Shot(PNG, listed(ROW)))
    with CaptureWriter(tmp_path / "c", head, resume=True) as writer:
        writer.add_page("orders", captured_at=AT, html=PAGE, shot=Shot(PNG, listed(OTHER)))
    with open_capture(tmp_path / "c") as capture:
        found = [capture.picture(page) for page in capture.pages()]
    assert [picture.spots[0].texts[0] for picture in found if picture] == [ORDER, "8203955732372615"]


# What somebody else may have written


def sized(width: int, height: int) -> bytes:
    """The beginning of a PNG of this size, with the rest of a small one."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head)) + PNG[33:]


ENTRIES: dict[str, object] = {
    "a text": "pages/orders-1.png",
    "a number": 7,
    "a list": [ENTRY],
    "nothing in it": {},
    "a number for a name": {"file": 3, "places": "p.json"},
    "no places": {"file": "pages/orders-1.png"},
    "an empty name": {"file": "", "places": "p.json"},
    "a long name": {"file": "x" * 5000, "places": "p.json"},
    "null for a name": {"file": None, "places": None},
}


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_an_entry_that_says_nothing_of_use_is_no_picture(tmp_path: Path, entry: object) -> None:
    assert read(pictured(tmp_path, entry)) == (None, ["damaged_file"])


@pytest.mark.parametrize(
    "name", ["../secret.png", "/etc/passwd", "pages/../../secret.png", "..\\secret.png", "C:/secret.png", "a\x00b"]
)
@pytest.mark.parametrize("key", ["file", "places"])
def test_no_name_leads_out_of_the_capture(tmp_path: Path, name: str, key: str) -> None:
    (tmp_path / "secret.png").write_bytes(PNG)
    assert read(pictured(tmp_path / "c", ENTRY | {key: name})) == (None, ["CaptureEscapes"])


def test_no_link_leads_out_of_the_capture(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(PNG)
    folder = pictured(tmp_path / "c", files={"pages/orders-1.png": None})
    (folder / "pages" / "orders-1.png").symlink_to(tmp_path / "secret.png")
    assert read(folder) == (None, ["CaptureEscapes"])


PICTURES = {
    "missing": (None, "missing_file"),
    "empty": (b"", "empty_file"),
    "a page": (PAGE, "not_a_picture"),
    "a JPEG": (b"\xff\xd8\xff\xe0" + bytes(200), "not_a_picture"),
    "cut off in its head": (PNG[:20], "not_a_picture"),
    "wider than any": (sized(100_000, 100), "picture_too_large"),
    "higher than any": (sized(800, MOST_HEIGHT + 1), "picture_too_large"),
    "of no width": (sized(0, 600), "picture_too_large"),
    "more than can be held": (sized(2560, 15_000), "picture_too_large"),
    "as large as can be said": (sized(2**31 - 1, 2**31 - 1), "picture_too_large"),
    "packed without end": (gzip.compress(bytes(64 << 20)), "CaptureTooLarge"),
}


@pytest.mark.parametrize(("body", "fault"), PICTURES.values(), ids=PICTURES)
def test_what_is_no_picture_is_left_out(tmp_path: Path, body: bytes | None, fault: str) -> None:
    assert read(pictured(tmp_path, files={"pages/orders-1.png": body})) == (None, [fault])


def one(**changes: Any) -> bytes:
    return listed(ROW | changes)


PLACES = {
    "missing": (None, "missing_file"),
    "no JSON": (b"{", "damaged_file"),
    "no UTF-8": (b"\xff\xfe\xff", "damaged_file"),
    "a list": (b"[]", "damaged_file"),
    "another format": (b'{"format": 2, "places": []}', "damaged_file"),
    "no list of places": (b'{"format": 1, "places": 3}', "damaged_file"),
    "nested without end": (b'{"format": 1, "places": ' + b"[" * 100_000, "damaged_file"),
    "too many": (listed(*[place([0, 0, 1, 1])] * 10_001), "damaged_file"),
    "no box": (one(box=None), "damaged_file"),
    "a box of three": (one(box=[1, 2, 3]), "damaged_file"),
    "a box of words": (one(box=["1", "2", "3", "4"]), "damaged_file"),
    "a box of truths": (one(box=[True, True, True, True]), "damaged_file"),
    "a negative box": (one(box=[-1, 0, 10, 10]), "damaged_file"),
    "a huge box": (one(box=[0, 0, 1e300, 10]), "damaged_file"),
    "a box without a number": (one(box=[0, 0, float("nan"), 10]), "damaged_file"),
    "a box without end": (one(box=[0, 0, float("inf"), 10]), "damaged_file"),
    "a head of words": (one(head="x"), "damaged_file"),
    "another kind": (one(kind="<script>"), "damaged_file"),
    "a text that is none": (one(texts=[1]), "damaged_file"),
    "a long text": (one(texts=["x" * 401]), "damaged_file"),
    "packed without end": (gzip.compress(b" " * (64 << 20)), "CaptureTooLarge"),
}


@pytest.mark.parametrize(("body", "fault"), PLACES.values(), ids=PLACES)
def test_places_that_are_none_leave_the_picture_out(tmp_path: Path, body: bytes | None, fault: str) -> None:
    assert read(pictured(tmp_path, files={"pages/orders-1.places.json": body})) == (None, [fault])


def test_what_a_later_version_adds_is_no_mistake(tmp_path: Path) -> None:
    body = json.dumps({"format": 1, "places": [ROW | {"colour": "red"}], "scale": 1}).encode()
    picture, faults = read(pictured(tmp_path, ENTRY | {"scale": 2}, {"pages/orders-1.places.json": body}))
    assert picture is not None
    assert faults == []
