"""Reading captures: what is accepted, and which faults of a file are its page's own."""

import gzip
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from agent.capture.model import BACKEND_ZONE
from agent.capture.opening import open_capture
from agent.capture.reader import Origin
from agent.errors import (
    PageUnreadable,
)
from tests.conftest import RECORDINGS
from tests.small_captures import (
    AT,
    EXPORT,
    PACKED,
    PAGE,
    bodies,
    brief,
    described,
    flipped,
    in_folder,
    in_zip,
    read,
)

# --- what is accepted -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("store", ["northwind", "harbor", "newstore", "broken"])
def test_the_recordings_are_read_whole(store: str) -> None:
    said = json.loads((RECORDINGS / store / "capture.json").read_text("utf-8"))
    with open_capture(RECORDINGS / store) as capture:
        assert (capture.origin, capture.finished, capture.faults) == (Origin.FOLDER, True, [])
        assert capture.store.id == said["store"]["id"]
        assert capture.store.premium == said["store"].get("premium", False)
        assert capture.captured_at.isoformat() == said["captured_at"]
        entries = list(capture.pages())
        assert [(e.kind, e.view, e.sequence, e.url) for e in entries] == [
            (p["kind"], p["view"], p["sequence"], p["url"]) for p in said["pages"]
        ]
        unread = [entry.kind for entry, page in capture.read() if page is None]
        assert unread == [page["kind"] for page in said["pages"] if page["error"]]


def test_a_page_that_was_not_reached_keeps_its_error() -> None:
    with open_capture(RECORDINGS / "broken") as capture:
        [entry] = [entry for entry in capture.pages() if entry.error]
        assert entry.error
        assert (entry.kind, entry.error.type) == ("settings", "timeout")
        with pytest.raises(PageUnreadable, match="did not finish loading"):
            capture.body(entry)


def test_answers_come_with_the_page_that_received_them() -> None:
    with open_capture(RECORDINGS / "northwind") as capture:
        found = {page.kind: page.responses for _, page in capture.read() if page and page.responses}
    assert list(found) == ["messages"]
    assert found["messages"][0]["ret"] == ["SUCCESS::调用成功"]


@pytest.mark.parametrize("top", ["", "northwind/", "./"])
def test_a_zip_is_the_same_folder(tmp_path: Path, top: str) -> None:
    archive = tmp_path / "northwind.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        if top:
            packed.writestr(top, b"")
        for path in sorted((RECORDINGS / "northwind").rglob("*")):
            packed.write(path, top + path.relative_to(RECORDINGS / "northwind").as_posix())
    with open_capture(archive) as capture:
        assert capture.origin is Origin.ZIP
        found = bodies(capture)
    assert found == read(RECORDINGS / "northwind")


def test_capture_json_may_be_named_instead_of_its_folder(tmp_path: Path) -> None:
    folder = in_folder(tmp_path / "c", described("a.html"), {"a.html": PAGE})
    assert read(folder / "capture.json") == [PAGE]


@pytest.mark.parametrize("name", ["a.html.gz", "a.html"])
def test_a_packed_page_is_unpacked_whatever_its_name(tmp_path: Path, name: str) -> None:
    folder = in_folder(
        tmp_path / "c", described(name), {name: gzip.compress(PAGE[:9], mtime=0) + gzip.compress(PAGE[9:], mtime=0)}
    )
    assert read(folder) == [PAGE]


def test_an_export_inside_a_capture(tmp_path: Path) -> None:
    said = described("e.xlsx")
    said["pages"][0]["kind"] = "order_export"
    assert read(in_folder(tmp_path / "c", said, {"e.xlsx": EXPORT.read_bytes()})) == [EXPORT.read_bytes()]


def test_an_export_alone_is_a_capture_of_one_page(tmp_path: Path) -> None:
    path = tmp_path / "ORDERS.XLSX.download"
    shutil.copy(EXPORT, path)
    with open_capture(path, now=AT) as capture:
        [(entry, page)] = capture.read()
        assert (capture.origin, entry.kind, entry.sequence, entry.file) == (
            Origin.EXPORT,
            "order_export",
            1,
            path.name,
        )
        assert page
        assert page.body == EXPORT.read_bytes()
        assert capture.captured_at == entry.captured_at == capture.ended_at == AT
        assert str(capture.timezone) == BACKEND_ZONE
        assert capture.store.id is capture.store.name is None


def test_a_file_alone_was_captured_when_it_was_saved(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(PAGE)
    os.utime(path, (AT.timestamp(), AT.timestamp()))
    with open_capture(path, single_page=True) as capture:
        [(entry, page)] = capture.read()
        assert page
        assert (capture.origin, entry.kind, page.body) == (Origin.PAGE, "unknown", PAGE)
        assert capture.captured_at == AT
        assert capture.captured_at.utcoffset() == timedelta(hours=-8)


def test_unknown_keys_are_nobodys_mistake(tmp_path: Path) -> None:
    said = described("a.html", new={"x": 1})
    said["store"]["new"] = said["pages"][0]["new"] = [1]
    assert read(in_folder(tmp_path / "c", said, {"a.html": PAGE})) == [PAGE]


def test_an_unfinished_capture_is_read_and_says_so(tmp_path: Path) -> None:
    said = described("a.html", "a.html")
    said["pages"][1]["captured_at"] = "2026-11-20T03:15:30-08:00"
    for missing in (True, False):
        if missing:
            del said["finished_at"]
        else:
            said["finished_at"] = None
        with open_capture(in_folder(tmp_path / f"c{missing}", said, {"a.html": PAGE})) as capture:
            assert not capture.finished
            assert capture.ended_at == datetime.fromisoformat("2026-11-20T03:15:30-08:00")
            assert bodies(capture) == [PAGE, PAGE]


def test_a_page_without_a_time_has_the_captures(tmp_path: Path) -> None:
    with open_capture(in_folder(tmp_path / "c", described("a.html"), {"a.html": PAGE})) as capture:
        [entry] = capture.pages()
        assert entry.captured_at == capture.captured_at == AT


def test_the_same_sequence_twice_is_read_twice(tmp_path: Path) -> None:
    said = described("a.html", "b.html")
    said["pages"][1]["sequence"] = 1
    assert read(in_folder(tmp_path / "c", said, {"a.html": PAGE, "b.html": b"b"})) == [PAGE, b"b"]


def test_a_mark_before_the_json_does_no_harm(tmp_path: Path) -> None:
    body = b"\xef\xbb\xbf" + json.dumps(described()).encode()
    assert read(in_folder(tmp_path / "c", body)) == []


# --- faults of one page ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "body", "fault"),
    [
        ("a.html", None, "missing_file"),
        ("a.html", b"", "empty_file"),
        ("a.html", b" \n\t", "empty_file"),
        ("a.html.gz", b"", "empty_file"),
        ("a.html.gz", gzip.compress(b"", mtime=0), "empty_file"),
        ("a.html", b"%PDF-1.7\n", "not_a_page"),
        ("a.html", b"\x89PNG\r\n", "not_a_page"),
        ("a.html", b"<html>\0\0", "not_a_page"),
        ("a.html", EXPORT.read_bytes(), "not_a_page"),
        ("a.html.gz", PACKED[:-9], "truncated_file"),
        ("a.html", PACKED[:5], "truncated_file"),
        ("a.html.gz", PACKED[:30] + b"xx" + PACKED[32:], "damaged_file"),
        ("a.html.gz", PACKED + b"tail", "damaged_file"),
        ("a.html.gz", PAGE, "damaged_file"),
    ],
    ids=brief,
)
@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
def test_a_fault_of_one_file_is_that_pages(
    tmp_path: Path, name: str, body: bytes | None, fault: str, packed: bool
) -> None:
    files = {"good.html": PAGE} | ({} if body is None else {name: body})
    said = described(name, "good.html")
    path = in_zip(tmp_path / "c.zip", said, files) if packed else in_folder(tmp_path / "c", said, files)
    assert read(path) == [fault, PAGE]


@pytest.mark.parametrize("name", ["", ".", "pages", "x" * 300, "ä\u202e.html"])
def test_a_name_of_no_file_is_a_missing_page(tmp_path: Path, name: str) -> None:
    folder = in_folder(tmp_path / "c", described(name, "pages/a.html"), {"pages/a.html": PAGE})
    assert read(folder) == ["missing_file", PAGE]


def test_what_is_no_file_is_a_missing_page(tmp_path: Path) -> None:
    folder = in_folder(tmp_path / "c", described("pipe", "loop", "good.html"), {"good.html": PAGE})
    os.mkfifo(folder / "pipe")
    (folder / "loop").symlink_to("loop")
    assert read(folder) == ["missing_file", "missing_file", PAGE]


def test_a_page_that_names_no_file_and_no_error(tmp_path: Path) -> None:
    assert read(in_folder(tmp_path / "c", described(None))) == ["no_file"]


@pytest.mark.parametrize("spoilt", [lambda b: b[:-30], lambda b: b"", lambda b: PAGE, lambda b: flipped(b, 5_000)])
def test_a_spoilt_export_inside_a_capture_is_its_pages_fault(tmp_path: Path, spoilt: Callable[[bytes], bytes]) -> None:
    said = described("e.xlsx")
    said["pages"][0]["kind"] = "order_export"
    [fault] = read(in_folder(tmp_path / "c", said, {"e.xlsx": spoilt(EXPORT.read_bytes())}))
    assert fault in ("damaged_file", "empty_file")


@pytest.mark.parametrize("body", [b"{", b"[1]", b"", b"[" * 100_000, b"\xff"])
def test_an_answer_that_cannot_be_read_is_noted_and_left_out(tmp_path: Path, body: bytes) -> None:
    said = described("a.html", responses=[{"api": "mtop.x", "file": "responses/1.json", "page": 1}])
    with open_capture(in_folder(tmp_path / "c", said, {"a.html": PAGE, "responses/1.json": body})) as capture:
        [(_, page)] = capture.read()
        assert page
        assert page.responses == ()
        assert len(capture.faults) == 1


# --- memory ---------------------------------------------------------------------------------------------------------

MEASURED = """
import resource, sys
from agent.capture.opening import open_capture
with open_capture(sys.argv[1]) as capture:
    pages = capture.read()
    next(pages)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    count = 1 + sum(1 for _ in pages)
    print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_a_thousand_pages_need_the_memory_of_one(tmp_path: Path) -> None:
    body = PAGE + b" " * (1 << 20)
    folder = in_folder(tmp_path / "c", described(*(["a.html"] * 1000)), {"a.html": body})
    command = [sys.executable, "-c", MEASURED, str(folder)]
    found = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent)
    count, grown = map(int, found.stdout.split())
    assert count == 1000
    assert grown < 16 << 10, "kibibytes above what one page needs; all of them are a thousand MiB"
