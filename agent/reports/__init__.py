"""A run in the forms that people and programs read: one module a format, found by its name when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from agent.history.runs import SavedRun
    from checks.text import Language

FORMATS: dict[str, str] = {"table": "agent.reports.table", "json": "agent.reports.json"}
"""Format -> the module that renders it."""


@dataclass(frozen=True)
class Look:
    """How a report is to be written: language, the user's zone beside the backend's, colour, width, detail.

    ``links`` gives the address of a page kind for the store; ``color`` None leaves it to the terminal.
    """

    language: Language
    backend_zone: tzinfo
    user_zone: tzinfo | None = None
    links: Mapping[str, str] = field(default_factory=dict)
    color: bool | None = None
    width: int | None = None
    verbose: int = 0
    changes: bool = True
    """Whether there was a run to compare with, so that "new" says something."""


class Renderer(Protocol):
    def render(self, run: SavedRun, look: Look) -> str: ...


def render(name: str, run: SavedRun, look: Look) -> str:
    """A run in one format."""
    return cast("Renderer", import_module(FORMATS[name])).render(run, look)
