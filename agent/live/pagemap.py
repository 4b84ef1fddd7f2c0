"""The page map: which pages are visited and what on them may be clicked; data/pages.toml holds it."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """A table of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PageStop(Part):
    """One page kind on the way."""

    kind: str
    is_list: bool = Field(default=False, alias="list")
    views: tuple[str, ...] = ()
    whole: str | None = None
    ready: tuple[str, ...] = ()


class Tabs(Part):
    tab: str


class Pagination(Part):
    display: str
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
    return PageMap.model_validate(tomllib.loads((files("agent") / "data" / "pages.toml").read_text("utf-8")))
