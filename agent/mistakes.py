"""What is wrong in a file that the user wrote, one sentence each: where, what was wanted, what is there."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, NamedTuple

from pydantic_core import ErrorDetails

from agent.errors import ConfigurationWrong, UsageError
from agent.toml import Document
from checks.text import Text, plain


class Mistake(NamedTuple):
    """A sentence, and the line by which mistakes are put in order."""

    line: int
    text: Text


MOST_NAMES = 12
"""Names that are listed when none of them is like the unknown one."""


def unknown_key(document: Document, loc: Sequence[str | int], known: Collection[str]) -> Mistake:
    """A key that nothing reads, and the one that was probably meant."""
    where, key = document.where(*loc), loc[-1]
    table = _key(loc[:-1])
    inside = Text(f"[{table}] 中", f" in [{table}]") if table else Text("", "")
    meant = suggestion(str(key), known)
    return _at(
        document,
        loc,
        f"{where.zh}：{inside.zh}没有 {key} 这一项{meant.zh}",
        f"{where.en}: unknown key {key}{inside.en}{meant.en}",
    )


def unknown_threshold(document: Document, loc: Sequence[str | int], known: Collection[str]) -> Mistake:
    """An override of a threshold that the policy does not have."""
    where, name = document.where(*loc), loc[-1]
    meant = suggestion(str(name), known)
    return _at(
        document,
        loc,
        f"{where.zh}：没有名为 {name} 的阈值{meant.zh or '；全部规则见 shoplint rules'}",
        f"{where.en}: no rule with a threshold, and no threshold, is called {name}{meant.en or '; see shoplint rules'}",
    )


def not_a_store(document: Document, loc: Sequence[str | int], name: str, known: Collection[str]) -> Mistake:
    """A store that the same file does not have."""
    where = document.where(*loc)
    meant = suggestion(name, known)
    return _at(
        document,
        loc,
        f"{where.zh}：{loc[0]} 中的店铺 {name} 没有对应的 [stores.{name}]{meant.zh}",
        f"{where.en}: {loc[0]} names the store {name}, but there is no [stores.{name}]{meant.en}",
    )


def suggestion(name: str, known: Collection[str]) -> Text:
    """The end of a sentence about an unknown name: what was probably meant, else what there is."""
    by_lower = {candidate.lower(): candidate for candidate in sorted(known)}
    from difflib import get_close_matches

    close = get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6)
    if close:
        meant = by_lower[close[0]]
        return Text(f"；是不是 {meant}？", f"; did you mean {meant}?")
    if 0 < len(known) <= MOST_NAMES:
        shown = sorted(known)
        return Text(f"；可用的有：{'、'.join(shown)}", f"; there are: {', '.join(shown)}")
    return Text("", "")


def wrong_value(document: Document, loc: Sequence[str | int], wanted: Text, got: Any) -> Mistake:
    """A value of the wrong kind or size."""
    where, key = document.where(*loc), _key(loc)
    shown = _shown(got)
    return _at(
        document,
        loc,
        f"{where.zh}：{key} 应为{wanted.zh}，实际是 {shown}",
        f"{where.en}: {key} should be {wanted.en}, but is {shown}",
    )


def told(document: Document, error: ErrorDetails, loc: Sequence[str | int]) -> Mistake:
    """An error of pydantic as a sentence; unknown keys are told by :func:`unknown_key`."""
    if error["type"] == "missing":
        where, key = document.where(*loc), _key(loc)
        return _at(document, loc, f"{where.zh}：缺少 {key}", f"{where.en}: {key} is missing")
    context = error.get("ctx", {})
    own = str(context.get("error", ""))
    make = _WANTED.get(own) or _WANTED.get(error["type"])
    wanted = make(context) if make else plain(error["msg"])
    return wrong_value(document, loc, wanted, error["input"])


def unknown_store(name: str, known: Collection[str]) -> UsageError:
    """A store that config.toml does not have."""
    meant = suggestion(name, known)
    return UsageError(
        Text(
            f"config.toml 中没有店铺 {name}{meant.zh}；请改用已配置的名称，或添加 [stores.{name}]",
            f"config.toml has no store {name}{meant.en}; use a configured name, or add [stores.{name}]",
        )
    )


def refuse(found: Iterable[Mistake]) -> None:
    """Raise ConfigurationWrong with every mistake, in the order of the file; do nothing when there is none."""
    texts = [mistake.text for mistake in sorted(found, key=lambda mistake: mistake.line)]
    if texts:
        raise ConfigurationWrong(texts)


def _at(document: Document, loc: Sequence[str | int], zh: str, en: str) -> Mistake:
    return Mistake(document.line(*loc) or 0, Text(zh, en))


def _key(loc: Sequence[str | int]) -> str:
    shown = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in loc)
    return shown.removeprefix(".")


def _shown(value: Any) -> str:
    """A value as TOML writes it, or near enough."""
    try:
        shown = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        shown = str(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."


def _always(zh: str, en: str) -> Callable[[dict[str, Any]], Text]:
    return lambda context: Text(zh, en)


def _choice(expected: str) -> Text:
    """ "'zh' or 'en'" -> zh | en"""
    shown = expected.replace("'", "").replace(" or ", " | ").replace(", ", " | ")
    return Text(f" {shown}", shown)


_WHOLE = _always("整数", "a whole number")
_LIST = _always('列表，如 ["a", "b"]', 'a list, such as ["a", "b"]')
_TABLE = _always("表", "a table")
_WANTED: dict[str, Callable[[dict[str, Any]], Text]] = {
    "zone": _always('时区名，如 "Asia/Shanghai"', 'the name of a time zone, such as "Asia/Shanghai"'),
    "quiet": _always('时间段，如 "01:00-06:00"', 'a span of the day, such as "01:00-06:00"'),
    "time": _always('时间，如 "08:30"', 'a time of the day, such as "08:30"'),
    "digest": _always(' "at once" 或 "daily 09:00"', '"at once" or such as "daily 09:00"'),
    "variable": _always("环境变量的名称", "the name of an environment variable"),
    "finite": _always("有限的数", "a finite number"),
    "store": _always("字母、数字、- 和 _ 组成的店铺名", "a store's name of letters, digits, - and _"),
    "name": _always("字母、数字、- 和 _ 组成的名称", "a name of letters, digits, - and _"),
    "string_type": _always("带引号的文字", "text in quotes"),
    "string_pattern_mismatch": _always("只含数字的文字", "digits in quotes"),
    "string_too_short": _always("非空文字", "text that is not empty"),
    "bool_type": _always(" true 或 false", "true or false"),
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _always("数字", "a number"),
    "list_type": _LIST,
    "tuple_type": _LIST,
    "dict_type": _TABLE,
    "model_type": _TABLE,
    "model_attributes_type": _TABLE,
    "literal_error": lambda context: _choice(context["expected"]),
    "greater_than_equal": lambda context: Text(f"不小于 {context['ge']:g} 的数", f"{context['ge']:g} or more"),
    "greater_than": lambda context: Text(f"大于 {context['gt']:g} 的数", f"more than {context['gt']:g}"),
}
