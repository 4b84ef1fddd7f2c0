"""The kinds of pages: one file each, called like its kind and holding it as ``PAGE``."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from extractors.page import PageKind


@cache
def page_kind(name: str) -> PageKind | None:
    """One page kind, loaded when it is first asked for; None for a name that no kind has, as a capture may hold."""
    if name not in _names():
        return None
    kind: PageKind = import_module(f"{__name__}.{name}").PAGE
    return kind


@cache
def page_kinds() -> dict[str, PageKind]:
    """Every page kind by name."""
    return {name: kind for name in _names() if (kind := page_kind(name))}


@cache
def _names() -> tuple[str, ...]:
    return tuple(module.name for module in iter_modules(__path__))
