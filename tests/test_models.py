"""The models and the page kinds: each in the file that its name promises, and found there."""

from __future__ import annotations

from pathlib import Path
from pkgutil import iter_modules

import pytest

import extractors.pages
from extractors import models
from extractors.pages import page_kind, page_kinds


def test_every_page_kind_stands_in_the_file_of_its_name() -> None:
    """A kind is looked up by the name of its file."""
    files = [file.name for file in iter_modules(extractors.pages.__path__)]
    assert list(page_kinds()) == files
    assert [kind.name for kind in page_kinds().values()] == files


@pytest.mark.parametrize("name", ["", "orders.x", "nowhere", "../orders", "__init__", "os", "ORDERS"])
def test_a_name_that_no_kind_has_loads_nothing(name: str) -> None:
    """It may come from a capture that somebody else made."""
    assert page_kind(name) is None


def test_every_page_kind_has_its_models_in_a_file_of_the_same_name() -> None:
    folder = Path(models.__file__).parent
    assert {name for name in page_kinds() if not (folder / f"{name}.py").is_file()} == set()


@pytest.mark.parametrize("name", ["Order", "OrdersData", "RatingDimension", "LevelData", "SettingsData", "Reading"])
def test_a_model_is_found_by_its_name_alone(name: str) -> None:
    assert getattr(models, name).__name__ == name


@pytest.mark.parametrize("name", ["Nothing", "date", "Field", "_private"])
def test_what_is_no_model_is_not_found(name: str) -> None:
    with pytest.raises(AttributeError, match=name):
        getattr(models, name)


def test_a_level_refuses_what_is_no_level() -> None:
    """It is a plain dataclass, and checked all the same where a page is kept and read back."""
    page = {"current": None, "next": {"kind": "star", "rank": 1}, "evaluated_on": None, "next_evaluation_on": None}
    page |= {"tracker": [], "why_not": [], "weeks": []}
    assert models.LevelData.model_validate(page).next == models.Level(kind="star", rank=1)
    for wrong in ({"kind": "moon", "rank": 1}, {"kind": "star"}, {"kind": "star", "rank": 1, "colour": "red"}):
        with pytest.raises(ValueError, match="next"):
            models.LevelData.model_validate(page | {"next": wrong})
