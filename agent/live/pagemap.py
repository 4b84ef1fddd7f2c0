"""The page map: which pages are visited and what on them may be clicked; data/pages.toml holds it, and a user's own
pages.toml in the home folder corrects it: single selectors, and single entries of a page kind."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import tomli
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent import mistakes
from agent.home import Home
from agent.mistakes import Mistake
from agent.toml import Document, read_toml
from checks.text import Text

FILE = "pages"


class Part(BaseModel):
    """A table of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PageStop(Part):
    """One page kind on the way."""

    kind: str
    is_list: bool = Field(default=False, alias="list", strict=True)
    views: tuple[str, ...] = ()
    whole: str | None = None
    ready: tuple[str, ...] = ()


class Tabs(Part):
    tab: str


class Pagination(Part):
    display: str
    total: str
    current: str
    next: str


class Dialogs(Part):
    box: str
    close: str


class Rows(Part):
    row: str
    item: str


class PageMap(Part):
    """The whole file."""

    tabs: Tabs
    pagination: Pagination
    dialogs: Dialogs
    rows: Rows
    pages: tuple[PageStop, ...]


@cache
def shipped() -> PageMap:
    """The product's own page map."""
    return PageMap.model_validate(_shipped())


@cache
def _shipped() -> dict[str, Any]:
    return tomli.loads((files("agent") / "data" / "pages.toml").read_text("utf-8"))


def sheet(home: Home) -> PageMap:
    """The shipped page map with the user's own pages.toml laid over it; ConfigurationWrong with every mistake in it.

    A table replaces single selectors; ``[[pages]]`` names a known kind and replaces what else it holds. The order of
    the visit stays.
    """
    path = home.words(FILE)
    if not path.is_file():
        return shipped()
    document = read_toml(path)
    mistakes.refuse(_mistakes(document))
    form, own = _shipped(), document.data
    changes = {entry["kind"]: entry for entry in own.get("pages", [])}
    data: dict[str, Any] = {name: {**table, **own.get(name, {})} for name, table in form.items() if name != "pages"}
    data["pages"] = [{**entry, **changes.get(entry["kind"], {})} for entry in form["pages"]]
    return PageMap.model_validate(data)


def _mistakes(document: Document) -> Iterator[Mistake]:
    """Keys that nothing reads, values of the wrong type, kinds that are not visited, selectors of no use."""
    form = _shipped()
    for name, table in document.data.items():
        if name == "pages":
            yield from _wrong_pages(document, table)
        elif name not in form:
            yield mistakes.unknown_key(document, (name,), form)
        elif not isinstance(table, dict):
            yield mistakes.wrong_value(document, (name,), Text("表", "a table"), table)
        else:
            yield from _wrong_selectors(document, name, table, form[name])


def _wrong_selectors(document: Document, name: str, own: dict[str, Any], form: dict[str, Any]) -> Iterator[Mistake]:
    for key, value in own.items():
        if key not in form:
            yield mistakes.unknown_key(document, (name, key), form)
        elif not _is_selector(value):
            yield mistakes.wrong_value(document, (name, key), _SELECTOR, value)


_SELECTOR = Text(" CSS 选择器", "a CSS selector")
_FIELDS = {field.alias or name for name, field in PageStop.model_fields.items()}


def _wrong_pages(document: Document, entries: Any) -> Iterator[Mistake]:
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        yield mistakes.wrong_value(document, ("pages",), Text("若干个 [[pages]] 表", "tables [[pages]]"), entries)
        return
    known = [entry["kind"] for entry in _shipped()["pages"]]
    for number, entry in enumerate(entries):
        if entry.get("kind") not in known:
            wanted = Text(f"页面类型（{'、'.join(known)}）", f"a page kind ({', '.join(known)})")
            yield mistakes.wrong_value(document, ("pages", number, "kind"), wanted, entry.get("kind"))
            continue
        try:
            stop = PageStop.model_validate(entry)
        except ValidationError as error:
            for details in error.errors(include_url=False):
                loc = ("pages", number, *details["loc"])
                if details["type"] == "extra_forbidden":
                    yield mistakes.unknown_key(document, loc, _FIELDS)
                else:
                    yield mistakes.told(document, details, loc)
            continue
        for selector in stop.ready:
            if not _is_selector(selector):
                yield mistakes.wrong_value(document, ("pages", number, "ready"), _SELECTOR, selector)


def _is_selector(value: Any) -> bool:
    from lxml.cssselect import CSSSelector, ExpressionError, SelectorError

    if not isinstance(value, str) or not value.strip():
        return False
    try:
        CSSSelector(value, translator="html")
    except (SelectorError, ExpressionError):
        return False
    return True
