"""Finds out what a path is (by content, not by name) and opens it as a capture."""

from __future__ import annotations

import stat
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from agent.capture import bodies, failures, limits, signature
from agent.capture.names import MANIFEST
from agent.capture.sources import FileSource, FolderSource, Source, ZipSource, opened
from agent.errors import CaptureDamaged, PageUnreadable
from checks.text import Text

# What a capture is made of is loaded when one is made: while a large export is read, where it is read ahead.
if TYPE_CHECKING:
    from agent.capture.reader import Capture


def open_capture(
    path: str | Path, *, now: datetime | None = None, single_page: bool = False, ahead: bool = False
) -> Capture:
    """The capture at ``path``: a folder or the capture.json in it, a .zip, an .xlsx, with ``single_page`` an .html too.

    A file that is given alone does not say when it was captured: ``now`` does, else the time of the file. With
    ``ahead`` the sheet of an .xlsx is read from now on, in a thread of its own, and kept for whoever reads the pages.
    """
    path = Path(path)
    with failures.told(path):
        mode = path.stat().st_mode
        if stat.S_ISREG(mode) and path.name == MANIFEST:
            path, mode = path.parent, stat.S_IFDIR
        if stat.S_ISDIR(mode):
            return _described(path, FolderSource)
        if not stat.S_ISREG(mode):
            raise failures.not_a_capture(path, Text("不是普通文件", "it is no regular file"))
        return _file(path, now, single_page, ahead)


def _file(path: Path, now: datetime | None, single_page: bool, ahead: bool) -> Capture:
    with path.open("rb") as file:
        head = file.read(signature.HEAD)
    if not head:
        raise failures.empty(path)
    if head.startswith(signature.ZIP):
        return _export(path, now, ahead) if _is_workbook(path) else _described(path, ZipSource)
    if path.suffix.lower() in (".xlsx", ".xls", ".xlsm"):
        found = signature.binary(head)
        raise failures.not_an_export(
            path, Text(f"内容是 {found.zh}", f"it is {found.en}") if found else Text("内容是文本", "it is text")
        )
    if path.suffix.lower() == ".zip":
        raise failures.damaged(path, "no zip header")
    if not single_page:
        raise failures.not_a_capture(path, _instead(path, head))
    capture = _alone(FileSource(path), now, is_export=False)
    bodies.html(capture.source, path.name)
    return capture


def _instead(path: Path, head: bytes) -> Text:
    found = signature.binary(head)
    if path.suffix.lower() in (".html", ".htm", ".gz") and found in (None, signature.binary(signature.GZIP)):
        return Text(
            "这是单个页面，只能用 shoplint extract 查看",
            "it is a single page, which only shoplint extract can read",
        )
    return Text(f"内容是 {found.zh}", f"it is {found.en}") if found else Text("内容是文本", "it is text")


def _is_workbook(path: Path) -> bool:
    try:
        with opened(path) as archive:
            return "[Content_Types].xml" in archive.namelist()
    except CaptureDamaged as error:
        if path.suffix.lower() == ".xlsx":
            raise failures.not_an_export(path, Text("文件不完整或已损坏", "it is cut off or damaged")) from error
        raise


def _described(path: Path, make: Callable[[Path], Source]) -> Capture:
    from agent.capture.manifest import read_manifest
    from agent.capture.reader import Capture, Origin

    source = make(path)
    try:
        origin = Origin.FOLDER if isinstance(source, FolderSource) else Origin.ZIP
        return Capture(path, origin, read_manifest(source), source)
    except BaseException:
        source.close()
        raise


def _export(path: Path, now: datetime | None, ahead: bool) -> Capture:
    source = FileSource(path)
    try:
        body = bodies.raw(source, path.name, limits.MOST_FILE)
        bodies.prove_workbook(path, body)
    except (PageUnreadable, *bodies.UNUSABLE) as error:
        said = getattr(error, "type", None) or str(error)
        raise failures.not_an_export(
            path, Text(f"文件不完整或已损坏（{said}）", f"it is cut off or damaged ({said})")
        ) from error
    source.keep(body)
    if ahead:
        source.read_ahead()
    return _alone(source, now, is_export=True)


def _alone(source: FileSource, now: datetime | None, *, is_export: bool) -> Capture:
    from agent.capture.model import BACKEND_ZONE, EXPORT_KIND, UNKNOWN_KIND, Manifest, PageEntry, StoreHead
    from agent.capture.reader import Capture, Origin

    path = source.path
    kind, origin = (EXPORT_KIND, Origin.EXPORT) if is_export else (UNKNOWN_KIND, Origin.PAGE)
    at = now or datetime.fromtimestamp(path.stat().st_mtime, ZoneInfo(BACKEND_ZONE))
    manifest = Manifest.model_construct(
        store=StoreHead(),
        captured_at=at,
        finished_at=at,
        timezone=BACKEND_ZONE,
        pages=(PageEntry.model_construct(kind=kind, sequence=1, file=path.name),),
    )
    return Capture(path, origin, manifest, source)
