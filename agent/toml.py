"""Reads a TOML file that a person wrote, and finds the line of a key, so that a mistake is shown where it stands."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli

from agent.errors import ConfigurationUnreadable
from checks.text import Text
from extractors.patterns import later

MOST_BYTES = 4 << 20
"""No file that a person writes is larger."""

_PLACE = later(r"(?P<what>.*?) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)")
_KEY = later(r"""\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[\w-]+))\s*(?P<after>[.=\]])?""")


@dataclass(frozen=True)
class Document:
    """A file and what it says."""

    path: Path
    source: str
    data: dict[str, Any]

    def line(self, *keys: str | int) -> int | None:
        """The line on which a key stands, or the nearest table around it; None when neither is found."""
        wanted = _wanted(keys, self.data)
        table: tuple[str | int, ...] = ()
        here: tuple[str | int, ...]
        counts: Counter[str] = Counter()
        best, depth = None, 0
        for number, line in enumerate(self.source.splitlines(), start=1):
            text = line.strip()
            if text.startswith("[["):
                name, *rest = _keys(text.lstrip("["))
                table = here = (name, counts[name], *rest)
                counts[name] += 1
            elif text.startswith("["):
                table = here = _keys(text.lstrip("["))
            else:
                here = (*table, *_keys(text)) if "=" in text else ()
            shared = min(len(here), len(wanted))
            if shared > depth and here[:shared] == wanted[:shared]:
                best, depth = number, shared
        return best

    def where(self, *keys: str | int) -> Text:
        """File and line, as the beginning of a sentence about a key."""
        line = self.line(*keys)
        if line is None:
            return Text(f"{self.path}", f"{self.path}")
        return Text(f"{self.path} 第 {line} 行", f"{self.path} line {line}")


def _wanted(keys: tuple[str | int, ...], data: dict[str, Any]) -> tuple[str | int, ...]:
    """The keys by which a line is known: of numbers only the one that says which of several ``[[tables]]`` is meant."""
    tables = bool(keys[1:]) and isinstance(keys[1], int) and _is_tables(data.get(str(keys[0])))
    return tuple(key for place, key in enumerate(keys) if isinstance(key, str) or (place == 1 and tables))


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, dict) for entry in value)


def _keys(text: str) -> tuple[str, ...]:
    """The parts of a dotted key at the beginning of a text."""
    found: list[str] = []
    at = 0
    while part := _KEY().match(text, at):
        found.append(next(group for group in part.group("double", "single", "bare") if group is not None))
        at = part.end()
        if part["after"] != ".":
            break
    return tuple(found)


def read_toml(path: Path) -> Document:
    """The file; ConfigurationUnreadable with the line when it is no TOML."""
    try:
        with path.open("rb") as file:
            body = file.read(MOST_BYTES + 1)
    except OSError as error:
        said = error.strerror or type(error).__name__
        raise _unreadable(path, Text(f"无法打开（{said}）", f"cannot be opened ({said})")) from error
    if len(body) > MOST_BYTES:
        raise _unreadable(path, Text("文件过大", "is too large"))
    try:
        source = body.decode("utf-8-sig")
        return Document(path, source, tomli.loads(source))
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise _unreadable(path, Text(f"第 {line} 行不是 UTF-8", f"is no UTF-8 in line {line}")) from error
    except tomli.TOMLDecodeError as error:
        raise _unreadable(path, _syntax(str(error))) from error
    except RecursionError as error:
        raise _unreadable(path, Text("嵌套过深", "is nested too deep")) from error


def _syntax(said: str) -> Text:
    found = _PLACE().fullmatch(said)
    if found is None:
        return Text(f"语法错误：{said}", f"is no TOML: {said}")
    if found["line"] is None:
        return Text(f"在文件末尾有语法错误：{found['what']}", f"is no TOML at its end: {found['what']}")
    return Text(
        f"第 {found['line']} 行第 {found['column']} 列有语法错误：{found['what']}",
        f"is no TOML in line {found['line']}, column {found['column']}: {found['what']}",
    )


def _unreadable(path: Path, said: Text) -> ConfigurationUnreadable:
    return ConfigurationUnreadable(
        Text(
            f"配置文件 {path} {said.zh}；请改正后再运行",
            f"the configuration file {path} {said.en}; correct it, then run again",
        )
    )
