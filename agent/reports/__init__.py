"""A run in the forms that people and programs read: one module a format, found by its name when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

if TYPE_CHECKING:
    from agent.history.runs import MetricSeen, SavedRun
    from agent.reports.pictures import Cutting
    from checks.text import Language

FORMATS: dict[str, str] = {
    "table": "agent.reports.table",
    "json": "agent.reports.json",
    "html": "agent.reports.html",
    "markdown": "agent.reports.markdown",
    "csv": "agent.reports.csv",
    "junit": "agent.reports.junit",
    "sarif": "agent.reports.sarif",
}
"""Format -> the module that renders it."""


class Look(NamedTuple):
    """How a report is to be written: language, the user's zone beside the backend's, colour, width, detail.

    ``links`` gives the address of a page kind for the store; ``color`` None leaves it to the terminal.
    """

    language: Language
    backend_zone: tzinfo
    user_zone: tzinfo | None = None
    links: Mapping[str, str] = MappingProxyType({})
    color: bool | None = None
    width: int | None = None
    verbose: int = 0
    changes: bool = True
    """Whether there was a run to compare with, so that "new" says something."""
    trends: Mapping[str, Sequence[MetricSeen]] = MappingProxyType({})
    """The main figures over time, oldest first, by their name; empty where no history was asked."""
    pictures: Mapping[str, Cutting] = MappingProxyType({})
    """What a finding speaks of, cut out of the picture of its page, by the finding's fingerprint."""


class Renderer(Protocol):
    def render(self, run: SavedRun, look: Look) -> str: ...


def form(name: str) -> Renderer:
    """What renders a format, loaded now if it was not."""
    return cast("Renderer", import_module(FORMATS[name]))


def render(name: str, run: SavedRun, look: Look) -> str:
    """A run in one format; half a surrogate pair, as broken pages have it, becomes "?", so that it can be written."""
    text = form(name).render(run, look)
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
