"""Reads capture.json: every way in which it can be wrong is told with its key, line and file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from agent.capture import bodies, failures, limits
from agent.capture.model import FORMAT, Manifest
from agent.capture.names import MANIFEST
from agent.capture.sources import Source
from agent.errors import CaptureError, CaptureTooNew, ManifestDamaged, ManifestIncomplete, ManifestWrong, PageUnreadable
from checks.text import Text


def read_manifest(source: Source) -> Manifest:
    """capture.json of a folder or archive, and no file name in it that leads out."""
    where = source.path
    if source.size(MANIFEST) is None:
        raise failures.not_a_capture(source.path, Text("其中没有 capture.json", "it holds no capture.json"))
    try:
        data = _parsed(bodies.raw(source, MANIFEST, limits.MOST_MANIFEST), where)
    except PageUnreadable as error:
        raise _unusable(where, error) from error
    _check_format(data, where)
    try:
        manifest = Manifest.model_validate(data)
    except ValidationError as error:
        raise _told(error.errors(include_url=False), where) from error
    for name in (*(page.file for page in manifest.pages), *(answer.file for answer in manifest.responses)):
        if name is not None:
            source.check(name)
    return manifest


def _parsed(body: bytes, where: Path) -> Any:
    try:
        return bodies.parsed_json(body)
    except UnicodeDecodeError as error:
        said = Text(f"第 {error.start} 字节不是 UTF-8", f"byte {error.start} is no UTF-8")
    except json.JSONDecodeError as error:
        said = Text(
            f"第 {error.lineno} 行第 {error.colno} 列：{error.msg}",
            f"line {error.lineno}, column {error.colno}: {error.msg}",
        )
    except (ValueError, RecursionError) as error:
        said = Text(f"内容过深或数字过长（{error}）", f"nested too deep, or a number too long ({error})")
    raise ManifestDamaged(
        Text(
            f"{where} 的 capture.json 不是有效的 JSON（{said.zh}）；请重新复制或重新采集",
            f"capture.json of {where} is no JSON ({said.en}); copy it again or capture again",
        )
    )


def _unusable(where: Path, error: PageUnreadable) -> CaptureError:
    return ManifestDamaged(
        Text(
            f"{where} 的 capture.json 无法读取（{error.type}）；请重新复制或重新采集",
            f"capture.json of {where} cannot be read ({error.type}); copy it again or capture again",
        )
    )


def _check_format(data: Any, where: Path) -> None:
    if not isinstance(data, dict):
        raise failures.not_a_capture(where, Text("capture.json 不是一个对象", "capture.json holds no object"))
    if "format" not in data:
        raise _incomplete("format", where, 0)
    wanted = data["format"]
    if not isinstance(wanted, int) or isinstance(wanted, bool) or wanted < 1:
        raise _wrong("format", Text("应为正整数", "it should be a whole number from 1"), wanted, where, 0)
    if wanted > FORMAT:
        raise CaptureTooNew(
            Text(
                f"{where} 由更新版本的程序生成（format {wanted}，本程序最高支持 {FORMAT}）；请升级 shoplint 后再运行",
                f"{where} was made by a newer version (format {wanted}, this one reads up to {FORMAT}); "
                "upgrade shoplint, then run again",
            )
        )


def _told(errors: list[ErrorDetails], where: Path) -> CaptureError:
    """The first mistake as a sentence; how many more there are is said too."""
    first = next((error for error in errors if error["type"] == "missing"), errors[0])
    key = _key(first["loc"])
    if first["type"] == "missing":
        return _incomplete(key, where, len(errors) - 1)
    return _wrong(key, _said(first), first["input"], where, len(errors) - 1)


def _key(loc: tuple[int | str, ...]) -> str:
    """The place of a value: ("pages", 3, "kind") -> "pages[3].kind"."""
    shown = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc)
    return shown.removeprefix(".")


def _said(error: ErrorDetails) -> Text:
    own = str(error.get("ctx", {}).get("error", ""))
    return _OWN.get(own) or Text(f"不符合格式（{error['msg']}）", error["msg"][:1].lower() + error["msg"][1:])


_OWN = {
    "no ISO 8601 time": Text("应为带时区偏移的 ISO 8601 时间", "it should be an ISO 8601 time with an offset"),
    "no offset from UTC": Text("时间缺少时区偏移，如 -08:00", "the time has no offset from UTC, such as -08:00"),
    "no known time zone": Text(
        "不是已知时区，如 America/Los_Angeles", "no known time zone, such as America/Los_Angeles"
    ),
}


def _incomplete(key: str, where: Path, more: int) -> ManifestIncomplete:
    return ManifestIncomplete(
        Text(
            f"{where} 的 capture.json 缺少 {key}{_more(more).zh}；请补上该项或重新采集",
            f"capture.json of {where} lacks the key {key}{_more(more).en}; add it or capture again",
        )
    )


def _wrong(key: str, said: Text, value: Any, where: Path, more: int) -> ManifestWrong:
    got = json.dumps(value, ensure_ascii=True, default=str)
    got = got if len(got) <= 60 else f"{got[:57]}..."
    return ManifestWrong(
        Text(
            f"{where} 的 capture.json 中 {key} 为 {got}：{said.zh}{_more(more).zh}；请改正或重新采集",
            f"{key} in capture.json of {where} is {got}: {said.en}{_more(more).en}; correct it or capture again",
        )
    )


def _more(count: int) -> Text:
    return Text(f"（另有 {count} 处错误）", f" (and {count} more mistakes)") if count else Text("", "")
