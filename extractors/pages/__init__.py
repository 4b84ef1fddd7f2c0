"""The kinds of pages: one file each, found by its ``PAGE``."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from extractors.page import PageKind


@cache
def page_kinds() -> dict[str, PageKind]:
    """Every page kind by name."""
    found: dict[str, PageKind] = {}
    for module in iter_modules(__path__):
        kind = getattr(import_module(f"{__name__}.{module.name}"), "PAGE", None)
        if isinstance(kind, PageKind):
            found[kind.name] = kind
    return found
