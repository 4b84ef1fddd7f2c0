"""Captures of a page or two, made in the test that needs them."""

import json
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

AT = datetime(2026, 11, 20, 11, 15, tzinfo=UTC)
PAGE = b"<html><body>orders</body></html>"


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
