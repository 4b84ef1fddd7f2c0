"""The bytes of a file of a capture: unpacked in small steps and never beyond the limits.

A file that is missing, empty, cut off or something else is the fault of its page (PageUnreadable); a file that expands
without end is the fault of the whole capture (CaptureTooLarge), since nobody makes one by accident.
"""

from __future__ import annotations

import gzip
import io
import json
import zipfile
import zlib
from pathlib import Path
from typing import IO, Any

from agent.capture import failures, limits, signature
from agent.capture.sources import FileSource, Source, check_sizes, excess
from agent.errors import PageUnreadable
from checks.text import Text

UNUSABLE = (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, zlib.error)
"""What reading a damaged archive can raise."""

_SPOILT = (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile)


def html(source: Source, name: str) -> bytes:
    """A page's DOM, unpacked when it is gzip, whatever its name says."""
    body = raw(source, name, limits.MOST_FILE)
    if not body[: signature.HEAD].strip() and not body.strip():
        raise _empty(source.path, name)
    other = signature.binary(body[: signature.HEAD])
    if other is not None:
        found = Text(f"内容是 {other.zh}，不是网页", f"it is {other.en}, no web page")
        raise failures.page("not_a_page", source.path, name, found)
    return body


def workbook(source: Source, name: str) -> bytes:
    """An .xlsx, proved to be whole and to stay within the limits."""
    if isinstance(source, FileSource) and (proved := source.proved()) is not None:
        return proved
    body = raw(source, name, limits.MOST_FILE)
    try:
        prove_workbook(source.path, body)
    except UNUSABLE as error:
        found = Text(f"不是完整的 .xlsx 文件（{error}）", f"it is no whole .xlsx file ({error})")
        raise failures.page("damaged_file", source.path, name, found) from error
    return body


def parsed_json(body: bytes) -> Any:
    """What a JSON text says; ValueError or RecursionError when it says nothing.

    Half a character, which JSON can hold and no file or screen can, becomes a question mark.
    """
    text = body.decode("utf-8-sig")
    data = json.loads(text)
    if "\\ud" in text.lower():
        data = json.loads(json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"))
    return data


def raw(source: Source, name: str, most: int) -> bytes:
    """The bytes of a file, unpacked when they are gzip; PageUnreadable when they cannot be had."""
    packed = source.size(name)
    if packed is None:
        raise failures.page("missing_file", source.path, name, Text("文件不存在", "the file is not there"))
    try:
        with source.open(name) as stream:
            body = _unpacked(source.path, name, stream, packed, most)
    except _SPOILT as error:
        raise _cut_off(source.path, name, error) from error
    except (OSError, ValueError, NotImplementedError, RuntimeError) as error:
        said = getattr(error, "strerror", None) or str(error)
        found = Text(f"文件无法打开（{said}）", f"the file cannot be opened ({said})")
        raise failures.page("unreadable_file", source.path, name, found) from error
    if not body:
        raise _empty(source.path, name)
    return body


def prove_workbook(path: Path, body: bytes) -> None:
    """Unpack every entry of an .xlsx once and forget it, so that whoever reads it later meets no surprise."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        check_sizes(path, archive)
        if "[Content_Types].xml" not in archive.namelist():
            raise zipfile.BadZipFile("[Content_Types].xml")
        for entry in archive.infolist():
            with archive.open(entry) as stream:
                while stream.read(limits.CHUNK):
                    pass


def _unpacked(path: Path, name: str, stream: IO[bytes], packed: int, most: int) -> bytes:
    head = stream.read(2)
    stream.seek(0)
    if head == signature.GZIP:
        with gzip.GzipFile(fileobj=stream) as unpacked:
            return _read(path, name, unpacked, packed, most)
    if name.endswith(".gz") and head:
        raise gzip.BadGzipFile("not a gzip file")
    return _read(path, name, stream, packed, most)


def _read(path: Path, name: str, stream: IO[bytes] | gzip.GzipFile, packed: int, most: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while chunk := stream.read(limits.CHUNK):
        chunks.append(chunk)
        size += len(chunk)
        problem = excess(size, packed, most)
        if problem:
            raise failures.too_large(path, name, problem)
    return b"".join(chunks)


def _cut_off(path: Path, name: str, error: Exception) -> PageUnreadable:
    cut = isinstance(error, EOFError)
    found = Text(
        "压缩文件不完整" if cut else f"压缩文件已损坏（{error}）",
        "the packed file is cut off" if cut else f"the packed file is damaged ({error})",
    )
    return failures.page("truncated_file" if cut else "damaged_file", path, name, found)


def _empty(path: Path, name: str) -> PageUnreadable:
    return failures.page("empty_file", path, name, Text("文件是空的", "the file is empty"))
