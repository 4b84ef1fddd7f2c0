"""Captures of a page or two, made in the test that needs them."""

import gzip
import json
import re
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agent.capture.opening import open_capture
from agent.capture.reader import Capture
from agent.errors import ShoplintError
from tests.conftest import RECORDINGS

EXPORT = RECORDINGS / "exports" / "orders_zh.xlsx"
AT = datetime(2026, 11, 20, 11, 15, tzinfo=UTC)
PAGE = b"<html><body>orders</body></html>"
PACKED = gzip.compress(PAGE * 100, mtime=0)


def described(*files: str | None, **changes: Any) -> dict[str, Any]:
    """What capture.json says of pages with these files."""
    pages = [{"kind": "orders", "view": "all", "sequence": n, "file": file} for n, file in enumerate(files, 1)]
    return {
        "format": 1,
        "store": {"id": "1102345678", "name": "Northwind", "channel_id": "244176"},
        "captured_at": "2026-11-20T03:15:00-08:00",
        "finished_at": "2026-11-20T03:16:00-08:00",
        "timezone": "America/Los_Angeles",
        "pages": pages,
        "responses": [],
    } | changes


def in_folder(folder: Path, manifest: object, files: Mapping[str, bytes] | None = None) -> Path:
    for name, body in {"capture.json": as_bytes(manifest), **(files or {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    return folder


def in_zip(
    path: Path, manifest: object, files: Mapping[str, bytes] | Mapping[zipfile.ZipInfo, bytes] | None = None
) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("capture.json", as_bytes(manifest))
        for name, body in (files or {}).items():
            archive.writestr(name, body)
    return path


def as_bytes(manifest: object) -> bytes:
    return manifest if isinstance(manifest, bytes) else json.dumps(manifest, ensure_ascii=False).encode()


def bodies(capture: Capture) -> list[bytes | str]:
    """Of every page its bytes, or the type of its error."""
    found: list[bytes | str] = []
    for entry, page in capture.read():
        assert (page is None) == (entry.error is not None)
        found.append(page.body if page else entry.error.type if entry.error else "")
    return found


def read(path: Path, **asked: Any) -> list[bytes | str]:
    with open_capture(path, **asked) as capture:
        return bodies(capture)


def refused(kind: type[ShoplintError], path: Path, **asked: Any) -> str:
    """The refusal's English sentence; the Chinese one is there, too."""
    with pytest.raises(kind) as caught:
        read(path, **asked)
    assert caught.value.exit_code == 2
    assert re.search(r"[\u4e00-\u9fff]", caught.value.text.zh)
    assert "\n" not in caught.value.text.zh + caught.value.text.en
    assert "；" in caught.value.text.zh, "what is wrong; what to do"
    return caught.value.text.en


def flipped(body: bytes, at: int) -> bytes:
    return body[:at] + bytes([body[at] ^ 255]) + body[at + 1 :]


def brief(value: object) -> str | None:
    """A test's name for a value: of bytes only how many."""
    if isinstance(value, bytes):
        return f"{len(value)}B"
    return value.__name__ if isinstance(value, type) else None
