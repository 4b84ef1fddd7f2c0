"""The models: what a page says, once it has been read.

One place for every shape that leaves an extractor and enters a check, with one file for each kind of page. All models
are frozen; times are aware (the backend's zone), rates are fractions of 1, money keeps its decimal, durations end in
``_s`` (seconds) or say their unit in the name. ``None`` means "looked for and not there, or not assessed", never zero.

What all pages share is at hand here. A page's own models are made when their file is imported, and a run meets few
kinds of pages: import them from there.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from extractors.models.base import Model, Money, Ratio
from extractors.models.reading import Figure, Problem, Reading, Store
from extractors.models.rows import ListRow, LongListRow, Row, Seen, Where
from extractors.models.states import AfterSale, Level, OrderStatus, ParcelStatus, Sync, Verdict

if not TYPE_CHECKING:  # which would else take any name for a model

    def __getattr__(name: str) -> object:
        """A page's own model, by its name alone: one file after the other is looked into."""
        for file in iter_modules(__path__) if not name.startswith("_") else ():
            module = import_module(f"{__name__}.{file.name}")
            found = vars(module).get(name)
            if getattr(found, "__module__", None) == module.__name__:
                return found
        raise AttributeError(f"no model is called {name}")


__all__ = [
    "AfterSale",
    "Figure",
    "Level",
    "ListRow",
    "LongListRow",
    "Model",
    "Money",
    "OrderStatus",
    "ParcelStatus",
    "Problem",
    "Ratio",
    "Reading",
    "Row",
    "Seen",
    "Store",
    "Sync",
    "Verdict",
    "Where",
]
