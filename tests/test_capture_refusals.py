"""Captures that are refused: something else, wrongly described, leaving their folder, expanding without end."""

import gzip
import json
import os
import re
import shutil
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.capture import limits, names
from agent.capture.opening import open_capture
from agent.errors import (
    CaptureDamaged,
    CaptureEscapes,
    CaptureMissing,
    CaptureTooLarge,
    CaptureTooNew,
    ManifestDamaged,
    ManifestIncomplete,
    ManifestWrong,
    NotACapture,
    NotAnExport,
    PageUnreadable,
    ShoplintError,
)
from tests.small_captures import (
    EXPORT,
    PACKED,
    PAGE,
    brief,
    described,
    flipped,
    in_folder,
    in_zip,
    read,
    refused,
)

# --- capture.json ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["format", "store", "captured_at", "timezone", "pages"])
def test_a_missing_key_is_named_with_its_file(tmp_path: Path, key: str) -> None:
    said = described()
    del said[key]
    told = refused(ManifestIncomplete, in_folder(tmp_path / "c", said))
    assert f"lacks the key {key};" in told
    assert str(tmp_path / "c") in told


@pytest.mark.parametrize("key", ["kind", "sequence", "file"])
def test_a_missing_key_of_a_page_is_named_with_its_place(tmp_path: Path, key: str) -> None:
    said = described("a.html", "b.html")
    del said["pages"][1][key]
    assert f"lacks the key pages[1].{key};" in refused(ManifestIncomplete, in_zip(tmp_path / "c.zip", said))


def test_a_newer_form_is_refused(tmp_path: Path) -> None:
    folder = in_folder(tmp_path / "c", {"format": 2, "something": "else"})
    assert "format 2, this one reads up to 1" in refused(CaptureTooNew, folder)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"captured_at": "2026-11-20T03:15:00"}, "the time has no offset from UTC"),
        ({"captured_at": "2026-11-20"}, "the time has no offset from UTC"),
        ({"captured_at": "yesterday"}, "it should be an ISO 8601 time with an offset"),
        ({"captured_at": 1_795_000_000}, "it should be an ISO 8601 time with an offset"),
        ({"captured_at": None}, "captured_at in capture.json"),
        ({"finished_at": "2026-11-20T03:15:00"}, "finished_at"),
        ({"timezone": "Mars/Olympus"}, "no known time zone"),
        ({"timezone": "../../../etc/passwd"}, "no known time zone"),
        ({"timezone": "America"}, "no known time zone"),
        ({"format": "1"}, "format in capture.json"),
        ({"format": 0}, "a whole number from 1"),
        ({"format": True}, "a whole number from 1"),
        ({"format": 1e999}, "a whole number from 1"),
        ({"pages": {}}, "pages in capture.json"),
        ({"store": "x"}, "store in capture.json"),
        ({"pages": [{"kind": "orders", "sequence": -1, "file": None}]}, "pages[0].sequence"),
        ({"pages": [{"kind": "a", "sequence": 1, "file": None, "captured_at": "2026-11-20T03:15"}]}, "no offset"),
    ],
)
def test_a_value_that_cannot_be_so_is_named(tmp_path: Path, changes: dict[str, Any], told: str) -> None:
    assert told in refused(ManifestWrong, in_folder(tmp_path / "c", described(**changes)))


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"format": 1,\n "store": }', "line 2, column 11"),
        (b"", "empty_file"),
        (b"\xff\xfe", "byte 0 is no UTF-8"),
        (b'{"a": ' + b"[" * 200_000, "nested too deep"),
        (b'{"format": ' + b"9" * 5_000 + b"}", "a number too long"),
        (gzip.compress(b"{}", mtime=0)[:-4], "truncated_file"),
    ],
    ids=brief,
)
def test_capture_json_that_is_no_json(tmp_path: Path, body: bytes, told: str) -> None:
    assert told in refused(ManifestDamaged, in_folder(tmp_path / "c", body))


def test_half_a_character_never_reaches_a_file_or_a_screen(tmp_path: Path) -> None:
    said = described("a.html", responses=[{"api": "x", "file": "1.json", "page": 1}])
    body = json.dumps(said).replace("Northwind", "\\ud800\\ud83d\\ude00").encode()
    folder = in_folder(tmp_path / "c", body, {"a.html": PAGE, "1.json": b'{"x": "\\uDFFF"}'})
    with open_capture(folder) as capture:
        [(_, page)] = capture.read()
        assert capture.store.name == "?\U0001f600"
        assert page
        assert page.responses == ({"x": "?"},)


# --- what is no capture ---------------------------------------------------------------------------------------------


def test_nothing_there(tmp_path: Path) -> None:
    assert str(tmp_path / "no") in refused(CaptureMissing, tmp_path / "no")


@pytest.mark.parametrize("body", [b"[]", b"null", b'"x"'])
def test_capture_json_without_an_object(tmp_path: Path, body: bytes) -> None:
    assert "holds no object" in refused(NotACapture, in_folder(tmp_path / "c", body))


def test_a_folder_without_capture_json(tmp_path: Path) -> None:
    assert "it holds no capture.json" in refused(NotACapture, tmp_path)


@pytest.mark.parametrize(
    ("name", "body", "asked", "kind", "told"),
    [
        ("a.html", b"", True, NotACapture, "is empty"),
        ("a.zip", b"", False, NotACapture, "is empty"),
        ("a.xlsx", b"", False, NotACapture, "is empty"),
        ("a.html", b"%PDF-1.7 x", True, PageUnreadable, "it is PDF, no web page"),
        ("a.html", b"%PDF-1.7 x", False, NotACapture, "it is PDF"),
        ("a.html", PAGE, False, NotACapture, "only shoplint extract can read"),
        ("a.html.gz", gzip.compress(PAGE, mtime=0), False, NotACapture, "only shoplint extract can read"),
        ("a.html.gz", PACKED[:-9], True, PageUnreadable, "the packed file is cut off"),
        ("a.html.gz", PAGE, True, PageUnreadable, "the packed file is damaged"),
        ("a.txt", b"hello", False, NotACapture, "it is text"),
        ("a.zip", b"hello", False, CaptureDamaged, "cut off or damaged"),
        ("a.zip", b"PK\x03\x04 and then nothing", False, CaptureDamaged, "cut off or damaged"),
        ("a.xlsx", b"order,amount\n1,2\n", False, NotAnExport, "it is text"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1", False, NotAnExport, "an old Excel file, or one with a password"),
        ("a.xls", b"<html><table>", False, NotAnExport, "it is text"),
        ("a.xlsx", EXPORT.read_bytes()[:-40], False, NotAnExport, "cut off or damaged"),
        ("a.xlsx", EXPORT.read_bytes()[:50], False, NotAnExport, "cut off or damaged"),
        ("a.xlsx", flipped(EXPORT.read_bytes(), 5_000), False, NotAnExport, "cut off or damaged"),
    ],
    ids=brief,
)
def test_a_file_that_is_something_else(
    tmp_path: Path, name: str, body: bytes, asked: bool, kind: type[ShoplintError], told: str
) -> None:
    path = tmp_path / name
    path.write_bytes(body)
    found = refused(kind, path, single_page=asked)
    assert told in found
    assert str(path) in found


def test_what_is_no_file_at_all(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    refused(NotACapture, tmp_path / "pipe")


def test_a_zip_without_a_capture_or_with_several(tmp_path: Path) -> None:
    one, two = tmp_path / "one.zip", tmp_path / "two.zip"
    with zipfile.ZipFile(one, "w") as archive:
        archive.writestr("a/b/capture.json", "{}")
    with zipfile.ZipFile(two, "w") as archive:
        archive.writestr("a/capture.json", "{}")
        archive.writestr("b/capture.json", "{}")
    assert "it holds no capture.json" in refused(NotACapture, one)
    assert "several captures (a, b)" in refused(NotACapture, two)


def test_a_zip_that_is_cut_off(tmp_path: Path) -> None:
    path = in_zip(tmp_path / "c.zip", described("a.html"), {"a.html": PAGE})
    path.write_bytes(path.read_bytes()[:-30])
    refused(CaptureDamaged, path)


def test_a_zip_with_a_password(tmp_path: Path) -> None:
    path = in_zip(tmp_path / "c.zip", described("a.html"), {"a.html": PAGE})
    body = bytearray(path.read_bytes())
    at = body.rindex(b"PK\x01\x02")
    body[at + 8] |= 1
    path.write_bytes(body)
    assert "password" in refused(CaptureDamaged, path)


# --- names that leave the folder ------------------------------------------------------------------------------------

OUTSIDE = [
    "../secret",
    "/etc/passwd",
    "pages/../../secret",
    "..",
    "C:secret",
    "./C:secret",
    "c:/x",
    "..\\secret",
    "a\\b",
    ".. /x",
    "a\nb",
]


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_name_that_leaves_the_folder_refuses_the_capture(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_bytes(PAGE)
    for said in (
        described("a.html", name),
        described("a.html", responses=[{"api": "x", "file": name, "page": 1}]),
    ):
        shutil.rmtree(tmp_path / "c", ignore_errors=True)
        refused(CaptureEscapes, in_folder(tmp_path / "c", said, {"a.html": PAGE}))
        refused(CaptureEscapes, in_zip(tmp_path / "c.zip", said, {"a.html": PAGE}))


@pytest.mark.parametrize("name", OUTSIDE)
def test_an_entry_of_a_zip_that_leaves_it_refuses_the_capture(tmp_path: Path, name: str) -> None:
    refused(CaptureEscapes, in_zip(tmp_path / "c.zip", described("a.html"), {"a.html": PAGE, name: b"x"}))


@pytest.mark.parametrize("target", ["../secret", "/etc/passwd", "../elsewhere/secret"])
def test_a_link_that_leaves_the_folder_refuses_the_capture(tmp_path: Path, target: str) -> None:
    (tmp_path / "secret").write_bytes(PAGE)
    folder = in_folder(tmp_path / "c", described("a.html", "link.html"), {"a.html": PAGE})
    (folder / "link.html").symlink_to(target)
    refused(CaptureEscapes, folder)


def test_a_linked_folder_that_leaves_refuses_the_capture(tmp_path: Path) -> None:
    in_folder(tmp_path / "other", described(), {"a.html": PAGE})
    folder = in_folder(tmp_path / "c", described("pages/a.html"))
    (folder / "pages").symlink_to("../other")
    refused(CaptureEscapes, folder)


def test_links_within_the_folder_and_to_it_are_fine(tmp_path: Path) -> None:
    folder = in_folder(tmp_path / "c", described("link.html"), {"pages/a.html": PAGE})
    (folder / "link.html").symlink_to("pages/a.html")
    (tmp_path / "latest").symlink_to("c")
    assert read(tmp_path / "latest") == [PAGE]


def test_a_link_in_a_zip_refuses_the_capture(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a.html")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    refused(CaptureEscapes, in_zip(tmp_path / "c.zip", described("a.html"), {link: b"/etc/passwd"}))


PARTS = st.sampled_from(
    ["..", ".", "...", ".. ", " ..", "a", "pages", "", "C:", "c:x", "~", "a.html", "\\", "..\\..", "é"]
)


@given(st.lists(PARTS, min_size=1, max_size=6).map("/".join) | st.text(max_size=30))
def test_no_name_leads_out_of_the_folder(name: str) -> None:
    found = names.parts(name)
    if found is None:
        return
    for system in (Path("/captures/one"), Path("/captures")):
        joined = os.path.normpath(system.joinpath(*found))
        assert joined == str(system) or joined.startswith(f"{system}/")
    assert not any(part in ("", ".", "..") or "/" in part or "\\" in part for part in found)
    assert not any(set(part) <= {".", " "} for part in found)
    assert not any(re.match("[A-Za-z]:", part) for part in found)


@given(st.lists(st.from_regex(r"[a-z0-9_-]{1,8}(\.[a-z]{1,4})?", fullmatch=True), min_size=1, max_size=4))
def test_plain_names_stay_as_they_are(parts: list[str]) -> None:
    assert names.parts("/".join(parts)) == tuple(parts)


# --- bombs ----------------------------------------------------------------------------------------------------------


def test_a_file_that_expands_beyond_all_measure_refuses_the_capture(tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(20 << 20), mtime=0)
    said = described("a.html.gz")
    assert "200:1" in refused(CaptureTooLarge, in_folder(tmp_path / "c", said, {"a.html.gz": bomb}))
    assert "200:1" in refused(CaptureTooLarge, in_zip(tmp_path / "c.zip", said, {"a.html.gz": bomb}))
    assert "200:1" in refused(CaptureTooLarge, in_zip(tmp_path / "d.zip", said, {"unused": bytes(20 << 20)}))


def test_a_page_beyond_the_limit_refuses_the_capture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_FILE", 1000)
    said = described("a.html")
    refused(CaptureTooLarge, in_zip(tmp_path / "c.zip", said, {"a.html": PAGE * 100}))
    folder = in_folder(tmp_path / "c", described("a.html", "b.html"), {"a.html": PAGE, "b.html": b"x" * 1001})
    with open_capture(folder) as capture:
        first, second = capture.pages()
        assert capture.body(first) == PAGE
        with pytest.raises(CaptureTooLarge, match=r"b\.html"):
            capture.body(second)


def test_too_much_or_too_many_in_a_zip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = in_zip(tmp_path / "c.zip", described(), {f"pages/{n}.html": PAGE for n in range(50)})
    assert read(path) == []
    with monkeypatch.context() as patch:
        patch.setattr(limits, "MOST_TOTAL", 1000)
        refused(CaptureTooLarge, path)
    with monkeypatch.context() as patch:
        patch.setattr(limits, "MOST_ENTRIES", 50)
        assert "50 files" in refused(CaptureTooLarge, path)


@pytest.mark.parametrize("large", [False, True], ids=["plain", "zip64"])
def test_the_list_of_contents_is_measured_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: bool
) -> None:
    if large:
        monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 10)
    path = in_zip(tmp_path / "c.zip", described(), {f"{n}.html": PAGE for n in range(50)})
    assert (b"PK\x06\x06" in path.read_bytes()) is large
    monkeypatch.setattr(limits, "MOST_DIRECTORY", 1000)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    refused(CaptureTooLarge, path)


def test_an_entry_never_yields_more_than_it_says(tmp_path: Path) -> None:
    path = in_zip(tmp_path / "c.zip", described("a.html"), {"a.html": b"x" * 100_000})
    body = bytearray(path.read_bytes())
    at = body.rindex(b"PK\x01\x02")
    body[at + 24 : at + 28] = (10).to_bytes(4, "little")
    path.write_bytes(body)
    assert read(path) == ["damaged_file"]


def test_an_export_that_is_a_bomb(tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(20 << 20))
    refused(CaptureTooLarge, path)
